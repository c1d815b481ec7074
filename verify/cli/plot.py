"""The command `collapse-audit plot`: theory as lines, descents as points, as a file of your own."""

from __future__ import annotations

import json as jsons
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from verify.cli.numbers import POSITIVE, Assignment, Grid, Range, Whole
from verify.cli.options import convention_options, source_options
from verify.cli.terminal import waiting, write_out
from verify.errors import InputError
from verify.figures import options as asked
from verify.report import plots

__all__ = ["plot"]

_NUMBERS = Grid()
_MODEL = click.option("--model", type=click.Choice(["vae", "cvae"]), default="vae", show_default=True)
_Command = Callable[..., Any]


class _Plots(click.Group):
    """A group that names its plots when asked for another."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args[0] not in self.commands:
            raise click.UsageError(f"there is no plot {args[0]!r}; the plots are {', '.join(self.commands)}.", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_Plots, invoke_without_command=True)
@click.option("--list", "listed", is_flag=True, help="List the plots.")
@click.option(
    "--all", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Write all of them to DIR, as SVG."
)
@click.option("--force", is_flag=True, help="Overwrite what exists in DIR.")
@click.pass_context
def plot(ctx: click.Context, listed: bool, folder: Path | None, force: bool) -> int:
    """Draw what the theory says and what descents from random starts find beside it.

    `collapse-audit plot phase --out phase.svg` draws with the defaults; each plot's --help names what can be changed.
    Exit code 1 if theory and descents disagree, which the caption then says.
    """
    if ctx.invoked_subcommand is not None:
        return 0
    if listed:
        width = max(map(len, asked.OPTIONS))
        write_out("".join(f"{name:{width}}  {_title(name)}\n" for name in asked.OPTIONS))
        return 0
    if folder is None:
        raise click.UsageError(f"name a plot ({', '.join(asked.OPTIONS)}), or give --list or --all DIR.", ctx)
    targets = {name: folder / f"{name}.svg" for name in asked.OPTIONS}
    for target in targets.values():
        plots.check_target(target, force)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write to {folder} ({error.strerror}); give a writable folder.") from error
    return max(_deliver(asked.OPTIONS[name](), target, None) for name, target in targets.items())


def _title(name: str) -> str:
    return " ".join((asked.OPTIONS[name].__doc__ or "").split())


def _plot(*options: Callable[[_Command], _Command]) -> Callable[[_Command], click.Command]:
    """A subcommand: its own options, and where the result goes."""

    def decorate(function: _Command) -> click.Command:
        kind = asked.OPTIONS[function.__name__.strip("_")]

        def run(out: Path | None, force: bool, as_json: str | None, **given: Any) -> int:
            if out is None and as_json is None:
                raise click.UsageError("give --out FILE (.svg, .png or .pdf), or --json FILE.")
            if out is not None:
                plots.check_target(out, force)
            if as_json not in (None, "-") and Path(str(as_json)).exists() and not force:
                raise InputError(f"{as_json} exists; give another name, or --force.")
            return _deliver(kind(**function(**given)), out, as_json)

        command: _Command = run
        for option in reversed((*options, *_TARGET)):
            command = option(command)
        name = function.__name__.strip("_")
        return plot.command(name=name, help=function.__doc__, short_help=_title(name))(command)

    return decorate


_TARGET = (
    click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Draw it as .svg, .png or .pdf."),
    click.option("--force", is_flag=True, help="Overwrite files that exist."),
    click.option("--json", "as_json", metavar="FILE", help="The numbers it shows; - for standard output."),
)


def _deliver(options: asked.Options, out: Path | None, as_json: str | None) -> int:
    from verify.report.plots.catalogue import plot as drawn

    with waiting(f"computing {type(options).__name__.lower()}"):
        found = drawn(options)
        if out is not None:
            plots.save(found.figure, out, found.text)
    wrong = list(found.record.disagreements)
    if as_json is not None:
        record = found.record.model_dump(mode="json")
        whole = {
            "name": found.name,
            "caption": found.caption,
            "command": found.command,
            "record": record,
            "disagreements": wrong,
        }
        text = jsons.dumps(whole, ensure_ascii=False, indent=1) + "\n"
        if as_json == "-":
            write_out(text)
        else:
            plots.write(Path(as_json), text.encode())
    if out is not None:
        click.echo(f"Written to {out}.", err=as_json == "-")
    if wrong:
        click.echo(f"theory and descent disagree: {wrong[0]}", err=True)
    return 1 if wrong else 0


def _count(flag: str, low: int, high: int, default: int, text: str) -> Callable[[_Command], _Command]:
    return click.option(flag, type=click.IntRange(low, high), default=default, show_default=True, help=text)


def _number(flag: str, default: float | None, text: str) -> Callable[[_Command], _Command]:
    return click.option(flag, type=POSITIVE, default=default, show_default=default is not None, help=text)


def _seed(default: int) -> Callable[[_Command], _Command]:
    return click.option("--seed", type=click.IntRange(min=0), default=default, show_default=True, help="Of every draw.")


_S, _C, _P, _R = asked.Staircase(), asked.Correlation(), asked.Phase(), asked.Trajectories()
_E, _B = asked.Escape(), asked.Spectrum()
_ETA_DEC, _ETA_ENC = "The decoder's standard deviation.", "The prior's standard deviation."


def _shown(values: tuple[float, ...]) -> str:
    return ",".join(f"{x:g}" for x in values)


@_plot(
    source_options,
    _MODEL,
    _count("--latent", 1, 100_000, _B.latent, "Number of latents."),
    _number("--beta", None, "KL weight; only the digits have a default, 80."),
    _number("--eta-dec", None, _ETA_DEC + "  [digits: 1]"),
    convention_options,
)
def spectrum(**given: Any) -> dict[str, Any]:
    """θ_i² of your data (by default of the digits) against the water level: active and collapsed modes."""
    return given


@_plot(
    source_options,
    _MODEL,
    click.option("--theta", type=_NUMBERS, default=_S.theta, show_default=_shown(_S.theta), help="θ, without data."),
    _count("--latent", 1, 16, _S.latent, "Number of latents."),
    _number("--eta-dec", _S.eta_dec, _ETA_DEC),
    _number("--eta-enc", _S.eta_enc, _ETA_ENC),
    _count("--points", 2, 200, _S.points, "Values of β at which descents start."),
    _count("--starts", 1, 50, _S.starts, "Descents at each."),
    _seed(_S.seed),
)
def staircase(**given: Any) -> dict[str, Any]:
    """Active latents and KL per latent against β, of your data or of θ's: theory as lines, descents as points."""
    return given


