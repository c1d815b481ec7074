"""The command `collapse-audit report`: the page of an audit that is finished, from its audit.json."""

from __future__ import annotations

from pathlib import Path

import click

from verify.cli.page import drawing_option, write_page

__all__ = ["report"]


@click.command()
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    default=Path("audit-report/audit.json"),
    show_default=True,
    metavar="FILE",
    help="The audit.json of a finished audit, its folder, or the output of check --json.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for index.html.  [default: that of FILE]"
)
@click.option("--force", is_flag=True, help="Replace an index.html that is not a page of collapse-audit.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@drawing_option
def report(source: Path, out: Path | None, force: bool, quiet: bool, plots: bool) -> None:
    """Write the page of a finished audit again: OUT/index.html, from its audit.json alone.

    Formulas are those of the installed catalogue; claims that it does not have are shown without.
    """
    from verify.report import html, json_report

    source = source / json_report.NAME if source.is_dir() else source
    found = json_report.read(source)
    folder = out or source.parent
    html.prepare(folder, force=force, remedy="another folder as ‹out›, or ‹force=True›")
    click.echo(f"Written to {write_page(found, folder, plots=plots, quiet=quiet)}.")
