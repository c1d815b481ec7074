"""An experiment as a table: a row for each cell, theory beside measurement, then what was expected and found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from verify.experiments.expectations import relative_error, stated
from verify.experiments.experiment import Experiment
from verify.experiments.records import Agreement, Count, Quantity, Result

__all__ = ["agreement_table", "listing_table", "render", "summary"]

_EXCEPTIONS = 8
_GIVEN = 10  # columns: the longest word


def listing_table(experiments: Sequence[Experiment]) -> Table:
    """A table of the experiments' names and questions."""
    table = _table()
    for heading in ("experiment", "asks", "claims"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "experiment")
    for one in experiments:
        table.add_row(one.name, one.question, ", ".join(one.claims))
    return table


def render(one: Experiment, result: Result) -> list[Any]:
    """The table of a result, then its notes and findings."""
    settings = result.settings
    words = f"{settings.dataset}{', quick' if settings.quick else ''}, seed {settings.seed}"
    table = agreement_table(result.agreement) if result.agreement else _cells(one, result)
    parts: list[Any] = [Text(f"{result.title} ({words})", style="bold"), Text(result.question)]
    parts += [Text("expected:"), *(Text(f"  {stated(e)}") for e in one.expected(settings.quick)), table]
    if any(cell.near for cell in result.cells):
        parts.append(Text("* a predicted count changes within ±1 % of β"))
    if result.agreement:
        parts.append(Text("predicted→measured active counts; exact: of those judged, without those marked * or ?"))
    if any(line.undecided for line in result.agreement):
        parts.append(Text("? training had not settled: undecided, counted neither as a match nor as a failure"))
    parts += [Text(f"data: {'; '.join(result.notes)}")] if result.notes else []
    parts += [Text(note) for note in dict.fromkeys(n for cell in result.cells for n in cell.notes)][:_EXCEPTIONS]
    for finding in result.findings:
        mark = ("holds", "green") if finding.holds else ("FAILS", "bold red")
        parts.append(
            Text.assemble((mark[0], mark[1]), f"  {finding.label}: {finding.found} (wanted: {finding.wanted})")
        )
        shown = finding.exceptions[:_EXCEPTIONS]
        parts += [Text(f"       {line}") for line in shown]
        if len(finding.exceptions) > len(shown):
            parts.append(Text(f"       and {len(finding.exceptions) - len(shown)} more, in result.json"))
    return parts


def agreement_table(lines: Sequence[Agreement]) -> Table:
    """A line for each sweep: predicted → measured at each β, their rank correlation, exact matches of those judged.

    "own" is the prediction from what the network's own regression leaves, where it is given something.
    """
    table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False)
    betas = list(dict.fromkeys(count.beta for line in lines for count in line.counts))
    for heading in ("data", "given", "network"):
        given = heading == "given"  # the one that may be folded, between words, so that 80 columns are enough
        table.add_column(heading, overflow="fold", no_wrap=not given, min_width=_GIVEN if given else None)
    for heading in (*(f"β={beta:g}" for beta in betas), "ρ", "exact"):
        table.add_column(heading, justify="right", no_wrap=True)
    for line in lines:
        sides: list[tuple[str, float | None, int | None]] = [(line.network, line.rank, line.exact)]
        if line.own_exact is not None and line.given != "nothing":
            sides.append(("own", line.own_rank, line.own_exact))
        for k, (name, rank, exact) in enumerate(sides):
            there = {c.beta: _pair(c, c.predicted if k == 0 or c.own is None else c.own) for c in line.counts}
            counts = (there.get(beta, "") for beta in betas)
            table.add_row(line.data, line.given, name, *counts, _rho(rank), f"{exact}/{line.judged}")
    return table


def _pair(count: Count, predicted: int) -> str:
    return f"{predicted}→{count.measured}" + "*" * count.near + "?" * count.undecided


def _rho(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def summary(results: Sequence[Result]) -> list[Any]:
    """One line for each experiment."""
    table = _table()
    for heading in ("experiment", "cells", "seconds", "expectations"):
        table.add_column(
            heading, justify="left" if heading in ("experiment", "expectations") else "right", overflow="fold"
        )
    for result in results:
        failed = [finding.label for finding in result.findings if not finding.holds]
        held = f"{len(result.findings) - len(failed)} of {len(result.findings)} hold"
        words = held + (f"; not: {'; '.join(failed)}" if failed else "")
        seconds = sum(cell.seconds for cell in result.cells)
        table.add_row(result.settings.experiment, str(len(result.cells)), f"{seconds:.1f}", words)
    return [table]


def _cells(one: Experiment, result: Result) -> Table:
    """Counts and single numbers on both sides; of several numbers the largest relative error."""
    first = result.cells[0].at
    axes = [axis for axis in first if len({cell.at[axis] for cell in result.cells}) > 1]
    table, rows = _table(), [[_number(cell.at[axis]) for axis in axes] for cell in result.cells]
    for axis in axes:
        table.add_column(axis, justify="right")
    for key, name in one.shown.items():
        both = [(cell.theory.get(key), cell.measured.get(key), cell.near) for cell in result.cells]
        if all(measured is None for _, measured, _ in both):
            continue
        if any(isinstance(measured, tuple) for _, measured, _ in both):
            _column(
                table, rows, f"{name}\nerror", ["–" if m is None else f"{relative_error(t, m):.0e}" for t, m, _ in both]
            )
            continue
        if any(theory is not None for theory, _, _ in both):
            _column(
                table,
                rows,
                f"{name}\ntheory",
                [_number(t) + ("*" if near and isinstance(t, int) else "") for t, _, near in both],
            )
            name = "\nfound"
        _column(table, rows, name, [_number(m) for _, m, _ in both])
    for row in rows:
        table.add_row(*row)
    return table


def _column(table: Table, rows: list[list[str]], heading: str, values: Sequence[str]) -> None:
    table.add_column(heading, justify="right", overflow="fold")
    for row, value in zip(rows, values, strict=True):
        row.append(value)


def _number(value: Quantity | str | None) -> str:
    if value is None or isinstance(value, tuple):
        return "–"
    return value if isinstance(value, str) else f"{value:.4g}" if isinstance(value, float) else str(value)


def _table() -> Table:
    return Table(box=box.SIMPLE_HEAD, padding=(0, 1))
