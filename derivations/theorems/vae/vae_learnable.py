"""Theorem (linear VAE, Σ diagonal and learnable). With Z = RΘSᵀ every global minimiser is, up to the order
and signs T of the latents,

    U = RΩTᵀ,  V = TΛSᵀ,  ω_i² = (θ_i² − βη_dec²)₊/η_enc²,  λ_i² = η_enc²(θ_i² − βη_dec²)₊/θ_i²,
    σ_i² = βη_dec²η_enc²/θ_i²  if θ_i² > βη_dec²,  else η_enc².

Proof. No U, V and Σ ≻ 0, diagonal or not, have a lower loss than the claimed ones (vae-learnable-bound), which attain
it. By modes: on each the tangents of the logarithm at the point above, weighed by its terms, and its multipliers add up
to what is claimed.
"""

from __future__ import annotations

from sympy import Piecewise, sqrt

from derivations.claim import Claim, Minimiser
from derivations.models.vae import FRAMES, MOMENTS, loss, second_moment
from derivations.notation import beta, eta_dec, eta_enc, lamda, omega, sigma, theta, water_level
from derivations.program.mode_program import vae
from derivations.statements.script import combine, uses
from derivations.variables import FRAME, INPUT_FRAME, LATENT_FRAME, SCALES, SPECTRUM

ACTIVE = theta**2 > water_level
above = sqrt(theta**2 - water_level)

MODES = {
    omega: Piecewise((above / eta_enc, ACTIVE), (0, True)),
    lamda: Piecewise((eta_enc * above / theta, ACTIVE), (0, True)),
    sigma: Piecewise((sqrt(beta) * eta_dec * eta_enc / theta, ACTIVE), (eta_enc, True)),
}

CLAIM = Claim(
    id="vae-learnable",
    title="linear VAE, learnable Σ: the global minimisers",
    source="arXiv 2306.05023, linear VAE with learnable diagonal Σ",
    text="ω_i² = (θ_i² − βη_dec²)₊/η_enc², λ_i² = η_enc²(θ_i² − βη_dec²)₊/θ_i², σ_i² = βη_dec²η_enc²/θ_i² where "
    "θ_i² > βη_dec², else η_enc².",
    variables=(SPECTRUM, *SCALES, FRAME, INPUT_FRAME, LATENT_FRAME),
    definitions=MOMENTS,
    statements=(
        Minimiser(
            "",
            loss,
            FRAMES,
            MODES,
            vae(learnable=True),
            (second_moment,),
            proof=combine(
                uses("vae-learnable-bound", "no matrices have a lower loss"),
                uses("vae-learnable-bound", "the claimed minimisers attain it"),
            ),
        ),
    ),
    uses=("elbo-vae", "lemma-whitening", "vae-learnable-bound"),
)
