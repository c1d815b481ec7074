"""Descents of a claim's raw loss against the lower bound that the theory certifies, evaluation by evaluation."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import Field

from derivations.statements.claim import Claim, Minimiser
from verify.draw.instances import Instances, draw
from verify.errors import InputError
from verify.figures.descents import ITERATIONS, SPREAD, least
from verify.figures.record import Outcome
from verify.minimise import descend
from verify.minimise.objective import raw_objective
from verify.records.record import Record
from verify.trials.minimiser import GAP, admissible

__all__ = ["Path", "Trajectories", "compute_trajectories"]

_BLOCKS = 40  # of instances searched for one that is large enough to look at
_SHOWN = 0.03  # a relative change that can be seen
_LEAST = 3  # dimensions, so that no descent is over at once


class Path(Record):
    """One descent from a random start."""

    outcome: Outcome
    evaluations: tuple[int, ...] = Field(description="of the loss and its gradient, so far")
    excess: tuple[float, ...] = Field(description="least loss so far minus the bound, relative to the loss's terms")


class Trajectories(Record):
    """One instance of a claim about a minimiser."""

    claim: str
    index: int = Field(description="of the instance: `collapse-audit replay CLAIM --index` shows it")
    seed: int
    bound: float = Field(description="the derived minimum F*, of the matrix loss")
    paths: tuple[Path, ...]

    @property
    def disagreements(self) -> tuple[str, ...]:
        """Descents below the bound."""
        below = [min(path.excess) for path in self.paths if min(path.excess) < -GAP]
        return (f"{len(below)} descents go below the certified bound, by up to {-min(below):.3g}",) if below else ()


def compute_trajectories(claim: Claim, *, starts: int = 8, seed: int = 0) -> Trajectories:
    """`starts` descents in the raw parameters of the claim's first generic instance of three or more dimensions.

    Raises:
        InputError: the claim states no minimiser of a matrix loss.
    """
    statement = next(iter(claim.of_kind(Minimiser)), None)
    if statement is None:
        raise InputError(f"{claim.id} states no minimiser to descend to; try vae-learnable or mhvae-fixed.")
    batch = _instance(claim, statement, seed)
    many = batch.take(np.zeros(starts, dtype=int))
    minimum, size = least(many, statement)
    objective, width = raw_objective(many, statement)
    best = np.full(starts, np.inf)
    seen: list[list[float]] = [[] for _ in range(starts)]

    def watched(x: Any, rows: Any) -> tuple[Any, Any]:
        values, gradients = objective(x, rows)
        for row, value in zip(rows, values, strict=True):
            best[row] = min(best[row], value) if np.isfinite(value) else best[row]
            seen[row].append(best[row])
        return values, gradients

    start = np.random.default_rng([seed, 6]).normal(scale=SPREAD, size=(starts, width))
    found = descend(watched, start, max_iterations=ITERATIONS)
    paths = []
    for k in range(starts):
        values = np.array(seen[k][: int(np.argmin(seen[k])) + 1])  # a finished descent waits for the others
        excess = (values - minimum[k]) / size[k]
        last = (found.value[k] - minimum[k]) / size[k]
        outcome = Outcome.BELOW if excess.min() < -GAP else Outcome.UNDECIDED if last > GAP else Outcome.REACHED
        kept = _corners(excess)
        paths.append(Path(outcome=outcome, evaluations=tuple(k + 1 for k in kept), excess=tuple(excess[kept].tolist())))
    return Trajectories(
        claim=claim.id, index=int(batch.index[0]), seed=seed, bound=float(minimum[0]), paths=tuple(paths)
    )


def _corners(falling: Any) -> list[int]:
    """Indices that show a falling sequence to within a change that cannot be seen, first and last among them."""
    kept = [0]
    for k in range(1, len(falling) - 1):
        if abs(falling[k] - falling[kept[-1]]) > _SHOWN * abs(falling[kept[-1]]):
            kept += [k - 1, k] if k - 1 > kept[-1] else [k]
    return [*kept, len(falling) - 1] if len(falling) > 1 else kept


def _instance(claim: Claim, statement: Minimiser, seed: int) -> Instances:
    """One row: all its dimensions at least three if there is such a block, no special values."""
    fallback = None
    for block in range(_BLOCKS):
        drawn = draw(claim, seed, block)
        batch = admissible(drawn.take(np.flatnonzero(drawn.kind == "random")), statement)
        if len(batch):
            fallback = fallback or batch.take(np.array([0]))
            if min(batch.dims.values()) >= _LEAST:
                return batch.take(np.array([0]))
    if fallback is None:
        raise InputError(f"{claim.id} has no instance at seed {seed}; give another ‹seed›.")
    return fallback
