"""Which collapse of a trained model was unavoidable on its data, and which its training may have caused.

A linear model is at its optimum only if nothing is left of the output, given the means of its active latents, whose
variance along some direction is above the level βη_dec²: that is what one more latent would carry. So what is left is
asked, and no pairing of latents with modes by rank, which would name a mode that another latent carries. A non-linear
decoder may have it from the active latents already: it is lost only if the model is worse than the best linear one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import numpy as np

from verify.data.chunks import Chunked
from verify.data.data import Floats, Table, block_rows
from verify.errors import InputError, between, positive
from verify.forecast.findings import Best, Diagnosed, Diagnosis, Finding
from verify.forecast.kernels import closed_forms
from verify.forecast.latents import Forecast
from verify.forecast.measured import Measured, measure
from verify.forecast.posterior import Posterior
from verify.forecast.spectra import spectrum, summarise

__all__ = ["Trained", "diagnose"]

_ACTIVE_UNIT = 0.01  # Burda, Grosse, Salakhutdinov 2016: active iff Var_x E[z_i|x] > 0.01, in units of the prior
_EPSILONS = tuple(float(e) for e in np.logspace(-4, 1, 26))


class Trained(NamedTuple):
    """What a model was trained on, the best linear model of that, and how good this one is, if that is known."""

    output: Table | Chunked
    input: Table | Chunked | None
    forecast: Forecast
    error: float | None = None
    """E‖y − ŷ‖² at the means."""
    loss_value: float | None = None
    """In the units of the forecast's script."""


def diagnose(
    posterior: Posterior,
    *,
    eta_enc_value: float,
    trained: Trained | None = None,
    epsilon: float = 0.01,
    delta: float = 0.01,
) -> Diagnosis:
    """Diagnose a posterior (N, d); `trained` has the same rows, and a forecast for as many latents.

    Raises:
        InputError: a number out of range, a forecast of another number of latents or rows, or a KL that overflows.
    """
    mean, variance, assumed, _ = posterior
    eta_enc_value, epsilon, delta = (
        positive("eta_enc", eta_enc_value),
        positive("epsilon", epsilon),
        between("delta", delta, 0, 1),
    )
    _check_fits(mean, trained)
    with np.errstate(all="ignore"):  # overflow is looked for below, once
        measured = measure(mean, variance, eta_enc_value, (epsilon, *_EPSILONS))
        kl, information, spread, below = measured
        finite = np.isfinite(kl) & np.isfinite(information) & np.isfinite(spread)
    if not (finite.all() and np.isfinite(kl.sum())):
        latent = int(np.argmin(finite)) + 1
        raise InputError(
            f"the posterior of latent {latent} has a KL that overflows; its means or variances are no model's."
        )
    # Lucas et al. 2019: a latent is (ε, δ)-collapsed if P(KL_i(x) < ε) ≥ 1 − δ.
    collapsed, *gone = below >= 1 - delta
    silent = ~collapsed & (information < epsilon)
    carries = ~(collapsed | silent)
    order = np.lexsort((-kl, -information, silent, ~carries))  # what is silent may have any KL, and comes last
    active = [int(i) for i in order if carries[i]]
    beside = None if trained is None else _beside(mean, active, trained, epsilon)
    curve = tuple((e, float(lost.mean())) for e, lost in zip(_EPSILONS, gone, strict=True))
    return Diagnosis(
        rows=len(mean),
        assumed=assumed,
        epsilon=epsilon,
        delta=delta,
        latents=tuple(_latents(order, measured, collapsed, silent, beside)),
        kl=float(kl.sum()),
        information=float(information.sum()),
        active_units=int((spread > _ACTIVE_UNIT).sum()),
        collapse_curve=curve,
        best=None if trained is None else _best(trained.forecast),
        lost=beside.lost if beside else None,
        error=trained.error if trained else None,
        loss_value=trained.loss_value if trained else None,
        judged_by=beside.judged_by if beside else None,
        warnings=(*posterior.doubts(eta_enc_value), *(trained.forecast.warnings if trained else ())),
    )