@_plot(
    _count("--levels", 1, 4, _P.levels, "Number of latent levels L."),
    click.option("--learnable", type=Whole(), default=_P.learnable, show_default="2", help="Levels, or none."),
    click.option("--x", default=_P.x, show_default=True, metavar="NAME", help="Horizontal parameter: theta, beta_1, …"),
    click.option("--y", default=_P.y, show_default=True, metavar="NAME", help="Vertical parameter."),
    click.option("--x-range", type=Range(), default=_P.x_range, show_default="0.25:4", help="Its ends."),
    click.option("--y-range", type=Range(), default=_P.y_range, show_default="0.3:3", help="Its ends."),
    click.option("--set", type=Assignment(), multiple=True, help="Another parameter's value; may be repeated."),
    _count("--points", 1, 40, _P.points, "Descents along each axis."),
    _seed(_P.seed),
)
def phase(**given: Any) -> dict[str, Any]:
    """Which levels of a hierarchy are active in the plane of two parameters (others are 1), with descents on top."""
    return given


@_plot(
    *(
        click.option(flag, **about)
        for flag, about in (
            ("--dataset", {"type": click.Choice(["digits"]), "help": "A bundled data set."}),
            ("--output", {"metavar": "FILE", "help": "The outputs y: .npy, .npz (FILE:key), .csv, IDX."}),
        )
    ),
    click.option(
        "--eigenvalues",
        type=_NUMBERS,
        default=_C.eigenvalues,
        show_default=_shown(_C.eigenvalues),
        help="Of E[yyᵀ], without data.",
    ),
    _count("--latent", 1, 16, _C.latent, "Number of latents."),
    _number("--beta", _C.beta, "KL weight."),
    _number("--eta-dec", _C.eta_dec, _ETA_DEC),
    _count("--points", 2, 200, _C.points, "Values of ρ."),
    _count("--starts", 1, 50, _C.starts, "Descents at each."),
    _seed(_C.seed),
)
def correlation(**given: Any) -> dict[str, Any]:
    """Active latents of a CVAE against the correlation ρ of its input and output, x = ρy + √(1−ρ²)n."""
    return given


@_plot(
    click.option("--claim", default=_R.claim, show_default=True, metavar="CLAIM", help="One that states a minimiser."),
    _count("--starts", 1, 200, _R.starts, "Random starts."),
    _seed(_R.seed),
)
def trajectories(**given: Any) -> dict[str, Any]:
    """Descents of a claim's loss on one of its instances, against the lower bound that its theory certifies."""
    return given


@_plot(
    click.option("--theta", type=_NUMBERS, default=_E.theta, show_default=_shown(_E.theta), help="One for each mode."),
    _number("--beta", _E.beta, "KL weight."),
    _number("--eta-dec", _E.eta_dec, _ETA_DEC),
    _number("--eta-enc", _E.eta_enc, _ETA_ENC),
)
def escape(**given: Any) -> dict[str, Any]:
    """Gradient flow from near the collapsed point: which modes leave, in what order, and which return."""
    return given
