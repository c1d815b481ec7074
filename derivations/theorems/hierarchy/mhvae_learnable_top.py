"""Theorem 3 (linear MHVAE, Σ_1 = σ_1²I fixed, Σ_2 learnable). With λ = λ_1 the singular values of V_1, ω = ω_2 those
of U_2, and for modes i ≤ min(d_1, d_2):

    both active    θ² > β_2η_dec² and β_1σ_1²θ² > β_2²η_dec⁴:  λ² = σ_1²(θ² − β_2η_dec²)/(β_2η_dec²),
                                                   ω² = σ_1²θ²/(β_2η_dec²η_enc²) − (β_2/β_1)c²;
    z_1 only       θ > √β_1σ_1 and β_1σ_1²θ² ≤ β_2²η_dec⁴:  λ² = σ_1(θ − √β_1σ_1)/√β_1, ω = 0;
    z_2 only       θ² ≤ β_2η_dec² and β_1σ_1² > β_2η_dec²:  λ = 0, ω² = (σ_1² − (β_2/β_1)η_dec²)/η_enc²;
    none           otherwise;

always σ_2² = β_2η_dec²/(β_1ω² + β_2c²), U_1 = ZV_1ᵀ(V_1V_1ᵀ + Σ_1)⁻¹, W_2 = β_1(β_1U_2ᵀU_2 + β_2c²I)⁻¹U_2ᵀ. Modes with
i > d_2 have ω = 0 and λ² = σ_1(θ − √β_1σ_1)₊/√β_1; the d_2 largest θ get ω.
"""

from __future__ import annotations

from sympy import And, Piecewise, sqrt

from derivations.claim import Claim, Minimiser
from derivations.models.chain import MOMENTS
from derivations.notation import c, eta_dec, eta_enc, index, theta
from derivations.program.hierarchy import build_hierarchy
from derivations.variables import of_hierarchy

MHVAE = build_hierarchy((False, True))
below, above = MHVAE.model.levels
beta_1, beta_2, sigma_1 = below.beta, above.beta, below.sigma

THROUGH = And(index <= below.d, index <= above.d)
DATA_BEATS_NOISE = theta**2 > beta_2 * eta_dec**2
CARRIED_UP = beta_1 * sigma_1**2 * theta**2 > beta_2**2 * eta_dec**4
BOTH = And(THROUGH, DATA_BEATS_NOISE, CARRIED_UP)
UPPER_ONLY = And(THROUGH, theta**2 <= beta_2 * eta_dec**2, beta_1 * sigma_1**2 > beta_2 * eta_dec**2)
LOWER_ONLY = theta > sqrt(beta_1) * sigma_1

LAMBDA = Piecewise(
    (sqrt(sigma_1**2 * (theta**2 - beta_2 * eta_dec**2) / (beta_2 * eta_dec**2)), BOTH),
    (0, UPPER_ONLY),
    (sqrt(sigma_1 * (theta - sqrt(beta_1) * sigma_1) / sqrt(beta_1)), LOWER_ONLY),
    (0, True),
)
OMEGA = Piecewise(
    (sqrt(sigma_1**2 * theta**2 / (beta_2 * eta_dec**2 * eta_enc**2) - beta_2 / beta_1 * c**2), BOTH),
    (sqrt((sigma_1**2 - beta_2 / beta_1 * eta_dec**2) / eta_enc**2), UPPER_ONLY),
    (0, True),
)
stiffness = beta_1 * OMEGA**2 + beta_2 * c**2
MODES = {
    below.lamda: LAMBDA,
    above.omega: OMEGA,
    below.omega: theta * LAMBDA / (LAMBDA**2 + sigma_1**2),
    above.lamda: beta_1 * OMEGA / stiffness,
    above.sigma: sqrt(beta_2) * eta_dec / sqrt(stiffness),
}

CLAIM = Claim(
    id="mhvae-learnable-top",
    title="linear MHVAE, Σ_1 fixed and Σ_2 learnable: the global minimisers",
    source="arXiv 2306.05023, Theorem 3",
    text="λ² = σ_1²(θ² − β_2η_dec²)/(β_2η_dec²) and ω² = σ_1²θ²/(β_2η_dec²η_enc²) − (β_2/β_1)c² where θ² > "
    "β_2η_dec² and β_1σ_1²θ² > β_2²η_dec⁴; elsewhere z_1 alone, z_2 alone or none is active; modes beyond d_2 "
    "follow z_1 alone.",
    variables=of_hierarchy(MHVAE.model.levels, MHVAE.learnable),
    definitions={**MOMENTS, below.Sigma: MHVAE.model.frames[below.Sigma]},
    statements=(
        Minimiser(
            "",
            MHVAE.model.loss,
            {X: frame for X, frame in MHVAE.model.frames.items() if below.Sigma != X},
            MODES,
            MHVAE,
            MHVAE.model.second_moments,
        ),
    ),
    uses=("elbo-chain", "lemma-whitening", "lemma-complete-square", "lemma-determinant", "lemma-alignment"),
)
