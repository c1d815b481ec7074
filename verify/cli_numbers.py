"""Numbers as options: finite and positive, one or several."""

from __future__ import annotations

import math
from typing import Any, Final

import click

__all__ = ["POSITIVE"]


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
