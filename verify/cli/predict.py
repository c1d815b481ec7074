"""The command `collapse-audit predict`: which latents will collapse on your data, at which β."""

from __future__ import annotations

from typing import Any

import click

from verify.cli.numbers import INTEGER, NUMBER
from verify.cli.options import (
    beta_option,
    eta_dec_option,
    eta_enc_option,
    likelihood_options,
    reading_options,
    source,
    source_options,
)
from verify.cli.terminal import show_record

__all__ = ["predict_command"]


class _Sigma(click.ParamType):
    """`learnable`, or the encoder's standard deviations separated by commas."""

    name = "learnable|number,..."

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str | tuple[Any, ...]:
        if not isinstance(value, str) or value.strip() == "learnable":
            return "learnable" if isinstance(value, str) else value
        return tuple(NUMBER.convert(part.strip(), param, ctx) for part in value.split(","))


@click.command("predict")
@source_options
@reading_options
@click.option("--model", type=click.Choice(["vae", "cvae"]), required=True)
@click.option("--latent", type=INTEGER, required=True, help="Number of latents.")
@beta_option
@eta_dec_option
@likelihood_options
@eta_enc_option
@click.option(
    "--sigma",
    type=_Sigma(),
    default="learnable",
    show_default=True,
    help="The encoder's standard deviations: learnable, or one per latent.",
)
@click.option("--centre/--no-centre", default=True, show_default=True, help="Subtract the mean first.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def predict_command(dataset: str | None, model: str, as_json: bool, **given: Any) -> None:
    """Forecast which latents collapse on your data, before any training.

    With another --likelihood than gaussian: from which β on complete collapse is stable, and about how many latents
    are active below it.
    """
    given |= source(dataset, given["output"], given["input"], model)
    from verify.forecast import api

    show_record(api.predict(**given), as_json)
