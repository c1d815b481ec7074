"""Colours, markers, hatches and Matplotlib's settings: what all plots look alike in."""

from __future__ import annotations

__all__ = ["COLOURS", "CYCLE", "HATCHES", "LINES", "LOOK", "MARKERS"]

COLOURS = {
    "blue": "#0072B2",
    "vermilion": "#D55E00",
    "green": "#009E73",
    "purple": "#CC79A7",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "black": "#000000",
    "grey": "#767676",
    "pale": "#D9D9D9",
}
"""Okabe and Ito's, without their yellow, which vanishes on white; and two greys."""
CYCLE = tuple(COLOURS[name] for name in ("blue", "vermilion", "green", "purple", "orange", "sky", "black"))
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
LINES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))
HATCHES = ("", "//", "xx", "--", "\\\\", "++", "||")  # lines only: a dot is a path of its own in an SVG
LOOK = {
    "svg.hashsalt": "collapse-audit",
    "svg.fonttype": "path",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": "medium",
    "axes.axisbelow": True,
    "legend.frameon": True,
    "legend.framealpha": 0.9,
    "legend.edgecolor": "white",
    "legend.fontsize": "small",
    "lines.markersize": 5,
    "hatch.linewidth": 0.6,
}
