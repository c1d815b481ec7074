"""The linear hierarchy of two levels against β_2, with Σ_2 learnable (Theorem 3) and fixed (Theorem 5)."""

from __future__ import annotations

import numpy as np

from verify.data.data import Floats
from verify.experiments.expectations import Close, Monotone, SameCounts
from verify.experiments.experiment import Experiment, Problem, Reading
from verify.experiments.linear_cvae import EXACT, counted
from verify.experiments.optima import mhvae
from verify.experiments.records import Quantity
from verify.experiments.theory import Scales, near_threshold, two_levels
from verify.forecast.moments import second_moments

__all__ = ["BETA_2"]

LATENTS = (16, 8)
SIGMA_1, SIGMA_2 = 0.8, 0.7
_REASON = "the descents' round-off, larger in the curved valleys of a hierarchy"


def _measure(problem: Problem) -> Reading:
    y = problem.images.varying()
    squares, frame = np.linalg.eigh(second_moments(y).B)
    squares = np.maximum(squares, 0.0)
    theta, root = np.sqrt(squares)[::-1], (frame * np.sqrt(squares)) @ frame.T
    beta_2 = float(problem.at["beta_2"])
    deviations = (SIGMA_1, None if problem.at["sigma_2"] == "learnable" else SIGMA_2)
    modes = two_levels(theta, LATENTS, Scales((1.0, beta_2)), deviations)
    found = mhvae(root, LATENTS, Scales((1.0, beta_2)), deviations, problem.seed)
    near = near_threshold(lambda f: two_levels(theta, LATENTS, Scales((1.0, beta_2 * f)), deviations).counts)
    low, high = modes.counts
    theory = _side(low, high, modes.lamda, modes.omega)
    measured = _side(counted(found.lamda), counted(found.omega), found.lamda, found.omega)
    measured |= {"gradient": found.gradient, "spread": found.spread}
    return Reading(theory, measured, near)


def _side(low: int, high: int, lamda: Floats, omega: Floats) -> dict[str, Quantity]:
    return {"active_1": low, "active_2": high, "lambda_1": _sorted(lamda), "omega_2": _sorted(omega)}


def _sorted(values: Floats) -> tuple[float, ...]:
    return tuple(float(x) for x in np.sort(values)[::-1])


BETA_2 = Experiment(
    name="linear-mhvae-beta2",
    title=f"linear MHVAE against β_2, Σ_1 fixed at {SIGMA_1}²I, β_1 = 1",
    question="Does a learnable Σ_2 collapse the second level, and a fixed one not?",
    claims=("mhvae-learnable-top", "mhvae-fixed", "mhvae-beta-levers"),
    axes={
        "beta_2": (0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0),
        "sigma_2": ("learnable", "fixed"),
    },
    quick={"beta_2": (0.1, 0.4, 0.8, 1.2, 2.0, 3.0, 5.0), "sigma_2": ("learnable", "fixed")},
    measure=_measure,
    expectations=(
        Close("lambda_1", EXACT, _REASON),
        Close("omega_2", EXACT, _REASON),
        SameCounts("active_1"),
        SameCounts("active_2"),
        Monotone("active_2", "beta_2", falls=True),
    ),
    shown={"active_2": "active z_2", "active_1": "active z_1", "omega_2": "ω of U_2"},
    latents=max(LATENTS),
)
