"""The command `collapse-audit diagnose`: which collapse of a trained model was unavoidable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from verify.cli.numbers import POSITIVE
from verify.cli.options import convention_options, plot_options, source_options
from verify.cli.predict import forecast_of
from verify.cli.terminal import show_all, write_out
from verify.errors import InputError
from verify.report import plots

__all__ = ["diagnose"]


@click.command()
@click.option("--posterior", metavar="FILE.npz", help="Posterior means and variances (N×d) of the trained model.")
@click.option("--mean", metavar="FILE", help="The means alone …")
@click.option("--variance", metavar="FILE", help="… and the variances, log-variances or deviations.")
@click.option(
    "--as",
    "kind",
    type=click.Choice(["auto", "variance", "log-variance", "deviation"]),
    default="auto",
    show_default=True,
    help="What the spread is.",
)
@source_options
@click.option("--latent", type=click.IntRange(min=1), help="Number of latents the posterior must have.")
@click.option("--beta", type=POSITIVE, default=1.0, show_default=True, help="Weight of the KL term.")
@click.option("--eta-dec", type=POSITIVE, help="Standard deviation of the decoder's noise (with --loss gaussian).")
@click.option("--eta-enc", type=POSITIVE, default=1.0, show_default=True, help="Standard deviation of the prior.")
@convention_options
@click.option("--epsilon", type=POSITIVE, default=0.01, show_default=True, help="A KL below it counts as collapsed …")
@click.option(
    "--delta", type=click.FloatRange(0, 1), default=0.01, show_default=True, help="… on all but this share of rows."
)
@click.option("--json", "as_json", is_flag=True, help="Machine-readable, with the (ε, δ)-collapse curve.")
@plot_options
def diagnose(
    posterior: str | None,
    mean: str | None,
    variance: str | None,
    kind: str,
    latent: int | None,
    epsilon: float,
    delta: float,
    as_json: bool,
    plot: Path | None,
    force: bool,
    **data: Any,
) -> None:
    """Say which latents of a trained model collapsed, which had to on this data, and which its training lost."""
    if plot is not None:
        plots.check_target(plot, force)
    from verify.forecast import diagnosis as diagnosing
    from verify.forecast.posterior import read_posterior

    found = read_posterior(posterior, mean=mean, variance=variance, kind=kind)
    width = found.mean.shape[1]
    if latent is not None and latent != width:
        raise InputError(f"the posterior has {width} latents, --latent says {latent}.")
    forecast = None
    if data["dataset"] or data["output"]:
        model = "cvae" if data["input_"] else "vae"
        forecast = forecast_of(model=model, latent=width, sigma="learnable", centre=True, **data)
    result = diagnosing.diagnose(found, eta_enc_value=data["eta_enc"], forecast=forecast, epsilon=epsilon, delta=delta)
    if plot is not None:
        source = f"collapse-audit diagnose of {posterior or mean} ({result.rows} rows)"
        plots.save(plots.diagnosis(result), plot, source)
    if as_json:
        write_out(result.model_dump_json(indent=1) + "\n")
        return
    show_all(result.tables())
