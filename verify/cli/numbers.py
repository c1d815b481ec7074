"""Numbers as options: finite and positive, one or several."""

from __future__ import annotations

import math
from typing import Any, Final

import click

__all__ = ["POSITIVE", "Assignment", "Grid", "Range", "Whole"]


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


class Range(click.ParamType):
    """FROM:TO, two positive numbers, the first the smaller."""

    name = "from:to"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, float]:
        """The two ends; click's message if they are none."""
        if isinstance(value, tuple):
            return value
        parts = str(value).split(":")
        if len(parts) != 2:
            self.fail(f"{str(value)!r} is not a range like 0.1:10.", param, ctx)
        low, high = (POSITIVE.convert(part.strip(), param, ctx) for part in parts)
        if low >= high:
            self.fail(f"{str(value)!r} must rise, like 0.1:10.", param, ctx)
        return low, high


class Assignment(click.ParamType):
    """NAME=NUMBER, the number positive."""

    name = "name=number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, float]:
        """Name and number; click's message if they are none."""
        name, equals, number = str(value).partition("=")
        if not (name and equals):
            self.fail(f"{str(value)!r} is not of the form theta=1.5.", param, ctx)
        return name.strip(), POSITIVE.convert(number.strip(), param, ctx)


class Whole(click.ParamType):
    """Whole numbers separated by commas, or none."""

    name = "number,...|none"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        """The numbers, each once, ascending; click's message if they are none."""
        if isinstance(value, tuple):
            return value
        if str(value).strip() == "none":
            return ()
        try:
            return tuple(sorted({int(part) for part in str(value).split(",")}))
        except ValueError:
            self.fail(f"{str(value)!r} is neither numbers like 1,3 nor none.", param, ctx)
