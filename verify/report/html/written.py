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
from verify.report.html.page import write

__all__ = ["write_page"]


def write_page(
    report: AuditReport, folder: Path, claims: Mapping[str, Claim], *, plots: bool, jobs: int, progress: Progress
) -> Path:
    """Write the page of a report and return its path; `claims` are those with formulas.

    More than one of `jobs` pays where this process can be forked, or where workers are warm from an audit.

    Raises:
        InputError: the folder cannot be written.
    """
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
    return write(report, folder, claims, drawn, written)
