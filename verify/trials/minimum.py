"""Any loss and its claimed minimiser on instances: inside its domain, real, and not beaten by descent.

Descents start next to the claimed point, which finds whatever a non-zero gradient or a saddle allows, and at random,
which finds other minima. A lower value refutes, with the point that has it; where values fall without end, a ray is
shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from derivations.statements.claim import Claim, Minimum
from verify.draw.instances import ROWS, Instances, batches, flat
from verify.draw.thresholds import switches
from verify.draw.trial import Trial, outcome_of, recorded, witness
from verify.proof.minimum import optimal, stationary
from verify.records.evidence import Evidence, Verdict
from verify.trials.claimed import below, constrained, outside, shown
from verify.trials.kinds import Check, Kind, Mutation, Place, entries
from verify.trials.search import GAP, GAP_REASON, losses, search_instance
from verify.trials.tally import Sampled, whole

__all__ = ["KIND", "by_descent", "lower_point"]

_INSTANCES = 24
_STARTS = 4
_SHARE = 20  # of the instances, one is descended on
_EACH = 4  # of a stack, whose dimensions they share


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
    tried, open_, solved, worst = 0, 0, 0, 0.0
    for one in _by_case(trial, statement):
        gaps, text = lower_point(one, statement, np.random.default_rng([trial.seed, int(one.index[0]), 6]))
        if gaps is None:
            open_ += 1
            continue
        tried += 1
        worst = max(worst, float(-gaps.min()))
        if text:
            return {"instances": tried, "residual": worst} | witness(trial, one, 0, text)
        solved += int((gaps[1:] <= GAP).any())
    note = f"none goes below; on {solved} of {tried} instances a random start reaches the claimed value"
    reached = 2 * solved >= tried or _proved(trial, statement)
    outcome = outcome_of(tried, open_) if reached else Verdict.UNDECIDED
    return {"outcome": outcome, "instances": tried, "untested": open_, "residual": worst, "note": note}


def _proved(trial: Trial, statement: Minimum) -> bool:
    """Whether the minimum is proved: then a descent that stalls above it has found another well, and no doubt."""
    return all(check(trial, statement).outcome is Verdict.PROVED for check in (stationary, optimal))


def _by_case(trial: Trial, statement: Minimum) -> Iterator[Instances]:
    """Instances to descend on: a share of those drawn, and of each combination of cases as many as there are."""
    wanted = max(6, _INSTANCES // max(1, len(trial.claim.statements)), trial.share // _SHARE)
    cases = [c for c in switches(statement) if not c.free_symbols & statement.at.keys()]
    taken: dict[Any, int] = {}
    for drawn in batches(trial.claim, trial.seed, 12 * ROWS):
        usual = drawn.take(~np.isin(drawn.kind, ("small", "large")))
        truths = usual.define(statement.definitions).evaluate(*cases) if cases else []
        keys = np.stack([flat(t).any(1) for t in truths], axis=1) if truths else np.zeros((len(usual), 1), dtype=bool)
        here = 0
        for row, key in enumerate(map(tuple, keys)):
            if taken.get(key, 0) <= wanted // max(1, len(taken)) and here < max(_EACH, wanted // 12):
                taken[key] = taken.get(key, 0) + 1
                here += 1
                yield usual.take(np.array([row]))
        if sum(taken.values()) >= wanted:
            return


def lower_point(one: Instances, statement: Minimum, rng: Any, starts: int = _STARTS) -> tuple[Any, str]:
    """(relative gaps of the descents, first the one from next to the claimed point; what is wrong, or "").

    No gaps at all where the claimed point is outside its domains or its loss is not a real number.
    """
    _, complaint, open_ = outside(one, statement)
    if complaint or open_.any():
        return None, complaint
    found = search_instance(one.define(statement.definitions), statement, rng, starts)
    if found is None:
        return None, ""  # in floats it is a number nowhere: not tested
    if not (found.lower and below(one, statement, found.values)):
        return found.gaps, ""
    if found.ray:
        return found.gaps, f"the loss is not bounded below: claimed {found.claimed:.9g}, but {found.ray}"
    where = ", ".join(f"{X} = {shown(v[0])}" for X, v in found.values.items())
    return found.gaps, f"loss {found.claimed:.9g} at the claimed point, {found.value:.9g} at {where},"


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
        return losses(source, one, statement, statement.at, outside(one, statement)[1])


KIND = _Minimum()
