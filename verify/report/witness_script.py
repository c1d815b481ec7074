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

from derivations.claim import Always, Claim, Minimiser, Same, Statement
from derivations.unicode import formula
from verify.catalogue import claims
from verify.checks.objective import raw_objective
from verify.checks.properties import breaks, smallest
from verify.descent import descend
from verify.errors import InputError
from verify.evidence import AuditReport, Verdict
from verify.instances import Batch, draw
from verify.report.numpy_source import Source, python_name

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
        target.write_text(script(claim, *found), encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"cannot write {target} ({error.strerror}); give a writable folder.") from error
    return target


def export_refuted(report: AuditReport, folder: Path) -> list[str]:
    """A script for each refuted claim of the catalogue; a line on each."""
    refuted = [result.id for result in report.claims if result.verdict is Verdict.REFUTED]
    paths = {name: export(claims()[name], report.seed, folder) for name in refuted}
    return [f"{name}: {path or 'no counterexample found again'}" for name, path in paths.items()]


def _counterexample(claim: Claim, seed: int) -> tuple[Statement, Batch] | None:
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


def script(claim: Claim, statement: Statement, one: Batch) -> str:
    """The source; `one` is a batch of one row, `statement` one with instances (not a derivation)."""
    source = Source(one.dims, one.modes)
    for symbol, expression in _needed(claim, statement).items():
        source.define(symbol, expression)
    if isinstance(statement, Minimiser):
        tail = _losses(source, statement, one)
    elif isinstance(statement, Always | Same):
        for symbol, expression in statement.definitions.items():
            source.define(symbol, expression)
        tail = _relation(source, statement)
    else:
        raise TypeError("a derivation has no instances")
    head = [f"# {line}" for line in textwrap.wrap(f"{claim.id}. Claimed: {claim.text}", _WIDTH - 2)]
    head += [f"# {line}" for line in textwrap.wrap(_sentence(statement), _WIDTH - 2)[:3]]
    values = [f"{python_name(v.symbol)} = {_literal(one.values[v.symbol][0])}" for v in claim.variables]
    body = source.lines + tail
    used = {name for name in (v.split(" = ")[0] for v in values) if any(_mentions(line, name) for line in body)}
    packed = _pack([v for v in values if v.split(" = ")[0] in used])
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
        return [f"left, right = {left}, {right}", 'print("left", left)', 'print("right", right)',
                f'print("the claim", "holds" if {test} else "FAILS")']  # fmt: skip
    claimed = statement.relation
    if isinstance(claimed, Relational):
        left, right = source.texts(claimed.lhs, claimed.rhs)
        sign = claimed.rel_op
        margin = f"np.abs(left - right) <= {1e-9} * np.maximum(1, np.abs(left))"
        test = margin if sign == "==" else f"(left {sign} right)" + (f" | ({margin})" if "=" in sign else "")
        return [f"left, right = {left}, {right}", f'print("left", left, "{sign} right", right)',
                f'print("the claim", "holds" if np.all({test}) else "FAILS")']  # fmt: skip
    (text,) = source.texts(claimed)
    shown = [f'print("{_plain(part)}:", {source.texts(part)[0]})' for part in claimed.args]
    verdict = 'print("the claim", "holds" if np.all(claim) else "FAILS")'
    return [f"claim = {text}", *(line for line in shown if len(line) <= _WIDTH), verdict]


def _losses(source: Source, statement: Minimiser, one: Batch) -> list[str]:
    """The loss at the claimed minimiser and at the best point that descent finds, given as literals."""
    objective, width = raw_objective(one, statement)
    starts = np.random.default_rng(0).normal(scale=0.7, size=(16, width))
    row = np.zeros(1, dtype=int)
    best = min((descend(lambda x, _: objective(x, row), s[None], max_iterations=1500) for s in starts),
               key=lambda found: float(found.value[0]))  # fmt: skip
    for symbol, expression in {**statement.modes, **statement.at}.items():
        source.define(symbol, expression)
    source.lines.append(f"claimed = {source.texts(statement.loss)[0]}")
    parts, at = best.x[0], 0
    for X in statement.at:
        rows, cols = (source.size(n) for n in X.shape)
        diagonal = X.name.startswith("Sigma")
        taken = parts[at : at + (rows if diagonal else rows * cols)]
        at += len(taken)
        value = np.diag(np.exp(taken)) if diagonal else taken.reshape(rows, cols)
        source.lines.append(f"{python_name(X)} = {_literal(value)}")
    source.lines.append(f"better = {source.texts(statement.loss)[0]}")
    return ['print("loss at the claimed minimiser", claimed)', 'print("a lower loss", better)',
            'print("the claim", "FAILS" if better < claimed - 1e-9 * (1 + abs(claimed)) else "holds")']  # fmt: skip


def _sentence(statement: Statement) -> str:
    if isinstance(statement, Always):
        return f"Here: {statement.label}, {formula(statement.relation)}"
    return f"Here: {statement.label or 'the minimiser'}"


def _plain(e: Any) -> str:
    return formula(e).replace('"', "'")


def _literal(value: Any) -> str:
    value = np.asarray(value, dtype=float)
    if value.shape == (1,):
        return repr(float(value[0]))
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
