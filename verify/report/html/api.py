"""The Python API on the page of an audit: written, or printed."""

from __future__ import annotations

from pathlib import Path

from verify.catalogue import claims
from verify.errors import InputError, switch, text, whole
from verify.records.progress import SILENT, Progress
from verify.report.api import report_of
from verify.report.html.page import prepare
from verify.report.html.written import print_report, write_page
from verify.report.views import Audit

__all__ = ["page", "pdf"]


def page(
    report: Audit | str | Path,
    out: str | Path,
    *,
    plots: bool = True,
    jobs: int = 1,
    force: bool = False,
    progress: Progress = SILENT,
) -> Path:
    """Write an audit, or that of an audit.json, as a page, `out`/index.html, with plots unless told not to.

    Formulas are those of the audit's claims, of a file's those of the installed catalogue. Returns the page's path.

    Raises:
        InputError: a file that is no audit.json, a folder that cannot be written, or (unless `force`) has an index.html
            of another kind.

    >>> import tempfile
    >>> from verify import audit
    >>> page(audit("lemma-determinant", examples=64), tempfile.mkdtemp(), plots=False).name
    'index.html'
    """
    folder = Path(text("out", out))
    found = report_of("report", report)
    prepare(folder, force=switch("force", force), remedy="another folder as ‹out›, or ‹force=True›")
    known = report.claims if not isinstance(report, str | Path) else claims()
    many = whole("jobs", jobs, 1)
    return write_page(found, folder, known, plots=switch("plots", plots), jobs=many, progress=progress)


def pdf(
    report: Audit | str | Path,
    file: str | Path,
    *,
    full: bool = False,
    plots: bool = True,
    jobs: int = 1,
    force: bool = False,
    progress: Progress = SILENT,
) -> Path:
    """Print an audit, or that of an audit.json, to a PDF file by the system's Chromium: its summary, one page.

    A `full` one has everything that the page has, with plots unless told not to. Returns the file's path.

    Raises:
        InputError: a file that is no audit.json, no Chromium, or a file that cannot be written, or (unless `force`)
            exists.
    """
    target = Path(text("file", file))
    found = report_of("report", report)
    if target.exists() and not (switch("force", force) and target.is_file()):
        raise InputError(f"{target} exists; give another name, or ‹force=True› for a file.")
    known = report.claims if not isinstance(report, str | Path) else claims()
    many, drawn, whole_page = whole("jobs", jobs, 1), switch("plots", plots), switch("full", full)
    return print_report(found, target, known, full=whole_page, plots=drawn, jobs=many, progress=progress)
