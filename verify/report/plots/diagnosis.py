"""A diagnosis: KL per latent beside the best linear model's, and the (ε, δ)-collapse curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify.report.plots.palette import COLOURS, HATCHES
from verify.report.plots.style import figure, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from verify.forecast.findings import Diagnosis

__all__ = ["draw_diagnosis"]

_COLOURS = {
    "active": COLOURS["blue"],
    "unavoidable": COLOURS["grey"],
    "lost": COLOURS["vermilion"],
    "uninformative": COLOURS["sky"],
    "undecided": COLOURS["orange"],
    "over-active": COLOURS["purple"],
}


@styled
def draw_diagnosis(found: Diagnosis) -> Figure:
    """KL per latent beside the best linear model's, and the (ε, δ)-collapse curve."""
    made, (left, right) = figure(2)
    kinds: dict[str, list[Any]] = {}
    for x in found.latents:
        kinds.setdefault(x.finding.value, []).append(x)
    hatches = iter(HATCHES)
    for finding, latents in kinds.items():
        colour = _COLOURS.get(next((k for k in _COLOURS if finding.endswith(k)), "unavoidable"))
        left.bar([x.rank for x in latents], [x.kl for x in latents], label=finding, color=colour, hatch=next(hatches))
    if found.best is not None:
        left.plot([x.rank for x in found.latents], found.best.kl, "kD", ms=4, label="best linear model's latents")
    left.set(xlabel="latent, by information", ylabel="KL (nats)")
    left.legend(fontsize="small")
    right.step([e for e, _ in found.collapse_curve], [share for _, share in found.collapse_curve], where="post")
    right.axvline(found.epsilon, color=COLOURS["grey"], ls=":")
    right.set(
        xscale="log",
        xlabel=r"$\varepsilon$ (nats)",
        ylabel=rf"share of latents $(\varepsilon, {found.delta:g})$-collapsed",
        ylim=(-0.02, 1.02),
    )
    return made
