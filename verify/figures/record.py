"""What the records of all plots share, and how a descent's word is weighed against the theory's."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Any, Protocol

__all__ = ["COLLAPSED", "NEAR", "TOLD", "Checked", "Outcome", "complaint"]

TOLD = 0.01
"""Nats above which a descent shows a latent active. A descent within 1e-8 of the minimum is within about 1e-4 nats of
the optimal rate, near a threshold too: what lies between `COLLAPSED` and this is too close to a threshold to tell."""
COLLAPSED = 0.002
"""Nats below which it shows it collapsed."""
NEAR = math.expm1(2 * COLLAPSED)
"""θ²/(βη_dec²) − 1 of a latent that is active with fewer nats than that, ½ log(1 + NEAR)."""


class Checked(Protocol):
    """A record that says itself where descents contradict the theory it holds."""

    @property
    def disagreements(self) -> tuple[str, ...]:
        """Sentences that name each contradiction; empty if there is none."""

    def model_dump(self, *, mode: str) -> dict[str, Any]:
        """The record's fields as JSON has them."""


class Outcome(StrEnum):
    """Where a descent ended."""

    REACHED = "reached the derived minimum"
    UNDECIDED = "stalled above the derived minimum"
    BELOW = "went below the derived minimum"


def complaint(where: str, outcome: Outcome, seen: int | None, drawn: set[int]) -> str | None:
    """A sentence if a descent found `seen` active latents where the theory draws none of the counts in `drawn`.

    Near a threshold `drawn` has two counts. `seen` is None if the descent cannot tell; None is returned if all is well.
    """
    if outcome is Outcome.BELOW:
        return f"at {where} a descent {outcome}"
    if outcome is Outcome.UNDECIDED or seen is None or seen in drawn:
        return None
    return f"at {where} descent finds {seen} active, theory {min(drawn)}"
