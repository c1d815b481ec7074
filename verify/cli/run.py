"""The command `collapse-audit run`: audit, print, write the report."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verify.cli.page import cores, drawing_option, write_page
from verify.cli.terminal import INTERRUPTED, Progress, show_all, write_out
from verify.defaults import DEFAULT_EXAMPLES, DEFAULT_SEED
from verify.errors import InputError

if TYPE_CHECKING:
    from verify.records.evidence import AuditReport

__all__ = ["run"]


@click.command()
@click.argument("claims", nargs=-1, metavar="[CLAIM]...")
@click.option(
    "--examples",
    type=click.IntRange(min=1),
    default=DEFAULT_EXAMPLES,
    show_default=True,
    help="Random instances per claim.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=DEFAULT_SEED, show_default=True, help="Seed of every random draw."
)
@click.option("--jobs", type=click.IntRange(min=1), help="Worker processes.  [default: one per core]")
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
@click.option(
    "--export-witness",
    "witnesses",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write a self-contained NumPy script for every refuted claim to DIR.",
)
@click.option("--smt", is_flag=True, help="Ask z3 and cvc5 for a second opinion (extra 'smt').")
@click.option("--no-cache", is_flag=True, help="Do every check again, and remember none.")
@drawing_option
def run(
    claims: tuple[str, ...],
    examples: int,
    seed: int,
    jobs: int | None,
    backend: str,
    scheduler: str | None,
    out: Path,
    resume: bool,
    quiet: bool,
    witnesses: Path | None,
    smt: bool,
    no_cache: bool,
    plots: bool,
) -> int:
    """Audit all claims, or those named; print a table, write OUT/audit.json and the page OUT/index.html."""
    from verify import catalogue
    from verify.catalogue import resolve
    from verify.records.verdict import exit_code
    from verify.report import html, json_report
    from verify.store import cache
    from verify.store.journal import discard
    from verify.store.lock import locked

    workers = _workers(backend, scheduler, jobs)
    if no_cache:
        os.environ[cache.FOLDER] = cache.OFF  # the workers inherit it
    known = catalogue.ids()
    chosen = resolve(claims, known)
    if smt:
        from verify.smt.solvers import require

        require()
    json_report.prepare(out)
    html.prepare(out)
    wanted = _with_uses(chosen or known, catalogue.listing())
    with locked(out):
        with workers as who:
            report, interrupted = _audited(chosen, wanted, out, quiet, resume, examples=examples, seed=seed, **who)
        if smt and not interrupted:
            from verify.smt.opinion import with_opinions

            with Progress(len(report.claims), quiet) as progress:
                report = with_opinions(report, catalogue.claims(), progress.advance)
        _deliver(report, out, plots and not interrupted, quiet, jobs or cores())
        if not interrupted:
            discard(out)
    if witnesses is not None:
        from verify.report.witness_script import export_refuted

        click.echo("\n".join(export_refuted(report, witnesses)))
    if interrupted:
        kept = f"{len(report.claims)} of {len(wanted)} claims were finished and are kept"
        click.echo(f"Interrupted: {kept}; --resume goes on with the rest.", err=True)
        return INTERRUPTED
    return exit_code(report.claims)


def _audited(
    chosen: Sequence[str], claims: Sequence[str], out: Path, quiet: bool, resume: bool, **options: Any
) -> tuple[AuditReport, bool]:
    """(the report, whether it was interrupted); the journal of what has finished stays in `out` until it is whole."""
    from verify.engine import run as orchestrate
    from verify.engine.remembered import Remembered
    from verify.store.journal import open_journal

    journal = open_journal(out, seed=options["seed"], examples=options["examples"], claims=claims, resume=resume)
    told = _tell(journal.notes)
    with Progress(len(claims), quiet) as progress:
        try:
            return orchestrate.run_audit(
                chosen,
                on_result=progress.name,
                on_shard=progress.part,
                journal=journal,
                remembered=Remembered(options["seed"], options["examples"]),
                **options,
            ), False
        except orchestrate.Interrupted as stop:
            return stop.report, True
        finally:
            journal.close()
            _tell(journal.notes[told:])


def _tell(notes: Sequence[str]) -> int:
    for note in notes:
        click.echo(f"Note: {note}", err=True)
    return len(notes)


def _with_uses(chosen: Sequence[str], listing: Sequence[Mapping[str, Any]]) -> list[str]:
    """The claims that an audit of the chosen ones takes: a verdict is closed over the claims used."""
    uses = {claim["id"]: claim["uses"] for claim in listing}
    wanted, queue = set(), list(chosen)
    while queue:
        if (name := queue.pop()) not in wanted:
            wanted.add(name)
            queue += uses[name]
    return sorted(wanted)


def _deliver(report: AuditReport, out: Path, plots: bool, quiet: bool, jobs: int) -> None:
    """Write the report, print it even if writing failed (an audit is costly to repeat), then make the page."""
    from rich.text import Text

    from verify.report import json_report, terminal
    from verify.report.confidence import confidence

    failure, path = None, None
    try:
        path = json_report.write(report, out)
    except InputError as error:
        failure = error
    show_all(
        [
            terminal.audit_table(report.claims),
            terminal.refutations(report.claims),
            terminal.failure_details(report.claims),
            terminal.opinions(report.claims),
            Text(),
            terminal.summary_line(report),
            *confidence(report.claims),
            *(() if path else ("Not written.",)),
        ]
    )
    if failure:
        raise failure
    try:
        page = write_page(report, out, plots=plots, quiet=quiet, jobs=jobs)
    except InputError:
        write_out(f"Written to {path}, without its page: `collapse-audit report --from {path}` makes one.\n")
        raise
    write_out(f"Written to {path} and {page}.\n")


@contextmanager
def _workers(backend: str, scheduler: str | None, jobs: int | None) -> Iterator[dict[str, Any]]:
    """Who runs the shards, as options of `run_audit`.

    Raises:
        InputError: options that contradict each other, a missing extra, or a scheduler that does not answer.
    """
    if backend == "local":
        if scheduler:
            raise InputError("--scheduler goes with --backend dask.")
        from verify.engine.local import forked

        yield {"workers": partial(forked, jobs=jobs or cores())}
        return
    from verify.engine.cluster import connected, require

    require()
    if not scheduler:
        raise InputError("--backend dask needs --scheduler, an address like tcp://HOST:8786.")
    if jobs:
        raise InputError("--jobs is for --backend local; a Dask cluster has the workers it has.")
    with connected(scheduler) as cluster:
        yield {"workers": cluster}
