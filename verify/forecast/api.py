"""The Python API on data: what the commands predict, sweep, diagnose and convert do, as functions of arrays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from verify.data import data
from verify.data.chunks import Chunked, folder, table_of
from verify.data.data import Table
from verify.errors import InputError
from verify.forecast.conversion import Conversion
from verify.forecast.conversion import convert as converted
from verify.forecast.diagnosis import Diagnosis
from verify.forecast.diagnosis import diagnose as diagnosed
from verify.forecast.latents import Forecast
from verify.forecast.posterior import KINDS, understood
from verify.forecast.prediction import predict as forecast
from verify.forecast.sweeping import Sweep
from verify.forecast.sweeping import sweep as swept

__all__ = ["convert", "diagnose", "load", "predict", "sweep"]

Data = Any
"""An array (rows, features), NumPy's or Dask's, the name of a file or folder that `load` reads, or "digits"."""


def load(file: str) -> Table | Chunked:
    """Read a `.npy`, `.npz` (as `FILE:key`), `.csv` or IDX file (`.gz` too) as an array (rows, features).

    A folder of such files is one table in pieces, of which `predict` and `sweep` hold one at a time.

    Raises:
        InputError: the file is missing, damaged, or no table of finite real numbers.
    """
    return folder(Path(file)) if Path(file).is_dir() else data.load(file)


def predict(
    output: Data,
    input: Data | None = None,  # noqa: A002
    *,
    latent: int,
    beta: float = 1.0,
    eta_dec: float | None = None,
    eta_enc: float = 1.0,
    loss: str = "gaussian",
    kl: str = "sum",
    sigma: str | Sequence[float] = "learnable",
    centre: bool = True,
) -> Forecast:
    """Forecast which of `latent` latents collapse on `output` (rows, D), of a CVAE if `input` (rows, D0) is given.

    Rates are in nats per row. The default loss is Gaussian with deviation `eta_dec` (default 1).

    Raises:
        InputError: a parameter out of range, an unknown convention, or data that cannot be used.

    >>> predict("digits", latent=6, beta=80).active
    4
    """
    target, given = _tables(output, input)
    weight, deviation = _meant(loss, kl, beta, eta_dec, target, latent)
    return forecast(
        target,
        given,
        model="vae" if given is None else "cvae",
        latent=latent,
        beta=weight,
        eta_dec=deviation,
        eta_enc=eta_enc,
        sigma=sigma,
        centre=centre,
    )


def sweep(
    output: Data,
    input: Data | None = None,  # noqa: A002
    *,
    betas: Sequence[float],
    latents: Sequence[int],
    deviations: Sequence[float] = (1.0,),
    loss: str = "gaussian",
    kl: str = "sum",
    keep: int | None = None,
) -> Sweep:
    """Active latents on a grid of β, widths and (Gaussian loss only) decoder deviations; what keeps exactly `keep`.

    Raises:
        InputError: as `predict`, or more latents to keep than the data have modes.

    >>> [cell.active for cell in sweep("digits", betas=[1, 80, 1000], latents=[6]).cells]
    [6, 4, 0]
    """
    target, given = _tables(output, input)
    return swept(
        target,
        given,
        betas=betas,
        latents=latents,
        deviations=deviations if loss == "gaussian" else (),
        loss=loss,
        kl=kl,
        keep=keep,
    )


def diagnose(
    mean: Table,
    variance: Table,
    output: Data | None = None,
    input: Data | None = None,  # noqa: A002
    *,
    kind: str = "auto",
    beta: float = 1.0,
    eta_dec: float | None = None,
    eta_enc: float = 1.0,
    loss: str = "gaussian",
    kl: str = "sum",
    epsilon: float = 0.01,
    delta: float = 0.01,
) -> Diagnosis:
    """Diagnose a trained posterior: means and variances (rows, d); with `output`, against the best linear model of it.

    `kind` says what `variance` holds: variance, log-variance or deviation; auto takes negative values for logarithms.

    Raises:
        InputError: arrays that do not fit together, a variance that is not positive, or as `predict`.
    """
    if kind not in KINDS:
        raise InputError(f"there is no kind {kind!r}; known are {', '.join(KINDS)}.")
    posterior = understood(data.as_table(mean, "mean"), data.as_table(variance, "variance"), "variance", kind)
    optimal = None
    if output is not None:
        optimal = predict(
            output, input, latent=posterior.mean.shape[1], beta=beta, eta_dec=eta_dec, eta_enc=eta_enc, loss=loss, kl=kl
        )
    return diagnosed(posterior, eta_enc_value=eta_enc, forecast=optimal, epsilon=epsilon, delta=delta)


def convert(
    loss: str,
    beta: float,
    *,
    kl: str = "sum",
    outputs: int | None = None,
    latent: int | None = None,
    eta_dec: float | None = None,
) -> Conversion:
    """What a training script's loss and β mean as (η_dec², β), and the β with the same minimisers in other conventions.

    Raises:
        InputError: an unknown convention (all are listed), or one that needs a number that is not given.

    >>> convert("mse-mean", 4, outputs=784).water_level
    1568.0
    """
    return converted(loss, beta, kl=kl, outputs=outputs, latent=latent, eta_dec=eta_dec)


def _tables(output: Data, given: Data | None) -> tuple[Any, Any]:
    """The arrays; of the digits, a CVAE's outputs are what its inputs leave out."""
    if isinstance(output, str) and output == "digits":
        if given is not None and not (isinstance(given, str) and given == "digits"):
            raise InputError('the digits bring their own inputs: give input="digits", or none.')
        return data.digits("vae" if given is None else "cvae")
    return _table(output, "output"), None if given is None else _table(given, "input")


def _table(values: Any, name: str) -> Any:
    return load(values) if isinstance(values, str) else table_of(values, name)


def _meant(loss: str, kl: str, beta: float, eta_dec: float | None, target: Any, latent: int) -> tuple[float, float]:
    if (loss, kl) == ("gaussian", "sum"):
        return beta, 1.0 if eta_dec is None else eta_dec
    given = 1.0 if loss == "gaussian" and eta_dec is None else eta_dec
    found = converted(loss, beta, kl=kl, outputs=target.shape[1], latent=latent, eta_dec=given)
    return found.beta, found.eta_dec_squared**0.5
