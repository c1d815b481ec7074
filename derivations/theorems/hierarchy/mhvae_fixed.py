"""Theorem 5 (linear MHVAE, Σ_1 = σ_1²I and Σ_2 = σ_2²I fixed). With k = √(β_1β_2)cσ_1σ_2, m = β_2c²σ_2²/(√β_1σ_1), for
modes i ≤ min(d_1, d_2):

    both active    θ² > k and θ > m:  λ² = s_1 − σ_1² with s_1 = (θ²σ_1²/(√(β_1β_2)cσ_2))^{2/3},
                                      ω² = (√(β_1β_2s_1)c/σ_2 − β_2c²)/β_1;
    z_2 only       θ² ≤ k and √β_1σ_1 > √β_2cσ_2:  λ = 0, ω² = √β_2cσ_1/(√β_1σ_2) − (β_2/β_1)c²;
    z_1 only       √β_1σ_1 < θ ≤ m:  λ² = σ_1(θ/√β_1 − σ_1), ω = 0;
    none           otherwise;

U_1 = ZV_1ᵀ(V_1V_1ᵀ + Σ_1)⁻¹, W_2 = β_1(β_1U_2ᵀU_2 + β_2c²I)⁻¹U_2ᵀ. Modes with i > d_2 have ω = 0 and
λ² = σ_1(θ/√β_1 − σ_1)₊.
"""

from __future__ import annotations

from sympy import And, Piecewise, Rational, sqrt

from derivations.claim import Claim, Minimiser
from derivations.models.chain import MOMENTS
from derivations.notation import c, index, theta
from derivations.program.hierarchy import build_hierarchy
from derivations.variables import of_hierarchy

MHVAE = build_hierarchy((False, False))
below, above = MHVAE.model.levels
beta_1, beta_2, sigma_1, sigma_2 = below.beta, above.beta, below.sigma, above.sigma

k = sqrt(beta_1 * beta_2) * c * sigma_1 * sigma_2
m = beta_2 * c**2 * sigma_2**2 / (sqrt(beta_1) * sigma_1)
s_1 = (theta**2 * sigma_1**2 / (sqrt(beta_1 * beta_2) * c * sigma_2)) ** Rational(2, 3)

THROUGH = And(index <= below.d, index <= above.d)
BOTH = And(THROUGH, theta**2 > k, theta > m)
UPPER_ONLY = And(THROUGH, theta**2 <= k, sqrt(beta_1) * sigma_1 > sqrt(beta_2) * c * sigma_2)
LOWER_ONLY = theta > sqrt(beta_1) * sigma_1

LAMBDA = Piecewise(
    (sqrt(s_1 - sigma_1**2), BOTH),
    (0, UPPER_ONLY),
    (sqrt(sigma_1 * (theta / sqrt(beta_1) - sigma_1)), LOWER_ONLY),
    (0, True),
)
OMEGA = Piecewise(
    (sqrt((sqrt(beta_1 * beta_2 * s_1) * c / sigma_2 - beta_2 * c**2) / beta_1), BOTH),
    (sqrt(sqrt(beta_2) * c * sigma_1 / (sqrt(beta_1) * sigma_2) - beta_2 / beta_1 * c**2), UPPER_ONLY),
    (0, True),
)
MODES = {
    below.lamda: LAMBDA,
    above.omega: OMEGA,
    below.omega: theta * LAMBDA / (LAMBDA**2 + sigma_1**2),
    above.lamda: beta_1 * OMEGA / (beta_1 * OMEGA**2 + beta_2 * c**2),
}
FIXED = (below.Sigma, above.Sigma)

CLAIM = Claim(
    id="mhvae-fixed",
    title="linear MHVAE, both variances fixed: the global minimisers",
    source="arXiv 2306.05023, Theorem 5",
    text="With k = √(β_1β_2)cσ_1σ_2 and m = β_2c²σ_2²/(√β_1σ_1) both latents are active where θ² > k and θ > m, with "
    "λ² = s_1 − σ_1², s_1 = (θ²σ_1²/(√(β_1β_2)cσ_2))^(2/3), ω² = (√(β_1β_2s_1)c/σ_2 − β_2c²)/β_1; elsewhere z_1 alone, "
    "z_2 alone or none; modes beyond d_2 follow z_1 alone.",
    variables=of_hierarchy(MHVAE.model.levels, MHVAE.learnable),
    definitions={**MOMENTS, **{X: MHVAE.model.frames[X] for X in FIXED}},
    statements=(
        Minimiser(
            "",
            MHVAE.model.loss,
            {X: frame for X, frame in MHVAE.model.frames.items() if X not in FIXED},
            MODES,
            MHVAE,
            MHVAE.model.second_moments,
        ),
    ),
    uses=("elbo-chain", "lemma-whitening", "lemma-complete-square", "lemma-determinant", "lemma-alignment"),
)
