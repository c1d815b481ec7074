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
@click.option("--force", is_flag=True, help="Replace an index.html or a badge that collapse-audit did not write.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@drawing_option
def report_(report: Path, out: Path | None, file: Path | None, force: bool, quiet: bool, plots: bool) -> None:
    """Write the page of a finished audit again: OUT/index.html, from its audit.json alone.

    Formulas are those of the installed catalogue; claims that it does not have are shown without.
    """
    from verify import api
    from verify.report.api import badge as write_badge

    if file is not None:
        click.echo(f"Written to {write_badge(report, file, force=force)}.")
    folder = out or (report if report.is_dir() else report.parent)
    with Progress(None, quiet, "drawing") as progress:
        page = api.page(report, folder, plots=plots, force=force, progress=progress)
    click.echo(f"Written to {page}.")
