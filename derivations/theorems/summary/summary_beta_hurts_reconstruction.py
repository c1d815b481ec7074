"""Statement of the summary: "increasing β hurts reconstruction". **True.**

By vae-collapse-threshold the distortion at the minimum is Σ_{i≤d} min(θ_i², βη_dec²) plus what β does not touch, and
min(θ², βη²) is non-decreasing in β: case by case, min(θ², β'η²) is θ² ≥ min(θ², βη²), or β'η² ≥ βη² ≥ min(θ², βη²).
"""

from __future__ import annotations

from sympy import Symbol

from derivations.claim import Always, Claim, Domain, Implication, Variable
from derivations.models.vae import FRAMES, MOMENTS, distortion
from derivations.nodes import SumModes
from derivations.notation import beta, d, eta_dec, theta
from derivations.statements.script import combine, have, mode_by_mode, uses
from derivations.theorems.vae.vae_collapse_threshold import DISTORTION
from derivations.theorems.vae.vae_learnable import MODES
from derivations.variables import FRAME, INPUT_FRAME, LATENT_FRAME, SCALES, SPECTRUM

higher = Symbol("beta'", positive=True)
t = Symbol("theta", positive=True)
noise, more_noise = beta * eta_dec**2, higher * eta_dec**2

# The matrices' distortion at β against the formula at β': measured on one side, claimed on the other.
formula_at_higher = SumModes(DISTORTION.subs(beta, higher), 0, d) + SumModes(theta**2, d)

CLAIM = Claim(
    id="summary-beta-hurts-reconstruction",
    title="“increasing β hurts reconstruction”",
    source="Summary of arXiv 2306.05023, on β",
    text="For β' ≥ β the distortion at the minimum is at least as large at β' as at β.",
    variables=(
        SPECTRUM,
        *SCALES,
        FRAME,
        INPUT_FRAME,
        LATENT_FRAME,
        Variable(higher, Domain.POSITIVE, "a KL weight at least as large"),
    ),
    definitions=MOMENTS,
    assumptions=(higher >= beta,),
    statements=(
        Always(
            "distortion does not fall",
            distortion <= formula_at_higher,
            definitions={**MODES, **FRAMES},
            proof=combine(
                uses("vae-collapse-threshold", "distortion"),
                have(SumModes(DISTORTION, 0, d) <= SumModes(DISTORTION.subs(beta, higher), 0, d), mode_by_mode()),
            ),
        ),
    ),
    proof=(
        Implication("both active", (higher >= beta, t**2 > noise, t**2 > more_noise), more_noise >= noise),
        Implication("collapses between", (higher >= beta, t**2 > noise, more_noise >= t**2), t**2 >= noise),
        Implication("never revived", (higher >= beta, noise >= t**2), more_noise >= t**2),
    ),
    uses=("vae-collapse-threshold",),
)
