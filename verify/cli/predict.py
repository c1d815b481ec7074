"""The command `collapse-audit predict`: which latents will collapse on your data, at which β."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from verify.cli.numbers import POSITIVE
from verify.cli.options import convention_options, source_options
from verify.cli.terminal import show_all, write_out
from verify.errors import InputError

if TYPE_CHECKING:
    from verify.forecast.latents import Forecast

__all__ = ["forecast_of", "predict"]


class _Sigma(click.ParamType):
    """`learnable`, or the encoder's standard deviations separated by commas."""

    name = "learnable|number,..."

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str | tuple[float, ...]:
        if not isinstance(value, str) or value.strip() == "learnable":
            return "learnable" if isinstance(value, str) else value
        return tuple(POSITIVE.convert(part.strip(), param, ctx) for part in value.split(","))


@click.command()
@source_options
@click.option("--model", type=click.Choice(["vae", "cvae"]), required=True)
@click.option("--latent", type=click.IntRange(min=1), required=True, help="Number of latents.")
@click.option("--beta", type=POSITIVE, required=True, help="Weight of the KL term.")
@click.option("--eta-dec", type=POSITIVE, help="Standard deviation of the decoder's noise (with --loss gaussian).")
@convention_options
@click.option("--eta-enc", type=POSITIVE, required=True, help="Standard deviation of the prior.")
@click.option(
    "--sigma",
    type=_Sigma(),
    default="learnable",
    show_default=True,
    help="The encoder's standard deviations: learnable, or one per latent.",
)
@click.option("--centre/--no-centre", default=True, show_default=True, help="Subtract the mean first.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def predict(
    dataset: str | None,
    output: str | None,
    input_: str | None,
    model: str,
    as_json: bool,
    loss: str,
    kl: str,
    **parameters: Any,
) -> None:
    """Forecast which latents collapse on your data, before any training."""
    forecast = forecast_of(dataset=dataset, output=output, input_=input_, model=model, loss=loss, kl=kl, **parameters)
    if as_json:
        write_out(forecast.model_dump_json(indent=1) + "\n")
        return
    show_all(forecast.tables())


def forecast_of(
    *, dataset: str | None, output: str | None, input_: str | None, model: str, loss: str, kl: str, **parameters: Any
) -> Forecast:
    """The forecast that the options ask for.

    Raises:
        InputError: options that contradict each other, or data that cannot be used.
    """
    _check_sigma(parameters["sigma"], parameters["latent"])
    from verify.data.sources import load_tables
    from verify.forecast import prediction as forecasting

    target, given = load_tables(dataset, output, input_, model)
    if (loss, kl) == ("gaussian", "sum"):
        if parameters["eta_dec"] is None:
            raise InputError("the loss 'gaussian' needs --eta-dec, the decoder's standard deviation.")
    else:
        from verify.forecast.conversion import convert

        meant = convert(
            loss,
            parameters["beta"],
            kl=kl,
            outputs=target.shape[1],
            latent=parameters["latent"],
            eta_dec=parameters["eta_dec"],
        )
        parameters |= {"beta": meant.beta, "eta_dec": meant.eta_dec_squared**0.5}
    return forecasting.predict(target, given, model=model, **parameters)


def _check_sigma(sigma: str | tuple[float, ...], latent: int) -> None:
    if isinstance(sigma, tuple) and len(sigma) != latent:
        raise InputError(f"--sigma has {len(sigma)} values, --latent is {latent}; give one value per latent.")
