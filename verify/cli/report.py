"""The command `collapse-audit report`: the page of an audit that is finished, from its audit.json."""

from __future__ import annotations

from pathlib import Path

import click

from verify.cli.options import drawing_option
from verify.cli.terminal import Progress

__all__ = ["report_"]


@click.command(name="report")
@click.option(
    "--from",
    "report",
    type=click.Path(path_type=Path),
    default=Path("audit-report/audit.json"),
    show_default=True,
    metavar="FILE",
    help="The audit.json of a finished audit, its folder, or the output of check --json.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for index.html.  [default: that of FILE]"
)
@click.option(
    "--badge",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also write the outcome as a badge: .svg, or .json for shields.io.",
)
@click.option(
    "--pdf",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Print the summary to FILE, by the system's Chromium, instead of writing the page.",
)
@click.option("--full", is_flag=True, help="With --pdf: print everything, not the summary alone.")
@click.option("--force", is_flag=True, help="Replace an index.html or badge of someone else's, or the PDF.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@drawing_option
def report_(
    report: Path,
    out: Path | None,
    file: Path | None,
    pdf: Path | None,
    full: bool,
    force: bool,
    quiet: bool,
    plots: bool,
) -> None:
    """Write the page of a finished audit again, OUT/index.html, from its audit.json alone; or print it.

    Formulas are those of the installed catalogue; claims that it does not have are shown without.
    """
    from verify.report.api import badge as write_badge
    from verify.report.html import api

    if full and pdf is None:
        raise click.UsageError("--full is what --pdf FILE prints: give both, or neither.")
    if pdf is not None and out is not None:
        raise click.UsageError("--out is the folder of a page, --pdf FILE a file: give one of them.")
    if file is not None:
        click.echo(f"Written to {write_badge(report, file, force=force)}.")
    folder = out or (report if report.is_dir() else report.parent)
    with Progress(None, quiet, "drawing") as progress:
        if pdf is None:
            made = api.page(report, folder, plots=plots, force=force, progress=progress)
        else:
            made = api.pdf(report, pdf, full=full, plots=plots, force=force, progress=progress)
    click.echo(f"Written to {made}.")
