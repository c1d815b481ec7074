"""Active latents of a linear CVAE against the correlation of its input and output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.figures.correlation import Correlation
from verify.report.plots.marks import counts, legend, staircase_of
from verify.report.plots.palette import COLOURS
from verify.report.plots.style import figure, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["caption", "draw"]


@styled
def draw(found: Correlation) -> Figure:
    """Theory as a line, descents as points, thresholds dotted."""
    made, (axis,) = figure(width=6.4, height=3.6)
    for edge in found.edges:
        if edge > 0:
            axis.axvline(edge, color=COLOURS["grey"], lw=0.7, ls=":", zorder=0)
    staircase_of(axis, found.edges, (0.0, 1.0))
    legend(axis, counts(axis, found.runs), loc="lower left")
    axis.set(xlabel=r"$|\rho|$", ylabel="active latents", yticks=range(len(found.eigenvalues) + 1), xlim=(-0.02, 1.02))
    return made


def caption(found: Correlation) -> str:
    """What was computed."""
    return (
        f"Active latents of a linear CVAE (d = {len(found.eigenvalues)}, Σ learnable, β = {found.beta:g}, "
        f"η_dec = {found.eta_dec:g}) whose input is x = ρy + √(1−ρ²)n. Line: the count of modes with "
        "(1−ρ²)λ_i > βη_dec², λ_i the eigenvalues of E[yyᵀ]; thresholds dotted. Points: descents of the raw matrix "
        "loss from random starts, at one threshold exactly."
    )
