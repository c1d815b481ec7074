"""Elimination: completing the square in the decoder, for any Σ ≻ 0 (diagonal or not).

With M = VVᵀ + Σ = E[zzᵀ], U* = ZVᵀM⁻¹ and N = I + VᵀΣ⁻¹V,

    F(U, V, Σ) = tr((U − U*)M(U − U*)ᵀ) + tr(ZN⁻¹Zᵀ) + βc² tr M − βη_dec² log det Σ,

so F ≥ its value at U*, with equality iff U = U*. For fixed V the rest of the argument sees U no more.
"""

from __future__ import annotations

from sympy import Identity, Trace

from derivations.claim import THEORY, Claim, Domain, Same, Variable
from derivations.models.vae import loss
from derivations.nodes import LogDet
from derivations.notation import Sigma, U, V, Z, beta, c, eta_dec, r
from derivations.variables import SCALES

M = V * V.T + Sigma
best = Z * V.T * M.inverse()
N = Identity(r) + V.T * Sigma.inverse() * V

CLAIM = Claim(
    id="lemma-complete-square",
    title="eliminating the decoder leaves tr(ZN⁻¹Zᵀ) + βc² tr M",
    source=THEORY,
    text="F is a square in U − U* plus a function of V and Σ alone, for any V and any Σ ≻ 0.",
    variables=(
        Variable(U, Domain.MATRIX, "decoder"),
        Variable(V, Domain.MATRIX, "whitened encoder"),
        Variable(Sigma, Domain.DEFINITE, "encoder variance"),
        Variable(Z, Domain.MATRIX, "E[yx̃ᵀ]"),
        *SCALES,
    ),
    statements=(
        Same(
            "completed square",
            loss,
            Trace((U - best) * M * (U - best).T)
            + Trace(Z * N.inverse() * Z.T)
            + beta * c**2 * Trace(M)
            - beta * eta_dec**2 * LogDet(Sigma),
        ),
    ),
)
