"""Plots of sweeps and diagnoses: colour-blind safe (Okabe and Ito), nothing said by colour alone; SVG, PNG or PDF."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify.errors import InputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from verify.practice.diagnose import Diagnosis
    from verify.practice.sweep import Sweep

__all__ = ["SUFFIXES", "check_target", "diagnosis", "save", "sweep"]

SUFFIXES = (".svg", ".png", ".pdf")
_COLOURS = {"active": "#0072B2", "unavoidable": "#999999", "failure": "#D55E00", "over-active": "#CC79A7"}
_CYCLE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_CURVES = 12  # more boundary curves than this hide one another


def check_target(path: Path, force: bool) -> None:
    """Refuse a plot that cannot be written, before anything is computed.

    Raises:
        InputError: another format, or the file exists.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"{path} must end in one of {', '.join(SUFFIXES)}.")
    if path.exists() and not force:
        raise InputError(f"{path} exists; give another name, or --force.")


def save(figure: Figure, path: Path) -> None:
    """Write a figure; the same data give the same bytes.

    Raises:
        InputError: the file cannot be written.
    """
    import matplotlib as mpl

    undated: dict[str, Any] = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(path.suffix.lower(), {})
    try:
        with mpl.rc_context({"svg.hashsalt": "collapse-audit", "svg.fonttype": "none"}):
            figure.savefig(path, metadata=undated, dpi=150)
    except OSError as error:
        raise InputError(f"cannot write {path} ({error.strerror}); give a writable place.") from error


def _figure(columns: int) -> tuple[Figure, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.5 * columns, 4.2), layout="constrained")
    axes = figure.subplots(1, columns, squeeze=False)[0]
    for axis in axes:
        axis.set_prop_cycle(color=_CYCLE)
    return figure, axes


def sweep(found: Sweep, caption: str) -> Figure:
    """The boundary βη_dec² = θ_i² with the grid's active counts on it; without an η_dec, active counts against β."""
    figure, (axis,) = _figure(1)
    widths = list(dict.fromkeys(cell.latent for cell in found.cells))
    if found.cells[0].eta_dec is None:
        for width, marker in zip(widths, "os^Dv*" * len(widths), strict=False):
            cells = [c for c in found.cells if c.latent == width]
            (line,) = axis.plot([c.beta for c in cells], [c.active for c in cells], marker, label=f"d = {width}")
            edges, counts = _staircase(found, cells)
            axis.step(edges, counts, where="post", color=line.get_color(), lw=1)
        axis.set(xscale="log", xlabel=f"β ({found.loss}, KL {found.kl})", ylabel="active latents")
        axis.legend()
    else:
        _plane(axis, found, max(widths))
    figure.supxlabel(caption, fontsize="x-small")
    return figure


def _staircase(found: Sweep, cells: Any) -> tuple[list[float], list[int]]:
    """β at which a latent goes, and how many are active from there on: exact, whatever the grid."""
    per_beta = cells[0].water_level / cells[0].beta
    ends = sorted(cell.beta for cell in cells)
    gone = [x / per_beta for x in found.theta_squared[: cells[0].latent]]
    edges = sorted({ends[0], *(x for x in gone if ends[0] < x < ends[-1]), ends[-1]})
    return edges, [sum(x > edge for x in gone) for edge in edges]


def _plane(axis: Any, found: Sweep, width: int) -> None:
    cells = [c for c in found.cells if c.latent == width]
    etas, betas = sorted({float(c.eta_dec or 0) for c in cells}), sorted({c.beta for c in cells})
    low, high, left, right = etas[0] / 1.5, etas[-1] * 1.5, betas[0] / 2, betas[-1] * 2
    weight = cells[0].water_level / (
        cells[0].beta * float(cells[0].eta_dec or 1) ** 2
    )  # 1, or 1/d where KL is averaged
    last = 0.0
    for i, square in enumerate(found.theta_squared[:width][:_CURVES], 1):
        if square > 0:
            ends = [square / weight / eta**2 for eta in (low, high)]
            axis.plot(ends, [low, high], color="#0072B2", lw=0.8)
            if not last or abs(math.log(ends[1] / last)) > 0.03 * math.log(right / left):  # else the labels overlap
                axis.annotate(str(i), (ends[1], high), fontsize="x-small", ha="center", va="bottom")
                last = ends[1]
    for cell in cells:
        axis.annotate(str(cell.active), (cell.beta, cell.eta_dec), ha="center", va="center", fontsize="small",
                      bbox={"boxstyle": "circle", "fc": "white", "ec": "#D55E00"})  # fmt: skip
    axis.set(
        xscale="log", yscale="log", xlim=(left, right), ylim=(low, high), ylabel="η_dec", xlabel=f"β (KL {found.kl})"
    )
    axis.set_title(f"active of {width} latents; right of line i latent i is collapsed", fontsize="medium", pad=14)


def diagnosis(found: Diagnosis, caption: str) -> Figure:
    """KL per latent beside the best linear model's, and the (ε, δ)-collapse curve."""
    figure, (left, right) = _figure(2)
    kinds: dict[str, list[Any]] = {}
    for x in found.latents:
        kinds.setdefault(x.finding.value, []).append(x)
    hatches = iter(("", "//", "xx", "..", "\\\\"))
    for finding, latents in kinds.items():
        colour = _COLOURS.get(next((k for k in _COLOURS if finding.endswith(k)), "unavoidable"))
        left.bar([x.rank for x in latents], [x.kl for x in latents], label=finding, color=colour, hatch=next(hatches))
    if found.active_optimal is not None:
        left.plot(
            [x.rank for x in found.latents],
            [x.kl_optimal for x in found.latents],
            "kD",
            ms=4,
            label="best linear model",
        )
    left.set(xlabel="latent, by KL", ylabel="KL (nats)")
    left.legend(fontsize="small")
    right.step([e for e, _ in found.collapse_curve], [share for _, share in found.collapse_curve], where="post")
    right.axvline(found.epsilon, color="#999999", ls=":")
    right.set(
        xscale="log", xlabel="ε (nats)", ylabel=f"share of latents (ε, {found.delta:g})-collapsed", ylim=(-0.02, 1.02)
    )
    figure.supxlabel(caption, fontsize="x-small")
    return figure
