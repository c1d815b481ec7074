"""What the benchmarks of one run leave behind."""

from __future__ import annotations

from typing import Any

import pytest

from tests.benchmarks.figures import Section, Spread, Target, spread
from tests.benchmarks.sections import SECTIONS

__all__ = ["FOUND", "Recorder"]

FOUND = pytest.StashKey["Recorder"]()


class Recorder:
    """Rows by section, and targets, in the order in which they were measured."""

    def __init__(self) -> None:
        self.rows: dict[str, list[tuple[Any, ...]]] = {}
        self.targets: list[Target] = []

    def row(self, section: str, *cells: Any) -> None:
        """A row of a section of `sections.py`."""
        columns = SECTIONS[section].columns
        if len(cells) != len(columns):
            raise ValueError(f"{section} has columns {list(columns)}, not {len(cells)}")
        self.rows.setdefault(section, []).append(cells)

    def target(
        self, what: str, unit: str, found: Spread | float, *, least: float | None = None, most: float | None = None
    ) -> None:
        """A figure that was asked for."""
        asked = least if most is None else most
        value = found if isinstance(found, Spread) else spread([found])
        self.targets.append(Target(what=what, unit=unit, asked=asked, at_least=most is None, found=value))

    def sections(self) -> tuple[Section, ...]:
        """Those that have rows, in the order of `sections.py`."""
        return tuple(
            whole.model_copy(update={"rows": tuple(self.rows[name])})
            for name, whole in SECTIONS.items()
            if name in self.rows
        )
