"""Theorem (linear MHVAE, Σ_1 learnable, Σ_2 = σ_2²I fixed: the case the paper leaves out). z_1 is active on mode i iff
θ_i² > β_1η_dec²; z_2 is active on every mode i ≤ min(d_1, d_2) iff β_1η_enc² > β_2σ_2², *whatever the data*. Then

    s_2 = (β_1/β_2)η_enc²,  s_1 = η_dec²s_2/σ_2²;   otherwise (and for i > d_2)  s_2 = σ_2²,  s_1 = η_dec²;
    q_1 = σ_1² = s_1·min(1, β_1η_dec²/θ²),

with λ_1² = s_1 − q_1, λ_2² = (s_2 − σ_2²)/s_1 and the best decoders ω_1 = θλ_1/s_1, ω_2 = λ_2s_1/s_2.
"""

from __future__ import annotations

from sympy import And, Piecewise, sqrt

from derivations.claim import THEORY, Claim, Minimiser
from derivations.models.chain import MOMENTS
from derivations.notation import eta_dec, eta_enc, index, theta
from derivations.program.hierarchy import build_hierarchy
from derivations.variables import of_hierarchy

MHVAE = build_hierarchy((True, False))
below, above = MHVAE.model.levels
beta_1, beta_2, sigma_2 = below.beta, above.beta, above.sigma

THROUGH = And(index <= below.d, index <= above.d)
UPPER = And(THROUGH, beta_1 * eta_enc**2 > beta_2 * sigma_2**2)
LOWER = theta**2 > beta_1 * eta_dec**2

s_2 = Piecewise((beta_1 / beta_2 * eta_enc**2, UPPER), (sigma_2**2, True))
s_1 = Piecewise((eta_dec**2 * (beta_1 / beta_2 * eta_enc**2) / sigma_2**2, UPPER), (eta_dec**2, True))
share = Piecewise((beta_1 * eta_dec**2 / theta**2, LOWER), (1, True))
LAMBDA_1 = sqrt(s_1) * Piecewise((sqrt(1 - beta_1 * eta_dec**2 / theta**2), LOWER), (0, True))
LAMBDA_2 = Piecewise((sqrt((beta_1 / beta_2 * eta_enc**2 - sigma_2**2) / s_1.args[0][0]), UPPER), (0, True))

MODES = {
    below.lamda: LAMBDA_1,
    below.sigma: sqrt(s_1 * share),
    above.lamda: LAMBDA_2,
    below.omega: theta * LAMBDA_1 / s_1,
    above.omega: LAMBDA_2 * s_1 / s_2,
}

CLAIM = Claim(
    id="mhvae-learnable-bottom",
    title="linear MHVAE, Σ_1 learnable and Σ_2 fixed: the global minimisers",
    source=THEORY,
    text="z_1 is active on mode i iff θ_i² > β_1η_dec²; z_2 is active iff β_1η_enc² > β_2σ_2², whatever the data, then "
    "with E z_2² = (β_1/β_2)η_enc² and E z_1² = η_dec²E z_2²/σ_2², else σ_2² and η_dec²; σ_1² = E z_1²·"
    "min(1, β_1η_dec²/θ²).",
    variables=of_hierarchy(MHVAE.model.levels, MHVAE.learnable),
    definitions={**MOMENTS, above.Sigma: MHVAE.model.frames[above.Sigma]},
    statements=(
        Minimiser(
            "",
            MHVAE.model.loss,
            {X: frame for X, frame in MHVAE.model.frames.items() if above.Sigma != X},
            MODES,
            MHVAE,
            MHVAE.model.second_moments,
        ),
    ),
    uses=("elbo-chain", "lemma-whitening", "lemma-complete-square", "lemma-determinant", "lemma-alignment"),
)
