"""Proposition (fixed Σ with distinct σ_i). At every stationary point UᵀUΣ = βc²VVᵀ; the right side is symmetric,
so UᵀU commutes with Σ and is diagonal. Every minimiser therefore has exactly d − #{i ≤ d: θ_i > √βcσ_i} zero columns
in U, and they are those of the largest σ.

The identity behind it: Uᵀ∇_U F − ∇_V F Vᵀ = 2(UᵀUΣ − βc²VVᵀ), for every U and V.
"""

from __future__ import annotations

from sympy import Eq, MatMul

from derivations.algebra.calculus import gradient
from derivations.claim import Always, Claim, Domain, Same, Variable
from derivations.models.vae import MOMENTS, loss
from derivations.nodes import Diagonal, ZeroRows, count
from derivations.notation import D, R, Sigma, U, V, beta, c, d, omega, sigma
from derivations.statements.script import over_modes, zero_rows
from derivations.theorems.vae.vae_fixed import ACTIVE, MODES
from derivations.variables import FRAME, INPUT_FRAME, SCALES, SPECTRUM

difference = U.T * gradient(loss, U) - MatMul(gradient(loss, V), V.T)

CLAIM = Claim(
    id="vae-fixed-distinct-zero-columns",
    title="distinct fixed σ_i force zero columns",
    source="arXiv 2306.05023, fixed Σ",
    text="With distinct σ_i every minimiser's UᵀU is diagonal and U has exactly d − #{i ≤ d: θ_i > √βcσ_i} zero "
    "columns, those of the largest σ.",
    variables=(
        SPECTRUM,
        *SCALES,
        FRAME,
        INPUT_FRAME,
        Variable(sigma, Domain.DISTINCT, "σ_1 < σ_2 < …"),
        Variable(U, Domain.MATRIX, "any decoder"),
        Variable(V, Domain.MATRIX, "any encoder"),
    ),
    definitions={**MOMENTS, Sigma: Diagonal(sigma**2, d, d)},
    statements=(
        Same("stationarity", difference, 2 * (U.T * U * Sigma - beta * c**2 * V * V.T)),
        Always(
            "zero columns of the minimiser",
            Eq(ZeroRows(Diagonal(omega, d, D) * R.T), d - count(ACTIVE, 0, d)),
            definitions=MODES,
            proof=over_modes(d, zero_rows(Diagonal(omega, d, D) * R.T)),
        ),
    ),
    uses=("vae-fixed",),
)
