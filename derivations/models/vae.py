"""The linear VAE: q(z|x) = N(Vx̃, Σ), p(y|z) = N(Uz, η_dec²I), p(z) = N(0, η_enc²I).

x̃ is the whitened input, Z = E[yx̃ᵀ] (lemma-whitening returns to raw inputs). The loss is the paper's, with
every constant of −2·ELBO_β kept beside it; `elbo-vae` derives it from the densities.
"""

from __future__ import annotations

from sympy import Identity, Trace, log, pi

from derivations.algebra.nodes import Diagonal, LogDet, square
from derivations.models.density import Factor, LinearGaussian, Noise
from derivations.models.gaussian import prior_kl
from derivations.notation import (
    B,
    D,
    R,
    S,
    Sigma,
    T,
    U,
    V,
    Z,
    beta,
    c,
    d,
    eta_dec,
    eta_enc,
    lamda,
    omega,
    r,
    sigma,
    theta,
)

__all__ = ["FRAMES", "MODEL", "MOMENTS", "distortion", "loss", "misfit", "rate", "second_moment"]

misfit = square(U * V - Z)
"""E‖y − ŷ‖² at the posterior means, less tr B − ‖Z‖², which no choice of U, V, Σ changes."""

distortion = misfit + Trace(U * Sigma * U.T)
"""E‖y − ŷ‖² with z drawn from q, less the same."""

loss = distortion + beta * c**2 * (square(V) + Trace(Sigma)) - beta * eta_dec**2 * LogDet(Sigma)
"""F = η_dec²·(−2·ELBO_β) without the constants: the paper's matrix loss."""

constants = D * log(2 * pi * eta_dec**2) + (Trace(B) - square(Z)) / eta_dec**2 + beta * d * (log(eta_enc**2) - 1)

mean = {"x": V}
MODEL = LinearGaussian(
    factors=(
        Factor({"y": Identity(D), "x": -U * V, "e": -U}, eta_dec**2),
        Factor({**mean, "e": Identity(d)}, eta_enc**2, beta),
    ),
    noises={"e": Noise(Sigma, beta)},
    moments={("x", "x"): Identity(r), ("y", "y"): B, ("y", "x"): Z},
    loss=loss,
    constants=constants,
    small={D: 2, d: 2, r: 2},
)

rate = prior_kl(mean, MODEL.moments, Sigma, eta_enc**2)
"""E KL(q ‖ p), nats."""

second_moment = V * V.T + Sigma
"""E[zzᵀ]."""

MOMENTS = {Z: R * Diagonal(theta, D, r) * S.T}
FRAMES = {
    U: R * Diagonal(omega, D, d) * T.T,
    V: T * Diagonal(lamda, d, r) * S.T,
    Sigma: T * Diagonal(sigma**2, d, d) * T.T,
}
