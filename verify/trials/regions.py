"""Which parts of parameter space a stack of instances visits: its kinds, and the cases of a statement's formulas.

A theorem that distinguishes cases is only tested where they occur, so each case, and each kind of instance, is counted
by the instances that have it. A region that no instance visits is listed with 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from derivations.algebra.nodes import SumModes, fact, indicator
from derivations.notation import index
from derivations.printing.unicode import formula
from derivations.statements.claim import Claim, Statement
from verify.draw.dimensions import dimension_symbols
from verify.draw.instances import Instances
from verify.draw.sampling import KINDS

__all__ = ["kinds_of_instances", "visited"]

MOST = 8  # conditions of one statement that are followed: each costs an evaluation per stack


def kinds_of_instances(batch: Instances) -> dict[str, int]:
    """How many instances of each kind there are."""
    return {f"kind: {kind}": int((batch.kind == kind).sum()) for kind in dict.fromkeys(KINDS)}


def visited(claim: Claim, statement: Statement, batch: Instances) -> dict[str, int]:
    """How many instances have each case, in some mode that the formula is about, and how many are of each kind."""
    found: dict[str, int] = {}
    batch = batch.define(statement.definitions)
    for name, opposite, ranges in _cases(claim, statement):
        values = batch.evaluate(*(e for pair in ranges for e in pair))
        inside, outside = values[0], values[1] - values[0]
        for held, all_ in zip(values[2::2], values[3::2], strict=True):
            inside, outside = _least(inside, held), _least(outside, all_ - held)
        found[f"case: {name}"] = int((inside[:, 0] > 0).sum())
        found[f"case: {opposite}"] = int((outside[:, 0] > 0).sum())
    return found | kinds_of_instances(batch)


def _least(a: Any, b: Any) -> Any:
    return (a + b - abs(a - b)) / 2


@lru_cache(maxsize=512)
def _cases(claim: Claim, statement: Statement) -> tuple[tuple[str, str, tuple[tuple[Any, Any], ...]], ...]:
    """(condition, its opposite, how many modes meet it and how many there are, per range of modes it is about).

    A rectangular diagonal has modes up to the smaller of its sides: counts up to a bound grow with it, so the
    count up to the smaller of two bounds is the smaller count.
    """
    dimensions = {*dimension_symbols(claim), index}
    known = {v.symbol for v in claim.variables} | dimensions  # not what the statement minimises over
    known |= claim.definitions.keys() | statement.definitions.keys()
    found: dict[Any, tuple[tuple[Any, Any], ...]] = {}
    for e in (*claim.definitions.values(), *statement.expressions()):
        for condition, ranges in _conditions(sp.S(e), ((0, sp.oo),)):
            if condition.free_symbols <= known and not condition.free_symbols <= dimensions:
                found.setdefault(
                    condition,
                    tuple((SumModes(indicator(condition), lo, hi), SumModes(sp.S.One, lo, hi)) for lo, hi in ranges),
                )
    chosen = sorted(found, key=str)[:MOST]
    return tuple((formula(c), _opposite(c), found[c]) for c in chosen)


def _opposite(condition: Any) -> str:
    simple = isinstance(condition, Relational)
    return formula(sp.Not(condition)) if simple else f"not: {formula(condition)}"


def _conditions(e: Any, ranges: tuple[tuple[Any, Any], ...]) -> Iterator[tuple[Any, tuple[tuple[Any, Any], ...]]]:
    """The conditions of case distinctions in e, each with the ranges of modes that the formula around it covers."""
    if isinstance(e, sp.Piecewise):
        conditions = (c for _, c in e.args if c not in (sp.true, sp.false))
        yield from ((c, ranges) for c in conditions if not c.has(sp.MatrixSymbol, sp.Piecewise, sp.ITE))
    own = fact(e, "ranges")
    ranges = (own(e) if own else ()) or ranges
    for argument in e.args:
        yield from _conditions(argument, ranges)
