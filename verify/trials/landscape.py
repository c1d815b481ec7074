"""A loss as a landscape: descents against a claimed least value, local minima that are not global, claimed local
minima.

 A descent below the value refutes it. That ends above the value may be stalls or saddles: each is kicked at random and
 descends
again; one that always returns, where the Hessian has no negative eigenvalue, is a local minimum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp

from derivations.statements.claim import Claim, LocalMinimum, Optimum
from verify.draw.instances import Instances, batches, draw
from verify.draw.trial import Trial, outcome_of, recorded, witness
from verify.minimise import descend
from verify.minimise.objective import domains_of, raw_objective, repeated
from verify.minimise.unknowns import Unknowns
from verify.records.evidence import Evidence, Verdict

__all__ = ["known", "local", "too_high", "valued", "wrong_place"]

_GAP = 1e-8
_GAP_REASON = "quasi-Newton descent stalls between 1e-10 and 1e-8 of the loss; a real gap is larger"
_ABOVE = 1e-5  # a descent this far above, relative, is not just slow
_KICKS = 4
_EACH = 3  # instances of a block, whose dimensions they share
_STARTS = 3
_FLAT = 1e-6  # of the largest curvature: central differences of gradients are good to 1e-8


def valued(trial: Trial, statement: Optimum) -> Evidence:
    """Descents from random starts against the claimed least value."""
    name = f"{statement.label}: descent" if statement.label else "descent"
    return recorded(
        lambda: (
            {"check": name, "role": "trial", "tolerance": _GAP, "tolerance_reason": _GAP_REASON}
            | _valued(trial, statement)
        )
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
        for k in np.flatnonzero(gaps > _ABOVE) if statement.only_global else ():
            if _trapped(_stacked(one, statement), x[k], found[k], size):
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


def _stacked(one: Instances, statement: Optimum | LocalMinimum) -> Any:
    """The objective of a batch of one row, for any number of points."""
    objective, _ = raw_objective(one, statement)
    return lambda x, _: objective(x, np.zeros(len(x), dtype=int))


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


def _trapped(objective: Any, x: Any, value: float, size: float) -> bool:
    """Whether descents from kicked starts all come back, to a point whose Hessian has no negative eigenvalue."""
    rng = np.random.default_rng(0)
    kicked = x + 0.03 * (1 + np.abs(x).max()) * rng.normal(size=(_KICKS, x.size))
    back = descend(objective, kicked, max_iterations=800)
    if back.value.min() < value - _ABOVE * size:
        return False
    curvature = np.linalg.eigvalsh(_hessian(objective, back.x[int(np.argmin(back.value))]))
    return bool(curvature[0] >= -_FLAT * np.abs(curvature).max())


def _hessian(objective: Any, x: Any) -> Any:
    """Central differences of gradients."""
    step = 1e-5 * (1 + np.abs(x).max())
    shifts = step * np.eye(x.size)
    H = (objective(x + shifts, None)[1] - objective(x - shifts, None)[1]) / (2 * step)
    return (H + H.T) / 2


def known(claim: Claim, statement: Optimum, seed: int) -> list[tuple[Instances, float]]:
    """Instances with the lowest value found, whatever value is claimed."""
    found = _found(claim, statement.loss, tuple(statement.over.items()), seed)
    return [(one, float(values.min())) for one, values, _ in found]


def too_high(claim: Claim, statement: Optimum, seed: int) -> bool:
    """Whether some descent gets below a (mutated) value: what instances can show."""
    for one, found in known(claim, statement, seed):
        value, size = _claimed(one, statement)
        if not np.isfinite(value) or found < value - _GAP * size:
            return True
    return False


def local(trial: Trial, statement: LocalMinimum) -> Evidence:
    """Zero gradient, positive curvature, and a lower value elsewhere."""
    name = f"{statement.label}: curvature" if statement.label else "curvature"
    return recorded(
        lambda: (
            {
                "check": name,
                "role": "trial",
                "tolerance": _FLAT,
                "tolerance_reason": "of the largest curvature, a hundred times the error of differences",
            }
            | _local(trial, statement)
        )
    )


def _local(trial: Trial, statement: LocalMinimum) -> dict[str, Any]:
    for batch in batches(trial.claim, trial.seed, 1):
        complaint, note = _judged(batch, statement)
        return (
            {"instances": 1} | witness(trial, batch, 0, complaint)
            if complaint
            else {"outcome": Verdict.SUPPORTED, "instances": 1, "residual": 0.0, "note": note}
        )
    return {"outcome": Verdict.VACUOUS, "note": "no instance"}


def _judged(one: Instances, statement: LocalMinimum) -> tuple[str, str]:
    """(what is wrong, what was found) at the claimed local minimum."""
    unknowns = Unknowns(domains_of(statement), one.dims)
    largest = max(max(shape) for shape in unknowns.shapes)  # an example of its own size, whatever the claim's
    one = replace(one, stack=replace(one.stack, modes=max(one.modes, largest)))
    here, there = (one.define(point) for point in (statement.at, statement.elsewhere))
    value, other = (float(b.evaluate(statement.loss)[0][0, 0]) for b in (here, there))
    x = unknowns.raw({X: here.values[X] for X in unknowns.domains})[0]
    stacked = _stacked(one, statement)
    slope = float(np.abs(stacked(x[None], None)[1]).max())
    curvature = np.linalg.eigvalsh(_hessian(stacked, x))
    if not slope <= 1e-10 * (1 + abs(value)):
        return f"the gradient is {slope:.3g} at the claimed local minimum", ""
    if curvature[0] <= _FLAT * curvature[-1]:
        return f"the least curvature is {curvature[0]:.3g} at the claimed local minimum", ""
    if not other < value - _ABOVE:
        return f"the loss is {other:.9g} elsewhere, not below {value:.9g}", ""
    return (
        "",
        f"gradient {slope:.1g}, least curvature {curvature[0]:.4g}; loss {value:.7g} there, {other:.7g} elsewhere",
    )


def wrong_place(claim: Claim, statement: LocalMinimum, seed: int) -> bool:
    """Whether a (mutated) place is no strict local minimum."""
    return any(_judged(batch.take(np.array([0])), statement)[0] for batch in batches(claim, seed, 1))
