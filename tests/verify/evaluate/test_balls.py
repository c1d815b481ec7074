"""Rationals and balls: exact as long as a value is rational, enclosing it after; undefined where it is not real."""

from __future__ import annotations

import operator
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from derivations.nodes import Eigenvalue, SumModes, ZeroRows
from verify.evaluate.balls import Balls, exact
from verify.evaluate.lowering import lower
from verify.evaluate.reals import UNDEFINED, UNKNOWN, Truth

x, y = sp.symbols("x y", real=True)
n = sp.Symbol("n", integer=True, positive=True)
M = sp.MatrixSymbol("M", n, n)
BITS = 200


def value(e, values, ties=False, dims=None, modes=1):
    """One expression at exact values, to 200 bits."""
    balls = Balls(BITS, ties=ties)
    with balls.precision():
        (found,) = lower(e).run(balls, {k: exact(v) for k, v in values.items()}, dims or {}, modes)
    return found.ravel()[0]


@given(st.fractions(-9, 9, max_denominator=99), st.fractions(-9, 9, max_denominator=99))
def test_rational_operations_are_exact(a, b):
    found = value((x + y) ** 3 - x * y / 7, {x: [[a]], y: [[b]]})
    wanted = (a + b) ** 3 - a * b / 7
    assert isinstance(found, fmpq)
    assert (int(found.p), int(found.q)) == wanted.as_integer_ratio()


@given(st.fractions(0, 99, max_denominator=99))
def test_a_root_of_a_square_is_exact_and_any_other_is_enclosed(a):
    assert value(sp.sqrt(x), {x: [[a * a]]}) == fmpq(*a.as_integer_ratio())
    with Balls(BITS).precision():
        found = arb(value(sp.sqrt(x), {x: [[a]]}))
        assert (found * found - fmpq(*a.as_integer_ratio())).contains(0)


@pytest.mark.parametrize("e", [sp.sqrt(x), 1 / (x + 1), sp.log(x), x ** sp.Rational(-3, 2), 1 + sp.sqrt(x)])
def test_what_is_no_real_number_is_shown_to_be_none(e):
    assert value(e, {x: [[-1]]}) is UNDEFINED


def test_a_case_that_is_not_taken_may_be_undefined_and_an_open_one_is_not_known():
    case = sp.Piecewise((sp.sqrt(x), x > 0), (7, True))
    assert value(case, {x: [[-1]]}) == 7
    tie = sp.Piecewise((1, (sp.sqrt(x) + 1) * (sp.sqrt(x) - 1) > x - 1), (0, True))
    assert value(tie, {x: [[2]]}) is UNKNOWN
    assert value(tie, {x: [[2]]}, ties=True) == 0


def test_truth_has_three_values():
    yes, no, open_ = (Truth(v) for v in (True, False, None))
    assert no & open_ == open_ & no == no
    assert yes | open_ == open_ | yes == yes
    assert yes & open_ == no | open_ == ~open_ == open_


@given(st.lists(st.integers(-3, 3), min_size=9, max_size=9))
def test_eigenvalues_are_enclosed_in_order(entries):
    A = np.array(entries, dtype=float).reshape(1, 3, 3)
    A = A + np.swapaxes(A, 1, 2)
    balls = Balls(BITS)
    with balls.precision():
        (found,) = lower(Eigenvalue(M)).run(balls, {M: exact(A)}, {n: 3}, 3)
        assert arb(sum(found.ravel())).contains(int(np.trace(A[0])))
    assert np.allclose([float(arb(v).mid()) for v in found.ravel()], np.linalg.eigvalsh(A[0])[::-1], atol=1e-9)


def test_zero_rows_and_singular_matrices():
    assert value(ZeroRows(M), {M: [[[1, 0], [0, 0]]]}, dims={n: 2}, modes=2) == 1
    assert value(sp.Trace(M.inverse()), {M: [[[1, 0], [0, 0]]]}, dims={n: 2}, modes=2) is UNDEFINED
    assert value(SumModes(sp.sqrt(Eigenvalue(M))), {M: [[[1, 0], [0, 0]]]}, dims={n: 2}, modes=2) > 0


def test_numbers_that_cannot_be_told_apart_compare_as_unknown():
    balls = Balls(BITS)
    with balls.precision():
        two = balls.power(exact([[2]]), Fraction(1, 2))
        assert balls.compare(operator.gt, two * two, exact([[2]]))[0, 0] == Truth(None)
        assert balls.compare(operator.gt, two, exact([[1]]))[0, 0]


def test_long_numbers_may_be_balls_from_the_start_and_enclose_what_is_exact():
    values = exact([[0.5, 1 / 3]])
    early = Balls(BITS, early=True).given(values)
    assert isinstance(early[0, 0], fmpq)
    assert isinstance(early[0, 1], arb)
    assert early[0, 1].contains(arb(values[0, 1]))
    assert Balls(BITS).given(values) is values
