"""One walk, four arithmetics: they must agree with NumPy, with Fractions and with each other."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from derivations.nodes import Diagonal, Eigenvalue, LogDet, SumModes, ZeroRows, count, square
from tests.verify.evaluate.dual import Dual
from tests.verify.evaluate.rational import Rational, fractions, is_exact
from verify.evaluate.field import PRIMES, Field
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower

m, n = sp.symbols("m n", integer=True, positive=True)
X = sp.MatrixSymbol("X", m, n)
Y = sp.MatrixSymbol("Y", n, n)
a = sp.Symbol("a", positive=True)
t = sp.Symbol("t", nonnegative=True)
DIMS = {m: 2, n: 3}


def values(seed=0, rows=4):
    rng = np.random.default_rng(seed)
    integers = rng.integers(-3, 4, (rows, 2, 3)), rng.integers(-3, 4, (rows, 3, 3)) + 7 * np.eye(3, dtype=int)
    return {X: integers[0], Y: integers[1], a: rng.integers(1, 5, (rows, 1)), t: rng.integers(0, 4, (rows, 3))}


def in_floats(v):
    return {k: x.astype(float) for k, x in v.items()}


RATIONAL = [
    square(X * Y) / a + 3,
    sp.Trace(X * Y.inverse() * X.T) - a**2,
    sp.Determinant(Y * Y),
    SumModes(t**2 / a, 1, 3) + SumModes(t),
    sp.Trace(Diagonal(t, 2, 3) * Y * X.T),
    SumModes(sp.Piecewise((1 / t, t > 1), (t, True)), 0, n),
    count(t >= 2),
    sp.Trace(sp.Identity(n) * 2 + Y) + n,
]


@pytest.mark.parametrize("e", RATIONAL, ids=str)
def test_exact_and_rounded_arithmetic_agree(e):
    v = values()
    exact = {k: fractions(x) for k, x in v.items()}
    (rational,) = lower(e).run(Rational(), exact, DIMS, 3)
    (rounded,) = lower(e).run(Float64(), in_floats(v), DIMS, 3)
    assert is_exact(rational)
    assert np.asarray(rational, dtype=float) == pytest.approx(rounded, rel=1e-12)


@pytest.mark.parametrize("e", [e for e in RATIONAL if not e.has(sp.Piecewise)], ids=str)
@pytest.mark.parametrize("prime", PRIMES)
def test_field_agrees_with_fractions(e, prime):
    v = values(1)
    (rational,) = lower(e).run(Rational(), {k: fractions(x) for k, x in v.items()}, DIMS, 3)
    (residues,) = lower(e).run(Field(prime), {k: x % prime for k, x in v.items()}, DIMS, 3)
    expected = [q.numerator * pow(q.denominator, -1, prime) % prime for q in rational.ravel()]
    assert residues.ravel().tolist() == expected


def test_dual_numbers_agree_with_finite_differences():
    e = LogDet(Y * Y.T) + sp.log(sp.Trace(X * X.T)) + sp.sqrt(a) * square(X * Y.inverse())
    v = in_floats(values(2))
    rng = np.random.default_rng(3)
    direction = {k: rng.normal(size=x.shape) for k, x in v.items()}
    ((_, slope),) = lower(e).run(Dual(Float64()), {k: (v[k], direction[k]) for k in v}, DIMS, 3)
    step = 1e-6
    ends = [lower(e).run(Float64(), {k: v[k] + s * direction[k] for k in v}, DIMS, 3)[0] for s in (step, -step)]
    assert slope == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-6)


def test_nodes():
    M = np.array([[[1.0, 0, 0], [0, 0, 0]], [[0, 0, 0], [0, 0, 0]]])
    S = np.array([np.diag([1.0, 3.0, 2.0])] * 2)
    rows, eigenvalues = lower(ZeroRows(X), Eigenvalue(Y)).run(Float64(), {X: M, Y: S}, DIMS, 3)
    assert rows.ravel().tolist() == [1, 2]
    assert eigenvalues == pytest.approx(np.array([[3.0, 2, 1]] * 2))


def test_common_prefixes_are_computed_once():
    both = lower(sp.Trace(X * Y * X.T), sp.Trace(X * Y * Y.T * X.T))
    alone = lower(sp.Trace(X * Y * Y.T * X.T))
    assert len(both.steps) <= len(alone.steps) + 3


def test_rational_roots_and_undefined_values():
    run = lower(sp.sqrt(a)).run
    assert run(Rational(), {a: fractions([[4]])}, {}, 1)[0][0, 0] == 2
    assert not is_exact(run(Rational(), {a: fractions([[2]])}, {}, 1)[0])
    assert not is_exact(lower(1 / t).run(Rational(), {t: fractions([[0]])}, {}, 1)[0])


@given(st.lists(st.integers(-4, 4), min_size=9, max_size=9))
def test_elimination_inverts_or_says_singular(entries):
    M = fractions(np.array(entries).reshape(1, 3, 3))
    arithmetic = Rational()
    if arithmetic.det(M)[0, 0] == 0:
        assert round(float(np.linalg.det(np.array(entries, dtype=float).reshape(3, 3)))) == 0
        with pytest.raises(ZeroDivisionError):
            arithmetic.inverse(M)
    else:
        assert (arithmetic.inverse(M) @ M == fractions(np.eye(3, dtype=int))).all()
        assert isinstance(arithmetic.det(M)[0, 0], Fraction)


def test_what_has_no_meaning_is_refused():
    with pytest.raises(TypeError, match="cannot evaluate sin"):
        lower(sp.sin(a))
    with pytest.raises(TypeError, match="no roots"):
        lower(sp.sqrt(a)).run(Field(), {a: np.ones((1, 1), dtype=np.int64)}, {}, 1)
    with pytest.raises(TypeError, match="no order"):
        lower(sp.Piecewise((1, a > 1), (0, True))).run(Field(), {a: np.ones((1, 1), dtype=np.int64)}, {}, 1)
    with pytest.raises(ZeroDivisionError):
        lower(1 / a).run(Field(), {a: np.zeros((1, 1), dtype=np.int64)}, {}, 1)
    with pytest.raises(KeyError):
        lower(a).run(Float64(), {}, {}, 1)


def test_comparisons_do_not_see_round_off():
    """Every formula must agree on which side of a threshold an instance is, whatever way it computes it."""
    a, b = sp.Symbol("a", positive=True), sp.Symbol("b", positive=True)
    values = {a: np.array([[0.1 + 0.2], [0.3], [0.3 + 1e-12], [np.inf]]), b: np.array([[0.3], [0.3], [0.3], [np.inf]])}
    strict, weak, equal = (x[:, 0] for x in lower(a > b, a >= b, sp.Eq(a, b)).run(Float64(), values, {}, 1))
    assert strict.tolist() == [False, False, True, False]
    assert weak.tolist() == [True, True, True, True]
    assert equal.tolist() == [True, True, False, True]
