"""The Python API on data: what the commands predict, sweep, diagnose and convert do, as functions of arrays."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar, Unpack

from verify.data.chunks import Chunked
from verify.data.data import Table
from verify.data.preparation import prepare
from verify.data.reading import Reading, changed
from verify.errors import InputError, between, in_python, positive, positives, shown, switch, whole, wholes
from verify.forecast.conversion import Conversion
from verify.forecast.conversion import convert as converted
from verify.forecast.diagnosis import Trained
from verify.forecast.diagnosis import diagnose as diagnosed
from verify.forecast.findings import Diagnosis
from verify.forecast.latents import Forecast
from verify.forecast.onset import NLL, check_likelihood, find_onset, sweep_onset
from verify.forecast.onsets import Onset, OnsetSweep
from verify.forecast.posterior import read_posterior
from verify.forecast.prediction import predict as forecast
from verify.forecast.scores import GAUSSIAN
from verify.forecast.sweeping import Sweep
from verify.forecast.sweeping import sweep as swept
from verify.forecast.training import read_training

__all__ = ["convert", "diagnose", "load", "predict", "sweep"]

Warned = TypeVar("Warned", Forecast, Sweep, Onset, OnsetSweep)
Data = Any
"""An array (rows, features) of NumPy, Dask, SciPy (sparse), PyTorch, pandas or xarray, the name of a file or folder
that `load` reads, or "digits"."""


def load(file: str | PathLike[str], **reading: Unpack[Reading]) -> Table | Chunked:
    """Read a file as an array (rows, features): `.npy`, IDX, text, Parquet, HDF5, `.mat`, images, ….

    In a file of several arrays one is named as `FILE:key`. A folder of files is one table in pieces, of which `predict`
    and `sweep` hold one at a time; in a folder of images each image is a row. `reading` is as of `predict`.

    Raises:
        InputError: the file is missing, damaged, or no table of finite real numbers.
    """
    if not isinstance(file, str | PathLike):
        raise InputError(f"‹file› must be the name of a file or folder, not {shown(file)}.")
    return prepare(Path(file), None, reading).output


def predict(
    output: Data,
    input: Data | None = None,  # noqa: A002
    *,
    latent: int,
    beta: float = 1.0,
    eta_dec: float | str | None = None,
    eta_enc: float = 1.0,
    likelihood: str = GAUSSIAN,
    dispersion: float | None = None,
    loss: str | None = None,
    kl: str = "sum",
    sigma: str | Sequence[float] = "learnable",
    centre: bool = True,
    **reading: Unpack[Reading],
) -> Forecast | Onset:
    """Forecast which of `latent` latents collapse on `output` (rows, D), of a CVAE if `input` (rows, D0) is given.

    Rates are in nats per row, every β is the script's. The default loss is Gaussian with deviation `eta_dec`
    (1, or "learnable").

    With another `likelihood` ("bernoulli", "poisson", "negative-binomial" of a `dispersion` r, "categorical" labels,
    "gaussian-per-pixel", whose noise is learnt) it is the exact β at which complete collapse becomes stable, and an
    estimate of how many latents are active; `loss` is then "nll-sum" or "nll-mean".
    `reading` is how the data are read (`Reading`): `skip_column`, `transpose`, `one_row_per_file`, `one_hot`, `scale`.

    Raises:
        InputError: a parameter out of range, an unknown convention, or data that cannot be used.

    >>> predict("digits", latent=6, beta=80).active
    4
    """
    kept = None if switch("centre", centre) else False
    r = check_likelihood(likelihood, dispersion, reading, input=input, eta_dec=eta_dec, centre=kept)
    if likelihood != GAUSSIAN:
        table, _, remarks = prepare(output, None, reading, gaussian=False)
        found = find_onset(
            table,
            likelihood=likelihood,
            r=r,
            latent=latent,
            beta=beta,
            loss=loss or NLL,
            kl=kl,
            sigma=sigma,
            eta_enc=eta_enc,
        )
        return _warned(found, remarks)
    loss = loss or GAUSSIAN
    read_training(
        loss, kl, beta, eta_dec=eta_dec, latent=latent, unit=True
    )  # before files are read, which takes longer
    target, given, remarks = prepare(output, input, reading)
    best = forecast(
        target,
        given,
        model="vae" if given is None else "cvae",
        latent=latent,
        beta=beta,
        eta_dec=eta_dec,
        eta_enc=eta_enc,
        loss=loss,
        kl=kl,
        sigma=sigma,
        centre=centre,
    )
    return _warned(best, remarks)


def sweep(
    output: Data,
    input: Data | None = None,  # noqa: A002
    *,
    betas: Sequence[float],
    latents: Sequence[int],
    deviations: Sequence[float] | None = None,
    likelihood: str = GAUSSIAN,
    dispersion: float | None = None,
    loss: str | None = None,
    kl: str = "sum",
    keep: int | None = None,
    **reading: Unpack[Reading],
) -> Sweep | OnsetSweep:
    """Active latents on a grid of β, widths and (Gaussian loss only, default 1) decoder deviations; what keeps `keep`.

    With another `likelihood` the counts are estimates. `reading` says how the data are read; both as of `predict`.

    Raises:
        InputError: as `predict`, an empty grid, or more latents to keep than the data have modes.

    >>> [cell.active for cell in sweep("digits", betas=[1, 80, 1000], latents=[6]).cells]
    [6, 4, 0]
    """
    r = check_likelihood(likelihood, dispersion, reading, input=input, deviations=deviations)
    if likelihood != GAUSSIAN:
        table, _, remarks = prepare(output, None, reading, gaussian=False)
        widths, weights = wholes("latents", latents, 1), positives("betas", betas)
        grid = sweep_onset(
            table, likelihood=likelihood, r=r, latents=widths, betas=weights, loss=loss or NLL, kl=kl, keep=keep
        )
        return _warned(grid, remarks)
    target, given, remarks = prepare(output, input, reading)
    loss = loss or GAUSSIAN
    found = swept(target, given, betas=betas, latents=latents, deviations=deviations, loss=loss, kl=kl, keep=keep)
    return _warned(found, remarks)


def diagnose(
    mean: Data = None,
    variance: Data = None,
    output: Data | None = None,
    input: Data | None = None,  # noqa: A002
    *,
    posterior: str | None = None,
    kind: str = "auto",
    latent: int | None = None,
    beta: float = 1.0,
    eta_dec: float | str | None = None,
    eta_enc: float = 1.0,
    loss: str = "gaussian",
    kl: str = "sum",
    error: float | None = None,
    loss_value: float | None = None,
    epsilon: float = 0.01,
    delta: float = 0.01,
    **reading: Unpack[Reading],
) -> Diagnosis:
    """Diagnose a trained posterior: means and variances (rows, d); with `output`, against the best linear model of it.

    Whether a collapse that a linear model would avoid was lost in training is undecided, unless the model's `error` is
    given, E‖y − ŷ‖² at the means, or its `loss_value`, in the units of `loss` and `kl` without constants, which decides
    if both are.

    `posterior` names an .npz file that has both. `kind` says what `variance` holds: variance, log-variance, deviation
    or log-deviation; auto goes by the name of the array or file, and takes negative values of an array without a
    telling name for logarithms. `latent` is the d that the posterior must have. A latent is
    collapsed if its KL is below `epsilon` nats on all but a share `delta` of the rows.

    Raises:
        InputError: arrays that do not fit together, a variance that is not positive, or as `predict`.
    """
    epsilon, delta = positive("epsilon", epsilon), between("delta", delta, 0, 1)
    found = read_posterior(posterior, mean=mean, variance=variance, kind=kind)
    width = found.mean.shape[1]
    if latent is not None and whole("latent", latent, 1) != width:
        raise InputError(f"the posterior has {width} latents, ‹latent› says {latent}.")
    read_training(loss, kl, beta, eta_dec=eta_dec, unit=True)
    beside = {"input": input, "error": error, "loss_value": loss_value, **changed(reading)}
    for name, value in beside.items():
        if output is None and value is not None:
            raise InputError(f"‹{name}› goes with ‹output›.")
    error = None if error is None else positive("error", error)
    loss_value = None if loss_value is None else positive("loss_value", loss_value)
    trained = None
    if output is not None:
        target, given, remarks = prepare(output, input, reading)
        best = forecast(
            target,
            given,
            model="vae" if given is None else "cvae",
            latent=width,
            beta=beta,
            eta_dec=eta_dec,
            eta_enc=eta_enc,
            loss=loss,
            kl=kl,
        )
        trained = Trained(target, given, _warned(best, remarks), error, loss_value)
    return diagnosed(found, eta_enc_value=eta_enc, trained=trained, epsilon=epsilon, delta=delta)


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


def _warned(found: Warned, remarks: tuple[str, ...]) -> Warned:
    """The record with warnings about the data before its own."""
    return found.model_copy(update={"warnings": (*map(in_python, remarks), *found.warnings)})
