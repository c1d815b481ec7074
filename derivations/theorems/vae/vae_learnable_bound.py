"""The lower bound of the linear VAE's loss over all matrices: for any U, V and any Σ ≻ 0, diagonal or not, any D, d, r,

    F(U, V, Σ) ≥ Σ_{i≤d} f_i + Σ_{i>d} θ_i²,   f_i = βη_dec²(2 − log(βη_dec²η_enc²/θ_i²))       where θ_i² > βη_dec²,
                                                    θ_i² + βη_dec²(1 − log η_enc²)              elsewhere,

and the minimisers of vae-learnable attain it.

Proof. Let M = VVᵀ + Σ, N = I + VᵀΣ⁻¹V, with eigenvalues s_i > 0 and n_i ≥ 1 in descending order, n_i = 1 for i > d.
Completing the square in U leaves tr ZN⁻¹Zᵀ, at least Σ θ_i²/n_i by alignment; log det Σ = Σ log s_i − Σ log n_i
(Sylvester). So F is at least Σ_{i≤d} (βc²s_i − βη_dec² log s_i) + Σ_{i≤r} (θ_i²/n_i + βη_dec² log n_i). Each term of
the first sum is least at s_i = η_enc², by a tangent. Of the second: at n_i = θ_i²/βη_dec² or, where that is not above
1, at n_i = 1; beyond d it is θ_i².
"""

from __future__ import annotations

from sympy import Eq, Ge, Identity, Min, Piecewise, Symbol, log

from derivations.claim import THEORY, Always, Claim, Domain, Variable
from derivations.models.vae import FRAMES, MOMENTS, loss, second_moment
from derivations.nodes import Eigenvalue, SumModes, indicator
from derivations.notation import D, Sigma, U, V, Z, beta, c, d, eta_enc, index, r, theta, water_level
from derivations.statements.script import (
    alignment,
    best_decoder,
    by_cases,
    combine,
    definite,
    explained,
    framed,
    have,
    log_sum,
    mode_by_mode,
    over_modes,
    reach,
    supposing,
    sylvester,
    tangent,
    trace_sum,
)
from derivations.theorems.vae.vae_learnable import ACTIVE, MODES
from derivations.variables import FRAME, INPUT_FRAME, LATENT_FRAME, SCALES, SPECTRUM

LEAST = Piecewise(
    (water_level * (2 - log(water_level * eta_enc**2 / theta**2)), ACTIVE),
    (theta**2 + water_level * (1 - log(eta_enc**2)), True),
)
VALUE = SumModes(LEAST, 0, d) + SumModes(theta**2, d)
attained = loss.xreplace(FRAMES).xreplace(MODES)
least = Symbol("F_min", real=True)

N = Identity(r) + V.T * Sigma.inverse() * V
s, n, t = (Eigenvalue(X) for X in (second_moment, N, Z.T * Z))
prior = water_level * (1 - log(eta_enc**2))
data = Piecewise((water_level * (1 + log(theta**2 / water_level)), ACTIVE & (index <= d)), (theta**2, True))

best_variance = have(
    SumModes(beta * c**2 * s - water_level * log(s), 0, d) >= SumModes(prior, 0, d),
    mode_by_mode(combine((water_level, tangent(s / eta_enc**2)))),
)
best_share = have(
    SumModes(t / n + water_level * log(n), 0, r) >= SumModes(data * indicator(index <= D), 0, r),
    mode_by_mode(
        by_cases(
            (1 / n, framed(Z.T * Z, theta)),
            (water_level, tangent(theta**2 / (water_level * n))),
            (water_level, tangent(1 / n)),
            (water_level / n, explained(V, Sigma)),
            (theta**2 / n, explained(V, Sigma)),
            ((water_level - theta**2) / n, explained(V, Sigma)),
            on=(index <= D, index <= d, ACTIVE),
        )
    ),
)

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
            proof=combine(
                best_decoder(U, V, Sigma, Z),
                supposing(definite(N), then=alignment(Z.T * Z, N)),
                (water_level, sylvester(V, Sigma)),
                (beta * c**2, trace_sum(second_moment)),
                (water_level, log_sum(second_moment)),
                (water_level, log_sum(N)),
                best_variance,
                best_share,
                reach(data, r, D),
                have(SumModes(data, 0, Min(D, r)) + SumModes(prior, 0, d) >= VALUE, over_modes(None)),
            ),
        ),
        Always("the claimed minimisers attain it", Eq(attained, VALUE), proof=over_modes(d)),
    ),
)
