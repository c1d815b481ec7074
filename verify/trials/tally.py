"""Checks on random instances, in pieces: what a stretch of instances shows, and how stretches are put together.

A check that looks at every instance says what one stack of them shows (`examine`); the rest is here. Tallies of
consecutive stretches merge associatively, so that any number of workers, in any order, leaves the evidence that one
worker going through the instances in order would leave: counts and the worst residual up to the first failure.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from verify.draw.instances import ROWS, Instances, batches
from verify.draw.trial import Trial, outcome_of
from verify.records.evidence import Evidence, Verdict, Witness
from verify.records.record import Message
from verify.records.regions import Region, failure_rate_below

__all__ = ["Failure", "Sampled", "Tally", "blocks_of", "concluded", "tally_blocks", "whole"]


_LOOK = 16  # blocks that are looked through for one instance: as many as the default number of examples fills


class Failure(Message):
    """The first failure of a stretch: what ends the check."""

    outcome: Verdict
    note: str = ""
    residual: float | None = None
    witness: Witness | None = None
    reproduce: str | None = None


class Tally(Message):
    """What a stretch of instances shows; nothing after its first failure is in it."""

    tried: int = 0
    untested: int = 0
    worst: Annotated[float, BeforeValidator(float)] = 0.0
    seconds: float = 0.0
    modes: dict[str, int] = Field(default_factory=dict)
    regions: dict[str, int] = Field(default_factory=dict)
    failure: Failure | None = None
    cached: bool = False

    def __add__(self, later: Tally) -> Tally:
        """The two stretches as one, `later` following on this one."""
        if self.failure is not None:
            return self
        return Tally(
            tried=self.tried + later.tried,
            untested=self.untested + later.untested,
            worst=max(self.worst, later.worst),
            seconds=self.seconds + later.seconds,
            modes=_sums(self.modes, later.modes),
            regions=_sums(self.regions, later.regions),
            failure=later.failure,
            cached=self.cached and later.cached,
        )


@dataclass(frozen=True)
class Sampled:
    """A check on every instance: its name among the statement's checks, what it is about, what it says of one stack."""

    name: str
    about: str
    examine: Callable[[Trial, Instances], Tally]
    tolerance: float | None
    reason: str


def tally_blocks(trial: Trial, check: Sampled, blocks: range) -> Tally:
    """What the instances of some blocks show."""
    start = time.perf_counter()
    total = Tally()
    for batch in _stretch(trial, blocks):
        total += check.examine(trial, batch)
        if total.failure is not None:
            break
    return total.model_copy(update={"seconds": max(0.0, time.perf_counter() - start)})


def _stretch(trial: Trial, blocks: range) -> Iterator[Instances]:
    """The instances of some blocks; where these are all blocks and have none, those of the first block that has any.

    The first blocks have the smallest dimensions, which an assumption on ranks may exclude: few examples make no claim
    vacuous.
    """
    met = False
    for batch in batches(trial.claim, trial.seed, trial.share, blocks):
        met = True
        yield batch
    if not met and blocks == blocks_of(trial):
        further = range(blocks.stop, _LOOK)
        yield from islice(batches(trial.claim, trial.seed, _LOOK * ROWS, further), 1)


def concluded(check: Sampled, found: Tally) -> Evidence:
    """The evidence of a check that has gone through all its instances, or to its first failure."""
    fields: dict[str, Any] = {
        "outcome": outcome_of(found.tried, found.untested),
        "residual": found.worst,
        "witness": None,
        "reproduce": None,
    }
    if found.failure is not None:
        fields |= found.failure.model_dump(exclude={"residual"})
        fields |= {} if found.failure.residual is None else {"residual": found.failure.residual}
    else:
        fields["regions"] = tuple(
            Region(name=name, instances=n, failure_rate_below=failure_rate_below(n))
            for name, n in found.regions.items()
        )
        fields["failure_rate_below"] = failure_rate_below(found.tried)
        if found.modes:
            visited = ", ".join(f"{n} {name}" for name, n in sorted(found.modes.items()) if n) or "none"
            fields["note"] = f"modes visited: {visited}"
        if found.untested:
            open_ = f"{found.untested} not tested: neither rationals nor balls decide them"
            fields["note"] = f"{fields['note']}; {open_}" if found.modes else open_
    return Evidence(
        kind=check.name,
        about=check.about,
        role="trial",
        instances=found.tried,
        untested=found.untested,
        tolerance=check.tolerance,
        tolerance_reason=check.reason,
        cited=(),
        seconds=round(found.seconds, 4),
        cached=found.cached,
        **fields,
    )


def whole(trial: Trial, check: Sampled) -> Evidence:
    """The evidence of a check, here and now."""
    return concluded(check, tally_blocks(trial, check, blocks_of(trial)))


def blocks_of(trial: Trial) -> range:
    """The blocks that hold a statement's share of the instances."""
    return range(math.ceil(trial.share / ROWS))


def _sums(a: dict[str, int], b: dict[str, int]) -> dict[str, int]:
    return {name: a.get(name, 0) + b.get(name, 0) for name in (*a, *(k for k in b if k not in a))}
