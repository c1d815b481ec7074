"""ReLU CVAEs, additive as in the paper, against β and η_dec: what the residual's spectrum predicts.

The linear theory knows the residual of the best linear regression. A network's d_2(x) may explain more of y, so that
less is left for the latents: the same formulas at the spectrum of y − d_2(x), of the trained network, predict again.
"""

from __future__ import annotations

import numpy as np

from verify.experiments.expectations import Monotone, Ranked
from verify.experiments.experiment import Experiment, Problem, Reading
from verify.experiments.networks import count_latents, fit
from verify.experiments.theory import Scales, learnable_vae, near_threshold
from verify.forecast.moments import second_moments
from verify.forecast.spectra import spectrum

__all__ = ["BETA_ETA"]

LATENT = 12


def _measure(problem: Problem) -> Reading:
    images = problem.images
    given = images.quarter()
    y, x = images.varying(~given), images.varying(given)
    beta, eta = float(problem.at["beta"]), float(problem.at["eta_dec"])
    theta = spectrum(second_moments(y, x), "cvae").theta
    net = fit(problem, "cvae", (LATENT,), Scales(beta, eta), y, x)
    kl = net.rates()[0]

    def predicted(factor: float) -> int:
        return count_latents(learnable_vae(theta, LATENT, Scales(factor * beta, eta)).kl)

    modes = learnable_vae(theta, LATENT, Scales(beta, eta))
    theory = {"active": predicted(1.0), "kl": float(np.sum(modes.kl))}  # type: ignore[arg-type]
    theory["own"] = count_latents(learnable_vae(net.residual(), LATENT, Scales(beta, eta)).kl)
    measured = {"active": count_latents(kl), "kl": float(kl.sum()), "distortion": net.distortion()}
    measured["own"] = measured["active"]
    return Reading(theory, measured, near_threshold(predicted), net.notes)


BETA_ETA = Experiment(
    name="relu-cvae",
    title="ReLU CVAE against β and η_dec, the lower-left quarter given",
    question="Does the spectrum of the linear residual predict how many latents a ReLU CVAE keeps?",
    claims=("cvae-learnable", "cvae-residual-reduction"),
    axes={"beta": (0.1, 0.2, 0.4, 0.7, 1.1, 1.8, 3.5), "eta_dec": (0.6, 0.85, 1.2, 1.7)},
    quick={"beta": (0.2, 0.5, 1.0), "eta_dec": (0.6, 0.85, 1.1, 1.4)},
    measure=_measure,
    expectations=(Ranked("active", "beta"), Ranked("active", "eta_dec"), Monotone("kl", "beta", falls=True)),
    shown={"active": "active", "own": "own residual", "kl": "KL (nats)"},
    latents=LATENT,
)
