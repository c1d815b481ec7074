"""The linear CVAE: q(z|x, y) = N(W_1x + W_2y, Σ), p(y|z, x) = N(U_1z + U_2x, η_dec²I).

Every admissible triple of moments is A = HHᵀ, C = KA, B = E + KAKᵀ with E = GGᵀ: K is any regression
matrix of y on x (CA⁺ on the range of A), E the conditional second moment of y. A may be singular.
"""

from __future__ import annotations

from sympy import Identity, Trace, log, pi

from derivations.algebra.nodes import Diagonal, LogDet, square
from derivations.models.density import Factor, LinearGaussian, Noise
from derivations.notation import (
    D0,
    U1,
    U2,
    W1,
    W2,
    D,
    G,
    H,
    K,
    R,
    Sigma,
    T,
    beta,
    c,
    d,
    eta_dec,
    eta_enc,
    nu,
    omega,
    sigma,
    theta,
)

__all__ = ["FRAMES", "MODEL", "MOMENTS", "distortion", "loss", "second_moment"]

A = H * H.T

# In terms of x and the residual r = y − Kx: ŷ − y = (U_1P + U_2 − K)x + (U_1W_2 − I)r, P = W_1 + W_2K.
P = W1 + W2 * K
_on_x = (U1 * P + U2 - K) * H
_on_r = (U1 * W2 - Identity(D)) * G

distortion = square(_on_x) + square(_on_r) + Trace(U1 * Sigma * U1.T)
"""E‖y − ŷ‖² with z drawn from q."""

loss = distortion + beta * c**2 * (square(P * H) + square(W2 * G) + Trace(Sigma)) - beta * eta_dec**2 * LogDet(Sigma)
"""F = η_dec²·(−2·ELBO_β) without the constants."""

constants = D * log(2 * pi * eta_dec**2) + beta * d * (log(eta_enc**2) - 1)

mean = {"x": W1, "y": W2}
MODEL = LinearGaussian(
    factors=(
        Factor({"y": Identity(D) - U1 * W2, "x": -U1 * W1 - U2, "e": -U1}, eta_dec**2),
        Factor({**mean, "e": Identity(d)}, eta_enc**2, beta),
    ),
    noises={"e": Noise(Sigma, beta)},
    moments={("x", "x"): A, ("y", "y"): G * G.T + K * A * K.T, ("y", "x"): K * A},
    loss=loss,
    constants=constants,
    small={D: 2, d: 2, D0: 1},
)

second_moment = P * A * P.T + W2 * G * G.T * W2.T + Sigma
"""E[zzᵀ]."""

MOMENTS = {G: R * Diagonal(theta, D, D)}
FRAMES = {
    U1: R * Diagonal(omega, D, d) * T.T,
    W2: T * Diagonal(nu, d, D) * R.T,
    U2: K,
    W1: -W2 * K,
    Sigma: T * Diagonal(sigma**2, d, d) * T.T,
}
