"""The command `collapse-audit sweep`: how many latents survive on a grid, and which settings keep k of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from verify.cli.numbers import Grid
from verify.cli.options import convention_options, plot_options, source_options
from verify.cli.terminal import show_all, write_out
from verify.errors import InputError
from verify.report import plots

__all__ = ["sweep"]

_GRID = Grid()


@click.command()
@source_options
@click.option("--model", type=click.Choice(["vae", "cvae"]), required=True)
@click.option("--latent", "latents", type=_GRID, required=True, help="Widths, like 2,4,8.")
@click.option("--beta", "betas", type=_GRID, required=True, help="KL weights, like 1,4,16 or 0.1:100:7.")
@click.option("--eta-dec", "deviations", type=_GRID, default=None, help="Decoder deviations (with --loss gaussian).")
@convention_options
@click.option("--keep", type=click.IntRange(min=1), metavar="K", help="Also: which settings keep exactly K latents.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable, with the complete boundary.")
@plot_options
def sweep(
    dataset: str | None,
    output: str | None,
    input_: str | None,
    model: str,
    latents: tuple[float, ...],
    as_json: bool,
    plot: Path | None,
    force: bool,
    **grid: Any,
) -> None:
    """Count the active latents on a grid of β, η_dec and widths (Σ learnable)."""
    if any(width != int(width) for width in latents):
        raise InputError("--latent must be whole numbers, like 2,4,8.")
    if plot is not None:
        plots.check_target(plot, force)
    from verify.data.sources import load_tables
    from verify.forecast import sweeping as sweeping

    target, given = load_tables(dataset, output, input_, model)
    grid["deviations"] = grid["deviations"] or ()
    found = sweeping.sweep(target, given, latents=[int(width) for width in latents], **grid)
    if plot is not None:
        source = dataset or f"{output} given {input_}" if input_ else dataset or output
        plots.save(plots.sweep(found), plot, f"collapse-audit sweep of {source} ({model}, {found.rows} rows)")
    if as_json:
        write_out(found.model_dump_json(indent=1) + "\n")
        return
    show_all(found.tables())
