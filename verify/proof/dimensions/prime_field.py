"""Arithmetic modulo one random prime near 2⁶¹; everything that is random in the decision is drawn here.

Prime and residues come from a hash of the seed and of the sentences decided, so that the same seed gives the same
report and no sentence can be aimed at them. Unknowns are told apart as objects, never by their names.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from random import Random
from typing import Any

import flint
import numpy as np

__all__ = ["Open", "PrimeField"]

PRIMES = 2**60 // 43  # fewer than there are in [2⁶⁰, 2⁶¹), where they are drawn from: log 2⁶¹ < 43
_HALF, _LIMB = 31, 21  # bits: a prime is two halves, or three limbs whose products float64 sums exactly
LARGEST = 512  # vectors in a span: 3·512·2⁴² < 2⁵³


class Open(Exception):  # noqa: N818 - an answer, not an error
    """Outside what the theory decides; the message says why."""


class PrimeField:
    """A prime p and one residue per unknown: one random specialisation of the field K of coefficients (§10, 2)."""

    def __init__(self, digest: str, run: int) -> None:
        self._random = Random(f"{digest}/{run}")
        self.p = 4
        while not flint.fmpz(self.p).is_prime():
            self.p = self._random.randrange(2**60, 2**61)
        self._drawn: dict[Hashable, int] = {}
        self.logs: dict[int, int] = {1: 0}

    def draw(self) -> int:
        """A residue that is not 0."""
        return self._random.randrange(1, self.p)

    def of(self, *unknown: Hashable) -> int:
        """The residue of an unknown, always the same."""
        if unknown not in self._drawn:
            self._drawn[unknown] = self.draw()
        return self._drawn[unknown]

    def log(self, a: int) -> int:
        """Logarithms of different elements are independent unknowns (§5)."""
        if a == 0:
            raise Open("a logarithm of 0")
        return self.logs.setdefault(a, self.of("log", a))

    def inverse(self, a: int) -> int:
        """1/a; what is 0 at the centre is not inverted there: condition (R)."""
        if a % self.p == 0:
            raise Open("something that is inverted is 0 at multiples of the identity")
        return pow(a, -1, self.p)

    def _short(self, a: Any, b: Any) -> Any:
        """a·b for b ≤ 2³¹: the quotient, below 2³¹, is off by at most 1, the rest exact modulo 2⁶⁴."""
        rest = a * b - (a.astype(float) * b / self.p).astype(np.int64) * self.p
        rest += self.p * (rest < 0)
        return rest - self.p * (rest >= self.p)

    def times(self, a: Any, b: Any) -> Any:
        """Elementwise product of arrays of residues."""
        high = self._short(self._short(a, b >> _HALF), 1 << _HALF)
        return (high + self._short(a, b & ((1 << _HALF) - 1))) % self.p

    def matmul(self, A: Any, B: Any) -> Any:
        """Matrix product: limbs of 21 bits, multiplied in float64 without rounding, put together by Horner."""
        if len(B) > LARGEST:
            return (self.matmul(A[:, :LARGEST], B[:LARGEST]) + self.matmul(A[:, LARGEST:], B[LARGEST:])) % self.p
        a, b = ([((M >> s) & ((1 << _LIMB) - 1)).astype(float) for s in (0, _LIMB, 2 * _LIMB)] for M in (A, B))
        total = (a[2] @ b[2]).astype(np.int64) % self.p
        for s in range(3, -1, -1):
            part: Any = sum(a[i] @ b[s - i] for i in range(3) if 0 <= s - i < 3)
            total = (self._short(total, 1 << _LIMB) + part.astype(np.int64)) % self.p
        return total

    def scatter(self, V: Any, source: Any, target: Any, value: Any, size: int) -> Any:
        """Rows v ↦ Σ v[source]·value at target; `target` ascends."""
        found = np.zeros((len(V), size), np.int64)
        if len(target):
            product, starts = self.times(V[:, source], value), np.flatnonzero(np.diff(target, prepend=-1))
            low, high = (np.add.reduceat(x, starts, axis=1) for x in (product & 0x7FFFFFFF, product >> _HALF))
            found[:, target[starts]] = (self._short(high % self.p, 1 << _HALF) + low) % self.p
        return found

    def echelon(self, U: Any) -> Any:
        """The reduced row echelon form without its zero rows (FLINT)."""
        rows, columns = U.shape
        if not rows or not columns:
            return U[:0]
        found, rank = flint.nmod_mat(rows, columns, U.ravel().tolist(), self.p).rref()
        return np.array([int(x) for x in found.entries()[: rank * columns]], np.int64).reshape(rank, columns)

    def span(self, start: Any, steps: Iterable[tuple[Any, Any, Any]]) -> Any:
        """A basis of the span of `start` under all words in `steps`, by breadth (§2: the chain stops when it stays)."""
        size = start.shape[1]
        basis, new = np.zeros((0, size), np.int64), start
        pivots, inverse = np.zeros(0, np.int64), np.zeros((0, 0), np.int64)  # of the columns of the basis at its pivots
        while True:
            new = new[new.any(1)]
            if len(basis):
                new = self._less(new, self.matmul(self.matmul(new[:, pivots], inverse), basis))
            new = self.echelon(new[new.any(1)])
            if not len(new):
                return basis
            if len(basis) + len(new) > LARGEST:
                raise Open(f"more than {LARGEST} independent words")
            # New rows are 0 at the old pivots and the identity at their own: the inverse is bordered, no row changes.
            own = (new != 0).argmax(1)
            beside = self._less(0, self.matmul(inverse, basis[:, own]))
            inverse = np.block(
                [[inverse, beside], [np.zeros((len(new), len(basis)), np.int64), np.eye(len(new), dtype=int)]]
            )
            basis, pivots = np.vstack([basis, new]), np.concatenate([pivots, own])
            new = np.vstack([new[:0], *(self.scatter(new, *step, size) for step in steps)])

    def _less(self, a: Any, b: Any) -> Any:
        """The difference of arrays of residues."""
        found = a - b
        return found + self.p * (found < 0)
