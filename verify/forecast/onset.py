"""Where complete collapse of decoders that are not Gaussian stops being stable, and how many latents are then used.

The first is exact: complete collapse is a saddle iff β < λ_1(S) (`verify.forecast.scores`). The second, the number of
eigenvalues of S above β, is exact for Gaussian decoders and an estimate for all others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from derivations.models.conventions import KLS, NLLS, nats
from derivations.models.likelihoods import CATEGORICAL, fixed_threshold, largest, smallest
from derivations.theorems.networks import score_threshold
from verify.data.chunks import Chunked
from verify.data.data import Table
from verify.errors import InputError, choice, positive, positives, shown, whole
from verify.forecast.onset_bounds import bounds_on_optimality, evaluated, gain_below
from verify.forecast.onsets import Mode, Onset, OnsetSweep, Setting
from verify.forecast.score_spectrum import ScoreSpectrum, measured_spectrum
from verify.forecast.scores import GAUSSIAN, KNOWN
from verify.forecast.training import Training

__all__ = ["NLL", "check_likelihood", "find_onset", "sweep_onset"]

NLL = "nll-sum"
"""The loss where none is given."""


def check_likelihood(likelihood: Any, r: Any, reading: Mapping[str, object], **unused: Any) -> float | None:
    """The dispersion, checked; `unused` are parameters, by name, that go with a Gaussian decoder only.

    Raises:
        InputError: an unknown likelihood, a dispersion where there is none or none where there must be one, or one of
            the others given.
    """
    choice("likelihood", likelihood, KNOWN, "likelihood")
    if likelihood != GAUSSIAN:
        for name, value in unused.items():
            if value is not None:
                raise InputError(f"‹{name}› goes with ‹likelihood='gaussian'›; leave it out.")
    if likelihood == CATEGORICAL and reading.get("one_hot") is not None:
        raise InputError("‹likelihood='categorical'› takes the labels themselves; leave ‹one_hot› out.")
    if likelihood == "negative-binomial":
        if r is None:
            raise InputError("‹likelihood='negative-binomial'› needs ‹dispersion›, the r of Var y = m + m²/r.")
        return positive("dispersion", r)
    if r is not None:
        raise InputError("‹dispersion› goes with ‹likelihood='negative-binomial'›; leave it out.")
    return None


def find_onset(
    table: Table | Chunked,
    *,
    likelihood: str,
    r: float | None,
    latent: int,
    beta: float,
    loss: str,
    kl: str,
    sigma: str | Sequence[float] = "learnable",
    eta_enc: float = 1.0,
) -> Onset:
    """The forecast for a VAE of `table` (n, D); β, `loss` (of NLLS) and `kl` are a script's.

    Raises:
        InputError: a parameter out of range, or data that the likelihood does not have.
    """
    training, least = _training(loss, kl, beta, latent), _least(sigma, latent, positive("eta_enc", eta_enc))
    found = measured_spectrum(table, likelihood, r)
    unit = _unit(training, table.shape[1])
    level, first = unit * training.beta, float(found.values[0])
    values = {largest: first, smallest: least or 1.0}
    threshold, filtered = (
        evaluated(fixed_threshold, values),
        evaluated(fixed_threshold, values | {largest: found.filtered}),
    )
    stable = threshold <= level
    bounds = tuple(bounds_on_optimality(found, likelihood, threshold, least, unit))
    edges = found.values / (least or 1.0) ** 2
    return Onset(
        likelihood=likelihood,
        dispersion=r,
        samples=found.n,
        outputs=found.scores.outputs,
        constant=found.scores.constant,
        rare=found.scores.rare,
        modes=tuple(
            Mode(index=i, eigenvalue=x, beta=x / unit, above=bool(x > level))
            for i, x in enumerate(map(float, edges[:latent]), start=1)
        ),
        threshold=threshold / unit,
        claim=score_threshold.CLAIM.id,
        expected=str(score_threshold.CLAIM.expected),
        filtered=filtered / unit,
        effective_outputs=found.outputs,
        effective_samples=found.samples,
        stable=stable,
        gain=None if least else gain_below(found, likelihood, level),
        bounds=bounds,
        optimal=any(bound.says_optimal(training.beta) for bound in bounds),
        estimate=int((edges[:latent] > level).sum()),
        above=int((edges > level).sum()),
        collapsed_loss=found.scores.entropy,
        latent=latent,
        beta=training.beta,
        loss=training.loss,
        kl=training.kl,
        kl_weight=level,
        sigma="learnable" if least is None else "fixed",
        warnings=tuple(_warnings(found, likelihood, least, threshold, filtered, level)),
    )


def sweep_onset(
    table: Table | Chunked,
    *,
    likelihood: str,
    r: float | None,
    latents: Sequence[int],
    betas: Sequence[float],
    loss: str,
    kl: str,
    keep: int | None,
) -> OnsetSweep:
    """The same on a grid, Σ learnable.

    Raises:
        InputError: as `find_onset`, or more latents to keep than S has eigenvalues above 0.
    """
    trainings = [_training(loss, kl, beta, latent) for latent in latents for beta in betas]
    keep = None if keep is None else whole("keep", keep, 1)
    found = measured_spectrum(table, likelihood, r)
    values = found.values[found.values > 0]
    if keep is not None and keep > len(values):
        raise InputError(f"‹keep› {keep} is not possible: S has {len(values)} eigenvalues above 0.")
    cells = []
    for training in trainings:
        unit, latent = _unit(training, table.shape[1]), training.latent or 0
        level = unit * training.beta
        kept = None
        if keep is not None and keep <= latent:
            below = float(values[keep]) if keep < len(values) and keep < latent else 0.0
            kept = (below / unit, float(values[keep - 1]) / unit)
        cells.append(
            Setting(
                beta=training.beta,
                latent=latent,
                threshold=float(values[0]) / unit,
                stable=bool(values[0] <= level),
                estimate=int((values[:latent] > level).sum()),
                keep=kept,
            )
        )
    return OnsetSweep(
        likelihood=likelihood,
        rows=found.n,
        loss=loss,
        kl=kl,
        eigenvalues=tuple(map(float, values[: max(latents)])),
        keep=keep,
        cells=tuple(cells),
        warnings=tuple(_warnings(found, likelihood, None, float(values[0]), found.filtered, None)),
    )


def _training(loss: str, kl: str, beta: float, latent: int) -> Training:
    choice("loss", loss, NLLS, "loss convention of a likelihood that is not Gaussian")
    choice("kl", kl, KLS, "KL convention")
    return Training(loss, kl, positive("beta", beta), None, whole("latent", latent, 1))


def _unit(training: Training, outputs: int) -> float:
    """β in nats of one β of the script."""
    return training.number(nats(NLLS[training.loss], KLS[training.kl]), training.loss, outputs) / training.beta


def _least(sigma: Any, latent: int, eta_enc: float) -> float | None:
    """The least σ in units of the prior; None if Σ is learnable."""
    if isinstance(sigma, str) and sigma == "learnable":
        return None
    if isinstance(sigma, str) or not np.iterable(sigma):
        raise InputError(f"‹sigma› must be 'learnable' or one number per latent, not {shown(sigma)}.")
    values = positives("sigma", sigma)
    if len(values) != latent:
        raise InputError(f"‹sigma› has {len(values)} values, ‹latent› is {latent}; give one per latent.")
    return min(values) / eta_enc


def _warnings(
    found: ScoreSpectrum, likelihood: str, least: float | None, threshold: float, filtered: float, level: float | None
) -> Iterator[str]:
    if found.scores.constant:
        many = "1 column is" if found.scores.constant == 1 else f"{found.scores.constant} columns are"
        learnt = ", whose learnt noise goes to 0 and the loss to −∞" if likelihood == "gaussian-per-pixel" else ""
        yield f"{many} constant and left out{learnt}."
    if found.scores.grey:
        yield "values between 0 and 1 are no samples of a Bernoulli variable: the loss is no likelihood of them."
    if likelihood == "gaussian-per-pixel":
        yield "with a learnt noise this is about stability only: the loss itself can be unbounded below."
    if level is not None and filtered <= level < threshold:
        yield "only values in fewer than 1 % of the rows make complete collapse a saddle here, and they gain little."
    elif 2 * filtered < threshold:
        yield f"λ_1 rests on values in fewer than 1 % of the rows; without them it is {filtered:.5g} (KL in nats)."
    if least is not None and likelihood not in ("bernoulli", CATEGORICAL):
        yield "with Σ fixed the threshold is λ_1/σ²_min, σ_min in units of the prior."
