"""Proposition. Letting Σ depend on x changes nothing: the optimal Σ(x) is constant.

Only tr(UΣUᵀ) + βc² tr Σ − βη_dec² log det Σ depends on Σ, so the loss of a random Σ(x) is the mean of the losses.
Per coordinate, with m the mean of σ²(x) and κ = βη_dec², replacing it by m changes the loss by
−κ·E[σ²/m − 1 − log(σ²/m)] ≤ 0, and < 0 unless σ²(x) is constant. Stated here for a law with two values, of
odds 1 : p; the pointwise argument is the same for any law, and for CVAE and MHVAE.
"""

from __future__ import annotations

from sympy import MatrixSymbol, Symbol

from derivations.claim import Always, Certificate, Claim, Domain, Variable
from derivations.models.vae import loss
from derivations.nodes import LogGap, one_mode
from derivations.notation import Sigma, U, V, Z, d, water_level
from derivations.statements.script import combine, definite, inverse_trace, matrix_tangent, supposing
from derivations.variables import SCALES

p = Symbol("p", positive=True)
Sigma_a, Sigma_b = MatrixSymbol("Sigma_a", d, d), MatrixSymbol("Sigma_b", d, d)
mean = (Sigma_a + p * Sigma_b) / (1 + p)

at = {X: loss.subs(Sigma, X) for X in (Sigma_a, Sigma_b)}
varying = (at[Sigma_a] + p * at[Sigma_b]) / (1 + p)

u, v, z = (Symbol(name, real=True) for name in "uvz")
a, b = Symbol("a", positive=True), Symbol("b", positive=True)
scalar = {U: u, V: v, Z: z, Sigma_a: a, Sigma_b: b}
m = (a + p * b) / (1 + p)

CLAIM = Claim(
    id="vae-input-dependent-variance",
    title="an input-dependent Σ(x) gains nothing",
    source="arXiv 2306.05023, on data-dependent encoder variance",
    text="For any U, V and any law of Σ(x), the loss is at least that of the constant Σ = E Σ(x).",
    variables=(
        Variable(U, Domain.MATRIX, "decoder"),
        Variable(V, Domain.MATRIX, "whitened encoder"),
        Variable(Z, Domain.MATRIX, "E[yx̃ᵀ]"),
        Variable(Sigma_a, Domain.DIAGONAL, "Σ(x) on one part of the inputs"),
        Variable(Sigma_b, Domain.DIAGONAL, "Σ(x) on the rest"),
        Variable(p, Domain.POSITIVE, "odds of the rest"),
        *SCALES,
    ),
    statements=(
        Always(
            "the mean is at least as good",
            varying >= loss.subs(Sigma, mean),
            proof=supposing(
                definite(mean),
                then=combine(
                    (water_level / (1 + p), matrix_tangent(Sigma_a, mean)),
                    (water_level * p / (1 + p), matrix_tangent(Sigma_b, mean)),
                    (water_level, inverse_trace(mean)),
                ),
            ),
        ),
    ),
    proof=(
        Certificate(
            "one coordinate",
            one_mode(varying, scalar) - one_mode(loss.subs(Sigma, mean), scalar),
            (water_level * LogGap(a / m) / (1 + p), water_level * p * LogGap(b / m) / (1 + p)),
        ),
    ),
    uses=("elbo-vae",),
)
