"""Proposition (linear MHVAE, Σ_2 diagonal and learnable, any fixed Σ_1 ≻ 0). At every minimiser U_2 has exactly
d_2 − rank U_2 zero columns, W_2 the matching zero rows, and σ_2 = η_enc there: these latents are prior-collapsed.

With X = β_1U_2ᵀU_2 + β_2c²I and W* = β_1X⁻¹U_2ᵀ the loss is tr(X(W_2 − W*)M_1(W_2 − W*)ᵀ) plus its value at W*, for any
Σ_1; what is left depends on the rotation of z_2 (U_2 → U_2P) through tr(XΣ_2) − β_2η_dec² log det Σ_2 alone, whose
minimum over a diagonal Σ_2 is β_2η_dec² Σ_j log X_jj and constants. By Hadamard's inequality Σ_j log X_jj ≥ log det X,
with equality iff X is diagonal, which a rotation attains: so at every minimiser U_2ᵀU_2 is diagonal, its non-zero
columns are orthogonal, and the zero ones have σ_2² = β_2η_dec²/(β_2c²) = η_enc². (At minimisers, not at saddles.)
"""

from __future__ import annotations

from sympy import Eq, HadamardProduct, Identity, MatrixSymbol, Piecewise, Trace

from derivations.claim import Always, Claim, Domain, Lemma, Same, Variable
from derivations.models.chain import MOMENTS
from derivations.nodes import LogDet, SumModes, ZeroRows, count
from derivations.notation import c, eta_enc
from derivations.statements.script import mode_by_mode, over_modes, zero_rows
from derivations.theorems.hierarchy.mhvae_learnable_top import MHVAE, MODES, above, below, beta_1, beta_2
from derivations.variables import of_hierarchy

d_2 = above.d
X = beta_1 * above.U.T * above.U + beta_2 * c**2 * Identity(d_2)
best = beta_1 * X.inverse() * above.U.T
M_1 = MHVAE.model.second_moments[0]
gap = above.W - best
P = MatrixSymbol("P", d_2, d_2)
rotate = {above.U: above.U * P, above.W: P.T * above.W}
# Everything but tr(XΣ_2) and log det Σ_2.
rest = MHVAE.model.loss - Trace(X * above.Sigma) + above.beta * MHVAE.program.noise * LogDet(above.Sigma)
rank = count(above.omega > 0, 0, d_2)
collapsed = Piecewise((1, above.omega <= 0), (0, True))

x = MatrixSymbol("X", d_2, d_2)

CLAIM = Claim(
    id="mhvae-top-zero-columns",
    title="a learnable top level has d_2 − rank U_2 prior-collapsed latents",
    source="arXiv 2306.05023, MHVAE with learnable Σ_2",
    text="Σ_2 learnable diagonal, any fixed Σ_1: at every minimiser U_2 has exactly d_2 − rank U_2 zero columns, W_2 "
    "the matching zero rows, and σ_2 = η_enc there.",
    variables=(
        *of_hierarchy(MHVAE.model.levels, MHVAE.learnable),
        Variable(P, Domain.ORTHOGONAL, "rotation of z_2"),
        Variable(x, Domain.DEFINITE, "any X ≻ 0"),
        Variable(below.U, Domain.MATRIX),
        Variable(below.W, Domain.MATRIX),
        Variable(above.U, Domain.MATRIX),
        Variable(above.W, Domain.MATRIX),
        Variable(below.Sigma, Domain.DEFINITE, "any fixed Σ_1"),
        Variable(above.Sigma, Domain.DIAGONAL),
    ),
    definitions=MOMENTS,
    statements=(
        Same(
            "W_2 eliminated, any Σ_1",
            MHVAE.model.loss,
            MHVAE.model.loss.xreplace({above.W: best}) + Trace(X * gap * M_1 * gap.T),
        ),
        Same("rotating z_2 changes tr XΣ_2 and log det Σ_2 only", rest.xreplace(rotate), rest),
        Always(
            "zero columns of U_2 at the minimiser",
            Eq(ZeroRows(MHVAE.model.frames[above.U].T), d_2 - rank),
            definitions=MODES,
            proof=over_modes(d_2, zero_rows(MHVAE.model.frames[above.U].T)),
        ),
        Always(
            "matching zero rows of W_2",
            Eq(ZeroRows(MHVAE.model.frames[above.W]), d_2 - rank),
            definitions=MODES,
            proof=over_modes(d_2, zero_rows(MHVAE.model.frames[above.W])),
        ),
        Always(
            "σ_2 = η_enc on them",
            Eq(SumModes(collapsed * (above.sigma - eta_enc) ** 2, 0, d_2), 0),
            definitions=MODES,
            proof=mode_by_mode(),
        ),
    ),
    proof=(
        Lemma(
            "Hadamard's inequality, equality iff diagonal",
            "Horn & Johnson, Matrix Analysis, Theorem 7.8.1",
            LogDet(x) <= LogDet(HadamardProduct(x, Identity(d_2))),
        ),
    ),
    uses=("mhvae-learnable-top",),
)
