"""Whitening: with A = HHᵀ, V = WH and C = ZHᵀ, the loss in raw inputs is the loss in whitened ones.

    tr(UWAWᵀUᵀ) − 2 tr(UWCᵀ) + tr B = ‖UV − Z‖² + tr B − ‖Z‖²,   tr(WAWᵀ) = ‖V‖².

H may be singular: components of W on the null space of A never enter, so "rows of the encoder" are rows of V.
"""

from __future__ import annotations

from sympy import MatrixSymbol, Trace

from derivations.claim import THEORY, Claim, Domain, Same, Variable
from derivations.nodes import square
from derivations.notation import D0, B, D, H, U, d

W = MatrixSymbol("W", d, D0)
Y = MatrixSymbol("Z", D, D0)
A, C = H * H.T, Y * H.T

CLAIM = Claim(
    id="lemma-whitening",
    title="raw inputs with moment A are whitened inputs with V = WA^{1/2}",
    source=THEORY,
    text="For A = HHᵀ (singular or not), V = WH, C = ZHᵀ: reconstruction and encoder energy agree.",
    variables=(
        Variable(U, Domain.MATRIX, "decoder"),
        Variable(W, Domain.MATRIX, "raw encoder"),
        Variable(H, Domain.SINGULAR, "a root of A"),
        Variable(Y, Domain.MATRIX, "E[yx̃ᵀ]"),
        Variable(B, Domain.DEFINITE, "E[yyᵀ]"),
    ),
    statements=(
        Same(
            "reconstruction",
            Trace(U * W * A * W.T * U.T) - 2 * Trace(U * W * C.T) + Trace(B),
            square(U * W * H - Y) + Trace(B) - square(Y),
        ),
        Same("encoder energy", Trace(W * A * W.T), square(W * H)),
    ),
)
