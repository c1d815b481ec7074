"""Scalar derivatives against dual numbers, which know none of the rules; a node without a rule is an error."""

from __future__ import annotations

import numpy as np
import pytest
from sympy import Adjoint, Identity, Inverse, MatrixSymbol, Piecewise, Symbol, Trace, log

from derivations.algebra.derivative import differentiate
from derivations.nodes import Diagonal, LogDet, SumModes
from tests.verify.evaluate.dual import Dual
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower

x = Symbol("x", positive=True)
a = Symbol("a", positive=True)
n = Symbol("n", integer=True, positive=True)
M, N = MatrixSymbol("M", n, n), MatrixSymbol("N", n, n)
S = M * M.T + x * Identity(n)

CASES = {
    "trace of a sum": Trace(M) + 1 + Trace(x**2 * M + x * N),
    "log det": LogDet(S),
    "log of a determinant's node, scaled": x * LogDet(S) ** 2,
    "inverse": Trace(N * Inverse(S) * N.T),
    "product": x**3 * Trace(M * S.T * N) / a,
    "cases": Piecewise((Trace(x * M), x > a), (x**2 * Trace(N), True)),
    "modes": SumModes(log(x + a) * x),
    "diagonal": Trace(Diagonal(x**2 * a, n, n) * M),
    "logarithm of a trace": log(Trace(S)),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_derivative_is_that_of_dual_numbers(name):
    e = CASES[name]
    rng = np.random.default_rng(0)
    values = {
        x: rng.uniform(1, 2, (5, 1)),
        a: rng.uniform(1, 2, (5, 1)),
        M: rng.normal(size=(5, 3, 3)),
        N: rng.normal(size=(5, 3, 3)),
    }
    twins = {k: (v, np.ones_like(v) if k == x else np.zeros_like(v)) for k, v in values.items()}
    _, slope = lower(e).run(Dual(Float64()), twins, {n: 3}, 3)[0]
    found = lower(differentiate(e, x)).run(Float64(), values, {n: 3}, 3)[0]
    np.testing.assert_allclose(np.broadcast_to(found, slope.shape), slope, rtol=1e-10)
    assert np.abs(slope).max() > 1e-3


def test_a_node_without_a_rule_is_an_error():
    with pytest.raises(TypeError, match="no rule"):
        differentiate(Trace(Adjoint(x * M)), x)
