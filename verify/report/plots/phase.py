"""The phase diagram of a hierarchy: which levels are active, region by region, and what descents found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from verify.figures.phase import Area, Edge, Phase, Spot
from verify.figures.record import Outcome
from verify.report.plots import labels
from verify.report.plots.palette import COLOURS, HATCHES, MARKERS
from verify.report.plots.style import figure, lay_out, plain_numbers, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["area_name", "caption", "draw"]

_HUES = ("blue", "green", "orange", "sky", "purple", "vermilion", "grey", "black")
_SYMBOLS = {"eta_dec": r"\eta_{\mathrm{dec}}", "eta_enc": r"\eta_{\mathrm{enc}}", "theta": r"\theta"}
_LETTERS = {"theta": "θ", "beta": "β", "sigma": "σ", "eta": "η"}
_LETTER, _HEIGHT = 6.4, 17.0  # pixels of a name's letter and line
_SHORT = 60.0  # pixels: an edge shorter than this stays nameless


@styled
def draw(found: Phase) -> Figure:
    """Areas filled, hatched and named; thresholds named along their lines; a mark for every descent."""
    made, (axis,) = figure(width=6.4, height=5.4)
    axis.set(
        xscale="log",
        yscale="log",
        xlim=found.box[:2],
        ylim=found.box[2:],
        xlabel=f"${_symbol(found.x)}$",
        ylabel=f"${_symbol(found.y)}$",
    )
    plain_numbers(axis.xaxis, axis.yaxis)
    told = {spot.active for spot in found.spots if spot.active is not None}
    sets = sorted({a.active for a in found.areas if a.bounded} | told, key=lambda active: (-len(active), active))
    look = {
        active: (COLOURS[_HUES[k % len(_HUES)]], HATCHES[k % len(HATCHES)], MARKERS[k % len(MARKERS)])
        for k, active in enumerate(sets)
    }
    for area in found.areas:
        colour, hatch, _ = look[area.active] if area.bounded else (COLOURS["black"], "xxxx", "")
        axis.fill(
            *zip(*area.corners, strict=True), facecolor=_pale(colour), edgecolor=_pale(colour, 0.45), hatch=hatch, lw=0
        )
    _spots(axis, found, look)
    lay_out(made)  # names are placed in pixels
    avoid = [_pixels(axis, (spot.x, spot.y)) for spot in found.spots]
    for edge in found.edges:
        avoid += _name_edge(axis, edge, avoid)
    for area in found.areas:
        _name_area(axis, area, avoid)
    return made


def caption(found: Phase) -> str:
    """What was computed."""
    free = ", ".join(f"Σ_{l}" for l in found.learnable)
    values = ", ".join(f"{_plain(name)} = {value:g}" for name, value in found.values.items())
    kinds = f"{free} learnable" if free else "no variance learnable"
    return (
        f"Which of the {found.levels} levels of a linear hierarchy ({kinds}) are active on a mode, in the plane of "
        f"{_plain(found.x)} and {_plain(found.y)} ({values}). Regions and thresholds are those that the mode program "
        "derives; each mark is one descent of the raw matrix loss from a random start."
    )


def _spots(axis: Any, found: Phase, look: Any) -> None:
    from matplotlib.lines import Line2D

    seen: dict[str, Any] = {}
    for spot in found.spots:
        label, own = _mark(spot, look)
        mark: dict[str, Any] = {"ls": "", "markersize": 5.5, "markeredgewidth": 0.6, **own}
        axis.plot([spot.x], [spot.y], **mark, zorder=3)
        seen.setdefault(label, Line2D([], [], label=label, **mark))
    if seen:
        axis.legend(handles=list(seen.values()), loc="upper center", bbox_to_anchor=(0.5, -0.11), ncols=2)


def _mark(spot: Spot, look: Any) -> tuple[str, dict[str, Any]]:
    if spot.outcome is Outcome.BELOW:
        return f"descent {spot.outcome}", {"marker": "*", "color": "red", "markersize": 13}
    if spot.outcome is Outcome.UNDECIDED:
        return "descent stalled: undecided", {"marker": "x", "color": "black", "markeredgewidth": 1.5}
    if spot.active is None:
        return "descent: too near a threshold to tell", {"marker": "o", "color": "white", "markeredgecolor": "black"}
    colour, _, marker = look[spot.active]
    return f"descent: {area_name(spot.active)}", {"marker": marker, "color": colour, "markeredgecolor": "black"}


def _name_edge(axis: Any, edge: Edge, avoid: Sequence[labels.Point]) -> list[labels.Point]:
    """Draw a threshold; returns points that other names had better avoid."""
    axis.plot(*zip(*edge.ends, strict=True), color="black", lw=1.4, zorder=2)
    a, b = (_pixels(axis, end) for end in edge.ends)
    if (length := math.dist(a, b)) < _SHORT:
        return []
    text = axis.text(
        *edge.ends[0],
        f"${edge.tex}$",
        rotation_mode="anchor",
        ha="center",
        va="center",
        fontsize="small",
        zorder=2.5,
        in_layout=False,
        bbox={"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.8},
    )
    extent = text.get_window_extent()
    x, y = labels.along((a, b), (extent.width + 4, extent.height + 4), avoid)
    text.set_position(axis.transData.inverted().transform((x, y)))
    turn = math.degrees(math.atan2(b[1] - a[1], b[0] - a[0]))
    text.set_rotation(turn - 180 if turn > 90 else turn + 180 if turn <= -90 else turn)
    half = extent.width / 2 / length
    return [(x + t * half * (b[0] - a[0]), y + t * half * (b[1] - a[1])) for t in (-1, -0.5, 0, 0.5, 1)]


def _name_area(axis: Any, area: Area, avoid: Sequence[labels.Point]) -> None:
    text = area_name(area.active) if area.bounded else "no minimum"
    size = (_LETTER * len(text.replace("$", "").replace("_", "")) + 8, _HEIGHT + 8)
    place = labels.inside([_pixels(axis, corner) for corner in area.corners], size, avoid)
    axis.text(
        *axis.transData.inverted().transform(place),
        text,
        ha="center",
        va="center",
        zorder=4,
        in_layout=False,
        bbox={"boxstyle": "round,pad=0.25", "fc": "white", "ec": "none", "alpha": 0.88},
    )


def _pixels(axis: Any, point: labels.Point) -> labels.Point:
    x, y = axis.transData.transform(point)
    return float(x), float(y)


def area_name(active: Sequence[int]) -> str:
    """What is written into an area of the plane: its active levels, as Matplotlib typesets them."""
    names = " and ".join(f"$z_{l}$" for l in active)
    return f"{names} active" if active else "none active"


def _plain(name: str) -> str:
    base, _, level = name.partition("_")
    return _LETTERS[base] + (f"_{level}" if level else "")


def _symbol(name: str) -> str:
    base, _, level = name.partition("_")
    return _SYMBOLS.get(name) or (rf"\{base}_{level}" if level else rf"\{base}")


def _pale(colour: str, share: float = 0.22) -> str:
    channels = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return "#" + "".join(f"{round(255 - share * (255 - c)):02X}" for c in channels)
