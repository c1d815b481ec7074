"""Theorem (linear CVAE, Σ = diag(σ_1² ≤ σ_2² ≤ …) fixed). As vae-fixed, with θ_i² the eigenvalues of E:

    ω_i² = √βc(θ_i − √βcσ_i)₊/σ_i,   λ_i² = σ_i(θ_i − √βcσ_i)₊/(√βc),   λ_i = ν_iθ_i,

U_1 = RΩ, W_2 = diag(ν)Rᵀ, U_2 = CA⁺, W_1 = −W_2CA⁺; the largest θ goes with the smallest σ. Two squares are left out,
as in cvae-learnable; why no matrices have a lower loss than what is left says vae-fixed.
"""

from __future__ import annotations

from sympy import Piecewise

from derivations.claim import Claim, Domain, Minimiser, Variable
from derivations.models.cvae import MOMENTS, loss, second_moment
from derivations.nodes import Diagonal
from derivations.notation import U1, U2, W1, W2, D, H, K, R, Sigma, d, lamda, nu, omega, sigma, theta
from derivations.program.lower_bounds import fixed
from derivations.program.mode_program import vae
from derivations.statements.minimiser import at_point
from derivations.theorems.cvae.cvae_learnable import RESIDUAL, SQUARES
from derivations.theorems.vae import vae_fixed
from derivations.variables import DEVIATIONS, FRAME, SCALES, SPECTRUM

# ω is that of the residual's VAE; its encoder is λ = νθ.
active = vae_fixed.MODES[lamda].args[0]
MODES = {omega: vae_fixed.MODES[omega], nu: Piecewise((active[0] / theta, active[1]), (0, True))}
AT = {U1: R * Diagonal(omega, D, d), W2: Diagonal(nu, d, D) * R.T, U2: K, W1: -W2 * K}

PROOF = fixed(*RESIDUAL, at_point(loss, AT, MODES), *SQUARES)

CLAIM = Claim(
    id="cvae-fixed",
    title="linear CVAE, fixed Σ: the global minimisers",
    source="arXiv 2306.05023, linear CVAE with fixed Σ",
    text="ω_i² = √βc(θ_i − √βcσ_i)₊/σ_i, λ_i² = σ_i(θ_i − √βcσ_i)₊/(√βc) with θ_i² the eigenvalues of E.",
    variables=(
        SPECTRUM,
        *SCALES,
        FRAME,
        DEVIATIONS,
        Variable(H, Domain.SINGULAR, "A = HHᵀ"),
        Variable(K, Domain.MATRIX, "regression of y on x"),
    ),
    definitions={**MOMENTS, Sigma: Diagonal(sigma**2, d, d)},
    statements=(Minimiser("", loss, AT, MODES, vae(learnable=False), (second_moment,), proof=PROOF),),
    uses=("cvae-residual-reduction", "vae-fixed"),
)
