"""Exact rationals as long as a value is rational, else balls that enclose it: what adjudicates floating point.

Object arrays of FLINT's `fmpq`, of `arb` from the first root, logarithm or π on, of `UNDEFINED` where the exact value
shows that there is none, and of `UNKNOWN` in a case that a ball leaves open. A larger `bits` makes smaller balls.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from flint import arb, arb_mat, ctx, fmpq, fmpq_mat

from verify.evaluate.base import Arithmetic
from verify.evaluate.enclosures import descending, vectors
from verify.evaluate.reals import UNDEFINED, UNKNOWN, Mark, Truth, log, power, rational

__all__ = ["UNDEFINED", "Balls", "Open", "defined", "exact"]


_SHORT = 24  # bits: grids of instances have fewer, drawn floats twice as many


class Open(ArithmeticError):  # noqa: N818 - no error: a larger precision is tried
    """At this precision a matrix is not seen to be invertible, or its eigenvalues not to be simple."""


def exact(a: Any) -> Any:
    """An object array of the exact values of integers, floats, Fractions or fmpq."""
    return _map(rational, np.asarray(a, dtype=object))


def defined(a: Any) -> Any:
    """Which entries are numbers."""
    return np.array([not isinstance(x, Mark) for x in a.ravel()], dtype=bool).reshape(a.shape)


class Balls(Arithmetic):
    """Numbers to `bits` bits, enclosed; run it under `precision`.

    With `ties`, what cannot be told apart and agrees to half as many bits is taken to be equal. With `early`, numbers
    of many digits are balls from the start: a product of matrices of them is then a hundred times cheaper.
    """

    def __init__(self, bits: int, *, ties: bool = False, early: bool = False) -> None:
        self.bits, self.ties, self.early = bits, ties, early

    def precision(self) -> Any:
        """The context in which FLINT works to as many bits."""
        return ctx.workprec(self.bits)

    def given(self, a: Any) -> Any:
        """The numbers that an evaluation starts from, an object array of rationals."""
        return _map(lambda x: arb(x) if isinstance(x, fmpq) and x.height_bits() > _SHORT else x, a) if self.early else a

    def sign(self, x: Any, y: Any) -> int | None:
        """The sign of x − y, None where balls do not tell."""
        found = x - y
        if found > 0 or found < 0:
            return 1 if found > 0 else -1
        tied = found == 0 or (self.ties and abs(found) < (1 + abs(x) + abs(y)) * _share(self.bits))
        return 0 if tied else None

    def number(self, q: Fraction) -> Any:
        """The constant itself."""
        return np.array([[fmpq(q.numerator, q.denominator)]], dtype=object)

    def power(self, a: Any, q: Fraction) -> Any:
        """a**q; of a negative number, integer powers only."""
        return _map(lambda x: power(x, q), a)

    def log(self, a: Any) -> Any:
        """Natural logarithms."""
        return _map(log, a)

    def pi(self) -> Any:
        """A ball around π."""
        return np.array([[arb.pi()]], dtype=object)

    def inverse(self, M: Any) -> Any:
        """By FLINT; undefined where singular."""
        return _each(M, M.shape[1:], lambda m: m.inv().entries())

    def det(self, M: Any) -> Any:
        """By FLINT."""
        return _each(M, (1,), lambda m: [m.det()])

    def eigenvalues(self, M: Any) -> Any:
        """Enclosed, multiple ones too."""
        return _each(M, M.shape[1:2], descending)

    def eigh(self, M: Any) -> tuple[Any, Any]:
        """Simple eigenvalues only: the vectors of others are no function of the matrix."""
        n = M.shape[1]
        pairs = _each(M, (n + 1, n), vectors)
        return pairs[:, 0], pairs[:, 1:]

    def compare(self, relation: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
        """The order of the exact values; three-valued where balls leave some open."""

        def decided(x: Any, y: Any) -> bool | None:
            found = None if isinstance(x, Mark) or isinstance(y, Mark) else self.sign(x, y)
            return None if found is None else bool(relation(found, 0))

        found = np.frompyfunc(decided, 2, 1)(a, b)
        return _map(Truth, found) if None in found.ravel().tolist() else found.astype(bool)

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """The value of the case that holds."""
        if condition.dtype == bool:
            return np.where(condition, a, b)
        return np.frompyfunc(lambda c, x, y: UNKNOWN if c.value is None else x if c.value else y, 3, 1)(condition, a, b)


@lru_cache(maxsize=8)
def _share(bits: int) -> Any:
    """By what numbers may differ, of their size, to be taken for equal: half of so many bits."""
    return arb(2) ** -(bits // 2)


def _map(f: Callable[[Any], Any], a: Any) -> Any:
    return np.frompyfunc(f, 1, 1)(a)


def _each(M: Any, shape: tuple[int, ...], work: Callable[[Any], Any]) -> Any:
    """`work` on each matrix of a stack (N, n, n), its entries in an array (N, *shape)."""
    out = np.empty((len(M), int(np.prod(shape))), dtype=object)
    for row, m in zip(out, M, strict=True):
        exactly = all(isinstance(x, fmpq) for x in m.flat)
        try:
            row[:] = work((fmpq_mat if exactly else arb_mat)(*m.shape, list(m.flat))) if defined(m).all() else UNKNOWN
        except ZeroDivisionError as error:
            if not exactly:
                raise Open("an inverse") from error
            row[:] = UNDEFINED
        except ValueError as error:
            raise Open("eigenvalues") from error
    return out.reshape(len(M), *shape)
