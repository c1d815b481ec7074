"""The file that `collapse-audit new` writes: a true claim with comments, to be changed into one's own."""

from __future__ import annotations

import re

from verify.errors import InputError, shown

__all__ = ["fill_template"]

_TEXT = '''"""What the claim says, in words and formulas.

Audit it:  collapse-audit check FILE.py
"""

from sympy import MatrixSymbol, Piecewise, Symbol, log, sqrt  # noqa: F401 - whatever your formulas need

from derivations.claim import Always, Claim, Expected, Minimum, Variable  # noqa: F401
from derivations.nodes import LogDet, square  # noqa: F401 - log det S, and tr(M Mᵀ)

# Symbols carry their assumptions: positive=True, nonnegative=True or real=True. Shapes are positive integers:
#   m, n = (Symbol(name, integer=True, positive=True) for name in "mn");  X = MatrixSymbol("X", m, n)
theta = Symbol("theta", nonnegative=True)
alpha = Symbol("alpha", positive=True)
x = Symbol("x", nonnegative=True)

# What is minimised. It may be a matrix expression, like square(W*X - Y) + alpha*square(W).
loss = (x - theta) ** 2 + 2 * alpha * x

# The claimed minimiser. Cases with thresholds are a Piecewise whose last condition is True.
claimed = Piecewise((theta - alpha, theta > alpha), (0, True))

CLAIM = Claim(
    id="CLAIM-ID",
    title="a few words for the table",
    source="where the claim comes from",
    text="x = (θ − α)₊ minimises (x − θ)² + 2αx over x ≥ 0.",
    # Everything that is given, as opposed to minimised over. Domains other than those of the symbols' own assumptions:
    # Variable(S, Domain.DEFINITE), Variable(Q, Domain.ORTHOGONAL), … (derivations.claim.Domain).
    variables=(Variable(theta), Variable(alpha)),
    # Conditions on the variables; if nothing meets them the verdict is VACUOUS.
    assumptions=(),
    statements=(
        # PROVED needs a zero gradient and an argument that the point is global: a loss that is visibly convex in its
        # unknowns, or `excess`, terms that are visibly ≥ 0 and add up to loss(x) − loss(at).
        Minimum("minimiser", loss, at={x: claimed}),
        # A relation on every instance, for example a condition for collapse; SUPPORTED unless `proof` has its steps.
        #   Always("collapse", Eq(claimed, 0) ...),
    ),
    # PROVED, SUPPORTED or REFUTED: the exit code is 0 if the verdict is the expected one.
    expected=Expected.PROVED,
)
'''


def fill_template(claim_id: str) -> str:
    """The text of a file with one claim of this id.

    Raises:
        InputError: it is no id.
    """
    if not isinstance(claim_id, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", claim_id):
        raise InputError(
            f"{shown(claim_id)} is no claim id; ‹claim_id› must be lower-case words joined by hyphens, like"
            " 'ridge-regression'."
        )
    name = claim_id.replace("-", "_")
    return _TEXT.replace("CLAIM-ID", claim_id).replace("FILE.py", f"{name}.py")
