"""Proposition (fixed Σ = σ²I). The loss is invariant under z → Pz, so the minimisers are U = RΩTᵀ, V = TΛSᵀ for
every orthogonal T, and for rank V ≥ 1 the number of zero rows of V takes every value 0 … d − rank V.

Invariance is an identity. For k ≤ d − rank V, T = diag(H, I_k) with a reflection H none of whose entries is zero
leaves exactly the last k rows of TΛSᵀ zero. A rank-ρ matrix has at least ρ non-zero rows, so there are no more.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, MatrixSymbol, Ne, Symbol

from derivations.claim import Always, Claim, Domain, Same, Variable
from derivations.models.vae import loss
from derivations.nodes import Diagonal, Reflection, SumModes, ZeroRows, count, indicator
from derivations.notation import D, R, S, Sigma, U, V, Z, d, index, lamda, omega, r, sigma, theta
from derivations.statements.script import (
    by_cases,
    combine,
    concat,
    have,
    mode_by_mode,
    padded,
    reach,
    segment,
    supposing,
    zero_rows,
)
from derivations.theorems.vae.vae_fixed import ACTIVE, MODES
from derivations.variables import FRAME, INPUT_FRAME, SCALES, SPECTRUM

P = MatrixSymbol("P", d, d)
W = MatrixSymbol("V'", d, r)
k = Symbol("k", integer=True, nonnegative=True)
rank = count(ACTIVE, 0, d)
free = Variable(U, Domain.MATRIX, "any decoder"), Variable(V, Domain.MATRIX, "any encoder")
aligned = {U: R * Diagonal(omega, D, d), V: Diagonal(lamda, d, r) * S.T}
turned = {U: aligned[U] * Reflection(d, k).T, V: Reflection(d, k) * aligned[V]}
rotated = {U: U * P.T, V: P * V}


def within(n: Any) -> Any:
    """1 for the first n modes, else 0."""
    return indicator(index <= n)


active, followed = indicator(ACTIVE), indicator(Ne(lamda, 0)) * within(r)

CLAIM = Claim(
    id="vae-fixed-isotropic-rotation",
    title="fixed isotropic Σ: rotations, and 0 … d − rank zero rows",
    source="arXiv 2306.05023, fixed isotropic Σ",
    text="F(UPᵀ, PV) = F(U, V) for orthogonal P; for rank V ≥ 1 some minimiser has exactly k zero rows, for each "
    "k = 0 … d − rank V.",
    variables=(
        SPECTRUM,
        *SCALES,
        FRAME,
        INPUT_FRAME,
        Variable(sigma, Domain.EQUAL, "σ_1 = σ_2 = …"),
        Variable(P, Domain.ORTHOGONAL, "rotation of the latents"),
        Variable(k, Domain.COUNT, "how many zero rows"),
        *free,
    ),
    definitions={Z: R * Diagonal(theta, D, r) * S.T, Sigma: Diagonal(sigma**2, d, d)},
    assumptions=(rank >= 1, k + rank <= d),
    statements=(
        Same("rotation", loss, loss.xreplace(rotated)),
        Always(
            "exactly k zero rows",
            Eq(ZeroRows(W), k),
            definitions={**MODES, W: turned[V]},
            proof=supposing(
                have(d >= k),
                then=by_cases(
                    zero_rows(W),
                    segment(ACTIVE, theta, d),
                    segment(ACTIVE, theta, d - k),
                    concat(active, d - k, d),
                    have(SumModes(followed, d - k, d) <= SumModes(active, d - k, d), mode_by_mode()),
                    have(SumModes(followed, d - k, d) >= 0),
                    padded(active, d - k),
                    reach(active, d - k, D, r),
                    have(
                        SumModes(followed, 0, d - k) >= SumModes(active * within(D) * within(r), 0, d - k),
                        mode_by_mode(),
                    ),
                ),
            ),
        ),
        Always(
            "at the minimum, with that rotation",
            Eq(loss.xreplace(turned), loss.xreplace(aligned)),
            definitions=MODES,
            proof=supposing(have(d >= k), then=combine()),
        ),
    ),
    uses=("vae-fixed",),
)
