"""Numbers as options: finite and positive, one or several."""

from __future__ import annotations

import math
from typing import Any, Final

import click

__all__ = ["POSITIVE", "Grid"]


class _Positive(click.ParamType):
    """A finite number above zero; click's own FloatRange lets NaN pass."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not (math.isfinite(number) and number > 0):
            self.fail(f"{str(value)!r} is not a finite number above 0.", param, ctx)
        return number


POSITIVE: Final = _Positive()
_MOST = 1000


class Grid(click.ParamType):
    """Numbers separated by commas, or FROM:TO:COUNT, evenly spaced in the logarithm."""

    name = "number,...|from:to:count"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, ...]:
        """The numbers; click's message if they are none."""
        if isinstance(value, tuple):
            return value
        parts = str(value).split(":")
        if len(parts) == 1:
            return tuple(POSITIVE.convert(part.strip(), param, ctx) for part in parts[0].split(","))
        if len(parts) != 3 or not parts[2].strip().isdigit() or not 2 <= int(parts[2]) <= _MOST:
            self.fail(f"{str(value)!r} is neither 1,2,5 nor 0.1:100:7 (from, to, how many: 2 to {_MOST}).", param, ctx)
        low, high = (POSITIVE.convert(part.strip(), param, ctx) for part in parts[:2])
        count = int(parts[2])
        return tuple(low * (high / low) ** (k / (count - 1)) for k in range(count))
