"""How numbers are written as options.

The API says whether a number is what a command needs. Text that cannot be read as a number is handed on as it is, and
the API refuses it in the same words as for its own callers.
"""

from __future__ import annotations

import math
from typing import Any, Final

import click

__all__ = ["INTEGER", "LEVELS", "NUMBER", "NUMBERS", "RATIO", "Assignment", "Range"]

_MOST = 1000


class _Number(click.ParamType):
    """A number."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        for kind in (int, float) if isinstance(value, str) else ():
            try:
                return kind(value)
            except ValueError:
                continue
        return value


class _Ratio(click.ParamType):
    """A number, or a quotient of two, as in 1/255."""

    name = "number|a/b"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        parts = [NUMBER.convert(part.strip(), param, ctx) for part in str(value).split("/")]
        if len(parts) == 2 and not any(isinstance(part, str) for part in parts) and parts[1]:
            return parts[0] / parts[1]
        return parts[0] if len(parts) == 1 else value


class _Integer(click.ParamType):
    """A whole number."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return int(value)
        except ValueError:
            return value


class _Numbers(click.ParamType):
    """Numbers separated by commas, or FROM:TO:COUNT, evenly spaced in the logarithm."""

    name = "number,...|from:to:count"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Any, ...]:
        if isinstance(value, tuple):
            return value
        parts = [part.strip() for part in str(value).split(":")]
        if len(parts) == 1:
            return tuple(NUMBER.convert(part.strip(), param, ctx) for part in parts[0].split(","))
        if len(parts) != 3 or not parts[2].isdigit() or not 2 <= int(parts[2]) <= _MOST:
            self.fail(f"{str(value)!r} is neither 1,2,5 nor 0.1:100:7 (from, to, how many: 2 to {_MOST}).", param, ctx)
        low, high = (_end(self, part, param, ctx) for part in parts[:2])
        count = int(parts[2])
        return tuple(low * (high / low) ** (k / (count - 1)) for k in range(count))


class _Levels(click.ParamType):
    """Whole numbers separated by commas, or none."""

    name = "number,...|none"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Any, ...]:
        if isinstance(value, tuple):
            return value
        parts = [] if str(value).strip() in ("", "none") else str(value).split(",")
        return tuple(INTEGER.convert(part.strip(), param, ctx) for part in parts)


class Range(click.ParamType):
    """FROM:TO, two numbers."""

    name = "from:to"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Any, ...]:
        """The two ends; click's message if they are not two."""
        if isinstance(value, tuple):
            return value
        parts = str(value).split(":")
        if len(parts) != 2:
            self.fail(f"{str(value)!r} is not a range like 0.1:10.", param, ctx)
        return tuple(NUMBER.convert(part.strip(), param, ctx) for part in parts)


class Assignment(click.ParamType):
    """NAME=NUMBER."""

    name = "name=number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Any]:
        """Name and number; click's message if they are not two."""
        name, equals, number = str(value).partition("=")
        if not (name and equals):
            self.fail(f"{str(value)!r} is not of the form theta=1.5.", param, ctx)
        return name.strip(), NUMBER.convert(number.strip(), param, ctx)


NUMBER: Final = _Number()
RATIO: Final = _Ratio()
INTEGER: Final = _Integer()
NUMBERS: Final = _Numbers()
LEVELS: Final = _Levels()


def _end(kind: click.ParamType, text: str, param: click.Parameter | None, ctx: click.Context | None) -> float:
    """An end of a range in the logarithm, which must be above 0."""
    number = NUMBER.convert(text, param, ctx)
    if isinstance(number, str) or not 0 < number < math.inf:
        kind.fail(f"{text!r} is not a finite number above 0.", param, ctx)
    return float(number)
