"""Plots of what was computed: colour-blind safe, nothing said by colour alone, with the command that repeats it."""

from verify.report.plots.catalogue import CLAIMS, Plot, for_claim
from verify.report.plots.diagnosis import draw_diagnosis
from verify.report.plots.experiment import deliver, draw_experiment, pictures
from verify.report.plots.style import SUFFIXES, check_target, save, svg, write
from verify.report.plots.sweep import draw_sweep

__all__ = [
    "CLAIMS",
    "SUFFIXES",
    "Plot",
    "check_target",
    "deliver",
    "draw_diagnosis",
    "draw_experiment",
    "draw_sweep",
    "for_claim",
    "pictures",
    "save",
    "svg",
    "write",
]
