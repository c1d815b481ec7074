"""The lower bound of the linear VAE's loss over all matrices: for any U, V and any Σ ≻ 0, diagonal or not, any D, d, r,

    F(U, V, Σ) ≥ Σ_{i≤d} f_i + Σ_{i>d} θ_i²,   f_i = βη_dec²(2 − log(βη_dec²η_enc²/θ_i²))       where θ_i² > βη_dec²,
                                                    θ_i² + βη_dec²(1 − log η_enc²)              elsewhere,

and the minimisers of vae-learnable attain it.

Proof. Let M = VVᵀ + Σ, with eigenvalues s_i > 0, and g_i ≥ 0 those of VᵀΣ⁻¹V, in descending order, g_i = 0 for i > d.
The best U leaves tr Z(I + VᵀΣ⁻¹V)⁻¹Zᵀ, at least Σ θ_i²/(1 + g_i) by alignment; log det Σ = Σ log s_i − Σ log (1 + g_i)
(Sylvester). So F is at least Σ_{i≤d} (βc²s_i − βη_dec² log s_i) + Σ (θ_i²/(1 + g_i) + βη_dec² log (1 + g_i)). Each term
of the first sum is least at s_i = η_enc², by a tangent. Of the second: at 1 + g_i = θ_i²/βη_dec² or, where that is not
above 1, at g_i = 0; beyond d it is θ_i².
"""

from __future__ import annotations

from sympy import Eq, Ge, Identity, Piecewise, Symbol, log

from derivations.claim import THEORY, Always, Claim, Domain, Variable
from derivations.models.vae import FRAMES, MOMENTS, loss
from derivations.nodes import SumModes
from derivations.notation import Sigma, U, V, Z, d, eta_enc, r, theta, water_level
from derivations.program.lower_bounds import learnable
from derivations.statements.minimiser import at_point
from derivations.statements.script import over_modes
from derivations.theorems.vae.vae_learnable import ACTIVE, MODES
from derivations.variables import FRAME, INPUT_FRAME, LATENT_FRAME, SCALES, SPECTRUM

LEAST = Piecewise(
    (water_level * (2 - log(water_level * eta_enc**2 / theta**2)), ACTIVE),
    (theta**2 + water_level * (1 - log(eta_enc**2)), True),
)
VALUE = SumModes(LEAST, 0, d) + SumModes(theta**2, d)
attained = at_point(loss, FRAMES, MODES)
least = Symbol("F_min", real=True)


CLAIM = Claim(
    id="vae-learnable-bound",
    title="linear VAE, learnable Σ: the lower bound over all matrices",
    source=THEORY,
    text="For all U, V and Σ ≻ 0 the loss is at least what the claimed minimisers of vae-learnable attain.",
    variables=(
        SPECTRUM,
        *SCALES,
        FRAME,
        INPUT_FRAME,
        LATENT_FRAME,
        Variable(U, Domain.MATRIX, "decoder"),
        Variable(V, Domain.MATRIX, "whitened encoder"),
        Variable(Sigma, Domain.DEFINITE, "encoder variance"),
    ),
    definitions=MOMENTS,
    statements=(
        Always(
            "no matrices have a lower loss",
            Ge(loss, least, evaluate=False),
            definitions={least: VALUE},
            proof=learnable(U, V, Z, Identity(r), VALUE),
        ),
        Always("the claimed minimisers attain it", Eq(attained, VALUE), proof=over_modes(d)),
    ),
)
