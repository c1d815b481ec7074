"""A universal relation against instances: random stacks first, then Hypothesis for the smallest witness.

Floating point proposes: a row that fails, or holds by less than 1e-6 of the terms summed, is decided again at its exact
values (`verify.draw.exact`), and only a decided counterexample refutes. What stays open, overflows included, is not
tested and counted. What is met on every instance is SUPPORTED, never proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

import numpy as np
import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Not, Or

from derivations.statements.claim import Always, Same, Statement
from verify.draw.exact import EXACT, decided, near
from verify.draw.instances import Instances, flat
from verify.draw.trial import RELATIVE, Trial, witness
from verify.evaluate.balls import defined
from verify.trials.regions import visited
from verify.trials.tally import Failure, Sampled, Tally

__all__ = ["Comparison", "Judged", "holds", "on_instances", "reading", "relation_holds", "sides_agree"]


class Judged(NamedTuple):
    """By row: whether no counterexample was decided, the worst violation in float64, and whether it stayed open."""

    good: Any
    residual: Any
    untested: Any


Comparison = Callable[[Instances, Any, bool], Judged]
S = TypeVar("S", bound=Statement)


def on_instances(statement: S, compare: Comparison) -> Sampled:
    """The check of a statement whose rows are judged by `compare`, in pieces."""
    return Sampled(
        "instances", statement.label, lambda trial, batch: _examined(trial, statement, batch, compare), None, EXACT
    )


def _examined(trial: Trial, statement: S, batch: Instances, compare: Comparison) -> Tally:
    good, residual, untested = compare(batch, statement, True)
    tested = ~untested
    found = Tally(tried=int(tested.sum()), untested=int(untested.sum()), worst=float(residual.max(initial=0.0)))
    if good.all():
        return found.model_copy(update={"regions": visited(trial.claim, statement, batch.take(tested))})
    row = int(np.flatnonzero(~good)[0])
    text = reading(batch, statement, row) + f"{statement.label or 'the statement'} fails: "
    text += _sides(batch, statement, row)
    failure = Failure(residual=float(residual[row]), **witness(trial, batch, row, text))
    return found.model_copy(update={"failure": failure})


def _simplest(batch: Instances, rows: Any) -> list[int]:
    """Rows of a mask in order, those with grid values first."""
    return sorted(map(int, np.flatnonzero(rows)), key=lambda row: batch.kind[row] in ("small", "large", "random"))


def reading(batch: Instances, statement: Any, row: int) -> str:
    """What a counterexample shows, in the statement's own words; empty if it has none."""
    if not getattr(statement, "reads", ""):
        return ""
    one = batch.take(np.array([row])).define(statement.definitions)
    values = {name: float(one.evaluate(sp.S(e))[0].ravel()[0]) for name, e in statement.figures.items()}
    return str(statement.reads.format(**values)) + ": "


def relation_holds(batch: Instances, statement: Always, ties: bool = True) -> Judged:
    """Each row of a relation, judged; near ties that floats pass are looked at, or left untested."""
    return _judged(batch, statement, statement.relation, ties, statement.scale)


def sides_agree(batch: Instances, statement: Same, ties: bool = True) -> Judged:
    """Each row of an identity, judged likewise."""
    return _judged(batch, statement, statement.concludes(), ties)


def _judged(batch: Instances, statement: Any, relation: Any, look: bool, scale: Any = 1) -> Judged:
    """In float64, then at the exact values of what fails there or hardly holds, up to the first counterexample."""
    point = batch.define(statement.definitions)
    good, residual = holds(point, relation, scale)
    doubtful, untested = ~good, np.zeros(len(batch), dtype=bool)
    good, residual = np.ones_like(good), np.where(doubtful, 0.0, residual)
    ties = near(point, relation) & ~doubtful
    waiting = doubtful | ties
    for row, found in _looked_at(batch, statement, relation, doubtful, ties if look else np.zeros_like(ties)):
        residual[row], untested[row], waiting[row] = 0.0, found is None, False
        if found is False and not _is_instance(batch, row):
            untested[row] = True  # a count in an assumption hung on round-off: it is no instance
        elif found is False:
            good[row], residual[row] = False, np.inf if doubtful[row] else 0.0
            return Judged(good, residual, untested | waiting)
    return Judged(good, residual, untested | waiting)


