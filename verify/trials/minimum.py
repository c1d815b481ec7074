"""Any loss and its claimed minimiser on instances: inside its domain, real, and not beaten by descent.

Descents start next to the claimed point, which finds whatever a non-zero gradient or a saddle allows, and at random,
which finds other minima. A lower value refutes, with the point that has it; where values fall without end, a ray is
shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from derivations.statements.claim import Claim, Domain, Minimum
from verify.draw.instances import ROWS, Instances, batches
from verify.draw.trial import RELATIVE, RELATIVE_REASON, Trial, outcome_of, recorded, witness
from verify.proof.minimum import optimal, stationary
from verify.records.evidence import Evidence, Verdict
from verify.trials.kinds import Check, Kind, Mutation, Place, entries
from verify.trials.regions import visited
from verify.trials.search import GAP, GAP_REASON, losses, search_instance
from verify.trials.tally import Failure, Sampled, Tally, whole

__all__ = ["KIND", "by_descent", "constrained", "lower_point"]

_INSTANCES = 24
_STARTS = 4


def constrained(statement: Minimum) -> Sampled:
    """The check, in pieces."""
    return Sampled(
        "constraints", statement.label, lambda trial, batch: _inside(trial, statement, batch), RELATIVE, RELATIVE_REASON
    )


def _inside(trial: Trial, statement: Minimum, batch: Instances) -> Tally:
    row, complaint = _outside(batch, statement)
    if complaint:
        failure = Failure(**witness(trial, batch, row, complaint))
        return Tally(tried=len(batch), worst=math.inf, failure=failure)
    return Tally(tried=len(batch), regions=visited(trial.claim, statement, batch))


def _outside(batch: Instances, statement: Minimum) -> tuple[int, str]:
    """(row, what is wrong with the claimed point there), or (0, "")."""
    at = batch.define(statement.definitions).define(statement.at)
    for X in statement.at:
        bad = ~_within(at.values[X], statement.domain(X))
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            return row, f"the claimed {X} = {_shown(at.values[X][row])} is no {statement.domain(X)},"
    bad = ~np.isfinite(at.evaluate(statement.loss)[0][:, 0])
    if bad.any():
        return int(np.flatnonzero(bad)[0]), "the loss is not a real number at the claimed minimiser"
    return 0, ""


def _within(value: Any, domain: Domain) -> Any:
    """Which rows are in the domain; weak bounds and symmetry up to round-off."""
    flat = value.reshape(len(value), -1)
    slack = RELATIVE * (1 + np.abs(flat).max(1))
    good = np.isfinite(flat).all(1)
    if domain.facts.positive:
        return good & (flat[:, 0] > 0)
    if domain.facts.nonnegative:
        return good & (flat[:, 0] >= -slack)
    if domain.facts.symmetric:
        skew = np.abs(value - np.swapaxes(value, 1, 2)).reshape(len(value), -1).max(1)
        good = good & (skew <= slack)
    if domain.facts.diagonal:
        off = value * ~np.eye(value.shape[1], dtype=bool)
        good = good & (np.abs(off).reshape(len(value), -1).max(1) <= slack)
    if domain.facts.definite:
        safe = np.where(np.isfinite(value), value, 0.0)
        good = good & (np.linalg.eigvalsh(safe)[:, 0] > 0)
    return good


def by_descent(trial: Trial, statement: Minimum) -> Evidence:
    """Descents against the claimed point."""
    return recorded(
        "descent",
        statement.label,
        "trial",
        lambda: _beaten(trial, statement),
        tolerance=GAP,
        tolerance_reason=GAP_REASON,
    )


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
            near += int(gaps[0] <= GAP)
            solved += int((gaps[1:] <= GAP).any())
        if tried >= wanted:
            break
    note = f"none goes below; on {solved} of {tried} instances a random start reaches the claimed value"
    outcome = outcome_of(tried) if 2 * solved >= tried else Verdict.UNDECIDED
    return {"outcome": outcome, "instances": tried, "residual": worst, "note": note}


def lower_point(one: Instances, statement: Minimum, rng: Any, starts: int = _STARTS) -> tuple[Any, str]:
    """(relative gaps of the descents, first the one from next to the claimed point; what is wrong, or "").

    No gaps at all where the claimed point is outside its domains or its loss is not a real number.
    """
    if (complaint := _outside(one, statement)[1]) != "":
        return None, complaint
    found = search_instance(one.define(statement.definitions), statement, rng, starts)
    if found is None:
        return None, "the loss is not a real number at the claimed minimiser's neighbours, nor at random points"
    if not found.lower:
        return found.gaps, ""
    if found.ray:
        return found.gaps, f"the loss is not bounded below: claimed {found.claimed:.9g}, but {found.ray}"
    shown = ", ".join(f"{X} = {_shown(v[0])}" for X, v in found.values.items())
    return found.gaps, f"loss {found.claimed:.9g} at the claimed point, {found.value:.9g} at {shown},"


def _shown(value: Any) -> str:
    value = np.asarray(value)
    return f"{value.item():.6g}" if value.size == 1 else np.array2string(value, precision=6, separator=", ")


class _Minimum(Kind[Minimum]):
    statement = Minimum
    cost = 2  # each example takes descents
    own_scalars = True

    def checks(self, trial: Trial, statement: Minimum) -> dict[str, Check]:
        return {
            "constraints": lambda: [whole(trial, constrained(statement))],
            "stationarity": lambda: [stationary(trial, statement)],
            "global optimality": lambda: [optimal(trial, statement)],
            "descent": lambda: [by_descent(trial, statement)],
        }

    def sampled(self, statement: Minimum) -> Sampled:
        return constrained(statement)

    def breaks(self, one: Instances, statement: Minimum) -> bool:
        return lower_point(one, statement, np.random.default_rng(0), starts=2)[1] != ""

    def reads(self, one: Instances, statement: Minimum) -> str:
        return lower_point(one, statement, np.random.default_rng(0), starts=2)[1].rstrip(",") + ": "

    def describe(self, one: Instances, statement: Minimum) -> str:
        text = lower_point(one, statement, np.random.default_rng(0))[1]
        return f"FAILS: {text.rstrip(',')}" if text else "no descent goes below the loss at the claimed point"

    def places(self, statement: Minimum) -> Iterator[Place]:
        yield from entries(statement, "at")

    def refutes(self, claim: Claim, statement: Minimum, seed: int, examples: int) -> bool:
        for drawn in batches(claim, seed, examples):
            for row in range(0, len(drawn), max(1, len(drawn) // 6)):
                one = drawn.take(np.array([row]))
                if lower_point(one, statement, np.random.default_rng(row), starts=1)[1]:
                    return True
        return False

    def equivalent(self, claim: Claim, mutation: Mutation) -> bool:
        trial = Trial(claim, 0, 1)
        return all(check(trial, mutation.statement).outcome is Verdict.PROVED for check in (stationary, optimal))

    def script(self, source: Any, one: Instances, statement: Minimum) -> list[str]:
        return losses(source, one, statement, statement.at)


KIND = _Minimum()
