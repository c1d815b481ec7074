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
import sympy as sp
from sympy.core.relational import Relational

from derivations.printing.unicode import formula
from derivations.statements.claim import Always, Claim, Minimiser, Minimum, Same, Statement
from verify.catalogue import claims
from verify.draw.instances import Instances, draw
from verify.errors import InputError
from verify.records.evidence import AuditReport, Verdict
from verify.report.numpy_source import Source, python_name
from verify.store.files import write_whole
from verify.trials.properties import breaks, smallest
from verify.trials.search import search

__all__ = ["export", "export_refuted", "script"]

_WIDTH = 118


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
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(target, script(claim, *found).encode())
    except OSError as error:
        raise InputError(f"cannot write {target} ({error.strerror}); give a writable folder.") from error
    return target


def export_refuted(report: AuditReport, folder: Path, known: Mapping[str, Claim] | None = None) -> list[str]:
    """A script for each refuted claim of the catalogue, or of those given; a line on each."""
    refuted = [result.id for result in report.claims if result.verdict is Verdict.REFUTED]
    paths = {name: export((known or claims())[name], report.seed, folder) for name in refuted}
    return [f"{name}: {path or 'no counterexample found again'}" for name, path in paths.items()]


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
                if breaks(one, statement):
                    return statement, one
    return None


def script(claim: Claim, statement: Statement, one: Instances) -> str:
    """The source; `one` is a batch of one row, `statement` one with instances (not a derivation)."""
    source = Source(one.dims, one.modes)
    for symbol, expression in _needed(claim, statement).items():
        source.define(symbol, expression)
    for symbol, expression in getattr(statement, "definitions", {}).items():
        source.define(symbol, expression)
    if isinstance(statement, Minimiser | Minimum):
        tail = _losses(source, statement, one.define(getattr(statement, "definitions", {})))
    elif isinstance(statement, Always | Same):
        tail = _relation(source, statement)
    else:
        raise TypeError("a derivation has no instances")
    head = [f"# {line}" for line in textwrap.wrap(f"{claim.id}. Claimed: {claim.text}", _WIDTH - 2)]
    head += [f"# {line}" for line in textwrap.wrap(_sentence(statement), _WIDTH - 2)[:3]]
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
    reached: set[Any] = set()
    for value in vars(statement).values():
        parts = [*value.values()] if isinstance(value, Mapping) else [value]
        reached |= {s for e in parts if isinstance(e, sp.Basic) for s in e.free_symbols}
    chosen = {}
    for symbol, expression in reversed(list(claim.definitions.items())):
        if symbol in reached:
            chosen[symbol] = expression
            reached |= expression.free_symbols
    return dict(reversed(list(chosen.items())))


def _relation(source: Source, statement: Always | Same) -> list[str]:
    if isinstance(statement, Same):
        left, right = source.texts(statement.left, statement.right)
        test = "np.allclose(left, right, rtol=1e-9, atol=1e-9)"
        return [
            f"left, right = {left}, {right}",
            'print("left", left)',
            'print("right", right)',
            f'print("the claim", "holds" if {test} else "FAILS")',
        ]
    claimed = statement.relation
    if isinstance(claimed, Relational):
        left, right = source.texts(claimed.lhs, claimed.rhs)
        sign = claimed.rel_op
        margin = f"np.abs(left - right) <= {1e-9} * np.maximum(1, np.abs(left))"
        test = margin if sign == "==" else f"(left {sign} right)" + (f" | ({margin})" if "=" in sign else "")
        return [
            f"left, right = {left}, {right}",
            f'print("left", left, "{sign} right", right)',
            f"fine = np.all({test})",
            'print("the claim", "holds" if fine else "FAILS")',
        ]
    (text,) = source.texts(claimed)
    shown = [f'print("{_plain(part)}:", {source.texts(part)[0]})' for part in claimed.args]
    verdict = 'print("the claim", "holds" if np.all(claim) else "FAILS")'
    return [f"claim = {text}", *(line for line in shown if len(line) <= _WIDTH), verdict]


def _losses(source: Source, statement: Minimiser | Minimum, one: Instances) -> list[str]:
    """The loss at the claimed minimiser and at the best point that descents find, given as literals."""
    found = search(one, statement, np.random.default_rng(0), starts=16)
    for symbol, expression in {**getattr(statement, "modes", {}), **statement.at}.items():
        source.define(symbol, expression)
    source.lines.append(f"claimed = {source.texts(statement.loss)[0]}")
    if found is None:  # no start has a real loss: the claimed point itself is at fault
        shown = [f'print("claimed {python_name(X)}", {python_name(X)})' for X in statement.at]
        return [*shown, 'print("loss at the claimed minimiser", claimed)']
    source.lines += [f"{python_name(X)} = {_literal(value[0])}" for X, value in found.values.items()]
    source.lines.append(f"better = {source.texts(statement.loss)[0]}")
    return [
        'print("loss at the claimed minimiser", claimed)',
        'print("a lower loss", better)',
        'print("the claim", "FAILS" if better < claimed - 1e-9 * (1 + abs(claimed)) else "holds")',
    ]


def _sentence(statement: Statement) -> str:
    if isinstance(statement, Always):
        return f"Here: {statement.label}, {formula(statement.relation)}"
    return f"Here: {statement.label or 'the minimiser'}"


def _plain(e: Any) -> str:
    return formula(e).replace('"', "'")


def _values(values: Mapping[Any, Any]) -> list[str]:
    """Lines that give the variables their values; scalars are NumPy's, whose 0 ** -1 is inf and no exception."""
    scalars = {python_name(s): float(v[0]) for s, v in values.items() if np.shape(v) == (1,)}
    names = ", ".join(scalars) + ("," if len(scalars) == 1 else "")
    numbers = f"{names} = np.float64([{', '.join(map(repr, scalars.values()))}])"
    lines = textwrap.wrap(numbers, _WIDTH, subsequent_indent="    ", break_long_words=False) if scalars else []
    arrays = [f"{python_name(s)} = {_literal(v)}" for s, v in values.items() if np.shape(v) != (1,)]
    return lines + _pack(arrays)


def _literal(value: Any) -> str:
    value = np.asarray(value, dtype=float)
    if value.shape == (1,):
        return f"np.float64({float(value[0])!r})"
    return f"np.array({value.tolist()})"


def _mentions(line: str, name: str) -> bool:
    return f" {name} " in f" {_words(line)} "


def _words(line: str) -> str:
    return "".join(ch if ch.isalnum() or ch == "_" else " " for ch in line)


def _pack(assignments: list[str]) -> list[str]:
    """Several short assignments to a line."""
    lines: list[str] = []
    for text in assignments:
        if lines and len(lines[-1]) + len(text) + 2 <= _WIDTH:
            lines[-1] += f"; {text}"
        else:
            lines.append(text)
    return lines
