"""The command `collapse-audit sweep`: how many latents survive on a grid, and which settings keep k of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from verify.cli.numbers import INTEGER, NUMBERS
from verify.cli.options import likelihood_options, plot_options, reading_options, source, source_options
from verify.cli.terminal import show_record
from verify.errors import InputError

__all__ = ["sweep_command"]


@click.command("sweep")
@source_options
@reading_options
@click.option("--model", type=click.Choice(["vae", "cvae"]), required=True)
@click.option("--latent", "latents", type=NUMBERS, required=True, help="Widths, like 2,4,8.")
@click.option("--beta", "betas", type=NUMBERS, required=True, help="KL weights, like 1,4,16 or 0.1:100:7.")
@click.option("--eta-dec", "deviations", type=NUMBERS, help="Decoder deviations.  [default: 1 with --loss gaussian]")
@likelihood_options
@click.option("--keep", type=INTEGER, metavar="K", help="Also: which settings keep exactly K latents.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable, with the complete boundary.")
@plot_options
def sweep_command(
    dataset: str | None, model: str, as_json: bool, plot: Path | None, caption: bool, force: bool, **given: Any
) -> None:
    """Count the active latents on a grid of β, η_dec and widths (Σ learnable)."""
    if plot is not None and given["likelihood"] != "gaussian":
        raise InputError("--plot draws the boundary of a Gaussian decoder; leave it or --likelihood out.")
    given |= source(dataset, given["output"], given["input"], model)
    from verify.forecast import api
    from verify.forecast.sweeping import Sweep
    from verify.report import plots

    if plot is not None:
        plots.check_target(plot, force)
    found = api.sweep(**given)
    if plot is not None and isinstance(found, Sweep):
        data = dataset or " given ".join(filter(None, (given["output"], given["input"])))
        said = f"collapse-audit sweep of {data} ({model}, {found.rows} rows)"
        plots.save(plots.draw_sweep(found), plot, said, shown=caption)
    show_record(found, as_json)
