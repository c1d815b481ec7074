"""FLINT and pure Python must give the same exact answers, and refuse the same matrices."""

from __future__ import annotations

from fractions import Fraction
from math import nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.evaluate import flint
from verify.evaluate.field import PRIMES, Field
from verify.evaluate.rational import Rational, fractions

pytest.importorskip("flint", reason="python-flint (extra rigor) is not installed")


@pytest.fixture
def without(monkeypatch):
    """answer(f): what f gives, or which error it raises, with FLINT and without."""

    def answers(f):
        found = []
        for there in (True, False):
            monkeypatch.setattr(flint, "available", lambda there=there: there)
            try:
                found.append(f().tolist())
            except ZeroDivisionError as error:
                found.append(type(error))
        return found

    assert flint.available()
    return answers


def stack(seed, n, rows=6):
    """Numerators of random matrices; every third is singular."""
    rng = np.random.default_rng(seed)
    M = rng.integers(-5, 6, (rows, n, n))
    M[::3, -1] = M[::3, 0] if n > 1 else 0
    return M


@pytest.mark.parametrize("n", [1, 2, 3, 6])
@pytest.mark.parametrize("name", ["inverse", "det"])
def test_fractions_agree(without, n, name):
    regular = fractions(stack(n, n) + 40 * np.eye(n, dtype=int)) / fractions(stack(n + 9, n) ** 2 + 1)
    for M in (regular, fractions(stack(n, n)), regular[:0]):
        ours, pure = without(lambda M=M: getattr(Rational(), name)(M))
        assert ours == pure
    assert all(isinstance(x, Fraction) for x in getattr(Rational(), name)(regular).ravel())


@pytest.mark.parametrize("prime", [*PRIMES, 7])
@pytest.mark.parametrize("name", ["inverse", "det"])
def test_residues_agree(without, prime, name):
    for n in (1, 2, 5):
        regular, singular = stack(1, n) * 7919 + 1000003 * np.eye(n, dtype=np.int64), stack(1, n)
        for M in (regular, singular, singular[1:2]):
            ours, pure = without(lambda M=M: getattr(Field(prime), name)(M))
            assert ours == pure
    assert getattr(Field(PRIMES[0]), name)(regular).dtype == np.int64


def test_what_is_no_number_stays_none(without):
    M = fractions(np.eye(2, dtype=int)[None])
    M[0, 0, 1] = nan
    ours, pure = without(lambda: Rational().inverse(M))
    assert str(ours) == str(pure)
    assert "nan" in str(ours)


@given(st.lists(st.fractions(max_denominator=10**6), min_size=9, max_size=9))
def test_an_inverse_is_one(entries):
    M = np.array(entries, dtype=object).reshape(1, 3, 3)
    if Rational().det(M)[0, 0] == 0:
        with pytest.raises(ZeroDivisionError):
            Rational().inverse(M)
        return
    assert (Rational().inverse(M) @ M == np.eye(3, dtype=int)).all()
