"""Parts of parameter space, how many instances a check drew in each, and what it says if none of them failed."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field

from verify.records.record import Record

__all__ = ["Region", "failure_rate_below"]

Count = Annotated[int, Field(ge=0)]


def failure_rate_below(instances: int) -> float | None:
    """The 95 % upper bound on the rate of failures among instances like these if none failed; None if there are none.

    1 − 0.05^(1/n), which is 3/n for large n (the rule of three).
    """
    return -math.expm1(math.log(0.05) / instances) if instances else None


class Region(Record):
    """A part of parameter space, and how many instances of a check lay in it."""

    name: str = Field(
        description="`kind: …` of instance, `case: …` of a formula, or `modes: …`, a region of the derived mode program"
    )
    instances: Count = Field(description="instances that are in it, or have a mode in it; 0: never visited")
    failure_rate_below: float | None = Field(
        description="as in the evidence, for instances of this region; null if it was never visited"
    )
