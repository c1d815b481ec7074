"""A page with its plots: what takes long is drawn by several processes where that is safe."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from derivations.statements.claim import Claim
from verify.engine.forked import possible
from verify.records.evidence import AuditReport
from verify.records.progress import Progress
from verify.report.formulas import Content
from verify.report.html import plots as drawing
from verify.report.html.page import render_page, write
from verify.report.html.printed import browser, print_page

__all__ = ["print_report", "write_page"]


def write_page(
    report: AuditReport, folder: Path, claims: Mapping[str, Claim], *, plots: bool, jobs: int, progress: Progress
) -> Path:
    """Write the page of a report and return its path; `claims` are those with formulas.

    More than one of `jobs` pays where this process can be forked, or where workers are warm from an audit.

    Raises:
        InputError: the folder cannot be written.
    """
    return write(report, folder, claims, *_drawn(report, claims, plots=plots, jobs=jobs, progress=progress))


def print_report(
    report: AuditReport,
    file: Path,
    claims: Mapping[str, Claim],
    *,
    full: bool,
    plots: bool,
    jobs: int,
    progress: Progress,
) -> Path:
    """Print the summary of a report to a PDF file, or everything (`full`), and return its path.

    Raises:
        InputError: there is no Chromium, or the file cannot be written.
    """
    browser()  # asked before anything is drawn
    if not full:
        return print_page(render_page(report, {}), file)  # a summary has no formulas
    drawn = _drawn(report, claims, plots=plots, jobs=jobs, progress=progress)
    return print_page(render_page(report, claims, *drawn, full=True), file)


def _drawn(
    report: AuditReport, claims: Mapping[str, Claim], *, plots: bool, jobs: int, progress: Progress
) -> tuple[dict[str, Any], dict[str, Content]]:
    """The plots of claims, and formulas turned into MathML on the way."""
    drawn: dict[str, Any] = {}
    written: dict[str, Content] = {}
    if plots:
        names = drawing.with_plots([result.id for result in report.claims])
        shown = [claims[result.id] for result in report.claims if result.id in claims]
        forked = jobs > 1 and possible()
        for name, part in drawing.prepared(shown, names, jobs) if forked else drawing.drawings(names, jobs):
            if isinstance(part, Content):
                written[name] = part
            else:
                drawn[name] = part
                progress.name(name)
                progress.part(len(drawn), len(names))
    return drawn, written
