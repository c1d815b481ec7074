"""Any loss and its claimed minimiser on instances: inside its domain, real, and not beaten by descent.

Descents start next to the claimed point, which finds whatever a non-zero gradient or a saddle allows, and at random, which
finds other minima. A lower value refutes, with the point that has it; where values fall without end, a ray is shown.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

from derivations.claim import Claim, Domain, Minimum
from verify.checks.common import RELATIVE, RELATIVE_REASON, Trial, outcome_of, recorded, witness
from verify.checks.objective import domains_of, raw_objective
from verify.checks.unknowns import Unknowns
from verify.descent import descend
from verify.evidence import Evidence, Verdict
from verify.instances import ROWS, Batch, batches

__all__ = ["beaten", "inside", "lower_point", "refuted_point"]

_GAP = 1e-8
_GAP_REASON = "quasi-Newton descent stalls between 1e-10 and 1e-8 of the terms' size; a real gap is larger"
_INSTANCES = 24
_STARTS = 4
_LASTING = 0.9  # a loss that falls without end drops at least as much between 30 and 100 as between 10 and 30
_FALLING = -1e6  # of the terms' size: no loss that is bounded below gets there from ordinary starts


def inside(trial: Trial, statement: Minimum) -> Evidence:
    """Whether the claimed point lies in the domains of its unknowns, with a real loss, on every instance."""
    name = f"{statement.label}: constraints" if statement.label else "constraints"
    return recorded(lambda: {"check": name, "role": "trial", "tolerance": RELATIVE,
                             "tolerance_reason": RELATIVE_REASON} | _inside(trial, statement))  # fmt: skip


def _inside(trial: Trial, statement: Minimum) -> dict[str, Any]:
    tried = 0
    for batch in batches(trial.claim, trial.seed, trial.share):
        row, complaint = _outside(batch, statement)
        tried += len(batch)
        if complaint:
            return {"instances": tried, "residual": None} | witness(trial, batch, row, complaint)
    return {"outcome": outcome_of(tried), "instances": tried, "residual": 0.0}


def _outside(batch: Batch, statement: Minimum) -> tuple[int, str]:
    """(row, what is wrong with the claimed point there), or (0, "")."""
    at = batch.define(statement.definitions).define(statement.at)
    for X in statement.at:
        bad = ~_within(at.values[X], statement.domain(X))
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            shown = np.array2string(np.asarray(at.values[X][row]).squeeze(), precision=6)
            return row, f"the claimed {X} = {shown} is no {statement.domain(X)},"
    bad = ~np.isfinite(at.evaluate(statement.loss)[0][:, 0])
    if bad.any():
        return int(np.flatnonzero(bad)[0]), "the loss is not a real number at the claimed minimiser"
    return 0, ""


def _within(value: Any, domain: Domain) -> Any:
    """Which rows are in the domain; weak bounds and symmetry up to round-off."""
    flat = value.reshape(len(value), -1)
    slack = RELATIVE * (1 + np.abs(flat).max(1))
    good = np.isfinite(flat).all(1)
    if domain is Domain.POSITIVE:
        return good & (flat[:, 0] > 0)
    if domain is Domain.NONNEGATIVE:
        return good & (flat[:, 0] >= -slack)
    if domain in (Domain.SYMMETRIC, Domain.DEFINITE, Domain.DIAGONAL):
        skew = np.abs(value - np.swapaxes(value, 1, 2)).reshape(len(value), -1).max(1)
        good = good & (skew <= slack)
    if domain is Domain.DIAGONAL:
        off = value * ~np.eye(value.shape[1], dtype=bool)
        good = good & (np.abs(off).reshape(len(value), -1).max(1) <= slack)
    if domain in (Domain.DEFINITE, Domain.DIAGONAL):
        safe = np.where(np.isfinite(value), value, 0.0)
        good = good & (np.linalg.eigvalsh(safe)[:, 0] > 0)
    return good


def beaten(trial: Trial, statement: Minimum) -> Evidence:
    """Descents against the claimed point."""
    name = f"{statement.label}: descent" if statement.label else "descent"
    return recorded(lambda: {"check": name, "role": "trial", "tolerance": _GAP, "tolerance_reason": _GAP_REASON}
                    | _beaten(trial, statement))  # fmt: skip


def _beaten(trial: Trial, statement: Minimum) -> dict[str, Any]:
    tried, solved, near, worst, wanted = 0, 0, 0, 0.0, max(6, _INSTANCES // max(1, len(trial.claim.statements)))
    for drawn in batches(trial.claim, trial.seed, 12 * ROWS):
        rows = np.flatnonzero(~np.isin(drawn.kind, ("small", "large")))[: min(4, wanted - tried)]
        for row in rows:
            one = drawn.take(np.array([row]))
            gaps, text = lower_point(one, statement, np.random.default_rng([trial.seed, int(one.index[0]), 6]))
            if gaps is None:
                continue
            tried += 1
            worst = max(worst, float(-gaps.min()))
            if text:
                return {"instances": tried, "residual": worst} | witness(trial, one, 0, text)
            near += int(gaps[0] <= _GAP)
            solved += int((gaps[1:] <= _GAP).any())
        if tried >= wanted:
            break
    note = f"none goes below; on {solved} of {tried} instances a random start reaches the claimed value"
    outcome = outcome_of(tried) if 2 * solved >= tried else Verdict.UNDECIDED
    return {"outcome": outcome, "instances": tried, "residual": worst, "note": note}


def lower_point(one: Batch, statement: Minimum, rng: Any, starts: int = _STARTS) -> tuple[Any, str]:
    """(relative gaps of the descents, first the one from next to the claimed point; what is wrong, or "").

    No gaps at all where the claimed point is outside its domains or its loss is not a real number.
    """
    if (complaint := _outside(one, statement)[1]) != "":
        return None, complaint
    one = one.define(statement.definitions)
    at = one.define(statement.at)
    unknowns = Unknowns(domains_of(statement), one.dims)
    claimed, *terms = (float(x[0, 0]) for x in at.evaluate(statement.loss, *sp.Add.make_args(statement.loss)))
    size = 1 + sum(abs(t) for t in terms)
    inner = {X: np.maximum(at.values[X], 0.0) if d is Domain.NONNEGATIVE else at.values[X]
             for X, d in unknowns.domains.items()}  # fmt: skip
    start = unknowns.raw(inner)
    spread = 1e-3 * (1 + np.abs(start).max())
    x0 = np.concatenate([start + spread * rng.normal(size=start.shape), rng.normal(size=(starts, start.shape[1]))])
    objective, _ = raw_objective(one, statement)
    zero = np.zeros(1, dtype=int)

    def stacked(x: Any, _: Any) -> Any:
        return objective(x, np.repeat(zero, len(x)))

    finite = np.isfinite(stacked(x0, None)[0]) & np.isfinite(stacked(x0, None)[1]).all(1)
    if not finite.any():
        return None, "the loss is not a real number at the claimed minimiser's neighbours, nor at random points"
    found = descend(stacked, x0[finite], max_iterations=1000)
    gaps = np.full(len(x0), np.inf)
    gaps[finite] = (found.value - claimed) / size
    if gaps.min() >= -_GAP:
        return gaps, ""
    best = found.x[int(np.argmin(found.value))]
    value = float(found.value.min())
    if ray := _ray(stacked, best, claimed, size):
        return gaps, f"the loss is not bounded below: claimed {claimed:.9g}, but {ray}"
    return gaps, f"loss {claimed:.9g} at the claimed point, {value:.9g} at {_point(unknowns, best, statement)},"


def refuted_point(claim: Claim, statement: Minimum, seed: int) -> bool:
    """Whether some instance contradicts the claimed point; no random starts, which could not tell it from the true one."""
    for drawn in batches(claim, seed, 12 * ROWS):
        for row in range(0, len(drawn), max(1, len(drawn) // 6)):
            one = drawn.take(np.array([row]))
            if lower_point(one, statement, np.random.default_rng(row), starts=1)[1]:
                return True
    return False


def _ray(stacked: Any, best: Any, claimed: float, size: float) -> str:
    """Values along the ray through the best point found, if they fall without end as far as they are followed."""
    steps = np.array([1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1e3])
    with np.errstate(all="ignore"):
        values = stacked(steps[:, None] * best[None], None)[0]
    good = np.isfinite(values)
    values, steps = values[good], steps[good]
    drops = -np.diff(values)
    if len(drops) > 2 and bool(np.all(drops > 0) and np.all(drops[1:] >= _LASTING * drops[:-1])):
        shown, at = ", ".join(f"{v:.3g}" for v in values), ", ".join(f"{t:g}" for t in steps)
        return f"it is {shown} at {at} times the point that descent reached,"
    if len(values) and (values[0] - claimed) / size < _FALLING:
        return f"descent reaches {values[0]:.3g} and is still falling,"
    return ""


def _point(unknowns: Unknowns, x: Any, statement: Minimum) -> str:
    values = unknowns.values(x[None])
    return ", ".join(f"{X} = {np.array2string(np.squeeze(values[X][0]), precision=6)}" for X in statement.at)