def _looked_at(batch: Instances, statement: Any, relation: Any, *masks: Any) -> Iterator[tuple[int, bool | None]]:
    """Rows of masks in order, and whether the relation holds there exactly; more at once while none contradicts."""
    for mask in masks:
        rows, most = _simplest(batch, mask), 1
        while rows:
            now, rows, most = rows[:most], rows[most:], 4 * most
            yield from zip(now, batch.exactly(now, statement.definitions).holds(relation, ties=True), strict=True)


def _is_instance(batch: Instances, row: int) -> bool:
    """Whether a row meets the assumptions of its claim at its exact values."""
    if batch.claim is None:
        return True
    one = batch.exactly([row])
    return all(one.holds(assumption) == [True] for assumption in batch.claim.assumptions)


def holds(batch: Instances, claimed: Any, scale: Any = 1) -> tuple[Any, Any]:
    """(truth per row, size of the worst violation per row, relative), in float64."""
    if isinstance(claimed, And | Or):
        parts = [holds(batch, argument, scale) for argument in claimed.args]
        truths, residuals = np.stack([p[0] for p in parts]), np.stack([p[1] for p in parts])
        if isinstance(claimed, And):
            return truths.all(0), residuals.max(0)
        return truths.any(0), np.where(truths.any(0), 0.0, residuals.min(0))
    if isinstance(claimed, Not):
        good, _ = holds(batch, claimed.args[0], scale)
        return ~good, np.where(good, 1.0, 0.0)
    if isinstance(claimed, Relational):
        return _compare(type(claimed), *batch.evaluate(claimed.lhs, claimed.rhs, sp.S(scale)))
    truth = flat(batch.evaluate(claimed)[0]).all(1)
    return truth, np.where(truth, 0.0, 1.0)


def _compare(kind: type, a: Any, b: Any, scale: Any = 1.0) -> tuple[Any, Any]:
    """A relation between mode arrays or matrices must hold for every entry."""
    a, b = np.broadcast_arrays(a, b)
    with np.errstate(all="ignore"):
        difference = flat(a - b)
        size = 1e-300 + flat(np.maximum(np.abs(a), np.abs(b))).max(1, initial=0.0)[:, None]
        size = np.maximum(size, np.maximum(scale, 1.0))  # both sides may be sums that cancel to 0 from terms of order 1
        gap = difference / size
    if issubclass(kind, sp.Equality):
        residual = np.abs(gap)
    elif issubclass(kind, sp.Unequality):
        residual = np.where(difference != 0, 0.0, 1.0)
    elif issubclass(kind, sp.GreaterThan):
        residual = np.maximum(-gap, 0.0)
    elif issubclass(kind, sp.LessThan):
        residual = np.maximum(gap, 0.0)
    else:  # a strict inequality must hold as it stands
        right = difference > 0 if issubclass(kind, sp.StrictGreaterThan) else difference < 0
        residual = np.where(right, 0.0, np.maximum(np.abs(gap), 2 * RELATIVE))
    residual = np.where(np.isnan(difference), np.inf, residual)  # what is undefined does not hold
    worst = residual.max(1, initial=0.0)
    return worst <= RELATIVE, worst


def _sides(batch: Instances, statement: Any, row: int) -> str:
    """The two sides on one row, where the statement is a single comparison."""
    claimed = statement.concludes() if isinstance(statement, Same) else statement.relation
    if not isinstance(claimed, Relational):
        return "a part of the relation is false"
    one = batch.take(np.array([row])).define(statement.definitions)
    a, b = (np.round(x[0], 9).tolist() for x in one.evaluate(claimed.lhs, claimed.rhs))
    text = f"{a} {claimed.rel_op} {b} is false"
    exact = batch.exactly([row], statement.definitions)
    sides = decided(lambda arithmetic: exact.at(arithmetic, claimed.lhs, claimed.rhs))
    if sides is None or not all(defined(side).all() for side in sides):
        return f"{a} {claimed.rel_op} {b}: not defined"
    apart = max(abs(float(x)) for x in np.ravel(sides[0] - sides[1]))
    return text if a != b else f"{text}, exactly: they are {apart:.3g} apart"
