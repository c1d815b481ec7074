"""Variable projection: the encoder (and a full learnable Σ) eliminated, the loss as a function of U alone.

For fixed U the best encoder is V* = Q⁻¹UᵀZ with Q = UᵀU + βc²I, and

    F(U, V*, Σ) = βc² tr(Zᵀ(UUᵀ + βc²I)⁻¹Z) + tr(ΣQ) − βη_dec² log det Σ;

the best full Σ is Σ* = βη_dec²Q⁻¹, which leaves βη_dec²(d − log det Σ*). By Hadamard's inequality log det of a
diagonal Σ with the same diagonal of Σ⁻¹ is no larger, so the diagonal problem has the same minimum (rotate z).
For a fixed diagonal Σ rotating z to the best pairing replaces tr(UΣUᵀ) by Σ σ_i²λ_i(UᵀU) (lemma-alignment).
"""

from __future__ import annotations

from sympy import Identity, Trace, log

from derivations.claim import THEORY, Always, Claim, Domain, Same, Variable
from derivations.models.vae import loss
from derivations.nodes import Diagonal, LogDet, Paired, SumModes
from derivations.notation import D, Sigma, U, V, Z, beta, c, d, sigma, water_level
from derivations.statements.script import paired
from derivations.variables import SCALES

Q = U.T * U + beta * c**2 * Identity(d)
best_encoder = Q.inverse() * U.T * Z
best_variance = water_level * Q.inverse()

fit = beta * c**2 * Trace(Z.T * (U * U.T + beta * c**2 * Identity(D)).inverse() * Z)
reduced_fixed = fit + Trace(Sigma * Q) - water_level * LogDet(Sigma)
reduced_learnable = fit + water_level * (d - LogDet(best_variance))
# Σ = diag(σ_i²) ascending: rotating z to the best pairing leaves Σ σ_i² times the eigenvalues of UᵀU.
spread = Paired(U.T * U, sigma**2)
rotated_fixed = fit + spread + SumModes(beta * c**2 * sigma**2 - water_level * log(sigma**2), 0, d)

CLAIM = Claim(
    id="lemma-variable-projection",
    title="the loss with encoder and variance eliminated",
    source=THEORY,
    text="F at V* = (UᵀU + βc²I)⁻¹UᵀZ, and at Σ* = βη_dec²(UᵀU + βc²I)⁻¹, as functions of U alone.",
    variables=(
        Variable(U, Domain.MATRIX, "decoder"),
        Variable(Sigma, Domain.DEFINITE, "encoder variance"),
        Variable(Z, Domain.MATRIX, "E[yx̃ᵀ]"),
        Variable(sigma, Domain.DEVIATIONS, "σ_1 ≤ σ_2 ≤ …"),
        *SCALES,
    ),
    statements=(
        Same("encoder eliminated", loss.xreplace({V: best_encoder}), reduced_fixed),
        Same(
            "encoder and variance eliminated", loss.xreplace({V: best_encoder, Sigma: best_variance}), reduced_learnable
        ),
        Always(
            "rotation eliminated",
            Trace(U * Diagonal(sigma**2, d, d) * U.T) >= spread,
            proof=paired(U.T * U, sigma**2, sigma),
        ),
    ),
    uses=("elbo-vae", "lemma-alignment"),
)
