"""Proposition. Appending inputs to x never increases any θ_i, so it never revives a latent.

Let r be the residual of y on x and w the residual of the appended inputs on x, with E[rrᵀ] = E, E[wwᵀ] = N,
E[rwᵀ] = F. Conditioning on w as well leaves E' = E − FN⁻¹Fᵀ, and E − E' = (FL⁻ᵀ)(FL⁻ᵀ)ᵀ ⪰ 0 with N = LLᵀ; by Weyl's
monotonicity no eigenvalue of E' exceeds that of E. Appending w or the raw inputs is the same: they span the same.
"""

from __future__ import annotations

from sympy import MatrixSymbol

from derivations.claim import Always, Claim, Domain, Same, Variable
from derivations.nodes import Eigenvalue, count
from derivations.notation import D1, D, water_level
from derivations.statements.script import by_cases, loewner, mode_by_mode, supposing, uses
from derivations.variables import SCALES

L = MatrixSymbol("L", D1, D1)
F = MatrixSymbol("F", D, D1)
M = MatrixSymbol("M", D, D)
N = L * L.T
# E − FN⁻¹Fᵀ must be a second moment: E = MMᵀ + FN⁻¹Fᵀ, every admissible E.
less = M * M.T
more = less + F * N.inverse() * F.T
root = F * (L.T).inverse()
falls = Eigenvalue(more) >= Eigenvalue(less)

CLAIM = Claim(
    id="cvae-more-conditioning",
    title="more conditioning never revives a latent",
    source="arXiv 2306.05023, on the choice of the condition",
    text="Appending inputs to x never increases any θ_i, so with learnable Σ the active count cannot grow.",
    variables=(
        Variable(L, Domain.DEFINITE, "a root of the moment of the new inputs' residual"),
        Variable(F, Domain.MATRIX, "its cross moment with r"),
        Variable(M, Domain.SINGULAR, "a root of E'"),
        *SCALES,
    ),
    statements=(
        Same("E − E' is a square", more - less, root * root.T),
        Always("every θ_i² falls", falls, proof=loewner(more, less, root)),
        Always(
            "the active count cannot grow",
            count(Eigenvalue(more) > water_level, 0, D) >= count(Eigenvalue(less) > water_level, 0, D),
            proof=mode_by_mode(supposing(uses("cvae-more-conditioning", "every θ_i² falls"), then=by_cases())),
        ),
    ),
    uses=("cvae-learnable",),
)
