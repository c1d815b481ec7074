"""A universal relation against instances: random stacks first, then Hypothesis for the smallest witness.

Equalities are compared relative to the size of their sides; strict and weak inequalities are given the
same margin (a violation within round-off is not a violation). What is met on every instance is SUPPORTED,
never proved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np
import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Not, Or

from derivations.statements.claim import Always, Claim, Same, Statement
from verify.draw.instances import Instances, flat
from verify.draw.trial import RELATIVE, RELATIVE_REASON, Trial, witness
from verify.evaluate.rational import Rational, fractions, is_exact
from verify.evaluate.stack import Stack
from verify.trials.regions import visited
from verify.trials.tally import Failure, Sampled, Tally

__all__ = ["Comparison", "holds", "on_instances", "reading", "relation_holds", "sides_agree"]

Comparison = Callable[[Instances, Any], tuple[Any, Any]]
S = TypeVar("S", bound=Statement)


_ORDERED = (sp.GreaterThan, sp.StrictGreaterThan, sp.LessThan, sp.StrictLessThan)


def on_instances(statement: S, compare: Comparison) -> Sampled:
    """The check of a statement whose rows are judged by `compare`, in pieces."""
    return Sampled(
        "instances",
        statement.label,
        lambda trial, batch: _examined(trial, statement, batch, compare),
        RELATIVE,
        RELATIVE_REASON,
    )


def _examined(trial: Trial, statement: S, batch: Instances, compare: Comparison) -> Tally:
    defined = batch.define(statement.definitions)
    good, residual = compare(batch, statement)
    while not good.all() and not _admitted_exactly(batch, trial.claim, row := _simplest(batch, ~good)):
        kept = np.arange(len(batch)) != row  # round-off let it in: it is no instance of the claim
        batch, defined, good, residual = batch.take(kept), defined.take(kept), good[kept], residual[kept]
    worst = float(np.max(residual, initial=0.0))
    if good.all():
        return Tally(tried=len(batch), worst=worst, regions=visited(trial.claim, statement, batch))
    text = reading(batch, statement, row) + f"{statement.label or 'the statement'} fails: "
    text += _sides(defined, statement, row)
    failure = Failure(residual=float(residual[row]), **witness(trial, batch, row, text))
    return Tally(tried=len(batch), worst=worst, failure=failure)


def _simplest(batch: Instances, bad: Any) -> int:
    """The first bad row with grid values if there is one, else the first bad row."""
    rows = np.flatnonzero(bad)
    plain = [row for row in rows if batch.kind[row] not in ("small", "large", "random")]
    return int((plain or list(rows))[0])


def reading(batch: Instances, statement: Any, row: int) -> str:
    """What a counterexample shows, in the statement's own words; empty if it has none."""
    if not getattr(statement, "reads", ""):
        return ""
    one = batch.take(np.array([row])).define(statement.definitions)
    values = {name: float(one.evaluate(sp.S(e))[0].ravel()[0]) for name, e in statement.figures.items()}
    return str(statement.reads.format(**values)) + ": "


def relation_holds(batch: Instances, statement: Always) -> tuple[Any, Any]:
    """(truth per row, worst violation per row) of a relation."""
    return holds(batch.define(statement.definitions), statement.relation, statement.scale)


def sides_agree(batch: Instances, statement: Same) -> tuple[Any, Any]:
    """(truth per row, difference per row) of an identity.

    In float64; where that fails, again in exact rationals, which no ill-conditioned inverse can fool.
    """
    sides = batch.define(statement.definitions).evaluate(statement.left, statement.right)
    good, residual = _compare(sp.Equality, *sides)
    for row in np.flatnonzero(~good):
        exact = _exactly(batch.take(np.array([row])), statement)
        if exact is not None:
            residual[row], good[row] = exact, exact <= RELATIVE
        if not good[row]:
            break  # one confirmed row refutes
    return good, residual


def _admitted_exactly(batch: Instances, claim: Claim, row: int) -> bool:
    """Whether a row that meets the assumptions in float64 also meets the inequalities among them at its exact values.

    An inequality between sums that cancel may hold by round-off alone. What has no rational value is believed.
    """
    one = batch.take(np.array([row]))
    values = {v.symbol: fractions(one.values[v.symbol]) for v in claim.variables}
    try:
        exact = _defined(Stack(one.dims, one.modes, values, 1), claim.definitions)
        for assumption in claim.assumptions:
            if isinstance(assumption, _ORDERED):
                larger, smaller = exact.evaluate(assumption.gts, assumption.lts, arithmetic=Rational())
                if is_exact(larger) and is_exact(smaller):
                    strict = isinstance(assumption, sp.StrictGreaterThan | sp.StrictLessThan)
                    margins = (larger - smaller).ravel()
                    if any(m <= 0 if strict else m < 0 for m in margins):
                        return False
    except (TypeError, ZeroDivisionError, ValueError, OverflowError):
        return True
    return True


def _defined(batch: Stack, definitions: Mapping[Any, Any]) -> Stack:
    """With named quantities added in rationals."""
    for symbol, expression in definitions.items():
        (value,) = batch.evaluate(expression, arithmetic=Rational())
        batch = batch.with_values({symbol: value})
    return batch


def _exactly(one: Instances, statement: Any) -> float | None:
    """The relative difference of the two sides at the exact values of a row's floats, None where undefined."""
    values = {symbol: fractions(value) for symbol, value in one.values.items()}
    try:
        batch = _defined(Stack(one.dims, one.modes, values, 1), statement.definitions)
        left, right = batch.evaluate(statement.left, statement.right, arithmetic=Rational())
    except (TypeError, ZeroDivisionError):
        return None
    if not (is_exact(left) and is_exact(right)):
        return None
    size = max(1, *(abs(x) for x in (*left.ravel(), *right.ravel())))
    return float(max(abs(x) for x in (left - right).ravel()) / size)


def holds(batch: Instances, claimed: Any, scale: Any = 1) -> tuple[Any, Any]:
    """(truth per row, size of the worst violation per row, relative)."""
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
    claimed = getattr(statement, "relation", None)
    if isinstance(claimed, Relational):
        a, b = batch.take(np.array([row])).evaluate(claimed.lhs, claimed.rhs)
        return f"{np.round(a[0], 9).tolist()} {claimed.rel_op} {np.round(b[0], 9).tolist()} is false"
    return "a part of the relation is false"
