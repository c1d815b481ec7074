"""What the commands that write a page share: its plots, and where it goes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verify.cli.terminal import Progress

if TYPE_CHECKING:
    from derivations.statements.claim import Claim
    from verify.records.evidence import AuditReport
    from verify.report.formulas import Content

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

    More than one of `jobs` pays where this process can be forked, or where workers are warm from an audit.

    Raises:
        InputError: the folder cannot be written.
    """
    from verify import catalogue
    from verify.report import html

    claims = catalogue.claims() if known is None else known
    drawn: dict[str, Any] = {}
    written: dict[str, Content] = {}
    if plots:
        from verify.engine.forked import possible
        from verify.report.formulas import Content as Written
        from verify.report.html.plots import drawings, prepared, with_plots

        names = with_plots([result.id for result in report.claims])
        shown = [claims[result.id] for result in report.claims if result.id in claims]
        with Progress(len(names), quiet, "drawing") as progress:
            forked = jobs > 1 and possible()
            for name, part in prepared(shown, names, jobs) if forked else drawings(names, jobs):
                if isinstance(part, Written):
                    written[name] = part
                else:
                    drawn[name] = part
                    progress.advance(name)
    return html.write(report, folder, claims, drawn, written)


def cores() -> int:
    """How many processors there are for us."""
    import joblib

    return int(joblib.cpu_count())  # unlike os.cpu_count, it knows affinity and container quotas
