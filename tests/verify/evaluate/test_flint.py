"""Exact inverses and determinants are what defines them: properties, over fractions and over prime fields."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import nan, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verify.evaluate.rational import Rational, fractions
from verify.evaluate import flint
from verify.evaluate.field import PRIMES, Field

FIELDS = (Rational(), *map(Field, PRIMES), Field(7))
fields = st.sampled_from(FIELDS)


@st.composite
def stacks(draw, arithmetic, count=1):
    """`count` stacks of one shape, of small numbers, so that singular matrices are met, or of large ones."""
    n, rows = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    limit = draw(st.sampled_from([2, 10**9]))
    size = {"min_size": rows * n * n, "max_size": rows * n * n}
    if isinstance(arithmetic, Field):
        entries = st.integers(0, min(limit, arithmetic.prime - 1))
        return [np.array(draw(st.lists(entries, **size)), dtype=np.int64).reshape(rows, n, n) for _ in range(count)]
    entries = st.fractions(-limit, limit, max_denominator=limit)
    return [np.array(draw(st.lists(entries, **size)), dtype=object).reshape(rows, n, n) for _ in range(count)]


def dets(arithmetic, M):
    """Determinants, 0 where singular: `Field.det` refuses those."""
    return flint.det(M, arithmetic.prime) if isinstance(arithmetic, Field) else arithmetic.det(M)


def leibniz(m):
    """The sum over all permutations, in Python's integers or fractions."""
    n = len(m)
    odd = [sum(p[i] > p[j] for i in range(n) for j in range(i, n)) % 2 for p in permutations(range(n))]
    terms = [prod((m[i][p[i]] for i in range(n)), start=1) for p in permutations(range(n))]
    return sum(-t if o else t for t, o in zip(terms, odd, strict=True))


@given(fields, st.data())
def test_an_inverse_is_one_from_both_sides_or_the_matrix_is_singular(arithmetic, data):
    (M,) = data.draw(stacks(arithmetic))
    if not dets(arithmetic, M).all():
        with pytest.raises(ZeroDivisionError):
            arithmetic.inverse(M)
        return
    inverse = arithmetic.inverse(M)
    identity = np.broadcast_to(np.eye(M.shape[1], dtype=int), M.shape)
    assert (arithmetic.matmul(M, inverse) == identity).all()
    assert (arithmetic.matmul(inverse, M) == identity).all()
    assert (arithmetic.inverse(inverse) == M).all()
    assert (arithmetic.mul(arithmetic.det(M), arithmetic.det(inverse)) == 1).all()


@given(fields, st.data())
def test_determinants_multiply_and_ignore_transposition(arithmetic, data):
    A, B = data.draw(stacks(arithmetic, 2))
    product = arithmetic.mul(dets(arithmetic, A), dets(arithmetic, B))
    assert (dets(arithmetic, arithmetic.matmul(A, B)) == product).all()
    assert (dets(arithmetic, np.swapaxes(A, 1, 2)) == dets(arithmetic, A)).all()


@given(fields, st.data())
def test_a_determinant_is_leibniz_sum(arithmetic, data):
    (M,) = data.draw(stacks(arithmetic))
    wanted = [leibniz(m) for m in M.tolist()]
    if isinstance(arithmetic, Field):
        wanted = [w % arithmetic.prime for w in wanted]
    assert dets(arithmetic, M).ravel().tolist() == wanted


@given(fields, st.data())
def test_a_repeated_row_is_singular(arithmetic, data):
    (M,) = data.draw(stacks(arithmetic))
    M = np.concatenate([M[:, :1], M], axis=1)
    M = np.concatenate([M, M[:, :, :1]], axis=2)
    assert (dets(arithmetic, M) == 0).all()
    with pytest.raises(ZeroDivisionError):
        arithmetic.inverse(M)


def test_exact_numbers_come_back_in_their_own_kind():
    M = fractions(np.array([[[0, 2], [Fraction(1, 3), 1]]], dtype=object))
    assert all(type(x) is Fraction for x in (*Rational().inverse(M).flat, *Rational().det(M).flat))
    R = np.array([[[0, 2], [3, 1]]])
    assert Field().inverse(R).dtype == Field().det(R).dtype == np.int64
    for arithmetic, none in ((Rational(), M[:0]), (Field(), R[:0])):
        assert arithmetic.inverse(none).shape == (0, 2, 2)
        assert arithmetic.det(none).shape == (0, 1)


def test_of_what_is_no_number_nothing_is_one_and_its_neighbours_stay_exact():
    M = fractions(np.array([[[1, 2], [0, 1]], [[3, 0], [0, 3]]]))
    M[0, 0, 1] = nan
    inverse, det = Rational().inverse(M), Rational().det(M)
    assert all(isinstance(x, float) for x in (*inverse[0].flat, *det[0]))
    assert inverse[1].tolist() == [[Fraction(1, 3), 0], [0, Fraction(1, 3)]]
    assert det[1].tolist() == [9]


def test_a_field_refuses_a_singular_determinant():
    with pytest.raises(ZeroDivisionError):
        Field(7).det(np.array([[[1, 0], [0, 7]]]))
