"""Every gradient rule against dual numbers over a prime field, which share nothing with it."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

from derivations.algebra.calculus import gradient
from derivations.nodes import LogDet, Paired, square
from tests.verify.evaluate.dual import Dual
from verify.evaluate.field import Field
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower

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


def test_the_gradient_of_a_pairing_agrees_with_finite_differences():
    """It needs eigenvectors, which no exact arithmetic has."""
    f = sp.Symbol("f", positive=True)
    e = Paired(X.T * X + M * M.T, f)
    rng = np.random.default_rng(1)
    values = {s: rng.normal(size=(6, n, n)) for s in (X, M)} | {f: np.sort(rng.uniform(0.5, 2, (6, n)), axis=1)}
    direction = rng.normal(size=(6, n, n))
    (G,) = lower(gradient(e, X)).run(Float64(), values, {}, n)
    step = 1e-6
    moved = [{**values, X: values[X] + s * direction} for s in (step, -step)]
    up, down = (lower(e).run(Float64(), v, {}, n)[0][:, 0] for v in moved)
    assert (G * direction).sum((1, 2)) == pytest.approx((up - down) / (2 * step), rel=1e-6)
