"""Every gradient rule against dual numbers over a prime field, which share nothing with it."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

from derivations.calculus import gradient
from derivations.nodes import LogDet, square
from verify.arithmetic.dual import Dual
from verify.arithmetic.field import Field
from verify.lower import lower

n = 3
X, Y, M = (sp.MatrixSymbol(name, n, n) for name in "XYM")
a = sp.Symbol("a", positive=True)

EXPRESSIONS = [
    sp.Trace(X * Y),
    sp.Trace(X) + sp.Trace(Y * X.T * M),
    square(X * Y - M),
    a**2 * square(X) - 3 * sp.Trace(M * X.T * X),
    sp.Trace(X * Y * X.T * (X * X.T + M).inverse()),
    LogDet(X * X.T + M),
    a * LogDet(X) + sp.Trace(X.inverse() * Y),
    sp.Trace(X * Y) ** 2 * sp.Trace(X.T * X),
    sp.log(sp.Trace(X * X.T)) / sp.Trace(X * M),
]


@pytest.mark.parametrize("e", EXPRESSIONS, ids=str)
def test_gradient_is_the_directional_derivative(e):
    field = Field()
    rng = np.random.default_rng(0)
    values = {s: rng.integers(1, field.prime, (8, n, n)) for s in (X, Y, M)} | {a: rng.integers(1, field.prime, (8, 1))}
    direction = rng.integers(1, field.prime, (8, n, n))
    pairs = {s: (v, np.zeros_like(v)) for s, v in values.items()} | {X: (values[X], direction)}
    ((_, slope),) = lower(e).run(Dual(field), pairs, {}, n)
    (G,) = lower(gradient(e, X)).run(field, values, {}, n)
    expected = (np.broadcast_to(G, direction.shape) * direction % field.prime).reshape(8, -1).sum(1) % field.prime
    assert (slope[:, 0] == expected).all()
    assert slope.any()


def test_what_has_no_rule_is_an_error_not_zero():
    with pytest.raises(TypeError, match="no rule"):
        gradient(sp.Determinant(X), X)
    with pytest.raises(TypeError, match="no rule"):
        gradient(sp.sin(sp.Trace(X)), X)


def test_sympys_silent_zeros_are_not_ours():
    assert gradient(sp.Trace(X) + 1, X) == sp.Identity(n)
    assert gradient(LogDet(X), X) == X.inverse().T
