"""What the commands that write a page share: its plots, and where it goes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from verify.cli.terminal import Progress

if TYPE_CHECKING:
    from derivations.claim import Claim
    from verify.evidence import AuditReport

__all__ = ["cores", "drawing_option", "write_page"]

drawing_option = click.option("--plots/--no-plots", default=True, show_default=True, help="Draw plots for the page.")
"""Plots are computed, not stored: they take longer than the rest of the page."""


def write_page(
    report: AuditReport,
    folder: Path,
    known: Mapping[str, Claim] | None = None,
    *,
    plots: bool,
    quiet: bool,
    jobs: int = 1,
) -> Path:
    """Write the page of a report and return its path; `known` are the claims with formulas (the catalogue's).

    More than one of `jobs` pays only where workers are warm from an audit.

    Raises:
        InputError: the folder cannot be written.
    """
    from verify import catalogue
    from verify.report import html

    drawn = {}
    if plots:
        from verify.report.html.plots import drawings, with_plots

        names = with_plots([result.id for result in report.claims])
        with Progress(len(names), quiet, "drawing") as progress:
            for name, found in drawings(names, jobs):
                drawn[name] = found
                progress.advance(name)
    return html.write(report, folder, catalogue.claims() if known is None else known, drawn)


def cores() -> int:
    """How many processors there are for us."""
    import joblib

    return int(joblib.cpu_count())  # unlike os.cpu_count, it knows affinity and container quotas
