"""Proposition (any law with these second moments, centred). The loss of a linear VAE depends on the law of (x, y) only
through A = E[xxᵀ], C = E[yxᵀ] and B = E[yyᵀ]: here for a law of N equally likely points, the columns of X and Y,

    E‖y − UWx‖² = tr(UWAWᵀUᵀ) − 2 tr(UWCᵀ) + tr B,    E‖Wx‖² = tr(WAWᵀ).

So the linear optimum is that of the Gaussian law with these moments; non-linear networks contain the linear ones; hence
their optimum on *any* such law is at most the linear one, which for the Gaussian law is the true optimum
(rate-distortion-bound): among laws with given second moments the Gaussian is the hardest to represent.
"""

from __future__ import annotations

from sympy import Eq, MatrixSymbol, Rational, Symbol, Trace

from derivations.claim import THEORY, Claim, Domain, Observation, Observed, Same, Variable
from derivations.models.networks import loss, start
from derivations.nodes import LogDet, square
from derivations.notation import D0, D, Sigma, beta, c, d, eta_dec, eta_enc
from derivations.theorems.vae.rate_distortion_bound import attained

N = Symbol("N", integer=True, positive=True)
X, Y = MatrixSymbol("X", D0, N), MatrixSymbol("Y", D, N)
U, W = MatrixSymbol("U", D, d), MatrixSymbol("W", d, D0)

A, B, C = X * X.T / N, Y * Y.T / N, Y * X.T / N
of_points = square(U * W * X - Y) / N
of_moments = Trace(U * W * A * W.T * U.T) - 2 * Trace(U * W * C.T) + Trace(B)

rest = Trace(U * Sigma * U.T) + beta * c**2 * Trace(Sigma) - beta * eta_dec**2 * LogDet(Sigma)
loss_of_points = of_points + rest + beta * c**2 * square(W * X) / N
loss_of_moments = of_moments + rest + beta * c**2 * Trace(W * A * W.T)

CLAIM = Claim(
    id="gaussian-is-worst",
    title="no law is harder than the Gaussian with its second moments",
    source=THEORY,
    text="For centred data of any law the linear optimum is an upper bound on the non-linear optimum.",
    variables=(
        Variable(X, Domain.MATRIX, "the inputs of N equally likely points"),
        Variable(Y, Domain.MATRIX, "their outputs"),
        Variable(U, Domain.MATRIX),
        Variable(W, Domain.MATRIX),
        Variable(Sigma, Domain.DIAGONAL),
        Variable(beta, Domain.POSITIVE, "KL weight"),
        Variable(eta_dec, Domain.POSITIVE, "decoder noise"),
        Variable(eta_enc, Domain.POSITIVE, "prior scale"),
    ),
    statements=(
        Same("the loss sees second moments only", loss_of_points, loss_of_moments),
        Observed(
            "networks contain the linear optimum",
            Eq(start / attained, 1),
            Observation.WARM,
            Rational(1, 10**8),
            "round-off of a quadrature that is exact for linear networks",
        ),
        Observed(
            "trained from there they are not above it",
            loss <= attained,
            Observation.WARM,
            figure=loss / attained,
            note="{count} networks, laws not Gaussian; loss over linear optimum {least:.4f} to {greatest:.4f}",
        ),
    ),
    proof=(Same("distortion", of_points, of_moments), Same("E‖Wx‖²", square(W * X) / N, Trace(W * A * W.T))),
    uses=("elbo-vae", "vae-learnable"),
)
