"""What must hold over the cells of an experiment; each is judged, and says what it found and which cells differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from verify.experiments.records import Cell, Finding

__all__ = ["Close", "Expectation", "Monotone", "Ranked", "SameCounts", "Shown", "place", "relative_error", "stated"]


class Expectation(Protocol):
    """Judges the cells of an experiment."""

    def __call__(self, cells: Sequence[Cell]) -> Finding:
        """Whether the expectation holds of these cells, what was found, and where it does not hold."""


def stated(expectation: Expectation) -> str:
    """The expectation as a sentence, said before anything has been measured."""
    finding = expectation if isinstance(expectation, Shown) else expectation(())
    return f"{finding.label}: {finding.wanted}"


def place(cell: Cell, without: str = "") -> str:
    """Where in the grid a cell is, as text; the axis named `without` is left out."""
    return ", ".join(
        f"{k} = {v:g}" if isinstance(v, float) else f"{k} = {v}" for k, v in cell.at.items() if k != without
    )


def _sweeps(cells: Sequence[Cell], axis: str) -> dict[str, list[Cell]]:
    """The cells in lines along one axis."""
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        found.setdefault(place(cell, without=axis), []).append(cell)
    return {k: sorted(line, key=lambda c: c.at[axis]) for k, line in found.items()}


@dataclass(frozen=True)
class Close:
    """Measured and predicted numbers agree to a relative tolerance away from thresholds.

    A number is compared relative to itself, a predicted 0 relative to the largest of its kind or 1.
    """

    key: str
    tolerance: float
    reason: str

    def __call__(self, cells: Sequence[Cell]) -> Finding:
        """The finding on the largest error."""
        errors = [(relative_error(cell.theory[self.key], cell.measured[self.key]), cell) for cell in cells]
        away = [(e, cell) for e, cell in errors if not cell.near]
        near = [e for e, cell in errors if cell.near]
        worst = max((e for e, _ in away), default=0.0)
        band = f"; {max(near):.1g} in {len(near)} cell(s) within 1 % of a threshold" if near else ""
        return Finding(
            label=f"{self.key} as predicted",
            holds=bool(away) and worst <= self.tolerance,
            found=f"largest relative error {worst:.1g} over {len(away)} cells{band}",
            wanted=f"at most {self.tolerance:g}: {self.reason}",
            exceptions=tuple(f"{place(c)}: {e:.1g}" for e, c in away if not e <= self.tolerance),
        )


def relative_error(theory: Any, measured: Any) -> float:
    """The largest error of several numbers, each relative to itself, or to the largest where 0 is predicted."""
    t, m = np.atleast_1d(np.asarray(theory, float)), np.atleast_1d(np.asarray(measured, float))
    scale = np.where(t == 0, max(1.0, float(np.abs(t).max(initial=0.0))), np.abs(t))
    return float((np.abs(t - m) / scale).max(initial=0.0)) if t.shape == m.shape else float("inf")


@dataclass(frozen=True)
class SameCounts:
    """Counts agree exactly away from thresholds; `share` of the cells must (1: all)."""

    key: str
    share: float = 1.0

    def __call__(self, cells: Sequence[Cell]) -> Finding:
        """The finding on how many cells agree."""
        away = [cell for cell in cells if not cell.near]
        wrong = [cell for cell in away if cell.theory[self.key] != cell.measured[self.key]]
        band = [cell for cell in cells if cell.near]
        equal = sum(cell.theory[self.key] == cell.measured[self.key] for cell in band)
        apart = f"; within 1 % of a threshold {equal} of {len(band)}" if band else ""
        return Finding(
            label=f"{self.key}: exact matches",
            holds=bool(away) and len(away) - len(wrong) >= self.share * len(away),
            found=f"{len(away) - len(wrong)} of {len(away)} cells{apart}",
            wanted="all of them" if self.share == 1 else f"at least {self.share:.0%}",
            exceptions=tuple(_both(cell, self.key) for cell in wrong),
        )


def _both(cell: Cell, key: str) -> str:
    return f"{place(cell)}: predicted {cell.theory[key]}, measured {cell.measured[key]}"


@dataclass(frozen=True)
class Ranked:
    """In every sweep along an axis, prediction and measurement move together: Spearman's ρ is at least so much.

    Ranks say nothing of a sweep whose prediction moves by at most `span`; there the two may differ by that much.
    """

    key: str
    axis: str
    least: float = 0.9
    span: float = 1

    def __call__(self, cells: Sequence[Cell]) -> Finding:
        """The finding on the least ρ of any sweep."""
        found = {name: self._agreement(line) for name, line in _sweeps(cells, self.axis).items()}
        ranked = [rho for rho, _ in found.values() if rho is not None]
        flat = [gap for rho, gap in found.values() if rho is None]
        text = f"Spearman's ρ = {', '.join(f'{rho:.3f}' for rho in sorted(ranked))}" if ranked else ""
        more = f"{len(flat)} sweep(s) that hardly move differ by at most {max(flat):.3g}" if flat else ""
        wrong = []
        for name, (rho, gap) in found.items():
            if (gap > self.span) if rho is None else (rho < self.least):
                wrong.append(
                    f"{name or 'the sweep'}: " + (f"differs by {gap:.3g}" if rho is None else f"ρ = {rho:.3f}")
                )
        return Finding(
            label=f"{self.key} along {self.axis}: rank correlation",
            holds=bool(ranked) and not wrong,
            found="; ".join(filter(None, (text, more))),
            wanted=f"at least {self.least:g} in every sweep",
            exceptions=tuple(wrong),
        )

    def _agreement(self, line: Sequence[Cell]) -> tuple[float | None, float]:
        """(Spearman's ρ, or None if the prediction hardly moves; the largest difference)."""
        from scipy.stats import spearmanr

        sides = [c.theory[self.key] for c in line], [c.measured[self.key] for c in line]
        theory, measured = (np.array(side, float) for side in sides)
        gap = float(np.abs(theory - measured).max())
        if np.ptp(theory) <= self.span:
            return None, gap
        return (float(spearmanr(theory, measured).statistic) if np.ptp(measured) else 0.0), gap


@dataclass(frozen=True)
class Monotone:
    """A measured number never rises (`falls`) or never falls along an axis, but for `slack` of the largest."""

    key: str
    axis: str
    falls: bool
    slack: float = 0.0

    def __call__(self, cells: Sequence[Cell]) -> Finding:
        """The finding on the steps that go the other way."""
        wrong, steps = [], 0
        for line in _sweeps(cells, self.axis).values():
            values = [float(c.measured[self.key]) for c in line]  # type: ignore[arg-type]
            allowed = self.slack * max(map(abs, values))
            for a, b, cell in zip(values, values[1:], line[1:], strict=False):
                steps += 1
                if (b - a if self.falls else a - b) > allowed:
                    wrong.append(f"{place(cell)}: {a:g}, then {b:g}")
        return Finding(
            label=f"{self.key} {'falls' if self.falls else 'rises'} with {self.axis}",
            holds=bool(steps) and not wrong,
            found=f"{steps - len(wrong)} of {steps} steps",
            wanted="all of them" + (f", but for {self.slack:.0%} of the largest" if self.slack else ""),
            exceptions=tuple(wrong),
        )


@dataclass(frozen=True)
class Shown:
    """Anything else: a function of the cells that says (holds, what was found, exceptions).

    `only_full`: it is not expected of `quick` runs.
    """

    label: str
    wanted: str
    judge: Callable[[Sequence[Cell]], tuple[bool, str, tuple[str, ...]]]
    only_full: bool = False

    def __call__(self, cells: Sequence[Cell]) -> Finding:
        """What the function says."""
        holds, found, exceptions = self.judge(cells)
        return Finding(label=self.label, holds=holds, found=found, wanted=self.wanted, exceptions=exceptions)
