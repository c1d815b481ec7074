"""A claimed minimiser on instances: its loss equals the derived minimum, and no descent gets below it.

`attained`: on every instance the loss at the typed minimiser equals the lower bound that the mode program
derives (rung 4). `judged`: raw-parameter descent from random starts, which knows neither (rung 5); ending
below the claimed value refutes, stalling above it decides nothing and is counted.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from derivations.claim import Claim, Minimiser
from derivations.nodes import SumModes
from derivations.notation import d, theta
from verify.checks.common import RELATIVE, RELATIVE_REASON, Trial, outcome_of, recorded, witness
from verify.checks.objective import raw_objective
from verify.checks.structure import bound
from verify.descent import descend
from verify.evidence import Evidence, Verdict
from verify.instances import Batch, batches, draw

__all__ = ["attained", "claimed_loss", "judged"]

_GAP = 1e-8
_GAP_REASON = "raw-parameter quasi-Newton descent stalls between 1e-10 and 1e-8 of the loss; a real gap is larger"


def claimed_loss(batch: Batch, statement: Minimiser) -> tuple[Any, Any, Any]:
    """(loss at the claimed minimiser, derived minimum, size of the terms), each (N,)."""
    at = batch.define(statement.modes).define(statement.at)
    loss, spread = at.evaluate(statement.loss, SumModes(theta**2))
    (minimum,) = batch.evaluate(bound(statement))
    size = 1 + np.abs(loss) + np.abs(minimum) + spread
    return loss[:, 0], minimum[:, 0], size[:, 0]


def attained(trial: Trial, statement: Minimiser) -> Evidence:
    """Rung 4, on every instance."""
    return recorded(lambda: {"check": _name("lower bound attained", statement), "role": "trial",
                             "tolerance": RELATIVE, "tolerance_reason": RELATIVE_REASON}
                    | _attained(trial, statement))  # fmt: skip


def _attained(trial: Trial, statement: Minimiser) -> dict[str, Any]:
    tried, worst = 0, 0.0
    visited: dict[str, int] = {}
    for batch in batches(trial.claim, trial.seed, trial.examples):
        loss, minimum, size = claimed_loss(batch, statement)
        gap = np.where(np.isfinite(loss), (loss - minimum) / size, np.inf)
        tried += len(batch)
        worst = max(worst, float(np.abs(gap).max(initial=0.0)))
        if np.any(gap < -RELATIVE):
            note = "the loss at the claimed minimiser is below the derived bound: the derivation is at fault"
            return {"outcome": Verdict.UNDECIDED, "instances": tried, "residual": worst, "note": note}
        if np.any(gap > RELATIVE):
            row = int(np.flatnonzero(gap > RELATIVE)[0])
            text = f"loss {loss[row]:.9g} at the claimed minimiser, {minimum[row]:.9g} is attained elsewhere,"
            return {"instances": tried, "residual": worst} | witness(trial, batch, row, text)
        _count_regions(batch, statement, visited)
    regions = ", ".join(f"{n} {k}" for k, n in sorted(visited.items())) or "none"
    return {
        "outcome": outcome_of(tried),
        "instances": tried,
        "residual": worst,
        "note": f"latents visited: {regions}",
    }


def _count_regions(batch: Batch, statement: Minimiser, visited: dict[str, int]) -> None:
    """How many latents fall in each derived region: an audit shows what its instances visited."""
    program = statement.program
    at = {x: program.solution.get(x, x) for x in (program.s, program.q)}
    s, q = batch.evaluate(at[program.s], at[program.q])
    latents = np.arange(batch.modes) < batch.dims[d]
    active = np.broadcast_to((s > q) & latents, (len(batch), batch.modes)).sum()
    visited["active"] = visited.get("active", 0) + int(active)
    visited["collapsed"] = visited.get("collapsed", 0) + len(batch) * int(latents.sum()) - int(active)


def judged(trial: Trial, statement: Minimiser, starts: int = 64) -> Evidence:
    """Rung 5: descent from random starts in the raw parameters."""
    return recorded(lambda: {"check": _name("descent from random starts", statement), "role": "trial",
                             "tolerance": _GAP, "tolerance_reason": _GAP_REASON}
                    | _judged(trial, statement, starts))  # fmt: skip


def _judged(trial: Trial, statement: Minimiser, starts: int) -> dict[str, Any]:
    tried, reached, worst = 0, 0, 0.0
    for batch in _sample(trial.claim, trial.seed, starts):
        minimum, size = claimed_loss(batch, statement)[::2]
        minimum = claimed_loss(batch, statement)[0]
        objective, width = raw_objective(batch, statement)
        rng = np.random.default_rng([trial.seed, int(batch.index[0]), 5])
        start = rng.normal(scale=0.7, size=(len(batch), width))
        found = descend(objective, start, max_iterations=1500)
        gap = (found.value - minimum) / size
        tried += len(batch)
        reached += int((gap <= _GAP).sum())
        worst = max(worst, float(-gap.min(initial=0.0)))
        if np.any(gap < -_GAP):
            row = int(np.argmin(gap))
            text = f"descent reaches {found.value[row]:.9g}, below the claimed {minimum[row]:.9g},"
            return {"instances": tried, "residual": worst} | witness(trial, batch, row, text)
    note = f"{reached} of {tried} starts reach the claimed value, none goes below"
    outcome = outcome_of(tried) if reached >= tried // 2 else Verdict.UNDECIDED
    return {"outcome": outcome, "instances": tried, "residual": worst, "note": note}


def _sample(claim: Claim, seed: int, starts: int) -> Any:
    """Instances of the first blocks: small dimensions, every kind of edge but the extreme scales."""
    for block in range(2, 2 + max(1, starts // 16)):
        batch = draw(claim, seed, block)
        rows = np.flatnonzero(~np.isin(batch.kind, ("small", "large")))[:16]
        if len(rows):
            yield batch.take(rows)


def _name(check: str, statement: Minimiser) -> str:
    return f"{statement.label}: {check}" if statement.label else check
