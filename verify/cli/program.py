"""The command `collapse-audit`.

Only click is imported here; everything heavy waits until a command needs it, so that `--help`
answers at once. A user's mistake is one line on stderr and exit code 2, never a traceback.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import click

from verify.cli.check import check_command, new
from verify.cli.completion import claim_ids, completion_command
from verify.cli.convert import convert_command
from verify.cli.derive import derive_command
from verify.cli.diagnose import diagnose_command
from verify.cli.diff import diff_command
from verify.cli.experiment import experiment_command
from verify.cli.explore import explore_command
from verify.cli.export import export_command
from verify.cli.latex import latex_command
from verify.cli.numbers import INTEGER
from verify.cli.plot import plot_command
from verify.cli.predict import predict_command
from verify.cli.report import report_
from verify.cli.run import run_command
from verify.cli.spelling import Commands
from verify.cli.sweep import sweep_command
from verify.cli.terminal import INTERRUPTED, error_line, forgiving_streams, show_all, write_out
from verify.defaults import DEFAULT_SEED
from verify.errors import InputError

__all__ = ["cli", "main"]

_EPILOG = """\b
Exit codes:
  0    every verdict is the expected one
  1    a theorem was refuted, a false statement was not, or a planted error survived
  2    wrong usage or bad input
  3    undecided or vacuous where more was expected
  130  interrupted; the claims that had finished are kept"""


class _RunByDefault(Commands):
    """A group whose bare options, and whose bare name, mean its command `run`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {name for param in self.get_params(ctx) for name in param.opts}
        if not args or (args[0].startswith("-") and args[0] not in own):
            args = ["run", *args]
        return super().parse_args(ctx, args)


def _print_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted:
        from verify.version import program_version

        click.echo(f"collapse-audit {program_version()}")
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

    show_all([terminal.listing_table(claims)], paged=True)


@cli.command()
@click.argument("claim", shell_complete=claim_ids)
@click.option("--machine", is_flag=True, help="Formulas as they are evaluated: cases within cases.")
def show(claim: str, machine: bool) -> None:
    """Show one claim: statement, assumptions, source, proof, and the claims it uses.

    A claim is named by its id or by its number in the paper, as in "Theorem 3".
    """
    from verify.catalogue import described
    from verify.report.panel import claim_panel
    from verify.report.views import claim_of

    show_all([claim_panel(described(claim_of(claim), machine=machine))], paged=True)


@cli.command()
@click.argument("claim", shell_complete=claim_ids)
@click.option("--seed", type=INTEGER, default=DEFAULT_SEED, show_default=True, help="The audit's seed.")
@click.option("--index", type=INTEGER, help="The instance's index.")
@click.option("--smallest", is_flag=True, help="Search again for the smallest counterexample instead.")
def replay(claim: str, seed: int, index: int | None, smallest: bool) -> None:
    """Run one instance of CLAIM again; every witness prints the line to type."""
    from verify import api

    if (index is None) is not smallest:
        raise click.UsageError("give either --index or --smallest.")
    write_out(api.replay(claim, seed=seed, index=index).text.rstrip("\n") + "\n")


cli.add_command(run_command)
cli.add_command(predict_command)
cli.add_command(derive_command)
cli.add_command(latex_command)
cli.add_command(export_command)
cli.add_command(check_command)
cli.add_command(new)
cli.add_command(diagnose_command)
cli.add_command(sweep_command)
cli.add_command(convert_command)
cli.add_command(explore_command)
cli.add_command(report_)
cli.add_command(diff_command)
cli.add_command(experiment_command)
cli.add_command(plot_command)
cli.add_command(completion_command)


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
        code = INTERRUPTED
    sys.exit(code or 0)
