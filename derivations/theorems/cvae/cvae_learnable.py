"""Theorem 2 (linear CVAE, Σ diagonal and learnable). With θ_i² the eigenvalues of E = B − CA⁺Cᵀ,

    ω_i² = (θ_i² − βη_dec²)₊/η_enc²,   σ_i² = βη_dec²η_enc²/θ_i²  if θ_i² > βη_dec²,  else η_enc²,

U_1 = RΩTᵀ, W_2 = T diag(ν) Rᵀ with λ_i = ν_iθ_i, U_2 = CA⁺, W_1 = −W_2CA⁺ (on the range of A), T a signed
permutation; the distortion is Σ_{i≤d} min(θ_i², βη_dec²) + Σ_{i>d} θ_i².

Proof. With P = W_1 + W_2K, ‖(U_1P + U_2 − K)H‖² ≥ 0 and βc²‖PH‖² ≥ 0; without these two squares the loss is that of a
VAE of the residual (cvae-residual-reduction), for which vae-learnable-bound says why no matrices have a lower one.
"""

from __future__ import annotations

from sympy import Eq, Identity, Piecewise

from derivations.claim import Always, Certificate, Claim, Domain, Minimiser, Same, Variable
from derivations.models.cvae import FRAMES, MOMENTS, P, distortion, loss, second_moment
from derivations.nodes import SumModes
from derivations.notation import D0, U1, U2, W2, D, G, H, K, beta, c, d, lamda, nu, omega, sigma, theta, water_level
from derivations.program.lower_bounds import learnable
from derivations.program.mode_program import vae
from derivations.statements.minimiser import at_point
from derivations.statements.script import gram, over_modes
from derivations.theorems.vae import vae_learnable
from derivations.theorems.vae.vae_learnable import ACTIVE
from derivations.variables import FRAME, LATENT_FRAME, SCALES, SPECTRUM

program = vae(learnable=True)
# ω and σ are those of the residual's VAE; its encoder is λ = νθ.
encoder = vae_learnable.MODES[lamda]
MODES = {
    omega: vae_learnable.MODES[omega],
    nu: Piecewise((encoder.args[0][0] / theta, ACTIVE), (0, True)),
    sigma: vae_learnable.MODES[sigma],
}
DISTORTION = Piecewise((water_level, ACTIVE), (theta**2, True))
mode = (omega * nu - 1) ** 2 * theta**2 + sigma**2 * omega**2

# The residual's VAE aims at the residual itself, whose moment is E; two squares are left out.
RESIDUAL = (U1, W2, Identity(D), G * G.T)
SQUARES = ((1, gram((U1 * P + U2 - K) * H, Identity(D0))), (beta * c**2, gram(P * H, Identity(D0))))
PROOF = learnable(*RESIDUAL, at_point(loss, FRAMES, MODES), *SQUARES)

CLAIM = Claim(
    id="cvae-learnable",
    title="linear CVAE, learnable Σ: the global minimisers",
    source="arXiv 2306.05023, Theorem 2",
    text="ω_i² = (θ_i² − βη_dec²)₊/η_enc² with θ_i² the eigenvalues of E = B − CA⁺Cᵀ; σ_i² = βη_dec²η_enc²/θ_i² where "
    "θ_i² > βη_dec², else η_enc²; distortion Σ_{i≤d} min(θ_i², βη_dec²) + Σ_{i>d} θ_i².",
    variables=(
        SPECTRUM,
        *SCALES,
        FRAME,
        LATENT_FRAME,
        Variable(H, Domain.SINGULAR, "A = HHᵀ"),
        Variable(K, Domain.MATRIX, "regression of y on x"),
    ),
    definitions=MOMENTS,
    statements=(
        Minimiser("", loss, FRAMES, MODES, program, (second_moment,), proof=PROOF),
        Always(
            "distortion",
            Eq(distortion, SumModes(DISTORTION, 0, d) + SumModes(theta**2, d)),
            definitions={**MODES, **FRAMES},
            proof=over_modes(d),
        ),
    ),
    proof=(
        Same("distortion in the frames", distortion, SumModes(mode, 0, d) + SumModes(theta**2, d), FRAMES),
        *(
            Certificate(
                f"distortion, region {k + 1}",
                mode.subs({x: e.args[k][0] for x, e in MODES.items()}) - DISTORTION.args[k][0],
                (),
                region.conditions,
            )
            for k, region in enumerate(program.regions)
        ),
    ),
    uses=("cvae-residual-reduction", "vae-learnable"),
)
