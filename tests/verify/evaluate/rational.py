"""Exact rationals, which the tests compare with: object arrays of Fractions.

What has no rational value becomes NaN and stays NaN (logarithms alone are rounded: see `Rational`).

A branch not taken may divide by zero or take an irrational root; only a NaN that reaches the result
matters, and `is_exact` tells it from a number.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt, log, nan, pi
from typing import Any

import flint
import numpy as np

from verify.evaluate.base import Arithmetic

__all__ = ["Rational", "fractions", "is_exact"]


def fractions(a: Any) -> Any:
    """An object array of the exact values of integers, floats or Fractions."""
    return np.frompyfunc(Fraction, 1, 1)(np.asarray(a, dtype=object))


def is_exact(a: Any) -> bool:
    """Whether every entry is a number, none a NaN left by an irrational or undefined value."""
    return all(not isinstance(x, float) for x in np.asarray(a, dtype=object).ravel())


class Rational(Arithmetic):
    """Fractions; roots only where they are rational, logarithms rounded to float64 and then kept exact.

    A logarithm is thus a function of its exact argument: equal arguments cancel exactly, different ones are right
    to 1e-16. Nothing else is rounded.
    """

    def number(self, q: Fraction) -> Any:
        """The constant itself."""
        return fractions([[q]])

    def power(self, a: Any, q: Fraction) -> Any:
        """a**q with exact square roots."""
        if q.denominator > 2:
            return _map(lambda _: nan, a)
        base = a if q.denominator == 1 else _map(_sqrt, a)
        return _map(lambda x: _power(x, q.numerator), base)

    def log(self, a: Any) -> Any:
        """The float64 logarithm as a Fraction; undefined where x ≤ 0."""
        return _map(_log, a)

    def pi(self) -> Any:
        """π rounded to float64."""
        return fractions([[pi]])

    def inverse(self, M: Any) -> Any:
        """The inverses, by FLINT.

        Raises:
            ZeroDivisionError: a matrix is singular.
        """
        return _each(M, lambda m: m.inv().entries(), M.shape)

    def det(self, M: Any) -> Any:
        """The determinants, by FLINT; 0 where a matrix is singular."""
        return _each(M, lambda m: [m.det()], (len(M), 1))

    def compare(self, relation: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
        """Exact comparison."""
        return np.asarray(relation(a, b), dtype=bool)


def _each(M: Any, work: Callable[[Any], Any], shape: tuple[int, ...]) -> Any:
    """Of a matrix with a NaN, which is no number, every entry is NaN."""
    out = np.empty((len(M), int(np.prod(shape[1:]))), dtype=object)
    for row, m in zip(out, M, strict=True):
        row[:] = [Fraction(int(q.p), int(q.q)) for q in work(_read(m))] if is_exact(m) else nan
    return out.reshape(shape)


def _read(m: Any) -> Any:
    return flint.fmpq_mat(*m.shape, [flint.fmpq(int(x.numerator), int(x.denominator)) for x in m.flat])


def _map(f: Callable[[Any], Any], a: Any) -> Any:
    return np.frompyfunc(f, 1, 1)(a)


def _power(x: Any, n: int) -> Any:
    return nan if isinstance(x, float) or (n < 0 and not x) else x**n


def _log(x: Any) -> Any:
    # Numerator and denominator apart: their quotient may be out of float64's range, their logarithms never are.
    return nan if isinstance(x, float) or x <= 0 else Fraction(log(x.numerator)) - Fraction(log(x.denominator))


def _sqrt(x: Any) -> Any:
    if isinstance(x, float) or x < 0:
        return nan
    p, q = isqrt(x.numerator), isqrt(x.denominator)
    return Fraction(p, q) if p * p == x.numerator and q * q == x.denominator else nan
