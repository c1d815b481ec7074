"""How data are read: the parameters that `predict`, `sweep`, `diagnose`, `load` and plots of data have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

__all__ = ["DEFAULTS", "Reading", "changed"]


class Reading(TypedDict, total=False):
    """How data are read, before anything is computed; every one may be left out."""

    skip_column: int | str | Sequence[int | str]
    """Columns to leave out: numbers from 1, or names; of the input as "input:1"."""
    transpose: bool
    """Whether rows are features and columns samples."""
    one_row_per_file: bool
    """Whether each file of a folder is one sample."""
    one_hot: str | None
    """Which side, "output" or "input", holds labels: each column becomes one of 0 and 1 for each of its labels."""
    scale: float
    """What the outputs are multiplied by, 1/255 for bytes of images."""


DEFAULTS: dict[str, Any] = {
    "skip_column": (),
    "transpose": False,
    "one_row_per_file": False,
    "one_hot": None,
    "scale": 1.0,
}


def changed(reading: Mapping[str, object]) -> dict[str, Any]:
    """What is asked for otherwise than by default; lists as tuples."""
    plain = {name: tuple(value) if isinstance(value, list) else value for name, value in reading.items()}
    return {name: value for name, value in plain.items() if value is not None and value != DEFAULTS.get(name)}
