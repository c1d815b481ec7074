"""The commands `collapse-audit check` and `new`: claims from a user's own file, and a template for one."""

from __future__ import annotations

from pathlib import Path

import click

from verify.cli.page import write_page
from verify.cli.terminal import Progress, show_all, write_out
from verify.defaults import DEFAULT_EXAMPLES, DEFAULT_SEED
from verify.errors import InputError

__all__ = ["check", "new"]


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.py")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON (the schema of audit.json) on stdout.")
@click.option("--latex", "as_latex", is_flag=True, help="Claims and verdicts as LaTeX (a fragment) on stdout.")
@click.option("--claim", "names", multiple=True, metavar="ID", help="Only this claim; may be repeated.")
@click.option(
    "--examples", type=click.IntRange(min=1), default=DEFAULT_EXAMPLES, show_default=True, help="Instances per claim."
)
@click.option("--seed", type=click.IntRange(min=0), default=DEFAULT_SEED, show_default=True, help="Of every draw.")
@click.option("--index", type=click.IntRange(min=0), help="Do not audit: show this instance of --claim again.")
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
def check(
    file: Path,
    as_json: bool,
    as_latex: bool,
    names: tuple[str, ...],
    examples: int,
    seed: int,
    index: int | None,
    smallest: bool,
    quiet: bool,
    witnesses: Path | None,
    out: Path | None,
    smt: bool,
) -> int:
    """Audit the claims that FILE.py defines, like those of the catalogue, with the same exit codes.

    FILE.py is run: check only files that you would run yourself. docs/check.md says what it may state.
    """
    from verify import catalogue
    from verify.records.verdict import exit_code
    from verify.report import terminal
    from verify.smt.opinion import with_opinions
    from verify.smt.solvers import require
    from verify.user.audit_file import audit_file, chosen

    if as_json and as_latex:
        raise click.UsageError("give --json or --latex, not both.")
    claims = chosen(file, names)
    if index is not None or smallest:
        from verify.engine.run import replay_claim

        if len(names) != 1 or (index is not None and smallest):
            raise click.UsageError("give one --claim, and either --index or --smallest.")
        (claim,) = (claim for claim in claims if claim.id == names[0])
        write_out(replay_claim(claim, seed, index).text.rstrip("\n") + "\n")
        return 0
    if out is not None:
        from verify.report import html

        html.prepare(out)
    known = {**catalogue.claims(), **{claim.id: claim for claim in claims}}
    with Progress(len(claims), quiet or as_json or as_latex) as progress:
        if smt:
            require()
        report = audit_file(file, claims, examples=examples, seed=seed, on_result=progress.advance)
    if smt:
        report = with_opinions(report, known)
    if as_json:
        write_out(report.model_dump_json(indent=1) + "\n")
    elif as_latex:
        from derivations.printing.typeset.lines import WIDTH
        from verify.report.latex import document

        write_out(document(claims, report, fragment=True, width=WIDTH))
    else:
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
    if witnesses is not None:
        from verify.report.witness_script import export_refuted

        lines = export_refuted(report, witnesses, {claim.id: claim for claim in claims})
        click.echo("\n".join(lines), err=as_json or as_latex)
    if out is not None:
        path = write_page(report, out, known, plots=True, quiet=quiet or as_json or as_latex)
        click.echo(f"Written to {path}.", err=as_json or as_latex)
    return exit_code(report.claims)


@click.command()
@click.argument("claim_id", metavar="CLAIM-ID")
@click.option("--out", type=click.Path(path_type=Path), help="The file to write.  [default: CLAIM_ID.py]")
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
def new(claim_id: str, out: Path | None, force: bool) -> None:
    """Write a commented template of a claim, ready for `check`."""
    import re

    from verify.user.template import template

    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", claim_id):
        raise InputError(f"{claim_id!r} is no claim id: lower-case words joined by hyphens, like 'ridge-regression'.")
    target = out or Path(f"{claim_id.replace('-', '_')}.py")
    if target.exists() and not force:
        raise InputError(f"{target} exists; give another name as ‹out›, or ‹force=True›.")
    try:
        target.write_text(template(claim_id), encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"cannot write {target} ({error.strerror}); give a writable place as ‹out›.") from error
    click.echo(f"Written to {target}. Audit it:  collapse-audit check {target}")
