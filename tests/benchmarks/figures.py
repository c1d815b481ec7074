"""What a run of the benchmarks found, as records: the JSON that the page's tables are made of."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import Field

from verify.records.record import Record

__all__ = ["Figures", "Section", "Spread", "Target", "spread"]


class Spread(Record):
    """Several repeats of one measurement."""

    median: float
    low: float
    high: float
    repeats: int = Field(ge=1)


Cell = str | int | float | Spread | None


class Target(Record):
    """A figure that was asked for, and the one found."""

    what: str
    unit: str = Field(description="a key of table.UNITS")
    asked: float
    at_least: bool = Field(description="else: at most")
    found: Spread

    @property
    def reached(self) -> bool:
        """Whether the median is on the right side."""
        return self.found.median >= self.asked if self.at_least else self.found.median <= self.asked


class Section(Record):
    """One table: what its columns are measured in, and rows of as many cells."""

    title: str
    about: str = Field(description="the conditions, as sentences")
    columns: dict[str, str] = Field(description="name → a key of table.UNITS")
    rows: tuple[tuple[Cell, ...], ...]


class Figures(Record):
    """A whole run."""

    conditions: dict[str, str]
    targets: tuple[Target, ...]
    sections: tuple[Section, ...]


def spread(values: Any) -> Spread:
    """Median, least and greatest of repeats."""
    array = np.asarray(values, dtype=float)
    return Spread(median=float(np.median(array)), low=float(array.min()), high=float(array.max()), repeats=array.size)
