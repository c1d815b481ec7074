"""θ_i² against the water level βη_dec²: what a linear VAE or CVAE keeps of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.figures.spectrum import Fate, Spectrum
from verify.report.plots.palette import COLOURS
from verify.report.plots.style import figure, plain_numbers, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["caption", "draw"]

_MOST = 40  # bars that can be told apart
_BARS = {
    Fate.ACTIVE: {"facecolor": COLOURS["blue"]},
    Fate.UNSERVED: {"facecolor": COLOURS["orange"], "hatch": "\\\\\\"},
    Fate.COLLAPSED: {"facecolor": "white", "hatch": "////", "edgecolor": COLOURS["grey"]},
    Fate.BELOW: {"facecolor": "white", "edgecolor": COLOURS["grey"]},
}


@styled
def draw(found: Spectrum) -> Figure:
    """Bars on a logarithmic axis, so that a bar's height above the water is 2 KL_i."""
    made, (axis,) = figure(width=6.4)
    shown = [(i, mode) for i, mode in enumerate(found.modes[:_MOST], 1) if mode.theta_squared > 0]
    least = min([mode.theta_squared for _, mode in shown] + [found.water_level])
    top = max([mode.theta_squared for _, mode in shown] + [found.water_level])
    for fate, look in _BARS.items():
        bars = [(i, mode.theta_squared) for i, mode in shown if mode.fate is fate]
        if bars:
            axis.bar(
                [i for i, _ in bars],
                [h for _, h in bars],
                label=f"{fate} ({sum(mode.fate is fate for mode in found.modes)})",
                width=0.8,
                lw=0.6,
                **look,
            )
    axis.axhline(
        found.water_level,
        color=COLOURS["vermilion"],
        lw=1.6,
        ls="--",
        label=rf"water level $\beta\eta_{{\mathrm{{dec}}}}^2 = {found.water_level:.4g}$",
    )
    last = len(found.modes[:_MOST])
    if found.latent < last:
        axis.axvline(found.latent + 0.5, color=COLOURS["black"], lw=1, ls=":", label=f"$d = {found.latent}$ latents")
    axis.set(
        yscale="log", xlabel="mode $i$", ylabel=r"$\theta_i^2$", xlim=(0.3, last + 0.7), ylim=(least / 1.6, 4 * top)
    )
    axis.xaxis.get_major_locator().set_params(integer=True)
    plain_numbers(axis.yaxis)
    axis.legend(loc="upper right", ncols=2)
    return made


def caption(found: Spectrum) -> str:
    """What was computed."""
    more = f", the first {_MOST} of {len(found.modes)} modes shown" if len(found.modes) > _MOST else ""
    return (
        f"θ_i² of the data's modes against the water level βη_dec² = {found.water_level:.6g} (β = {found.beta:.6g}, "
        f"η_dec = {found.eta_dec:.6g}): with d = {found.latent} latents and Σ learnable {found.active} are active at "
        f"the derived optimum{more}. On this axis a bar's height above the water is 2 KL_i nats."
    )
