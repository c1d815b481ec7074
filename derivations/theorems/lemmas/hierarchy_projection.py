"""Variable projection for two levels: decoder, upper encoder and upper variance eliminated, Σ_2 full and learnable.

For fixed V_1, U_2 and Σ_1, with S = V_1V_1ᵀ + Σ_1, Q = β_1U_2ᵀU_2 + β_2c²I and T = β_1U_2U_2ᵀ + β_2c²I, the best
choices are U_1 = ZV_1ᵀS⁻¹, W_2 = β_1Q⁻¹U_2ᵀ, Σ_2 = β_2η_dec²Q⁻¹, and they leave

    tr ZZᵀ − tr(ZV_1ᵀS⁻¹V_1Zᵀ) + β_1β_2c² tr(ST⁻¹) + β_2η_dec²(d_2 − log det Σ_2) − β_1η_dec² log det Σ_1.

Rotating U_2 to the best pairing replaces tr(ST⁻¹) by Σ s_i/t_i (lemma-alignment), t_i = β_1ω_i² + β_2c²: what is left
to descend on is V_1 and the ω_i.
"""

from __future__ import annotations

from sympy import Eq, Identity, Trace, log

from derivations.claim import THEORY, Always, Claim, Domain, Same, Variable
from derivations.models.chain import build_chain
from derivations.nodes import Eigenvalue, LogDet, Paired, SumModes, square
from derivations.notation import Z, c, eta_dec, eta_enc
from derivations.statements.script import alignment, combine, definite, have, mode_by_mode, shifted, supposing

low, top = build_chain(2).levels
V, U, weight = low.W, top.U, low.beta * top.beta * c**2

S = V * V.T + low.Sigma
Q = low.beta * U.T * U + top.beta * c**2 * Identity(top.d)
T = low.beta * U * U.T + top.beta * c**2 * Identity(low.d)
best = {
    low.U: Z * V.T * S.inverse(),
    top.W: low.beta * Q.inverse() * U.T,
    top.Sigma: top.beta * eta_dec**2 * Q.inverse(),
}

fit = square(Z) - Trace(Z * V.T * S.inverse() * V * Z.T) - low.beta * eta_dec**2 * LogDet(low.Sigma)
entropy = top.beta * eta_dec**2 * (top.d - LogDet(best[top.Sigma]))
reduced = fit + weight * Trace(S * T.inverse()) + entropy

t = low.beta * top.omega**2 + top.beta * c**2
rotated = (
    fit
    + weight * Paired(S, 1 / t)
    + top.beta * eta_dec**2 * SumModes(1 + log(t) - log(top.beta * eta_dec**2), 0, top.d)
)
value = low.beta * Eigenvalue(U * U.T) + top.beta * c**2
paired = Paired(S, 1 / value)

# The eigenvalues of T are those of UUᵀ, scaled and shifted.
aligned = supposing(definite(T), then=alignment(S, T))
pairs = SumModes(Eigenvalue(S) / Eigenvalue(T), 0, low.d)
one_pair = combine((Eigenvalue(S) / (Eigenvalue(T) * value), shifted(T, low.beta, U * U.T, top.beta * c**2)))

CLAIM = Claim(
    id="lemma-hierarchy-projection",
    title="two levels with decoder, upper encoder and upper variance eliminated",
    source=THEORY,
    text="F at the best U_1, W_2 and full Σ_2, a function of V_1 and U_2; and with U_2 rotated to the best pairing.",
    variables=(
        Variable(V, Domain.MATRIX, "encoder of z_1"),
        Variable(U, Domain.MATRIX, "U_2"),
        Variable(low.Sigma, Domain.DIAGONAL),
        Variable(Z, Domain.MATRIX, "E[yx̃ᵀ]"),
        Variable(low.beta, Domain.POSITIVE, "KL weight"),
        Variable(top.beta, Domain.POSITIVE, "KL weight"),
        Variable(eta_dec, Domain.POSITIVE, "decoder noise"),
        Variable(eta_enc, Domain.POSITIVE, "prior scale"),
    ),
    statements=(
        Same("decoder, encoder and variance eliminated", build_chain(2).loss.xreplace(best), reduced),
        Always(
            "rotation eliminated",
            Trace(S * T.inverse()) >= paired,
            scale=Trace(S) * Trace(T.inverse()),
            proof=combine(aligned, have(Eq(pairs, paired), mode_by_mode(one_pair))),
        ),
    ),
    uses=("elbo-chain", "lemma-alignment"),
)
