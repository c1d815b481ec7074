"""Each node against NumPy written by hand, in every arithmetic that has it: a wrong step would prove anything."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
import sympy as sp

from derivations.nodes import (
    AlignedTo,
    Diagonal,
    Eigenvalue,
    LogDet,
    LogGap,
    Matching,
    Paired,
    Reflection,
    SumModes,
    ZeroRows,
)
from derivations.notation import index, theta
from tests.verify.evaluate.dual import Dual
from tests.verify.evaluate.rational import Rational, fractions, is_exact
from verify.evaluate.base import Arithmetic
from verify.evaluate.field import PRIMES, Field
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower, lower_named

m, n, k = sp.symbols("m n k", integer=True, positive=True)
X, Y = sp.MatrixSymbol("X", m, n), sp.MatrixSymbol("Y", n, n)
a, b = sp.symbols("a b", real=True)
t, f = sp.Symbol("t", nonnegative=True), sp.Symbol("f", real=True)
DIMS = {m: 2, n: 3, k: 1}
RNG = np.random.default_rng(0)
ROWS = 5
SQUARE = RNG.normal(size=(ROWS, 3, 3)) + 3 * np.eye(3)
VALUES = {
    X: RNG.normal(size=(ROWS, 2, 3)),
    Y: SQUARE @ SQUARE.swapaxes(1, 2),
    a: np.array([[-2.0], [-1], [0], [1], [2]]),
    b: np.array([[2.0], [-1], [1], [1], [-2]]),
    t: np.sort(RNG.integers(0, 5, (ROWS, 3)).astype(float)),
    f: np.sort(RNG.normal(size=(ROWS, 3))),
}


def evaluated(*expressions, values=VALUES, arithmetic=None, dims=DIMS, modes=3):
    return lower(*expressions).run(arithmetic or Float64(), values, dims, modes)


def each(function):
    """One instance at a time, by hand."""
    return np.array([function(**{str(s): v[row] for s, v in VALUES.items()}) for row in range(ROWS)])


MATRICES = {
    "sum": (Y + 2 * Y.T + sp.Identity(n), lambda Y, **_: Y + 2 * Y.T + np.eye(3)),
    "product": (3 * X * Y * X.T, lambda X, Y, **_: 3 * X @ Y @ X.T),
    "elementwise": (sp.HadamardProduct(X, 2 * X), lambda X, **_: 2 * X * X),
    "inverse": (Y.inverse(), lambda Y, **_: np.linalg.inv(Y)),
    "power": (sp.MatPow(Y, 3), lambda Y, **_: Y @ Y @ Y),
    "inverse power": (sp.MatPow(Y, -2), lambda Y, **_: np.linalg.inv(Y) @ np.linalg.inv(Y)),
    "transpose": (X.T, lambda X, **_: X.T),
    "scalar times": (a * X, lambda a, X, **_: a[0] * X),
    "diagonal, wide": (Diagonal(t, 2, 3), lambda t, **_: np.diag(t)[:2]),
    "diagonal, tall": (Diagonal(t, 3, 2), lambda t, **_: np.diag(t)[:, :2]),
    "diagonal of one value": (Diagonal(a, n, n), lambda a, **_: a[0] * np.eye(3)),
    "zero": (sp.ZeroMatrix(m, n) + X, lambda X, **_: X),
    "integers": (sp.ImmutableDenseMatrix([[1, -2], [3, 4]]) * X, lambda X, **_: np.array([[1, -2], [3, 4]]) @ X),
}


@pytest.mark.parametrize("name", MATRICES)
def test_matrices(name):
    e, by_hand = MATRICES[name]
    np.testing.assert_allclose(evaluated(e)[0], each(by_hand), rtol=1e-9)


SCALARS = {
    "trace": (sp.Trace(Y), lambda Y, **_: np.trace(Y)),
    "trace of a product": (sp.Trace(3 * X * Y * X.T), lambda X, Y, **_: 3 * np.trace(X @ Y @ X.T)),
    "determinant": (sp.Determinant(Y), lambda Y, **_: np.linalg.det(Y)),
    "log det": (LogDet(Y), lambda Y, **_: np.log(np.linalg.det(Y))),
    "log gap": (LogGap(a**2 + 1), lambda a, **_: a[0] ** 2 - np.log(a[0] ** 2 + 1)),
    "power": ((a**2 + 1) ** sp.Rational(-3, 2), lambda a, **_: (a[0] ** 2 + 1) ** -1.5),
    "cube": (a**3, lambda a, **_: a[0] ** 3),
    "cube root": ((a**2 + 1) ** sp.Rational(1, 3), lambda a, **_: (a[0] ** 2 + 1) ** (1 / 3)),
    "π": (sp.pi * a, lambda a, **_: np.pi * a[0]),
    "a dimension": (n * a, lambda a, **_: 3 * a[0]),
    "sum over modes": (SumModes(t * index), lambda t, **_: t @ [1, 2, 3]),
    "sum over some modes": (SumModes(t**2, 1, n), lambda t, **_: (t[1:] ** 2).sum()),
    "sum of one value": (SumModes(a, 0, m), lambda a, **_: 2 * a[0]),
    "paired": (Paired(Y, f), lambda Y, f, **_: np.linalg.eigvalsh(Y)[::-1] @ f),
    "cases": (sp.Piecewise((1, a > 0), (a, sp.Eq(a, 0)), (7, True)), lambda a, **_: 1.0 if a[0] > 0 else a[0] or 7.0),
}


@pytest.mark.parametrize("name", [name for name in SCALARS if name != "cases"])
def test_scalars(name):
    e, by_hand = SCALARS[name]
    np.testing.assert_allclose(evaluated(e)[0][:, 0], each(by_hand), rtol=1e-9, atol=1e-12)


def test_the_first_case_that_holds_is_taken():
    e = sp.Piecewise((10, a > 1), (20, a > 0), (30, a >= 0), (40, True))
    assert evaluated(e)[0].ravel().tolist() == [40, 40, 30, 20, 10]


TRUTHS = {
    sp.Gt: [False, False, False, False, True],
    sp.Ge: [False, True, False, True, True],
    sp.Lt: [True, False, True, False, False],
    sp.Le: [True, True, True, True, False],
    sp.Eq: [False, True, False, True, False],
    sp.Ne: [True, False, True, False, True],
}


@pytest.mark.parametrize("kind", TRUTHS)
@pytest.mark.parametrize("exact", [False, True])
def test_relations(kind, exact):
    values = {s: fractions(v) if exact else v for s, v in VALUES.items() if s in (a, b)}
    (found,) = evaluated(kind(a, b), values=values, arithmetic=Rational() if exact else Float64())
    assert found.ravel().tolist() == TRUTHS[kind]


def test_logic():
    both, either, neither = sp.And(a > 0, b > 0), sp.Or(a > 0, b > 0), sp.Not(sp.Or(a > 0, b > 0), evaluate=False)
    chosen = sp.ITE(a > 0, b > 0, b < 0)
    found = [x.ravel().tolist() for x in evaluated(both, either, neither, chosen)]
    positive = [(x > 0, y > 0, y < 0) for x, y in zip(VALUES[a][:, 0], VALUES[b][:, 0], strict=True)]
    assert found[0] == [x and y for x, y, _ in positive]
    assert found[1] == [x or y for x, y, _ in positive]
    assert found[2] == [not (x or y) for x, y, _ in positive]
    assert found[3] == [y if x else z for x, y, z in positive]
    assert [x.tolist() for x in evaluated(sp.true, sp.false)] == [[[True]], [[False]]]


@pytest.mark.parametrize(("size", "kept"), [(3, 0), (3, 1), (3, 3), (4, 2), (1, 0), (1, 1)])
def test_reflections(size, kept):
    (found,) = evaluated(Reflection(n, b), values={b: np.full((2, 1), float(kept))}, dims={n: size}, modes=size)
    assert found.shape == (2, size, size)
    block = size - kept
    v = np.array([2.0] * (block - 1) + [1.0]) if block else np.zeros(0)
    expected = np.eye(size)
    if block:
        expected[:block, :block] -= 2 * np.outer(v, v) / (v @ v)
        assert (expected[:block, :block] != 0).all()
    np.testing.assert_allclose(found, [expected] * 2, atol=1e-15)
    np.testing.assert_allclose(found @ found.mT, [np.eye(size)] * 2, atol=1e-15)


def test_zero_matrices():
    for arithmetic in (Float64(), Rational(), Field()):
        (found,) = evaluated(sp.ZeroMatrix(m, n), arithmetic=arithmetic)
        assert found.shape == (1, 2, 3)
        assert (found == 0).all()


def test_zero_rows_are_counted_exactly():
    M = np.array([[[0.0, 0, 0], [0, 1e-300, 0]], [[0, 0, 0], [0, 0, 0]], [[1, 0, 0], [0, 0, 2]]])
    assert evaluated(ZeroRows(X), values={X: M})[0].ravel().tolist() == [1, 2, 0]


def test_eigenvalues_descend_and_are_padded():
    values = np.linalg.eigvalsh(VALUES[Y])[:, ::-1]
    (found,) = evaluated(Eigenvalue(Y), modes=5)
    np.testing.assert_allclose(found, np.concatenate([values, np.zeros((ROWS, 2))], axis=1))
    with_vectors = lower(AlignedTo(Y, f), Eigenvalue(Y), Paired(Y, f))
    aligned, shared, paired = with_vectors.run(Float64(), VALUES, DIMS, 3)
    assert sum(step.method == "eigh" for step, _, _ in with_vectors.steps if hasattr(step, "method")) == 1
    np.testing.assert_allclose(shared, values)
    np.testing.assert_allclose(paired[:, 0], (values * VALUES[f]).sum(1))
    np.testing.assert_allclose(np.sort(np.linalg.eigvalsh(aligned)), np.sort(VALUES[f]), atol=1e-12)
    np.testing.assert_allclose(aligned @ VALUES[Y], VALUES[Y] @ aligned, atol=1e-9)
    padded = lower(AlignedTo(Y, f), Eigenvalue(Y)).run(Float64(), {**VALUES, f: np.ones((1, 5))}, DIMS, 5)
    assert padded[1].shape == (ROWS, 5)
    np.testing.assert_allclose(padded[0], [np.eye(3)] * ROWS, atol=1e-12)


@pytest.mark.parametrize("width", [1, 2, 3])
def test_the_best_matching_is_found(width):
    gain = theta * t / (1 + t) + (theta - t) ** 2
    values = {theta: -np.sort(-RNG.uniform(0, 3, (ROWS, 3)), axis=1), t: VALUES[t]}
    (found,) = evaluated(Matching(gain, m), values=values, dims={m: width})
    number = sp.lambdify((theta, t), gain)
    for row in range(ROWS):
        modes, latents = values[theta][row], values[t][row][:width]
        best = max(sum(number(x, y) for x, y in zip(p, latents, strict=True)) for p in permutations(modes, width))
        assert found[row, 0] == pytest.approx(best)


def test_names_are_what_they_were_given():
    plan = lower_named(((a, b + 1), (t, a * a)))
    first, second = plan.run(Float64(), {b: np.array([[2.0]])}, {}, 1)
    assert (first.item(), second.item()) == (3, 9)


REFUSED = {
    "a matrix power needs an integer": sp.MatPow(Y, sp.Rational(1, 2)),
    "must end in a default": sp.Piecewise((1, a > 0), (2, a < 0)),
    "must hold integers": sp.ImmutableDenseMatrix([[sp.Rational(1, 2)]]),
    "cannot evaluate cos": sp.cos(a),
}


@pytest.mark.parametrize("said", REFUSED)
def test_what_cannot_be_evaluated_is_refused(said):
    with pytest.raises(TypeError, match=said):
        lower(REFUSED[said])


DUAL = {
    "determinant": sp.Determinant(Y),
    "log det": LogDet(Y),
    "inverse": sp.Trace(Y.inverse() * Y.inverse()),
    "power": (a**2 + 1) ** sp.Rational(-3, 2),
    "log": sp.log(a**2 + 2),
    "product": sp.Trace(X * Y * X.T) * a,
    "cases": sp.Piecewise((a**2, a > sp.Rational(1, 2)), (3 * a, True)) + sp.pi * a + 5,
    "modes": SumModes(t**2 * a),
}


@pytest.mark.parametrize("name", DUAL)
def test_dual_numbers_are_derivatives(name):
    e = DUAL[name]
    values = {**VALUES, t: VALUES[t] + 1.0}
    rng = np.random.default_rng(1)
    along = {s: rng.normal(size=v.shape) for s, v in values.items()}
    pairs = {s: (values[s], along[s]) for s in values}
    ((value, slope),) = evaluated(e, values=pairs, arithmetic=Dual(Float64()))
    step = 1e-6
    up, down = (evaluated(e, values={s: values[s] + h * along[s] for s in values})[0] for h in (step, -step))
    np.testing.assert_allclose(value, evaluated(e, values=values)[0])
    np.testing.assert_allclose(slope, (up - down) / (2 * step), rtol=1e-6, atol=1e-7)


def test_dual_constants_do_not_move():
    dual = Dual(Float64())
    assert [x.item() for x in dual.number(Fraction(3, 2))] == [1.5, 0.0]
    assert [x.item() for x in dual.pi()] == [np.pi, 0.0]
    one, two = (np.array([[1.0]]), np.array([[9.0]])), (np.array([[2.0]]), np.array([[0.0]]))
    assert dual.compare(np.less, one, two).item() is True
    assert [x.item() for x in dual.where(np.array([[True]]), one, two)] == [1, 9]
    assert [x.item() for x in dual.where(np.array([[False]]), one, two)] == [2, 0]


def test_rationals_are_exact_or_say_that_they_are_not():
    exact = Rational()
    half, minus = fractions([[Fraction(1, 2)]]), fractions([[-4]])
    assert exact.power(half, Fraction(-3)).item() == 8
    assert exact.power(half, Fraction(0)).item() == 1
    assert exact.power(fractions([[Fraction(9, 4)]]), Fraction(3, 2)).item() == Fraction(27, 8)
    assert exact.power(fractions([[Fraction(9, 4)]]), Fraction(-1, 2)).item() == Fraction(2, 3)
    for undefined in (
        exact.power(minus, Fraction(1, 2)),
        exact.power(fractions([[2]]), Fraction(1, 2)),
        exact.power(fractions([[Fraction(4, 3)]]), Fraction(1, 2)),
        exact.power(fractions([[Fraction(3, 4)]]), Fraction(1, 2)),
        exact.power(fractions([[64]]), Fraction(1, 3)),  # no roots but square roots
        exact.power(fractions([[64]]), Fraction(1, 4)),
        exact.power(fractions([[0]]), Fraction(-1)),
        exact.log(fractions([[0]])),
        exact.log(minus),
        exact.log(exact.power(minus, Fraction(1, 2))),
        exact.power(exact.log(minus), Fraction(2)),
        exact.power(exact.log(minus), Fraction(1, 2)),
    ):
        assert not is_exact(undefined)
    assert exact.power(fractions([[0]]), Fraction(1, 2)).item() == 0
    assert exact.power(fractions([[0]]), Fraction(0)).item() == 1
    assert exact.power(fractions([[0]]), Fraction(2)).item() == 0
    assert float(exact.log(half).item()) == pytest.approx(-np.log(2), rel=1e-15)
    assert exact.log(fractions([[1]])).item() == 0
    assert isinstance(exact.log(half).item(), Fraction)
    assert float(exact.pi().item()) == np.pi
    assert isinstance(exact.pi().item(), Fraction)
    truth = exact.compare(np.less, minus, half)
    assert truth.dtype == bool
    assert truth.item()
    assert exact.number(Fraction(1, 3)).tolist() == [[Fraction(1, 3)]]
    assert is_exact(fractions([1, 2.5]))
    assert not is_exact(np.array([[Fraction(1), float("nan")]], dtype=object))


@pytest.mark.parametrize("prime", PRIMES)
def test_fields_obey_the_laws(prime):
    field = Field(prime)
    x, y = field.number(Fraction(2, 7)), field.number(Fraction(-5, 3))
    assert field.mul(field.number(Fraction(7)), x).item() == 2
    assert field.add(x, y).item() == field.number(Fraction(2, 7) - Fraction(5, 3)).item()
    assert field.mul(field.power(x, Fraction(-2)), field.power(x, Fraction(2))).item() == 1
    assert field.power(x, Fraction(3)).item() == field.number(Fraction(8, 343)).item()
    assert field.power(x, Fraction(0)).item() == field.power(field.number(Fraction(0)), Fraction(0)).item() == 1
    assert 0 <= field.pi().item() < prime
    assert field.log(x).item() == field.log(x + prime).item() != field.log(y).item()
    for singular in (np.zeros((1, 2, 2), dtype=np.int64), np.array([[[1, 2], [2, 4]]])):
        with pytest.raises(ZeroDivisionError):
            field.inverse(singular)
        with pytest.raises(ZeroDivisionError):
            field.det(singular)


class Bare(Arithmetic):
    """Only what must be there."""

    def number(self, q):
        return np.array([[float(q)]])

    def power(self, a, q):
        return a ** float(q)

    def log(self, a):
        return np.log(a)

    def inverse(self, M):
        return np.linalg.inv(M)

    def det(self, M):
        return np.linalg.det(M)[:, None]


def test_what_an_arithmetic_lacks_it_refuses():
    for arithmetic in (Bare(), Field()):
        for method in (arithmetic.eigenvalues, arithmetic.eigh):
            with pytest.raises(TypeError, match=f"{type(arithmetic).__name__} has no eigen"):
                method(np.eye(2)[None])
    with pytest.raises(TypeError, match="Bare has no π"):
        Bare().pi()
    assert Bare() == Bare()
    assert Field(PRIMES[0]) != Field(PRIMES[1])
    assert Field(PRIMES[0]) != Rational()
    assert len({Field(PRIMES[0]), Field(PRIMES[0]), Field(PRIMES[1])}) == 2
    assert Bare().compare(np.less, 1, 2)
    np.testing.assert_allclose(Bare().logdet(np.array([[[2.0, 0], [0, 3]]])), [[np.log(6)]])
    np.testing.assert_allclose(
        evaluated(LogDet(Y) + sp.log(a**2 + 1), arithmetic=Bare()), evaluated(LogDet(Y) + sp.log(a**2 + 1))
    )


def test_singular_stacks_lose_only_their_own():
    M = np.array([np.eye(2), [[1.0, 1], [1, 1]]])
    inverse = Float64().inverse(M)
    np.testing.assert_allclose(inverse[0], np.eye(2))
    assert np.isnan(inverse[1]).all()
    assert np.isnan(Float64().logdet(np.array([np.diag([1.0, -1]), np.zeros((2, 2))]))).all()
    np.testing.assert_allclose(Float64().logdet(np.array([np.diag([2.0, 3])])), [[np.log(6)]])
