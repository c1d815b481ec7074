"""Statement of the summary: with both variances fixed and isotropic "collapse may not occur in either latent".
**True**, as existence: where V_1 and U_2 have rank ≥ 1 *some* minimiser has no locally collapsed coordinate
in z_1 or z_2.

Both levels may be rotated (mhvae-bottom-rotation's identity, and z_2 → Pz_2 for Σ_2 = σ_2²I): a reflection none of
whose entries is zero leaves no zero row in V_1 and none in W_2. (At the aligned minimiser collapsed coordinates exist.)
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, Gt, Lt, MatrixSymbol, Ne, Or, Rational, Trace

from derivations.claim import Always, Claim, Domain, Same, Variable
from derivations.models.chain import MOMENTS
from derivations.nodes import Diagonal, Reflection, SumModes, ZeroRows, count, indicator
from derivations.notation import index, r
from derivations.statements.script import by_cases, have, mode_by_mode, over_modes, padded, reach, zero_rows
from derivations.theorems.hierarchy.mhvae_fixed import BOTH, LOWER_ONLY, MHVAE, MODES, UPPER_ONLY, above, below
from derivations.variables import of_hierarchy

V, W = MatrixSymbol("V'", *below.W.shape), MatrixSymbol("W'", *above.W.shape)
turned = {below.T: Reflection(below.d, 0), above.T: Reflection(above.d, 0)}
frames = {X: frame.xreplace(turned) for X, frame in MHVAE.model.frames.items()}


def clearly(condition: Any) -> Any:
    """Not within round-off of a boundary, where a positive λ or ω is computed as 0."""
    return condition.xreplace({c: c.gts > c.lts * Rational(1025, 1024) for c in condition.atoms(Gt, Lt)})


P, Q = MatrixSymbol("P", below.d, below.d), MatrixSymbol("Q", above.d, above.d)
isotropic = {level.Sigma: Diagonal(level.sigma**2, level.d, level.d) for level in (below, above)}
loss = MHVAE.model.loss.xreplace(isotropic)
rotated = {below.U: below.U * P.T, below.W: P * below.W, above.U: P * above.U * Q.T, above.W: Q * above.W * P.T}
active_1, active_2 = (indicator(Ne(level.lamda, 0)) for level in (below, above))

CLAIM = Claim(
    id="summary-both-fixed-no-collapse",
    title="“both variances fixed: collapse may not occur in either latent”",
    source="Summary of arXiv 2306.05023, on the MHVAE",
    text="Both variances fixed and isotropic, ranks of V_1 and U_2 ≥ 1: some minimiser has no locally "
    "collapsed coordinate.",
    variables=(
        *of_hierarchy(MHVAE.model.levels, MHVAE.learnable),
        Variable(P, Domain.ORTHOGONAL, "rotation of z_1"),
        Variable(Q, Domain.ORTHOGONAL, "rotation of z_2"),
        *(Variable(X, Domain.MATRIX) for level in (below, above) for X in (level.U, level.W)),
    ),
    definitions=MOMENTS,
    assumptions=(
        count(Or(clearly(BOTH), clearly(LOWER_ONLY)), 0, below.d) >= 1,
        count(Or(clearly(BOTH), clearly(UPPER_ONLY)), 0, above.d) >= 1,
    ),
    statements=(
        Always(
            "no zero row of V_1",
            Eq(ZeroRows(V), 0),
            definitions={**MODES, V: frames[below.W]},
            proof=by_cases(
                zero_rows(V),
                padded(active_1, below.d),
                padded(active_1, below.d, r),
                have(
                    SumModes(active_1, 0, below.d) >= count(Or(clearly(BOTH), clearly(LOWER_ONLY)), 0, below.d),
                    mode_by_mode(),
                ),
            ),
        ),
        Always(
            "no zero row of W_2",
            Eq(ZeroRows(W), 0),
            definitions={**MODES, W: frames[above.W]},
            proof=by_cases(
                zero_rows(W),
                reach(active_2, above.d, below.d),
                have(
                    SumModes(active_2 * indicator(index <= below.d), 0, above.d)
                    >= count(Or(clearly(BOTH), clearly(UPPER_ONLY)), 0, above.d),
                    mode_by_mode(),
                ),
            ),
        ),
        Always(
            "at a minimiser",
            Eq(MHVAE.model.loss.xreplace(frames), MHVAE.optimum),
            definitions={**MODES, **MHVAE.model.frames},
            scale=below.beta * Trace(MHVAE.model.second_moments[0]),
            proof=over_modes(None),
        ),
        Same("both levels may be rotated", loss.xreplace(rotated), loss),
    ),
    uses=("mhvae-fixed",),
)
