"""The command `collapse-audit run`: audit, print, write the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verify.cli.terminal import INTERRUPTED, Progress, show_all
from verify.defaults import DEFAULT_EXAMPLES, DEFAULT_SEED
from verify.errors import InputError

if TYPE_CHECKING:
    from verify.evidence import AuditReport

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
    "--out",
    type=click.Path(path_type=Path),
    default=Path("audit-report"),
    show_default=True,
    help="Folder for audit.json and index.html.",
)
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.option(
    "--export-witness",
    "witnesses",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write a self-contained NumPy script for every refuted claim to DIR.",
)
@click.option("--smt", is_flag=True, help="Ask z3 and cvc5 for a second opinion (extra 'smt').")
def run(
    claims: tuple[str, ...],
    examples: int,
    seed: int,
    jobs: int | None,
    out: Path,
    quiet: bool,
    witnesses: Path | None,
    smt: bool,
) -> int:
    """Audit all claims, or those named; print a table, write OUT/audit.json and the page OUT/index.html."""
    from verify import catalogue, orchestrate
    from verify.names import resolve
    from verify.report import html, json_report
    from verify.verdict import exit_code

    known = catalogue.ids()
    chosen = resolve(claims, known)
    if smt:
        from verify.smt.solvers import require

        require()
    json_report.prepare(out)
    html.prepare(out)
    total, interrupted = _count_with_uses(chosen or known, catalogue.listing()), False
    with Progress(total, quiet) as progress:
        try:
            report = orchestrate.run_audit(
                chosen,
                examples=examples,
                seed=seed,
                jobs=jobs or _cores(),
                on_result=progress.advance,
            )
        except orchestrate.Interrupted as stop:
            report, interrupted = stop.report, True
    if smt and not interrupted:
        from verify.smt.opinion import with_opinions

        with Progress(len(report.claims), quiet) as progress:
            report = with_opinions(report, catalogue.claims(), progress.advance)
    _deliver(report, out)
    if witnesses is not None:
        from verify.report.witness_script import export_refuted

        click.echo("\n".join(export_refuted(report, witnesses)))
    if interrupted:
        click.echo(f"Interrupted: {len(report.claims)} of {total} claims were finished and are kept.", err=True)
        return INTERRUPTED
    return exit_code(report.claims)


def _count_with_uses(chosen: Sequence[str], listing: Sequence[Mapping[str, Any]]) -> int:
    """How many claims an audit of the chosen ones takes: a verdict is closed over the claims used."""
    uses = {claim["id"]: claim["uses"] for claim in listing}
    wanted, queue = set(), list(chosen)
    while queue:
        if (name := queue.pop()) not in wanted:
            wanted.add(name)
            queue += uses[name]
    return len(wanted)


def _deliver(report: AuditReport, out: Path) -> None:
    """Write the report, then print it, even if writing failed: an audit is costly to repeat."""
    from rich.text import Text

    from verify.catalogue import claims
    from verify.report import html, json_report, terminal

    failure, written = None, []
    try:
        written.append(json_report.write(report, out))
        written.append(html.write(report, out, claims()))
    except InputError as error:
        failure = error
    last = f"Written to {' and '.join(map(str, written))}." if written else "Not written."
    show_all(
        [
            terminal.audit_table(report.claims),
            terminal.refutations(report.claims),
            terminal.failure_details(report.claims),
            terminal.opinions(report.claims),
            Text(),
            terminal.summary_line(report),
            Text(last, overflow="fold"),
        ]
    )
    if failure:
        raise failure


def _cores() -> int:
    import joblib

    return int(joblib.cpu_count())  # unlike os.cpu_count, it knows affinity and container quotas
