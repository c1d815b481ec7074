"""How theory and descents are drawn, the same in every plot: lines and points; and what a legend says of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from verify.figures.record import Outcome
from verify.figures.staircase import Run
from verify.report.plots.palette import COLOURS

__all__ = ["counts", "legend", "looks", "staircase_of"]

_LABELS = {
    "told": "descent, reached the minimum",
    "near": "descent, too near a threshold to tell",
    Outcome.UNDECIDED: "descent, stalled: undecided",
    Outcome.BELOW: "descent below the derived minimum",
}


def looks(outcome: Outcome, told: bool) -> tuple[str, dict[str, Any]]:
    """(key of the legend, marker) of a descent; its colour is left to the plot."""
    if outcome is Outcome.BELOW:
        return Outcome.BELOW, {"marker": "*", "markersize": 13, "markeredgecolor": "black"}
    if outcome is Outcome.UNDECIDED:
        return Outcome.UNDECIDED, {"marker": "x", "markersize": 6, "markeredgewidth": 1.6}
    near = {} if told else {"markerfacecolor": "white"}
    return ("told" if told else "near"), {"marker": "o", "markersize": 6.5} | near


def legend(axis: Any, keys: Sequence[str], **place: Any) -> None:
    """A legend of the line and of the kinds of descents that occur."""
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], color=COLOURS["black"], label="theory")]
    for key in (k for k in _LABELS if k in keys):
        outcome = key if isinstance(key, Outcome) else Outcome.REACHED
        style = looks(outcome, key == "told")[1]
        handles.append(Line2D([], [], ls="", color=COLOURS["vermilion"], label=_LABELS[key], **style))
    axis.legend(handles=handles, **place)


def staircase_of(axis: Any, edges: Sequence[float], ends: tuple[float, float]) -> None:
    """A count that falls at each edge: on the edge it has fallen (full dot), just before it has not (open dot)."""
    inner = sorted({e for e in edges if ends[0] < e < ends[1]})
    steps = [ends[0], *inner, ends[1]]
    heights = [sum(e > x for e in edges) for x in steps[:-1]]
    axis.hlines(heights, steps[:-1], steps[1:], color=COLOURS["black"], lw=1.5)
    before = [sum(e >= x for e in edges) for x in inner]
    axis.plot(inner, before, "o", ms=4, mfc="white", mec="black", zorder=3)
    axis.plot(inner, heights[1:], "o", ms=4, mfc="black", mec="black", zorder=3)


def counts(axis: Any, runs: Sequence[Run]) -> list[str]:
    """Draw the counts of descents, and return the keys of the legend.

    A count that a descent cannot tell is drawn as a range, from the least to the most that it may be.
    """
    keys = []
    for run in runs:
        key, style = looks(run.outcome, run.active is not None)
        low, high = run.range
        if low != high:
            axis.plot([run.at, run.at], [low, high], color=COLOURS["vermilion"], lw=1, zorder=2)
        for height in {low, high}:
            axis.plot([run.at], [height], ls="", color=COLOURS["vermilion"], zorder=2.5, **style)
        keys.append(str(key) if not isinstance(key, Outcome) else key)
    return keys
