"""The collapse staircase: active latents and the KL of each against β."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from verify.figures.staircase import Staircase
from verify.report.plots.marks import counts, legend, looks, staircase_of
from verify.report.plots.palette import COLOURS, CYCLE, LINES
from verify.report.plots.style import figure, plain_numbers, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["caption", "draw"]


@styled
def draw(found: Staircase) -> Figure:
    """Counts above, rates below; theory as lines, descents as points, thresholds dotted."""
    made, (above, below) = figure(rows=2, width=6.4, height=2.9)
    ends = found.betas[0], found.betas[-1]
    for edge in found.edges:
        for axis in (above, below):
            axis.axvline(edge, color=COLOURS["grey"], lw=0.7, ls=":", zorder=0)
    staircase_of(above, found.edges, ends)
    keys = counts(above, found.runs)
    legend(above, keys, loc="upper right")
    above.set(ylabel="active latents", yticks=range(len(found.theta) + 1))
    for i, line in enumerate(found.kl):
        below.plot(found.betas, line, color=CYCLE[i % len(CYCLE)], ls=LINES[i % len(LINES)], lw=1.4)
    _number(below, [line[0] for line in found.kl], ends[0])
    for run in found.runs:
        _, style = looks(run.outcome, told=True)
        for i, nats in enumerate(run.kl):
            below.plot([run.at], [nats], ls="", color=CYCLE[i % len(CYCLE)], alpha=0.8, **style | {"markersize": 4})
    below.set(xscale="log", xlabel=r"$\beta$", ylabel=r"$\mathrm{KL}_i$ (nats)", xlim=(ends[0] / 1.2, ends[1]))
    plain_numbers(below.xaxis)
    return made


def caption(found: Staircase) -> str:
    """What was computed."""
    return (
        f"Active latents (above) and KL per latent (below) of a linear VAE with d = {len(found.theta)}, Σ learnable, "
        f"η_dec = {found.eta_dec:g}, η_enc = {found.eta_enc:g}, against β. Lines: the derived optimum; its thresholds "
        f"θ_i²/η_dec² are dotted, and at a threshold the latent is gone. Points: descents of the raw matrix loss on "
        f"{found.modes} modes from random starts, at two of the thresholds exactly."
    )


def _number(axis: Any, heights: list[float], x: float) -> None:
    """The lines' numbers at their left ends, kept apart."""
    apart, above = 0.075 * max(heights), math.inf
    for i, height in enumerate(heights):
        above = min(height, above - apart)
        axis.annotate(
            f"${i + 1}$",
            (x, above),
            xytext=(-5, 0),
            ha="right",
            va="center",
            textcoords="offset points",
            color=CYCLE[i % len(CYCLE)],
            fontsize="small",
        )
