"""The commands `collapse-audit check` and `new`: claims from a user's own file, and a template for one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verify.cli.numbers import INTEGER
from verify.cli.terminal import Progress, show_all, write_out
from verify.defaults import DEFAULT_EXAMPLES, DEFAULT_SEED
from verify.errors import InputError

if TYPE_CHECKING:
    from verify.records.evidence import AuditReport

__all__ = ["check_command", "new"]


@click.command("check")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.py")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON (the schema of audit.json) on stdout.")
@click.option("--latex", "as_latex", is_flag=True, help="Claims and verdicts as LaTeX (a fragment) on stdout.")
@click.option("--claim", "claims", multiple=True, metavar="ID", help="Only this claim; may be repeated.")
@click.option("--examples", type=INTEGER, default=DEFAULT_EXAMPLES, show_default=True, help="Instances per claim.")
@click.option("--seed", type=INTEGER, default=DEFAULT_SEED, show_default=True, help="Of every draw.")
@click.option("--index", type=INTEGER, help="Do not audit: show this instance of --claim again.")
@click.option("--smallest", is_flag=True, help="Do not audit: search again for the smallest counterexample of --claim.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.option(
    "--export-witness",
    "witnesses",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write a self-contained NumPy script for every refuted claim to DIR.",
)
@click.option(
    "--html",
    "out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Also write the report as a page, DIR/index.html.",
)
@click.option("--smt", is_flag=True, help="Ask z3 and cvc5 for a second opinion (extra 'smt').")
@click.option("--watch", is_flag=True, help="Check again whenever FILE.py changes; Ctrl-C ends.")
def check_command(
    file: Path,
    as_json: bool,
    as_latex: bool,
    claims: tuple[str, ...],
    index: int | None,
    smallest: bool,
    quiet: bool,
    witnesses: Path | None,
    out: Path | None,
    seed: int,
    watch: bool,
    **options: Any,
) -> int:
    """Audit the claims that FILE.py defines, like those of the catalogue, with the same exit codes.

    FILE.py is run: check only files that you would run yourself. docs/check.md says what it may state.
    """
    from verify import api

    if as_json and as_latex:
        raise click.UsageError("give --json or --latex, not both.")
    if watch and (as_json or as_latex or index is not None or smallest):
        raise click.UsageError("--watch goes with the table: leave --json, --latex, --index and --smallest out.")
    if index is not None or smallest:
        if len(claims) != 1 or (index is not None and smallest):
            raise click.UsageError("give one --claim, and either --index or --smallest.")
        write_out(api.replay(claims[0], index=index, seed=seed, file=file).text.rstrip("\n") + "\n")
        return 0
    if out is not None:
        from verify.report import html

        html.prepare(out)

    def audit() -> int:
        return _audit(file, claims, as_json, as_latex, quiet, witnesses, out, seed=seed, **options)

    if watch:
        from verify.cli.watching import repeat_on_change

        return repeat_on_change(file, audit, click.get_current_context().command)
    return audit()


def _audit(
    file: Path,
    claims: tuple[str, ...],
    as_json: bool,
    as_latex: bool,
    quiet: bool,
    witnesses: Path | None,
    out: Path | None,
    **options: Any,
) -> int:
    from verify import api
    from verify.records.verdict import exit_code
    from verify.report.html.api import page

    silent = quiet or as_json or as_latex
    with Progress(None, silent) as progress:
        found = api.check(file, *claims, progress=progress, **options)
    own = {name: found.claims[name] for name in found.asked}
    if as_json:
        write_out(found.report.model_dump_json(indent=1) + "\n")
    elif as_latex:
        from derivations.printing.lines import WIDTH
        from verify.report.api import latex

        write_out(latex(*own.values(), report=found, fragment=True, width=WIDTH))
    else:
        _show(found.report)
    if witnesses is not None:
        from verify.report.witness_script import export_refuted

        click.echo("\n".join(export_refuted(found.report, witnesses, own)), err=as_json or as_latex)
    if out is not None:
        with Progress(None, silent, "drawing") as progress:
            path = page(found, out, progress=progress)
        click.echo(f"Written to {path}.", err=as_json or as_latex)
    return exit_code(found.report.claims)


def _show(report: AuditReport) -> None:
    from verify.report import terminal

    show_all(
        [
            terminal.audit_table(report.claims),
            terminal.refutations(report.claims),
            terminal.failure_details(report.claims),
            terminal.opinions(report.claims),
            "",
            terminal.summary_line(report),
        ]
    )


@click.command()
@click.argument("claim_id", metavar="CLAIM-ID")
@click.option("--out", type=click.Path(path_type=Path), help="The file to write.  [default: CLAIM_ID.py]")
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
def new(claim_id: str, out: Path | None, force: bool) -> None:
    """Write a commented template of a claim, ready for `check`."""
    from verify import api

    text, target = api.template(claim_id), out or Path(f"{claim_id.replace('-', '_')}.py")
    if target.exists() and not force:
        raise InputError(f"{target} exists; give another name with --out, or --force.")
    try:
        target.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"cannot write {target} ({error.strerror}); give a writable place with --out.") from error
    click.echo(f"Written to {target}. Audit it:  collapse-audit check {target}")
