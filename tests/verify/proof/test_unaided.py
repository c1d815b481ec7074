"""Relations without a script: what is true and near is proved, what is false never."""

from __future__ import annotations

import pytest
import sympy as sp

from derivations.claim import Claim, Variable
from derivations.nodes import Eigenvalue, SumModes
from verify.proof.core.terms import RejectedError
from verify.proof.unaided import proved_unaided

x, y = sp.symbols("x y", positive=True)
u, v = sp.symbols("u v", real=True)
w = sp.Symbol("w", nonnegative=True)
n, k = sp.symbols("n k", integer=True, positive=True)
V = sp.MatrixSymbol("V", n, k)
CLAIM = Claim("c", "t", "s", "", tuple(map(Variable, (x, y, u, v, w, V))), ())
GAP = x - 1 - sp.log(x)


def proved(relation, *given):
    """Whether a theorem was found."""
    try:
        return proved_unaided(CLAIM, relation, {}, given) is not None
    except RejectedError:
        return False


@pytest.mark.parametrize(
    ("true", "false"),
    [
        (sp.Gt(1 + x**5, 1, evaluate=False), sp.Gt(1 + u**5, 1, evaluate=False)),
        (x >= 1 + sp.log(x), x >= sp.Rational(1001, 1000) + sp.log(x)),
        (2 * u * v <= u**2 + v**2, 2 * u * v <= u**2 + v**2 - sp.Rational(1, 10**9)),
        (x**2 / 2 + sp.S.Half >= x, sp.Gt(x**2 / 2 + sp.S.Half, x)),  # equal at 1
        (x + y >= 2 * sp.sqrt(x * y), x + y >= sp.Rational(21, 10) * sp.sqrt(x * y)),
        (x / y + y / x >= 2, x / y + y / x >= 3),
        (sp.Ge(u**2 + w, 0, evaluate=False), sp.Gt(u**2 + w, 0, evaluate=False)),
        (SumModes(sp.sqrt(Eigenvalue(V * V.T))) >= 0, SumModes(sp.sqrt(Eigenvalue(V * V.T))) >= 1),
    ],
    ids=str,
)
def test_what_is_near_is_found_and_what_is_false_is_not(true, false):
    assert proved(true)
    assert not proved(false)


def test_what_is_given_counts_and_nothing_else():
    assert proved(9 * x >= 8 * y, 9 * x >= 9 * y)
    assert not proved(9 * x >= 10 * y, 9 * x >= 9 * y)
    assert proved(GAP / 2 + w >= 0, GAP >= 0)
    assert proved(u + 1 > v, u >= v)
    assert not proved(u > v, u >= v)


def test_long_relations_are_left_alone():
    assert not proved(sp.Gt(sum((x + j) ** 2 for j in range(99)), 0, evaluate=False))
