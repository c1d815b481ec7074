"""The command `collapse-audit convert`: what the β of a training script means."""

from __future__ import annotations

from typing import Any

import click

from verify.cli.numbers import INTEGER, NUMBER
from verify.cli.terminal import show_record

__all__ = ["convert_command"]


@click.command("convert")
@click.option(
    "--loss",
    required=True,
    metavar="NAME",
    help="Reconstruction term: gaussian, mse-sum, half-mse-sum, mse-mean or half-mse-mean.",
)
@click.option(
    "--kl",
    default="sum",
    show_default=True,
    metavar="NAME",
    help="KL term: sum, mean, per-output, without-half, normalised.",
)
@click.option("--beta", type=NUMBER, required=True, help="The weight in front of the KL term.")
@click.option("--outputs", type=INTEGER, help="Number D of outputs (the mean conventions need it).")
@click.option("--latent", type=INTEGER, help="Number of latents (--kl mean needs it).")
@click.option("--eta-dec", type=NUMBER, help="The decoder's standard deviation (--loss gaussian needs it).")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def convert_command(as_json: bool, **given: Any) -> None:
    """Convert a training loss, r·‖y − ŷ‖² + β·KL, into η_dec² and β; list the β that means the same elsewhere.

    With 784 outputs β = 4 in mse-mean is β = 3136 in mse-sum.
    """
    from verify.forecast import api

    show_record(api.convert(**given), as_json)
