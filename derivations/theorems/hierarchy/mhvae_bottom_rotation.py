"""Proposition (linear MHVAE, Σ_1 = σ_1²I fixed). The loss is invariant under z_1 → Pz_1, so for rank V_1 ≥ 1 some
minimiser has no locally collapsed coordinate in z_1: turn V_1 = T_1ΛSᵀ by a reflection none of whose entries is zero.
"""

from __future__ import annotations

from sympy import Eq, MatrixSymbol, Ne, Or, Trace

from derivations.claim import Always, Claim, Domain, Same, Variable
from derivations.models.chain import MOMENTS
from derivations.nodes import Diagonal, Reflection, SumModes, ZeroRows, count, indicator
from derivations.notation import r
from derivations.statements.script import by_cases, have, mode_by_mode, over_modes, padded, zero_rows
from derivations.theorems.hierarchy.mhvae_learnable_top import BOTH, LOWER_ONLY, MHVAE, MODES, above, below
from derivations.variables import of_hierarchy

d_1 = below.d
P, V = MatrixSymbol("P", d_1, d_1), MatrixSymbol("V'", *below.W.shape)
loss = MHVAE.model.loss.xreplace({below.Sigma: Diagonal(below.sigma**2, d_1, d_1)})


rotated = {below.U: below.U * P.T, below.W: P * below.W, above.U: P * above.U, above.W: above.W * P.T}
frames = {X: frame.xreplace({below.T: Reflection(d_1, 0)}) for X, frame in MHVAE.model.frames.items()}
turned = indicator(Ne(below.lamda, 0))

CLAIM = Claim(
    id="mhvae-bottom-rotation",
    title="fixed isotropic Σ_1: z_1 need not have a locally collapsed coordinate",
    source="arXiv 2306.05023, MHVAE with fixed Σ_1",
    text="F is invariant under z_1 → Pz_1, and for rank V_1 ≥ 1 some minimiser's V_1 has no zero row.",
    variables=(
        *of_hierarchy(MHVAE.model.levels, MHVAE.learnable),
        Variable(P, Domain.ORTHOGONAL, "rotation of z_1"),
        Variable(below.U, Domain.MATRIX),
        Variable(below.W, Domain.MATRIX),
        Variable(above.U, Domain.MATRIX),
        Variable(above.W, Domain.MATRIX),
        Variable(above.Sigma, Domain.DIAGONAL),
    ),
    definitions=MOMENTS,
    assumptions=(count(Or(BOTH, LOWER_ONLY), 0, d_1) >= 1,),
    statements=(
        Same("rotation", loss.xreplace(rotated), loss),
        Always(
            "no zero row",
            Eq(ZeroRows(V), 0),
            definitions={**MODES, V: frames[below.W]},
            proof=by_cases(
                zero_rows(V),
                padded(turned, d_1),
                padded(turned, d_1, r),
                have(SumModes(turned, 0, d_1) >= count(Or(BOTH, LOWER_ONLY), 0, d_1), mode_by_mode()),
            ),
        ),
        Always(
            "at the minimum, with that rotation",
            Eq(MHVAE.model.loss.xreplace(frames), MHVAE.optimum),
            definitions={**MODES, **MHVAE.model.frames},
            scale=below.beta * Trace(MHVAE.model.second_moments[0]),
            proof=over_modes(None),
        ),
    ),
    uses=("mhvae-learnable-top",),
)
