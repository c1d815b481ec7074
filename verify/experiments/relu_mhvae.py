"""ReLU hierarchies of two levels against β_1, β_2 and η_dec, Σ_1 fixed and Σ_2 learnable, beside Theorem 3."""

from __future__ import annotations

from verify.experiments.expectations import Monotone, Ranked
from verify.experiments.experiment import Experiment, Problem, Reading
from verify.experiments.networks import Network, count_directions, count_latents, count_squares, fit
from verify.experiments.theory import Modes, Scales, near_threshold, two_levels, upper_rates
from verify.forecast.moments import second_moments
from verify.forecast.spectra import spectrum
from verify.networks import reconstruct

__all__ = ["BETAS", "ETA"]

LATENTS = (12, 6)
SIGMA_1 = 0.8
SHOWN = 3  # the row whose reconstructions are shown


def _measure(problem: Problem) -> Reading:
    images = problem.images
    y, eta = images.varying(), float(problem.at.get("eta_dec", 1.0))
    betas = float(problem.at.get("beta_1", 1.0)), float(problem.at.get("beta_2", 0.4))
    theta, scales = spectrum(second_moments(y), "vae").theta, Scales(betas, eta)
    net = fit(problem, "mhvae", LATENTS, scales, y, variance=("fixed", "learnable"), deviation=(SIGMA_1, 1.0))

    def predicted(factor: float) -> tuple[int, int]:
        at = Scales((betas[0], betas[1] * factor), eta)
        return _counts(two_levels(theta, LATENTS, at, (SIGMA_1, None)), at)

    low, high = predicted(1.0)
    measured = _counts_of(net)
    return Reading(
        {"active_1": low, "active_2": high},
        measured | {"distortion": net.distortion()},
        near_threshold(predicted),
        net.notes,
        images.picture(reconstruct(net.architecture, net.params, net.data.rows(slice(SHOWN, SHOWN + 1)), level=2)[0]),
    )


def _counts(modes: Modes, scales: Scales) -> tuple[int, int]:
    return count_squares(modes.lamda), count_latents(upper_rates(modes, scales, SIGMA_1))


def _counts_of(net: Network) -> dict[str, int | float | tuple[float, ...]]:
    return {"active_1": count_directions(net.means(), net.scales.eta_enc), "active_2": count_latents(net.rates()[1])}


_COMMON = {
    "claims": ("mhvae-learnable-top", "mhvae-beta-levers"),
    "measure": _measure,
    "shown": {"active_2": "active z_2", "active_1": "active z_1", "distortion": "distortion"},
    "pictures": "one image, encoded up to the mean of z_2 and decoded from there",
    "latents": max(LATENTS),
}
BETAS = Experiment(
    name="relu-mhvae",
    title=f"ReLU MHVAE against β_2 and β_1, Σ_1 fixed at {SIGMA_1}²I, Σ_2 learnable",
    question="Does z_2 collapse as β_2 grows, and does β_1 revive it, as the linear theory says?",
    axes={"beta_2": (0.1, 0.3, 0.6, 1.0, 1.6, 2.5, 4.0), "beta_1": (0.25, 0.5, 1.0, 2.0, 4.0)},
    quick={"beta_2": (0.3, 1.0, 1.6, 4.0), "beta_1": (0.5, 1.0, 2.0)},
    expectations=(
        Ranked("active_2", "beta_2"),
        Ranked("active_1", "beta_1"),
        Monotone("active_2", "beta_2", falls=True),
    ),
    **_COMMON,  # type: ignore[arg-type]
)
ETA = Experiment(
    name="relu-mhvae-eta-dec",
    title=f"ReLU MHVAE against η_dec, Σ_1 fixed at {SIGMA_1}²I, Σ_2 learnable, β_1 = 1",
    question="Does a noisier decoder collapse z_2?",
    axes={"eta_dec": (0.4, 0.6, 0.8, 1.0, 1.3, 1.7, 2.2, 3.0), "beta_2": (0.3, 0.6, 1.0)},
    quick={"eta_dec": (0.7, 1.0, 1.3, 1.45, 1.6, 2.2), "beta_2": (0.6,)},
    expectations=(Ranked("active_2", "eta_dec"), Monotone("active_2", "eta_dec", falls=True)),
    **_COMMON,  # type: ignore[arg-type]
)
