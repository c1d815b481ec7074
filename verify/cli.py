"""The command `collapse-audit`.

Only click is imported here; everything heavy waits until a command needs it, so that `--help`
answers at once. A user's mistake is one line on stderr and exit code 2, never a traceback.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verify.cli_check import check, new
from verify.cli_derive import derive
from verify.cli_predict import predict
from verify.cli_terminal import Progress, error_line, forgiving_streams, show_all, write_out
from verify.defaults import DEFAULT_EXAMPLES, DEFAULT_SEED
from verify.errors import InputError

if TYPE_CHECKING:
    from verify.evidence import AuditReport

__all__ = ["cli", "main"]

_INTERRUPTED = 130  # 128 + SIGINT, as shells report it
_SEED = click.IntRange(min=0)
_EPILOG = """\b
Exit codes:
  0    every verdict is the expected one
  1    a theorem was refuted, a false statement was not, or a planted error survived
  2    wrong usage or bad input
  3    undecided or vacuous where more was expected
  130  interrupted; the claims that had finished are kept"""


class _RunByDefault(click.Group):
    """A group whose bare options, and whose bare name, mean its command `run`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {name for param in self.get_params(ctx) for name in param.opts}
        if not args or (args[0].startswith("-") and args[0] not in own):
            args = ["run", *args]
        return super().parse_args(ctx, args)


def _print_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted:
        import verify

        click.echo(f"collapse-audit {verify.__version__}")
        ctx.exit()


@click.group(
    cls=_RunByDefault,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
def cli() -> None:
    """Audit propositions about posterior collapse in linear VAEs, conditional and hierarchical ones included.

    Without a command, all claims are audited: `collapse-audit --seed 7` is `run --seed 7`.
    """


@cli.command()
@click.argument("claims", nargs=-1, metavar="[CLAIM]...")
@click.option(
    "--examples",
    type=click.IntRange(min=1),
    default=DEFAULT_EXAMPLES,
    show_default=True,
    help="Random instances per claim.",
)
@click.option("--seed", type=_SEED, default=DEFAULT_SEED, show_default=True, help="Seed of every random draw.")
@click.option("--jobs", type=click.IntRange(min=1), help="Worker processes.  [default: one per core]")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("audit-report"),
    show_default=True,
    help="Folder for audit.json.",
)
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.option(
    "--export-witness",
    "witnesses",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write a self-contained NumPy script for every refuted claim to DIR.",
)
def run(
    claims: tuple[str, ...],
    examples: int,
    seed: int,
    jobs: int | None,
    out: Path,
    quiet: bool,
    witnesses: Path | None,
) -> int:
    """Audit all claims, or those named; print a table and write OUT/audit.json."""
    from verify import audit, catalogue
    from verify.names import resolve
    from verify.report import json_report
    from verify.verdict import exit_code

    known = catalogue.ids()
    chosen = resolve(claims, known)
    json_report.prepare(out)
    total, interrupted = _count_with_uses(chosen or known, catalogue.listing()), False
    with Progress(total, quiet) as progress:
        try:
            report = audit.run_audit(
                chosen,
                examples=examples,
                seed=seed,
                jobs=jobs or _cores(),
                on_result=progress.advance,
            )
        except audit.Interrupted as stop:
            report, interrupted = stop.report, True
    _deliver(report, out)
    if witnesses is not None:
        from verify.report.witness_script import export_refuted

        click.echo("\n".join(export_refuted(report, witnesses)))
    if interrupted:
        click.echo(f"Interrupted: {len(report.claims)} of {total} claims were finished and are kept.", err=True)
        return _INTERRUPTED
    return exit_code(report.claims)


@cli.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable, with `uses`.")
def list_claims(as_json: bool) -> None:
    """List the claims: where each comes from and which verdict is expected."""
    from verify import catalogue

    claims = catalogue.listing()
    if as_json:
        write_out(json.dumps(claims, ensure_ascii=False, indent=1) + "\n")
        return
    from verify.report import terminal

    show_all([terminal.listing_table(claims)])


@cli.command()
@click.argument("claim")
def show(claim: str) -> None:
    """Show one claim: statement, assumptions, source, proof, and the claims it uses."""
    from verify import catalogue
    from verify.names import resolve
    from verify.report import terminal

    (name,) = resolve([claim], catalogue.ids())
    show_all([terminal.claim_panel(catalogue.describe(name))])


@cli.command()
@click.argument("claim")
@click.option("--seed", type=_SEED, default=DEFAULT_SEED, show_default=True, help="The audit's seed.")
@click.option("--index", type=click.IntRange(min=0), help="The instance's index.")
@click.option("--smallest", is_flag=True, help="Search again for the smallest counterexample instead.")
def replay(claim: str, seed: int, index: int | None, smallest: bool) -> None:
    """Run one instance of CLAIM again; every witness prints the line to type."""
    from verify import audit, catalogue
    from verify.names import resolve

    if (index is None) is not smallest:
        raise click.UsageError("give either --index or --smallest.")
    (name,) = resolve([claim], catalogue.ids())
    write_out(audit.replay(name, seed, index).text.rstrip("\n") + "\n")


cli.add_command(predict)
cli.add_command(derive)
cli.add_command(check)
cli.add_command(new)


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and exit the process with its code."""
    forgiving_streams()
    try:
        code = cli.main(args, prog_name="collapse-audit", standalone_mode=False)
    except click.ClickException as error:
        click.echo(error_line(error.format_message()), err=True)
        code = error.exit_code if isinstance(error, click.UsageError) else 2
    except InputError as error:
        click.echo(error_line(str(error)), err=True)
        code = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        code = _INTERRUPTED
    sys.exit(code or 0)


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

    from verify.report import json_report, terminal

    failure = None
    try:
        last = f"Written to {json_report.write(report, out)}."
    except InputError as error:
        failure, last = error, "Not written."
    show_all(
        [
            terminal.audit_table(report.claims),
            terminal.refutations(report.claims),
            terminal.failure_details(report.claims),
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
