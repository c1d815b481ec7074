"""An audit on two screens: what was audited, one line a claim, the paper's first, lemmas folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from derivations.printing.unicode import prose
from derivations.statements.paper import PAPER, Origin, origin_of, theorem_number
from verify.catalogue import lemmas
from verify.records.evidence import ClaimResult, Verdict
from verify.report.terminal import Id, duration_text, given_names, verdict_text

__all__ = ["Overview", "grouped"]

_VERDICT, _TIME, _GAP = 9, 6, 2  # columns
_REMARK = 12  # columns of "given, below"; where there is no room for them it is left out
_FOLDED = "{} lemma{} (-v lists them)"


def grouped(results: Sequence[ClaimResult]) -> dict[Origin, list[ClaimResult]]:
    """The results by whose statement they are; the paper's theorems by number before its other statements."""
    last = float("inf")
    found = {
        origin: sorted(
            (r for r in results if origin_of(r.source) is origin), key=lambda r: theorem_number(r.source) or last
        )
        for origin in Origin
    }
    return {origin: rows for origin, rows in found.items() if rows}


class Overview:
    """The results of an audit as a renderable of one line a claim, at any width of 40 columns or more."""

    def __init__(self, results: Sequence[ClaimResult]) -> None:
        self.results = results

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        groups = grouped(self.results)
        if Origin.PAPER in groups or Origin.SUMMARY in groups:
            yield Text.assemble("Audit of ", (PAPER.title, "italic"), f" ({PAPER.reference})")
        folded = [r for r in self.results if r.id in lemmas() and _quiet(r)]
        for origin, rows in groups.items():
            yield Text.assemble("\n", (origin.value, "bold"))
            yield self._table([r for r in rows if r not in folded], folded if origin is Origin.HERE else [], options)
        yield from _given(self.results)
        yield from _false(self.results)

    def _table(self, rows: Sequence[ClaimResult], folded: Sequence[ClaimResult], options: ConsoleOptions) -> Table:
        left = options.max_width - _VERDICT - _TIME - 2 * _GAP
        longest = max(len(_name(r)) for r in self.results)
        remarks = left - _GAP - _REMARK >= min(longest, 40)
        table = Table(box=None, show_header=False, padding=(0, _GAP, 0, 0), pad_edge=False)
        table.add_column(width=min(max(longest, len(_FOLDED)), left - _GAP - _REMARK if remarks else left))
        table.add_column(width=_VERDICT, no_wrap=True)
        if remarks:
            table.add_column(width=_REMARK)
        table.add_column(width=_TIME, no_wrap=True, justify="right")
        for r in rows:
            self._add(table, Id(_name(r)), verdict_text(r.verdict), _remark(r), r.seconds)
        if folded:
            verdicts = {r.verdict for r in folded}
            shown = verdict_text(verdicts.pop()) if len(verdicts) == 1 else Text("mixed")
            remark = Text("given, below" if any(map(given_names, folded)) else "")
            many = Text(_FOLDED.format(len(folded), "s" * (len(folded) > 1)))
            self._add(table, many, shown, remark, sum(r.seconds for r in folded))
        return table

    @staticmethod
    def _add(table: Table, name: Id | Text, verdict: Text, remark: Text, seconds: float) -> None:
        time = Text(duration_text(seconds))
        table.add_row(*((name, verdict, remark, time) if len(table.columns) == 4 else (name, verdict, time)))


def _quiet(result: ClaimResult) -> bool:
    """Whether nothing about it surprises."""
    return result.as_expected and not result.planted.alive


def _name(result: ClaimResult) -> str:
    number = theorem_number(result.source)
    return f"{result.id} (Theorem {number})" if number else result.id


def _remark(result: ClaimResult) -> Text:
    """What a reader must know beside the verdict: that it surprises, or what the proof is given."""
    if not result.as_expected:
        same = result.verdict.meets(result.expected)
        return Text("a sentence surprises" if same else f"≠ {result.expected}", style="red")
    if result.verdict is Verdict.REFUTED:
        return Text("as expected")
    return Text("given, below" if given_names(result) else "")


def _given(results: Sequence[ClaimResult]) -> Iterator[Text]:
    """A line for each thing that proofs are given, cut where the line ends."""
    cited: dict[str, list[str]] = {}
    for r in results:
        for text in r.given if r.verdict is Verdict.PROVED else ():
            cited.setdefault(text, []).append(r.id)
    if cited:
        yield Text.assemble("\n", ("Given, not proved here", "bold"))
    for text, users in cited.items():
        yield Text(f"{prose(text)} ({', '.join(users)})", no_wrap=True, overflow="ellipsis")


def _false(results: Sequence[ClaimResult]) -> Iterator[Text]:
    """For each statement refuted as expected a line: what is true instead, cut where the line ends."""
    false = [r for r in results if r.verdict is Verdict.REFUTED and r.as_expected]
    if false:
        yield Text.assemble("\n", ("False, and what is true instead", "bold"), " (-v: in full, with counterexamples)")
    for r in false:
        yield Text(prose(f"{r.title}: {r.instead}"), no_wrap=True, overflow="ellipsis")
