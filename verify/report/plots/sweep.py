"""A sweep: the boundary of collapse in the (β, η_dec) plane with the grid's counts on it, or the staircase in β."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from verify.report.plots.palette import COLOURS, MARKERS
from verify.report.plots.style import figure, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from verify.forecast.sweeping import Sweep

__all__ = ["draw_sweep"]

_CURVES = 12  # more boundary curves than this hide one another


@styled
def draw_sweep(found: Sweep) -> Figure:
    """The boundary βη_dec² = θ_i² with the grid's active counts on it; without an η_dec, active counts against β."""
    made, (axis,) = figure()
    widths = list(dict.fromkeys(cell.latent for cell in found.cells))
    if found.cells[0].eta_dec is None:
        for width, marker in zip(widths, MARKERS * len(widths), strict=False):
            cells = [c for c in found.cells if c.latent == width]
            (line,) = axis.plot(
                [c.beta for c in cells], [c.active for c in cells], marker, ls="", label=f"$d = {width}$"
            )
            edges, counts = _staircase(found, cells)
            axis.step(edges, counts, where="post", color=line.get_color(), lw=1)
        axis.set(xscale="log", xlabel=rf"$\beta$ ({found.loss}, KL {found.kl})", ylabel="active latents")
        axis.legend()
    else:
        _plane(axis, found, max(widths))
    return made


def _staircase(found: Sweep, cells: Any) -> tuple[list[float], list[int]]:
    """β at which a latent goes, and how many are active from there on: exact, whatever the grid."""
    ends, width = sorted(cell.beta for cell in cells), cells[0].latent
    (gone,) = (one.collapse[:width] for one in found.boundaries if width in one.latents)
    edges = sorted({ends[0], *(x for x in gone if ends[0] < x < ends[-1]), ends[-1]})
    return edges, [sum(x > edge for x in gone) for edge in edges]


def _plane(axis: Any, found: Sweep, width: int) -> None:
    cells = [c for c in found.cells if c.latent == width]
    etas, betas = sorted({float(c.eta_dec or 0) for c in cells}), sorted({c.beta for c in cells})
    low, high, left, right = etas[0] / 1.5, etas[-1] * 1.5, betas[0] / 2, betas[-1] * 2
    shared = next(one for one in found.boundaries if width in one.latents)
    weight = shared.level_per_beta / float(shared.eta_dec or 1) ** 2  # 1, or 1/d where KL is averaged
    last = 0.0
    for i, square in enumerate(found.theta_squared[:width][:_CURVES], 1):
        if square > 0:
            ends = [square / weight / eta**2 for eta in (low, high)]
            axis.plot(ends, [low, high], color=COLOURS["blue"], lw=0.8)
            if not last or abs(math.log(ends[1] / last)) > 0.03 * math.log(right / left):  # else the labels overlap
                axis.annotate(str(i), (ends[1], high), fontsize="x-small", ha="center", va="bottom")
                last = ends[1]
    for cell in cells:
        axis.annotate(
            str(cell.active),
            (cell.beta, cell.eta_dec),
            ha="center",
            va="center",
            fontsize="small",
            bbox={"boxstyle": "circle", "fc": "white", "ec": COLOURS["vermilion"]},
        )
    axis.set(
        xscale="log",
        yscale="log",
        xlim=(left, right),
        ylim=(low, high),
        ylabel=r"$\eta_{\mathrm{dec}}$",
        xlabel=rf"$\beta$ (KL {found.kl})",
    )
    axis.set_title(f"active of {width} latents; right of line $i$ latent $i$ is collapsed", fontsize="medium", pad=14)
