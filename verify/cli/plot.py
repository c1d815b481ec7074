"""The command `collapse-audit plot`: theory as lines, descents as points, as a file of your own."""

from __future__ import annotations

import json as jsons
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from verify.cli.numbers import INTEGER, LEVELS, NUMBER, NUMBERS, Assignment, Range
from verify.cli.options import (
    caption_option,
    convention_options,
    eta_dec_option,
    reading_options,
    source,
    source_options,
)
from verify.cli.spelling import Commands
from verify.cli.terminal import waiting, write_out
from verify.errors import InputError
from verify.figures import options as asked
from verify.report import plots

__all__ = ["plot_command"]

_MODEL = click.option("--model", type=click.Choice(["vae", "cvae"]), default="vae", show_default=True)
_Command = Callable[..., Any]


class _Plots(Commands):
    """A group that names its plots when asked for another."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args[0] not in self.commands:
            raise click.UsageError(f"there is no plot {args[0]!r}; the plots are {', '.join(self.commands)}.", ctx)
        return super().resolve_command(ctx, args)


@click.group("plot", cls=_Plots, invoke_without_command=True)
@click.option("--list", "listed", is_flag=True, help="List the plots.")
@click.option(
    "--all", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Write all of them to DIR, as SVG."
)
@caption_option
@click.option("--force", is_flag=True, help="Overwrite what exists in DIR.")
@click.pass_context
def plot_command(ctx: click.Context, listed: bool, folder: Path | None, caption: bool, force: bool) -> int:
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
    return max(_deliver(name, {}, target, None, caption) for name, target in targets.items())


def _title(name: str) -> str:
    return " ".join((asked.OPTIONS[name].__doc__ or "").split())


def _plot(name: str, about: str, *options: Any) -> None:
    """A subcommand: its own options (a flag with its text, or an option of click's), and where the result goes."""

    def run(out: Path | None, caption: bool, force: bool, as_json: str | None, **given: Any) -> int:
        if out is None and as_json is None:
            raise click.UsageError("give --out FILE (.svg, .png or .pdf), or --json FILE.")
        if out is not None:
            plots.check_target(out, force)
        if as_json not in (None, "-") and Path(str(as_json)).exists() and not force:
            raise InputError(f"{as_json} exists; give another name, or --force.")
        if "output" in given:
            given |= _source(name, given.pop("dataset"), given.pop("model", None), given["output"], given.get("input"))
        return _deliver(name, given, out, as_json, caption)

    command: _Command = run
    for option in reversed((*options, *_TARGET)):
        command = (_option(name, *option) if isinstance(option, tuple) else option)(command)
    plot_command.command(name=name, help=about, short_help=_title(name))(command)


_TARGET = (
    click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Draw it as .svg, .png or .pdf."),
    caption_option,
    click.option("--force", is_flag=True, help="Overwrite files that exist."),
    click.option("--json", "as_json", metavar="FILE", help="The numbers it shows; - for standard output."),
)


def _source(name: str, dataset: str | None, model: str | None, output: str | None, given: str | None) -> dict[str, Any]:
    """`output` and, where there is a model, `input`; plots can do without data, the spectrum with the digits."""
    if name == "spectrum" and model == "cvae" and not output:
        dataset = "digits"
    if dataset or output or given or model == "cvae":
        found = source(dataset, output, given, model)
        return found if model else {"output": found["output"]}
    return {}


def _deliver(name: str, given: dict[str, Any], out: Path | None, as_json: str | None, caption: bool) -> int:
    from verify.report import api

    with waiting(f"computing {name}"):
        found = api.plot(name, **given)
        if out is not None:
            found.save(out, force=True, caption=caption)
    wrong = list(found.record.disagreements)
    if as_json is not None:
        text = jsons.dumps(found.numbers(), ensure_ascii=False, indent=1) + "\n"
        if as_json == "-":
            write_out(text)
        else:
            plots.write(Path(as_json), text.encode())
    if out is not None:
        said = "" if caption else "\n" + found.written_to(out, caption=False)
        click.echo(f"Written to {out}.{said}", err=as_json == "-")
    if wrong:
        click.echo(f"theory and descent disagree: {wrong[0]}", err=True)
    return 1 if wrong else 0


def _option(name: str, flag: str, text: str, kind: click.ParamType | None = None) -> Callable[[_Command], _Command]:
    """An option that stands for a field of the plot's options: its default, and its span in the help."""
    one = {field.name: field for field in fields(asked.OPTIONS[name])}[flag[2:].replace("-", "_")]
    default: Any = one.default
    span = one.metadata["span"]
    many = isinstance(default, tuple)
    sort = kind or (INTEGER if isinstance(default, int) else NUMBERS if many else NUMBER)
    separator = ":" if isinstance(sort, Range) else ","
    shown = separator.join(f"{x:g}" for x in default) if many else default is not None
    return click.option(
        flag, type=sort, default=default, show_default=shown, help=f"{text[:-1]}, {span}." if span else text
    )


_ETA_DEC, _ETA_ENC = (
    ("--eta-dec", "The decoder's standard deviation."),
    ("--eta-enc", "The prior's standard deviation."),
)
_SEED, _STARTS = ("--seed", "Of every draw."), ("--starts", "Descents at each.")
_LATENT = ("--latent", "Number of latents.")

_plot(
    "spectrum",
    "θ_i² of your data (by default of the digits) against the water level: active and collapsed modes.",
    source_options,
    reading_options,
    _MODEL,
    _LATENT,
    ("--beta", "KL weight; only the digits have a default, 80."),
    eta_dec_option,
    convention_options,
)
_plot(
    "staircase",
    "Active latents and KL per latent against β, of your data or of θ's: theory as lines, descents as points.",
    source_options,
    reading_options,
    _MODEL,
    ("--theta", "θ, without data."),
    _LATENT,
    _ETA_DEC,
    _ETA_ENC,
    ("--points", "Values of β at which descents start."),
    _STARTS,
    _SEED,
)
_plot(
    "phase",
    "Which levels of a hierarchy are active in the plane of two parameters (others are 1), with descents on top.",
    ("--levels", "Number of latent levels L."),
    ("--learnable", "Levels, or none.", LEVELS),
    ("--x", "Horizontal parameter: theta, beta_1, …", click.STRING),
    ("--y", "Vertical parameter.", click.STRING),
    ("--x-range", "Its ends.", Range()),
    ("--y-range", "Its ends.", Range()),
    click.option("--set", type=Assignment(), multiple=True, help="Another parameter's value; may be repeated."),
    ("--points", "Descents along each axis."),
    _SEED,
)
_plot(
    "correlation",
    "Active latents of a CVAE against the correlation ρ of its input and output, x = ρy + √(1−ρ²)n.",
    click.option("--dataset", type=click.Choice(["digits"]), help="A bundled data set."),
    click.option("--output", metavar="FILE", help="The outputs y: a file or folder, as of predict."),
    reading_options,
    ("--eigenvalues", "Of E[yyᵀ], without data."),
    _LATENT,
    ("--beta", "KL weight."),
    _ETA_DEC,
    ("--points", "Values of ρ."),
    _STARTS,
    _SEED,
)
_plot(
    "trajectories",
    "Descents of a claim's loss on one of its instances, against the lower bound that its theory certifies.",
    ("--claim", "One that states a minimiser.", click.STRING),
    ("--starts", "Random starts."),
    _SEED,
)
_plot(
    "escape",
    "Gradient flow from near the collapsed point: which modes leave, in what order, and which return.",
    ("--theta", "One for each mode."),
    ("--beta", "KL weight."),
    _ETA_DEC,
    _ETA_ENC,
)
