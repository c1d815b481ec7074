"""ReLU VAEs with Σ learnable (one for all inputs, or a head) and fixed, beside the linear theory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from verify.experiments.expectations import Ranked, Shown
from verify.experiments.experiment import Experiment, Problem, Reading
from verify.experiments.networks import EPSILON, count_directions, count_latents, count_squares, fit
from verify.experiments.records import Cell, Quantity
from verify.experiments.theory import Scales, fixed_vae, learnable_vae, near_threshold
from verify.forecast.moments import second_moments
from verify.forecast.spectra import spectrum

__all__ = ["VARIANCE"]

LATENT = 12
SIGMA = 0.6


def _measure(problem: Problem) -> Reading:
    y, scales = problem.images.varying(), Scales(float(problem.at["beta"]))
    theta, mode = spectrum(second_moments(y), "vae").theta, str(problem.at["variance"])
    fixed = mode == "fixed"
    net = fit(problem, "vae", (LATENT,), scales, y, variance=mode, deviation=SIGMA if fixed else 1.0)
    means, kl = net.means(), net.rates()[0]

    def predicted(factor: float) -> int:
        at = Scales(factor * float(problem.at["beta"]))
        if fixed:
            return count_squares(fixed_vae(theta, LATENT, at, SIGMA).lamda)
        return count_latents(learnable_vae(theta, LATENT, at).kl)

    theory: dict[str, Quantity] = {"active": predicted(1.0)}
    measured: dict[str, Quantity] = {
        "active": count_directions(means, scales.eta_enc) if fixed else count_latents(kl),
        "silent": int((means.var(0) <= 2 * EPSILON).sum()),
        "kl": float(kl.sum()),
        "distortion": net.distortion(),
    }
    if not fixed:
        modes = learnable_vae(theta, LATENT, scales)
        theory["kl"] = float(np.sum(modes.kl))  # type: ignore[arg-type]
    return Reading(theory, measured, near_threshold(predicted), net.notes)


def _rotated(cells: Sequence[Cell]) -> tuple[bool, str, tuple[str, ...]]:
    """While directions are lost, do learnable coordinates fall silent, and fixed ones not?"""
    gaps: dict[str, list[int]] = {}
    for cell in cells:
        lost = LATENT - int(cell.measured["active"])  # type: ignore[arg-type]
        if 0 < lost < LATENT - 1:
            gaps.setdefault(str(cell.at["variance"]), []).append(lost - int(cell.measured["silent"]))  # type: ignore[arg-type]
    means = {kind: float(np.mean(values)) for kind, values in gaps.items()}
    words = ", ".join(f"{kind} {value:.1f}" for kind, value in means.items())
    free = [value for kind, value in means.items() if kind != "fixed"]
    holds = bool(free) and "fixed" in means and max(free) < 1 < means["fixed"]
    return holds, f"lost directions less silent coordinates, on average: {words}", ()


VARIANCE = Experiment(
    name="relu-vae-variance",
    title=f"ReLU VAE with Σ learnable, from a head, or fixed at {SIGMA}²I",
    question="Do measured counts follow the predicted ones, and does a fixed Σ keep coordinates from collapsing?",
    claims=("vae-collapse-threshold", "vae-fixed", "vae-fixed-isotropic-rotation", "vae-input-dependent-variance"),
    axes={"beta": (0.3, 0.5, 0.8, 1.1, 1.5, 2.0, 2.6, 3.3, 4.2, 5.5), "variance": ("learnable", "head", "fixed")},
    quick={"beta": (0.5, 1.1, 2.0, 3.3, 5.5), "variance": ("learnable", "head", "fixed")},
    measure=_measure,
    expectations=(
        Ranked("active", "beta"),
        Shown(
            "a lost direction is a silent coordinate where Σ is learnable, not where it is fixed",
            "less than 1 for learnable Σ, more than 1 for fixed",
            _rotated,
        ),
    ),
    shown={"active": "active", "silent": "silent", "kl": "KL (nats)"},
    latents=LATENT,
)
