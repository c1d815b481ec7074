"""Gradient flow: modes leave the collapsed point, or return to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.figures.escape import Escape
from verify.report.plots.palette import CYCLE, LINES
from verify.report.plots.style import figure, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["caption", "draw"]

_FLOOR = 1e-9
_STILL = 1e-9  # a growth rate of less than this is 0


@styled
def draw(found: Escape) -> Figure:
    """|ω_iλ_i| against time; a triangle where a mode has left, a bar where the derived minimiser is."""
    made, (axis,) = figure(width=6.4, height=4.0)
    for i, trace in enumerate(found.traces):
        colour = CYCLE[i % len(CYCLE)]
        fate = "leaves" if trace.leaves else "returns" if trace.rate < -_STILL else "at its threshold"
        axis.plot(
            found.times,
            trace.amplitude,
            color=colour,
            ls=LINES[i % len(LINES)],
            lw=1.5,
            label=rf"$\theta_{i + 1} = {trace.theta:.4g}$ {fate}",
        )
        if trace.left is not None:
            axis.plot([trace.left], [trace.amplitude[-1] / 2], "^", color=colour, ms=8, mec="black", mew=0.6)
        if trace.leaves:
            axis.plot([found.times[-1]], [trace.optimum], marker=0, ls="", color=colour, ms=9, mew=2.5, clip_on=False)
    axis.set(
        yscale="log",
        xlabel="time",
        ylabel=r"$|\omega_i\lambda_i|$",
        xlim=(0, found.times[-1]),
        ylim=(_FLOOR, 10 * max(trace.optimum for trace in found.traces) or 1),
    )
    axis.legend(loc="center left", bbox_to_anchor=(1.02, 0.5))
    return made


def caption(found: Escape) -> str:
    """What was computed."""
    return (
        f"Gradient flow of a linear VAE (β = {found.beta:g}, η_dec = {found.eta_dec:g}, η_enc = {found.eta_enc:g}, "
        "Σ learnable) from ω = λ = 10⁻³ beside the collapsed point: a mode leaves iff θ² > βη_dec², in the order of θ. "
        "Triangles: half of where it stays. Bars at the right: the derived optimum."
    )
