"""The command `collapse-audit explore`: one page with sliders over the spectrum of your data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from verify.cli.numbers import NUMBER
from verify.cli.options import reading_options, source, source_options

__all__ = ["explore_command"]


@click.command("explore")
@source_options
@reading_options
@click.option("--model", type=click.Choice(["vae", "cvae"]), default="vae", show_default=True)
@click.option(
    "--likelihood",
    "likelihoods",
    multiple=True,
    metavar="NAME",
    help="Beside gaussian: bernoulli, poisson, negative-binomial, categorical, gaussian-per-pixel. May be repeated.",
)
@click.option("--dispersion", type=NUMBER, metavar="R", help="Of negative-binomial outputs, Var y = m + m²/R.")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help="The page to write.")
@click.option("--force", is_flag=True, help="Replace a FILE that is not a page of collapse-audit.")
def explore_command(dataset: str | None, model: str, **given: Any) -> None:
    """Write one offline page with sliders over your spectrum: what is active, at which rate and distortion.

    The sliders are β, η_dec, the number of latents and of levels (1 to 4), each level's β_l and σ_l, and the
    likelihood. The page's address keeps the setting, and the page shows the command that repeats it.
    """
    given |= source(dataset, given["output"], given["input"], model)
    from verify.report.html.explorer import explore

    click.echo(f"Written to {explore(**given)}.")
