"""The command `collapse-audit diagnose`: which collapse of a trained model was unavoidable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from verify.cli.numbers import INTEGER, NUMBER
from verify.cli.options import (
    beta_option,
    convention_options,
    eta_dec_option,
    eta_enc_option,
    plot_options,
    reading_options,
    source,
    source_options,
)
from verify.cli.terminal import show_record

__all__ = ["diagnose_command"]


@click.command("diagnose")
@click.option("--posterior", metavar="FILE.npz", help="Posterior means and variances (N×d) of the trained model.")
@click.option("--mean", metavar="FILE", help="The means alone …")
@click.option("--variance", metavar="FILE", help="… and the variances, standard deviations, or logarithms of either.")
@click.option(
    "--as",
    "kind",
    type=click.Choice(["auto", "variance", "log-variance", "deviation", "log-deviation"]),
    default="auto",
    show_default=True,
    help="What the spread is; auto goes by the name of the array or file.",
)
@source_options
@reading_options
@click.option("--latent", type=INTEGER, help="Number of latents the posterior must have.")
@beta_option
@eta_dec_option
@eta_enc_option
@convention_options
@click.option("--error", type=NUMBER, help="The model's squared error at the means, summed over outputs, mean per row.")
@click.option(
    "--loss-value",
    type=NUMBER,
    help="Its loss in the units of --loss and --kl; no constants, unless η_dec is learnable.",
)
@click.option("--epsilon", type=NUMBER, default=0.01, show_default=True, help="A KL below it counts as collapsed …")
@click.option("--delta", type=NUMBER, default=0.01, show_default=True, help="… on all but this share of rows.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable, with the (ε, δ)-collapse curve.")
@plot_options
def diagnose_command(
    dataset: str | None, as_json: bool, plot: Path | None, caption: bool, force: bool, **given: Any
) -> None:
    """Say which latents of a trained model collapsed, which had to on this data, and which its training lost."""
    if dataset or given["output"]:
        given |= source(dataset, given["output"], given["input"], None)
    from verify.forecast import api
    from verify.report import plots

    if plot is not None:
        plots.check_target(plot, force)
    found = api.diagnose(**given)
    if plot is not None:
        named = given["posterior"] or given["mean"]
        said = f"collapse-audit diagnose of {named} ({found.rows} rows)"
        plots.save(plots.draw_diagnosis(found), plot, said, shown=caption)
    show_record(found, as_json)
