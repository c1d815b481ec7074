"""A claimed least value: descents from random starts never end below it, and, if so claimed, none is trapped above it.

Ends above the value may be stalls or saddles: each is kicked at random and descends again; one that always returns,
where the Hessian has no negative eigenvalue, is a local minimum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp

from derivations.statements.claim import Claim, Optimum
from verify.draw.instances import Instances, draw
from verify.draw.trial import RELATIVE, Trial, outcome_of, recorded, witness
from verify.minimise import descend
from verify.minimise.objective import raw_objective, repeated
from verify.records.evidence import Evidence, Verdict
from verify.trials.kinds import Check, Kind, Mutation, Place
from verify.trials.landscape import ABOVE, stacked, trapped

__all__ = ["KIND", "by_descent"]

_GAP = 1e-8
_GAP_REASON = "quasi-Newton descent stalls between 1e-10 and 1e-8 of the loss; a real gap is larger"
_EACH = 3  # instances of a block, whose dimensions they share
_STARTS = 3


def by_descent(trial: Trial, statement: Optimum) -> Evidence:
    """Descents from random starts against the claimed least value."""
    return recorded(
        "descent",
        statement.label,
        "trial",
        lambda: _valued(trial, statement),
        tolerance=_GAP,
        tolerance_reason=_GAP_REASON,
    )


def _valued(trial: Trial, statement: Optimum) -> dict[str, Any]:
    tried, reached, descents, saddles, worst = 0, 0, 0, 0, 0.0
    for one, found, x in _found(trial.claim, statement.loss, tuple(statement.over.items()), trial.seed):
        value, size = _claimed(one, statement)
        gaps = (found - value) / size
        tried, descents, reached = tried + 1, descents + len(gaps), reached + int(gaps.min() <= _GAP)
        worst = max(worst, float(-gaps.min()))
        if gaps.min() < -_GAP:
            text = f"descent reaches {found.min():.9g}, below the claimed {value:.9g},"
            return {"instances": tried, "residual": worst} | witness(trial, one, 0, text)
        for k in np.flatnonzero(gaps > ABOVE) if statement.only_global else ():
            if trapped(stacked(one, statement), x[k], found[k], size):
                text = f"a local minimum at {found[k]:.9g}, above the global {value:.9g},"
                return {"instances": tried, "residual": float(gaps[k])} | witness(trial, one, 0, text)
            saddles += 1
    note = f"on {reached} of {tried} instances one of {_STARTS} starts reaches the claimed value, none goes below"
    if statement.only_global:
        note += f"; {saddles} of {descents} descents ended above it, at saddles or on slopes: none was trapped"
    enough = 2 * reached >= tried
    return {
        "outcome": outcome_of(tried) if enough else Verdict.UNDECIDED,
        "instances": tried,
        "residual": worst,
        "note": note,
    }


def _sample(claim: Claim, seed: int, wanted: int) -> Iterator[Instances]:
    """A few instances of each of the first blocks, every kind of edge but the extreme scales."""
    for block in range(wanted):
        batch = draw(claim, seed, block + 1)
        rows = np.flatnonzero(~np.isin(batch.kind, ("small", "large")))[block % 5 :: 5][: min(_EACH, wanted)]
        wanted -= len(rows)
        if len(rows):
            yield batch.take(rows)
        if wanted <= 0:
            return


def _claimed(one: Instances, statement: Optimum) -> tuple[float, float]:
    value, *terms = one.evaluate(statement.value, *sp.Add.make_args(statement.value))
    return float(value[0, 0]), 1 + sum(abs(float(t[0, 0])) for t in terms)


@lru_cache(maxsize=64)
def _found(claim: Claim, loss: Any, over: tuple[Any, ...], seed: int) -> tuple[tuple[Instances, Any, Any], ...]:
    """(instance, values, points) of descents from random starts; once for a loss, whatever value is claimed."""
    statement, found = Optimum("", loss, dict(over), sp.S.Zero), []
    for batch in _sample(claim, seed, max(15, 48 // len(claim.statements))):
        objective, width = raw_objective(batch, statement)
        rows = np.repeat(np.arange(len(batch)), _STARTS)
        start = np.random.default_rng([int(batch.index[0]), 5]).normal(scale=0.7, size=(len(rows), width))
        ends = descend(repeated(objective, rows), start, max_iterations=800)
        for row in range(len(batch)):
            mine = rows == row
            found.append((batch.take(np.array([row])), ends.value[mine], ends.x[mine]))
    return tuple(found)


def _known(claim: Claim, statement: Optimum, seed: int) -> list[tuple[Instances, float]]:
    """Instances with the lowest value found, whatever value is claimed."""
    found = _found(claim, statement.loss, tuple(statement.over.items()), seed)
    return [(one, float(values.min())) for one, values, _ in found]


class _Optimum(Kind[Optimum]):
    statement = Optimum
    shrinks = False

    def checks(self, trial: Trial, statement: Optimum) -> dict[str, Check]:
        return {"descent": lambda: [by_descent(trial, statement)]}

    def describe(self, one: Instances, statement: Optimum) -> str:  # noqa: ARG002
        return "about the loss as a landscape; descents judge it, not one evaluation"

    def places(self, statement: Optimum) -> Iterator[Place]:
        yield Place(f"{statement.label}, value", sp.S(statement.value), lambda e: replace(statement, value=e))

    def follows(self, claim: Claim, mutation: Mutation, seed: int) -> bool:
        """A value that is too low is for proofs: no instance can show it."""
        for one, _ in _known(claim, mutation.statement, seed):
            before, after = one.evaluate(mutation.original, mutation.mutated)
            if np.any(after > before + RELATIVE * (1 + np.abs(before))):
                return False
        return True

    def refutes(self, claim: Claim, statement: Optimum, seed: int, examples: int) -> bool:  # noqa: ARG002
        for one, found in _known(claim, statement, seed):
            value, size = _claimed(one, statement)
            if not np.isfinite(value) or found < value - _GAP * size:
                return True
        return False


KIND = _Optimum()
