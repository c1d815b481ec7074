"""A refutation as a NumPy script of at most 30 lines that imports nothing of this project.

The witness's values are literals, everything else is recomputed from the claim's formulas, translated line by line:
an author can check the counterexample without trusting the audit.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from derivations.printing.unicode import formula
from derivations.statements.claim import Claim, Statement
from verify.catalogue import claims
from verify.draw.instances import Instances, draw
from verify.errors import InputError
from verify.records.evidence import AuditReport, Verdict
from verify.report.numpy_source import WIDTH, Source, literal, python_name
from verify.store.files import write_whole
from verify.trials.kinds import kind_of
from verify.trials.properties import smallest

__all__ = ["export", "export_refuted", "script"]


def export(claim: Claim, seed: int, folder: Path) -> Path | None:
    """Write `folder`/<claim id>.py for the claim's smallest counterexample; None if none is found.

    Raises:
        InputError: the folder cannot be written.
    """
    found = _counterexample(claim, seed)
    if found is None:
        return None
    target = folder / f"{claim.id}.py"
    try:
        write_whole(target, script(claim, *found).encode())
    except OSError as error:
        raise InputError(f"cannot write {target} ({error.strerror}); give a writable folder.") from error
    return target


def export_refuted(report: AuditReport, folder: Path, known: Mapping[str, Claim] | None = None) -> list[str]:
    """A script for each refuted claim of the catalogue, or of those given; a line on each.

    What a network refutes has none: the network is measured again by auditing the claim.
    """
    refuted = [result.id for result in report.claims if result.verdict is Verdict.REFUTED]
    return [f"{name}: {_exported((known or claims())[name], report.seed, folder)}" for name in refuted]


def _exported(claim: Claim, seed: int, folder: Path) -> str:
    path = export(claim, seed, folder)
    if path is not None:
        return str(path)
    if any(statement.measured for statement in claim.statements):
        return "no script, since a network refutes it; run the claim to measure that again"
    return "no counterexample found again"


def _counterexample(claim: Claim, seed: int) -> tuple[Statement, Instances] | None:
    """The statement that fails, and the smallest instance on which it does."""
    for statement in claim.statements:
        batch, _ = smallest(claim, statement)
        if batch is not None:
            return statement, batch
    for statement in claim.statements:
        for block in range(16):
            batch = draw(claim, seed, block)
            for row in range(len(batch)):
                one = batch.take(np.array([row]))
                if kind_of(statement).breaks(one, statement):
                    return statement, one
    return None


def script(claim: Claim, statement: Statement, one: Instances) -> str:
    """The source; `one` is a batch of one row, `statement` one with instances (not a derivation)."""
    source = Source(one.dims, one.modes)
    for symbol, expression in _needed(claim, statement).items():
        source.define(symbol, expression)
    for symbol, expression in statement.definitions.items():
        source.define(symbol, expression)
    tail = kind_of(statement).script(source, one, statement)
    head = [f"# {line}" for line in textwrap.wrap(f"{claim.id}. Claimed: {claim.text}", WIDTH - 2)]
    head += [f"# {line}" for line in textwrap.wrap(_sentence(statement), WIDTH - 2)[:3]]
    body = source.lines + tail
    used = [v.symbol for v in claim.variables if any(_mentions(line, python_name(v.symbol)) for line in body)]
    packed = _values({symbol: one.values[symbol][0] for symbol in used})
    helpers = [f"MODES = {one.modes}"] if "diag" in source.helpers else []
    quiet = ['np.seterr(all="ignore")  # branches that are not taken']
    lines = [
        *head,
        "import numpy as np",
        *quiet,
        *packed,
        *helpers,
        *source.helpers.values(),
        *_pack(source.lines),
        *tail,
    ]
    return "\n".join(lines) + "\n"


def _needed(claim: Claim, statement: Statement) -> dict[Any, Any]:
    """The claim's definitions that the statement's expressions reach."""
    reached: set[Any] = {s for e in statement.expressions() for s in e.free_symbols}
    chosen = {}
    for symbol, expression in reversed(list(claim.definitions.items())):
        if symbol in reached:
            chosen[symbol] = expression
            reached |= expression.free_symbols
    return dict(reversed(list(chosen.items())))


def _sentence(statement: Statement) -> str:
    """The formula that fails, if it is a relation with a name."""
    relation = getattr(statement, "relation", None)
    said = f", {formula(relation)}" if relation is not None else ""
    return f"Here: {statement.label or 'the minimiser'}{said}"


def _values(values: Mapping[Any, Any]) -> list[str]:
    """Lines that give the variables their values; scalars are NumPy's, whose 0 ** -1 is inf and no exception."""
    scalars = {python_name(s): float(v[0]) for s, v in values.items() if np.shape(v) == (1,)}
    names = ", ".join(scalars) + ("," if len(scalars) == 1 else "")
    numbers = f"{names} = np.float64([{', '.join(map(repr, scalars.values()))}])"
    lines = textwrap.wrap(numbers, WIDTH, subsequent_indent="    ", break_long_words=False) if scalars else []
    arrays = [f"{python_name(s)} = {literal(v)}" for s, v in values.items() if np.shape(v) != (1,)]
    return lines + _pack(arrays)


def _mentions(line: str, name: str) -> bool:
    return f" {name} " in f" {_words(line)} "


def _words(line: str) -> str:
    return "".join(ch if ch.isalnum() or ch == "_" else " " for ch in line)


def _pack(assignments: list[str]) -> list[str]:
    """Several short assignments to a line."""
    lines: list[str] = []
    for text in assignments:
        if lines and len(lines[-1]) + len(text) + 2 <= WIDTH:
            lines[-1] += f"; {text}"
        else:
            lines.append(text)
    return lines
