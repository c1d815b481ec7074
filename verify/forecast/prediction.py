"""Which latents will collapse on given data, and at which β, before any training.

The linear VAE and CVAE have closed-form optima that see the data only through θ, the spectrum of
their second moments (`verify.forecast.spectra`). The forecast is that optimum, latent by latent, in
nats. It is for centred data or, which is the same, for a model with biases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from verify.data.chunks import Chunked
from verify.data.data import Floats, Table
from verify.errors import InputError, positive, positives, shown, switch, whole
from verify.forecast.advice import Advice, advise
from verify.forecast.gram import Gram
from verify.forecast.halves import confirmed
from verify.forecast.kernels import closed_forms
from verify.forecast.latents import Forecast, Latent, Script, Status
from verify.forecast.learnt_noise import learn_noise
from verify.forecast.moments import Moments
from verify.forecast.remarks import misleading, scale_free, unconfirmed
from verify.forecast.sampling import Sampling, infer, split
from verify.forecast.spectra import Spectrum, caveats, spectrum, summarise
from verify.forecast.training import Training, Weights, read_training

__all__ = ["predict"]

_MOST_LATENTS = 100_000


class _Modes(NamedTuple):
    """One entry per latent, each of shape (d,)."""

    active: NDArray[np.bool]
    kl: Floats
    distortion: Floats
    beta_collapse: Floats
    misfit: Floats


class _Setting(NamedTuple):
    training: Training
    weights: Weights
    eta_enc: float
    sigma: Floats | None  # ascending; None: learnable
    edges: Floats | None = None  # of a learnt noise: β of KL in nats at which each latent collapses


def predict(
    output: Table | Chunked,
    input: Table | Chunked | None = None,  # noqa: A002
    *,
    model: str,
    latent: int,
    beta: float,
    eta_dec: float | str | None = None,
    eta_enc: float = 1.0,
    loss: str = "gaussian",
    kl: str = "sum",
    sigma: str | Sequence[float] = "learnable",
    centre: bool = True,
) -> Forecast:
    """Forecast the optimal linear model of `output` (n, D) given `input` (n, D0; default: output); Dask arrays too.

    `beta` is that of a script with these `loss` and `kl`, and so is every β in the forecast.
    `sigma` is "learnable" or one positive standard deviation per latent, in any order: at the
    optimum the smallest serves the largest theta, and the forecast lists them so.

    Raises:
        InputError: a parameter is out of range or does not fit the others, or the data are no
            tables of finite numbers with equally many rows.
    """
    kind = _model(model, input)
    count = whole("latent", latent, 1, _MOST_LATENTS)
    training = read_training(loss, kl, beta, eta_dec=eta_dec, latent=latent, unit=True)
    eta_enc, deviations = positive("eta_enc", eta_enc), _deviations(sigma, count)
    moments = summarise(output, input, centre=switch("centre", centre))
    setting = _Setting(training, training.weights(moments.outputs), eta_enc, deviations)
    found = spectrum(moments, kind)
    if training.learnt:
        setting = _learnt(setting, found, count, moments.outputs)
    made = _forecast(kind, count, setting, moments, found)
    sampling = _sampling(kind, count, setting, moments, found)
    warnings = (*made.warnings, *unconfirmed(sampling, made.active), *scale_free(kind, training))
    advice = _advice(count, setting, moments, found)
    return made.model_copy(update={"advice": advice, "sampling": sampling, "warnings": warnings})


def _learnt(setting: _Setting, found: Spectrum, count: int, outputs: int) -> _Setting:
    """The setting at the optimum of the decoder's noise.

    Raises:
        InputError: Σ is fixed, or there is no optimum.
    """
    if setting.sigma is not None:
        raise InputError("with a learnable ‹eta_dec› ‹sigma› must be learnable too; leave it out.")
    noise = learn_noise(np.square(found.theta), count, found.unexplained, outputs, setting.weights.beta)
    training = replace(setting.training, eta_dec=noise.eta_dec)
    return setting._replace(training=training, weights=training.weights(outputs), edges=noise.edges)


def _modes(theta: Floats, setting: _Setting) -> _Modes:
    """The optimum of each mode: theory of claims vae-learnable, vae-fixed, vae-collapse-threshold.

    `theta` (d,) descends. Activity is decided by `beta_collapse` above β, both as the script has them, so that it
    agrees with what is reported.
    """
    sigma, weights = setting.sigma, setting.weights
    values = {"theta": theta, "beta": weights.beta, "eta_dec": weights.eta_dec, "eta_enc": setting.eta_enc}
    kl, distortion, edge, misfit = closed_forms(sigma is None, values if sigma is None else values | {"sigma": sigma})
    beta_collapse = (edge if setting.edges is None else setting.edges) / weights.kl
    active = beta_collapse > setting.training.beta
    # At the boundary itself both closed forms agree up to rounding: a collapsed latent has no rate of its own.
    kl = np.where(active, kl, 0.0) if sigma is None else kl
    return _Modes(active, kl, distortion, beta_collapse, misfit)


def _forecast(
    kind: Literal["vae", "cvae"], count: int, setting: _Setting, moments: Moments | Gram, found: Spectrum
) -> Forecast:
    training, sigma = setting.training, setting.sigma
    beta, eta_dec = np.float64(setting.weights.beta), np.float64(setting.weights.eta_dec)
    with np.errstate(all="ignore"):  # overflow is looked for below, once
        theta = np.zeros(count)
        theta[: len(found.theta)] = found.theta[:count]
        modes = _modes(theta, setting)
        margins = modes.beta_collapse / training.beta - 1.0
        rate = float(modes.kl.sum())
        unserved = float(np.square(found.theta[count:]).sum())
        distortion, misfit = (
            float(left.sum()) + unserved + found.unexplained for left in (modes.distortion, modes.misfit)
        )
        water_level = beta * eta_dec**2
        normaliser = moments.outputs * np.log(2.0 * np.pi * eta_dec**2)
        error, divergence = setting.weights.error * distortion, setting.weights.kl * rate
        if training.learnt:
            error += normaliser / 2  # which training changes, so that it is no constant
        total = error + training.beta * divergence  # −ELBO_β but for its constant, by the definition of r and k
        elbo = -(distortion / eta_dec**2 + normaliser) / 2 - beta * rate
    if water_level == 0.0 or not np.isfinite([elbo, total, water_level, *margins]).all():
        raise InputError(
            "beta, eta_dec, eta_enc and sigma are too far from the scale of the data for float64;"
            " use values nearer to it."
        )
    statuses = _statuses(modes, setting)
    rows = zip(theta, statuses, modes.kl, modes.beta_collapse, margins, strict=True)
    return Forecast(
        model=kind,
        latents=tuple(
            Latent(index=i, theta=t, status=status, kl=kl, beta_collapse=edge, margin=margin)
            for i, (t, status, kl, edge, margin) in enumerate(rows, start=1)
        ),
        active=int(modes.active.sum()),
        collapsed=int((~modes.active).sum()),
        rate=rate,
        distortion=distortion,
        misfit=misfit,
        elbo=elbo,
        kl_weight=setting.weights.beta,
        eta_dec=setting.weights.eta_dec,
        script=Script(
            loss=training.loss,
            learnt=training.learnt,
            kl=training.kl,
            beta=training.beta,
            error=error,
            divergence=divergence,
            total=total,
        ),
        water_level=water_level,
        warnings=(*caveats(moments), *misleading(kind, found, water_level, theta, margins)),
        samples=moments.n,
        advice=None,
        sampling=None,
        centred=moments.centred,
        sigma="learnable" if sigma is None else tuple(sigma.tolist()),
    )


def _advice(count: int, setting: _Setting, moments: Moments | Gram, found: Spectrum) -> Advice | None:
    if setting.sigma is not None or setting.training.learnt:
        return None
    return advise(_modes(found.theta, setting).beta_collapse, setting.training, moments.outputs, count)


def _sampling(kind: str, count: int, setting: _Setting, moments: Moments | Gram, found: Spectrum) -> Sampling | None:
    """What the count says of the population; None where that is not known, as for a level learnt from the same rows."""
    freedom = moments.n - 1 - moments.rank
    known = (
        setting.sigma is None
        and not setting.training.learnt
        and moments.centred
        and (kind == "cvae" or not moments.paired)
    )
    level = setting.weights.water_level
    with np.errstate(over="ignore"):
        if not known or freedom < 1 or not found.theta.any() or not np.isfinite(found.theta[0] ** 2 / level):
            return None
    beside = confirmed(moments, count) if isinstance(moments, Gram) else None
    halves = None if beside is None else split(*beside, level)
    return infer(np.square(found.theta), moments.n, freedom, level, count, halves)


def _statuses(modes: _Modes, setting: _Setting) -> list[Status]:
    """Latents of equal fixed σ can be rotated into one another at no cost: where some of their
    modes are active, no coordinate need be collapsed, but as many directions are.
    """
    if setting.sigma is None:
        return [Status.ACTIVE if active else Status.PRIOR for active in modes.active]
    mixed = np.isin(setting.sigma, setting.sigma[modes.active])
    prior = setting.sigma == setting.eta_enc
    chosen = np.select([modes.active, mixed, prior], [0, 1, 2], default=3)
    order = (Status.ACTIVE, Status.RANK, Status.PRIOR, Status.LOCAL)
    return [order[choice] for choice in chosen]


def _model(model: str, given: Any) -> Literal["vae", "cvae"]:
    if model == "vae":
        return "vae"
    if model != "cvae":
        raise InputError(f"unknown model {shown(model)}; use 'vae' or 'cvae'.")
    if given is None:
        raise InputError("the model 'cvae' needs ‹input›, the condition x.")
    return "cvae"


def _deviations(sigma: Any, count: int) -> Floats | None:
    if isinstance(sigma, str) and sigma == "learnable":
        return None
    if isinstance(sigma, str) or not np.iterable(sigma):
        raise InputError(f"‹sigma› must be 'learnable' or one number per latent, not {shown(sigma)}.")
    values = positives("sigma", sigma)
    if len(values) != count:
        raise InputError(f"‹sigma› has {len(values)} values, ‹latent› is {count}; give one per latent.")
    return np.sort(np.array(values))
