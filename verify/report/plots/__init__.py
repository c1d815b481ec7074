"""Plots of what was computed: colour-blind safe, nothing said by colour alone, with the command that repeats it."""

from verify.report.plots.diagnosis import diagnosis
from verify.report.plots.experiment import experiment, pictures
from verify.report.plots.style import SUFFIXES, check_target, save, svg
from verify.report.plots.sweep import sweep

__all__ = ["SUFFIXES", "check_target", "diagnosis", "experiment", "pictures", "save", "svg", "sweep"]
