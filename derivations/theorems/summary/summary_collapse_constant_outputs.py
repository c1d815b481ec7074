"""Statement of the summary: at collapse "the decoder generates similar outputs regardless of input".

VAE, learnable Σ: E‖ŷ‖² = tr(UE[zzᵀ]Uᵀ) = Σ_{i≤d} (θ_i² − βη_dec²)₊, 0 exactly at complete collapse: true.
CVAE: at complete collapse ŷ = CA⁺x, so E‖ŷ‖² = ‖KH‖², which is 0 only if x does not predict y: false.
"""

from __future__ import annotations

from sympy import Eq, Not, Piecewise, Trace

from derivations.claim import Always, Certificate, Claim, Domain, Expected, Same, Variable
from derivations.models.vae import FRAMES, MOMENTS
from derivations.nodes import SumModes, square
from derivations.notation import H, K, Sigma, U, V, d, lamda, omega, sigma, theta, water_level
from derivations.statements.script import over_modes
from derivations.theorems.vae.vae_learnable import ACTIVE, MODES
from derivations.variables import FRAME, INPUT_FRAME, LATENT_FRAME, SCALES, SPECTRUM

power = square(U * V) + Trace(U * Sigma * U.T)
mode = omega**2 * (lamda**2 + sigma**2)
EXCESS = Piecewise((theta**2 - water_level, ACTIVE), (0, True))

CLAIM = Claim(
    id="summary-collapse-constant-outputs",
    title="“at collapse outputs do not depend on the input”",
    source="Summary of arXiv 2306.05023, on signs of collapse",
    text="At complete collapse the output's second moment about its mean is 0: (a) VAE, (b) CVAE.",
    variables=(
        SPECTRUM,
        *SCALES,
        FRAME,
        INPUT_FRAME,
        LATENT_FRAME,
        Variable(H, Domain.SINGULAR, "A = HHᵀ"),
        Variable(K, Domain.MATRIX, "regression of y on x"),
    ),
    definitions=MOMENTS,
    statements=(
        Always(
            "VAE: E‖ŷ‖² = Σ(θ² − βη_dec²)₊",
            Eq(power, SumModes(EXCESS, 0, d)),
            definitions={**MODES, **FRAMES},
            proof=over_modes(d),
        ),
        Always(
            "CVAE: E‖ŷ‖² = 0 at collapse",
            Eq(square(K * H), 0),
            Expected.REFUTED,
            reads="with every latent collapsed the CVAE's output still varies with x: E‖ŷ‖² = {power:g}",
            figures={"power": square(K * H)},
        ),
    ),
    proof=(
        Same("output power in the frames", power, SumModes(mode, 0, d), FRAMES),
        *(
            Certificate(
                f"output power, region {k + 1}",
                mode.subs({x: e.args[k][0] for x, e in MODES.items()}) - EXCESS.args[k][0],
                (),
                (case,),
            )
            for k, case in enumerate((ACTIVE, Not(ACTIVE)))
        ),
    ),
    uses=("vae-learnable", "cvae-learnable"),
    expected=Expected.REFUTED,
    instead="True of the VAE at complete collapse; a collapsed CVAE still outputs CA⁺x.",
)