class _Beside(NamedTuple):
    """What the data say about a posterior."""

    keeps: int  # latents of the best linear model
    theta: Floats  # of what the active means leave of the output, descending
    kl: Floats  # that these modes have at the optimum
    lost: int  # how many of them a latent should carry
    judged_by: Literal["loss", "error"] | None
    worse: bool  # than the best linear model, if that can be judged


def _check_fits(mean: Any, trained: Trained | None) -> None:
    if trained is None:
        return
    forecast = trained.forecast
    if len(forecast.latents) != mean.shape[1]:
        raise InputError(f"the posterior has {mean.shape[1]} latents, the forecast {len(forecast.latents)}.")
    if forecast.samples != len(mean):
        raise InputError(
            f"the posterior has {len(mean)} rows, the data {forecast.samples}; they must be the same rows."
        )


def _beside(mean: Any, active: list[int], trained: Trained, epsilon: float) -> _Beside:
    forecast, known = trained.forecast, _conditions(mean, active, trained.input)
    theta = spectrum(summarise(trained.output, known), "vae" if known is None else "cvae").theta
    at = {"theta": theta, "beta": forecast.kl_weight, "eta_dec": forecast.eta_dec, "eta_enc": 1.0}
    modes = closed_forms(True, at)
    above = (modes.edge > forecast.kl_weight) & (modes.kl >= epsilon)  # one that would count as collapsed is not lost
    if trained.loss_value is not None:
        judged: tuple[Any, bool] = ("loss", trained.loss_value > forecast.script.total)
    elif trained.error is not None:
        judged = ("error", trained.error > forecast.misfit)
    else:
        judged = (None, False)
    return _Beside(forecast.active, theta, np.where(above, modes.kl, 0.0), int(above.sum()), *judged)


def _conditions(mean: Any, active: list[int], given: Table | Chunked | None) -> Table | Chunked | None:
    """Input and means of the active latents side by side, of which a block of rows at a time is made."""
    if not active:
        return given
    rows, step = len(mean), block_rows(mean)
    starts = range(0, rows, step)

    def piece(k: int) -> Table:
        part = slice(starts[k], starts[k] + step)
        means = mean[part][:, active].astype(float)
        return means if given is None else np.hstack([given[part].astype(float), means])

    width = len(active) + (0 if given is None else given.shape[1])
    return Chunked([min(step, rows - start) for start in starts], width, float, piece)


def _latents(order: Any, found: Measured, collapsed: Any, silent: Any, beside: _Beside | None) -> Iterator[Diagnosed]:
    free = 0  # latents so far that carry nothing, each of which could carry one mode of what is left
    for rank, i in enumerate(order, 1):
        mode: tuple[float | None, float | None] = (None, None)
        if beside is not None and (collapsed[i] or silent[i]):
            if free < len(beside.theta):
                mode = float(beside.theta[free]), float(beside.kl[free])
            free += 1
        if silent[i]:
            finding = Finding.UNINFORMATIVE
        elif beside is None:
            finding = Finding.COLLAPSED if collapsed[i] else Finding.ACTIVE
        elif collapsed[i]:
            finding = _collapsed(free <= beside.lost, beside)
        else:
            finding = Finding.ACTIVE if rank <= beside.keeps else Finding.OVERACTIVE
        yield Diagnosed(
            rank=rank,
            latent=int(i) + 1,
            kl=float(found.kl[i]),
            information=float(found.information[i]),
            offset=float(found.kl[i] - found.information[i]),
            mean_variance=float(found.spread[i]),
            collapsed=bool(collapsed[i]),
            theta_left=mode[0],
            kl_left=mode[1],
            finding=finding,
        )


def _collapsed(above: bool, beside: _Beside) -> Finding:
    if not above:
        return Finding.UNAVOIDABLE
    if beside.judged_by is None:
        return Finding.UNDECIDED
    return Finding.LOST if beside.worse else Finding.NOT_NEEDED


def _best(forecast: Forecast) -> Best:
    return Best(
        water_level=forecast.water_level,
        active=forecast.active,
        kl=tuple(latent.kl for latent in forecast.latents),
        misfit=forecast.misfit,
        script=forecast.script,
    )
