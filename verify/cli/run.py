"""The command `collapse-audit run`: audit, print, write the report and its page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verify.cli.completion import claim_ids
from verify.cli.numbers import INTEGER
from verify.cli.options import drawing_option
from verify.cli.terminal import INTERRUPTED, Progress, show_all, write_out
from verify.defaults import DEFAULT_EXAMPLES, DEFAULT_SEED
from verify.errors import InputError

if TYPE_CHECKING:
    from verify.report.views import Audit

__all__ = ["run_command"]


@click.command("run")
@click.argument("claims", nargs=-1, metavar="[CLAIM]...", shell_complete=claim_ids)
@click.option(
    "--examples", type=INTEGER, default=DEFAULT_EXAMPLES, show_default=True, help="Random instances per claim."
)
@click.option("--seed", type=INTEGER, default=DEFAULT_SEED, show_default=True, help="Seed of every random draw.")
@click.option("--jobs", type=INTEGER, help="Worker processes.  [default: one per core]")
@click.option(
    "--backend",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="Who works: processes of this machine, or a Dask cluster (extra 'cluster').",
)
@click.option("--scheduler", metavar="ADDRESS", help="The Dask scheduler, like tcp://HOST:8786.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("audit-report"),
    show_default=True,
    help="Folder for audit.json and index.html.",
)
@click.option("--resume", is_flag=True, help="Go on with the unfinished audit in OUT.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.option("-v", "--verbose", is_flag=True, help="Show what was tried, and each refutation with its counterexample.")
@click.option(
    "--export-witness",
    "witnesses",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write a self-contained NumPy script for every refuted claim to DIR.",
)
@click.option("--smt", is_flag=True, help="Ask z3 and cvc5 for a second opinion (extra 'smt').")
@click.option("--cache/--no-cache", default=True, help="Do every check again, and remember none.")
@drawing_option
def run_command(
    claims: tuple[str, ...],
    out: Path,
    quiet: bool,
    verbose: bool,
    witnesses: Path | None,
    plots: bool,
    jobs: Any,
    **options: Any,
) -> int:
    """Audit all claims, or those named; print a table, write OUT/audit.json and the page OUT/index.html.

    A claim is named by its id or by its number in the paper, as in "Theorem 3".
    """
    from verify import api
    from verify.engine.kept import cores
    from verify.records.verdict import exit_code
    from verify.report import html
    from verify.report.views import Unwritten

    html.prepare(out)
    with Progress(None, quiet) as progress:
        try:
            found = api.audit(*claims, out=out, jobs=jobs, progress=progress, **options)
        except Unwritten as error:  # an audit is costly to repeat
            progress.stop()
            _show(error.audit, verbose)
            _conclude(error.audit, "Not written.")
            raise
    report = found.report
    stopped = report.summary.interrupted
    _show(found, verbose)
    stopped_drawing = False
    try:
        _write_page(found, out, plots=plots and not stopped, quiet=quiet, jobs=jobs or cores())
        if witnesses is not None:
            from verify.report.witness_script import export_refuted

            click.echo("\n".join(export_refuted(report, witnesses)))
    except KeyboardInterrupt:
        stopped_drawing = True
    finally:
        _conclude(found)
    if stopped_drawing:
        click.echo(f"Interrupted: the audit is kept; `collapse-audit report --from {out}` makes its page.", err=True)
        return INTERRUPTED
    if stopped:
        kept = f"{len(report.claims)} of {found.wanted} claims were finished and are kept"
        click.echo(f"Interrupted: {kept}; --resume goes on with the rest.", err=True)
        return INTERRUPTED
    return exit_code(report.claims)


def _show(found: Audit, verbose: bool) -> None:
    from verify.report import terminal
    from verify.report.confidence import state_unvisited
    from verify.report.overview import Overview

    results = found.report.claims
    brief = [Overview(results)]
    full = [terminal.audit_table(results), terminal.refutations(results), "", state_unvisited(results)]
    show_all([*(full if verbose else brief), terminal.failure_details(results), terminal.opinions(results), ""])


def _conclude(found: Audit, *before: str) -> None:
    """What the instances say, then the verdict, which is last."""
    from verify.report import terminal
    from verify.report.confidence import state_confidence

    said = state_confidence(found.report.claims)
    show_all([*before, *([said] if said else []), terminal.summary_line(found.report)])


def _write_page(found: Audit, out: Path, *, plots: bool, quiet: bool, jobs: int) -> None:
    from verify.report import json_report
    from verify.report.html.api import page

    path = out / json_report.NAME
    try:
        with Progress(None, quiet, "drawing") as progress:
            made = page(found, out, plots=plots, jobs=jobs, progress=progress)
    except InputError:
        write_out(f"Written to {path}, without its page: `collapse-audit report --from {path}` makes one.\n")
        raise
    write_out(f"Written to {path} and {made}.\n")
