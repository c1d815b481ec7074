"""A claimed strict local minimum: zero gradient, positive curvature, and a lower value elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np

from derivations.statements.claim import Claim, LocalMinimum
from verify.draw.instances import ROWS, Instances, batches
from verify.draw.trial import Trial, recorded, witness
from verify.minimise.unknowns import Unknowns
from verify.records.evidence import Evidence, Verdict
from verify.trials.kinds import Check, Kind, Place, entries
from verify.trials.landscape import ABOVE, FLAT, hessian, stacked

__all__ = ["KIND", "by_curvature"]


def by_curvature(trial: Trial, statement: LocalMinimum) -> Evidence:
    """Zero gradient, positive curvature, and a lower value elsewhere."""
    reason = "of the largest curvature, a hundred times the error of differences"
    return recorded(
        "curvature", statement.label, "trial", lambda: _local(trial, statement), tolerance=FLAT, tolerance_reason=reason
    )


def _local(trial: Trial, statement: LocalMinimum) -> dict[str, Any]:
    for batch in _first(trial.claim, trial.seed):
        complaint, note = _judged(batch, statement)
        return (
            {"instances": 1} | witness(trial, batch, 0, complaint)
            if complaint
            else {"outcome": Verdict.SUPPORTED, "instances": 1, "residual": 0.0, "note": note}
        )
    return {"outcome": Verdict.VACUOUS, "note": "no instance"}


def _first(claim: Claim, seed: int) -> Iterator[Instances]:
    """The first instance that meets the assumptions, if there is one."""
    return (batch.take(np.array([0])) for batch in islice(batches(claim, seed, 16 * ROWS), 1))


def _judged(one: Instances, statement: LocalMinimum) -> tuple[str, str]:
    """(what is wrong, what was found) at the claimed local minimum."""
    unknowns = Unknowns(statement.unknowns(), one.dims)
    largest = max(max(shape) for shape in unknowns.shapes)  # an example of its own size, whatever the claim's
    one = replace(one, stack=replace(one.stack, modes=max(one.modes, largest)))
    here, there = (one.define(point) for point in (statement.at, statement.elsewhere))
    value, other = (float(b.evaluate(statement.loss)[0][0, 0]) for b in (here, there))
    x = unknowns.raw({X: here.values[X] for X in unknowns.domains})[0]
    objective = stacked(one, statement)
    slope = float(np.abs(objective(x[None], None)[1]).max())
    curvature = np.linalg.eigvalsh(hessian(objective, x))
    if not slope <= 1e-10 * (1 + abs(value)):
        return f"the gradient is {slope:.3g} at the claimed local minimum", ""
    if curvature[0] <= FLAT * curvature[-1]:
        return f"the least curvature is {curvature[0]:.3g} at the claimed local minimum", ""
    if not other < value - ABOVE:
        return f"the loss is {other:.9g} elsewhere, not below {value:.9g}", ""
    return (
        "",
        f"gradient {slope:.1g}, least curvature {curvature[0]:.4g}; loss {value:.7g} there, {other:.7g} elsewhere",
    )


class _LocalMinimum(Kind[LocalMinimum]):
    statement = LocalMinimum
    shrinks = False

    def checks(self, trial: Trial, statement: LocalMinimum) -> dict[str, Check]:
        return {"curvature": lambda: [by_curvature(trial, statement)]}

    def describe(self, one: Instances, statement: LocalMinimum) -> str:  # noqa: ARG002
        return "about the loss as a landscape; curvature judges it, not one evaluation"

    def places(self, statement: LocalMinimum) -> Iterator[Place]:
        yield from entries(statement, "at")

    def refutes(self, claim: Claim, statement: LocalMinimum, seed: int, examples: int) -> bool:  # noqa: ARG002
        """Whether a mutated place is no strict local minimum."""
        return any(_judged(one, statement)[0] for one in _first(claim, seed))


KIND = _LocalMinimum()
