"""Descents against the certified lower bound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify.figures.record import Outcome
from verify.figures.trajectories import Trajectories
from verify.report.plots.palette import COLOURS
from verify.report.plots.style import figure, styled
from verify.trials.minimiser import GAP

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["caption", "draw"]

_FLOOR = 1e-16  # of the loss's terms: below it is round-off
_LINES: dict[Outcome, dict[str, Any]] = {
    Outcome.REACHED: {"color": COLOURS["blue"], "ls": "-"},
    Outcome.UNDECIDED: {"color": COLOURS["orange"], "ls": "--"},
    Outcome.BELOW: {"color": COLOURS["vermilion"], "ls": "-.", "lw": 2.5},
}


@styled
def draw(found: Trajectories) -> Figure:
    """Loss minus bound on a logarithmic axis; what is at the bound to round-off is drawn on the axis' floor."""
    made, (axis,) = figure(width=6.4, height=3.8)
    for outcome, look in _LINES.items():
        paths = [path for path in found.paths if path.outcome is outcome]
        for k, path in enumerate(paths):
            label = f"{outcome} ({len(paths)})" if k == 0 else None
            heights = [abs(x) if outcome is Outcome.BELOW else max(x, _FLOOR) for x in path.excess]
            axis.plot(path.evaluations, heights, label=label, alpha=0.75, **{"lw": 1.2} | look)
            axis.plot(path.evaluations[-1], heights[-1], "o", ms=4, color=look["color"])
    axis.axhline(GAP, color=COLOURS["grey"], lw=1, ls=":")
    axis.annotate(
        "below: counts as reached",
        (0, GAP),
        xycoords=("axes fraction", "data"),
        xytext=(4, -3),
        va="top",
        textcoords="offset points",
        fontsize="small",
        color=COLOURS["grey"],
    )
    least = min(min(map(abs, path.excess)) for path in found.paths)
    axis.set(
        yscale="log",
        xlabel="evaluations of the loss and its gradient",
        ylabel=r"$(F_{\mathrm{least\ so\ far}} - F^{\ast})\,/\,\mathrm{size\ of\ the\ terms}$",
        ylim=(min(max(least, _FLOOR), GAP / 100) / 3, None),
        xlim=(0, None),
    )
    axis.legend(loc="upper right")
    return made


def caption(found: Trajectories) -> str:
    """What was computed."""
    return (
        f"{len(found.paths)} descents of the raw matrix loss F of {found.claim} (instance {found.index}) from random "
        f"starts, against the derived minimum F* = {found.bound:.6g}, a lower bound of F. Least loss so far, relative "
        "to the size of the loss's terms."
    )
