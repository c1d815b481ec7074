"""A prime field: exact identity tests on stacks of int64.

The field is Z/p with p < 2³¹, so that a product of two residues fits int64. Logarithms are a fixed
arbitrary function: an identity that holds for every function in place of log holds for log, so a pass
is sound; an identity that needs a rule of logarithms is missed, never wrongly passed. Roots do not
exist here: identities are stated in the roots themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from verify.evaluate import flint
from verify.evaluate.base import Arithmetic

__all__ = ["PRIMES", "Field"]

# The largest primes below 2³¹; several, so that no single prime that happens to divide the content of
# a non-zero polynomial can hide it.
PRIMES = (2147483647, 2147483629, 2147483587, 2147483579)


class Field(Arithmetic):
    """Residues modulo a prime below 2³¹."""

    def __init__(self, prime: int = PRIMES[0], key: int = 314159265) -> None:
        self.prime, self.key = prime, key

    def number(self, q: Fraction) -> Any:
        """The residue of a rational."""
        p = self.prime
        return np.array([[q.numerator % p * pow(q.denominator, -1, p) % p]], dtype=np.int64)

    def add(self, a: Any, b: Any) -> Any:
        """Sum."""
        return (a + b) % self.prime

    def mul(self, a: Any, b: Any) -> Any:
        """Product."""
        return a * b % self.prime

    def matmul(self, a: Any, b: Any) -> Any:
        """The matrix product; products are reduced before they are summed, so that nothing overflows."""
        return (a[:, :, :, None] * b[:, None, :, :] % self.prime).sum(2) % self.prime

    def linear(self, f: Callable[[Any], Any], a: Any) -> Any:
        """A linear map, its result reduced modulo the prime."""
        return f(a) % self.prime

    def power(self, a: Any, q: Fraction) -> Any:
        """Integer powers."""
        if q.denominator != 1:
            raise TypeError("a prime field has no roots; state the identity in the root itself")
        if q < 0:
            if np.any(a % self.prime == 0):
                raise ZeroDivisionError("division by zero in the prime field")
            return self._power(a, -q.numerator * (self.prime - 2))
        return self._power(a, q.numerator)

    def _power(self, a: Any, n: int) -> Any:
        result, square = np.ones_like(a), a % self.prime
        while n:
            if n & 1:
                result = result * square % self.prime
            square = square * square % self.prime
            n >>= 1
        return result

    def log(self, a: Any) -> Any:
        """An arbitrary function, chosen by `key`: a multiplicative hash of the residue."""
        x = (a % self.prime).astype(np.uint64) ^ np.uint64(self.key)
        for factor in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9):
            x = (x ^ (x >> np.uint64(29))) * np.uint64(factor)
        return ((x >> np.uint64(3)) % np.uint64(self.prime)).astype(np.int64)

    def pi(self) -> Any:
        """An arbitrary residue, chosen by `key`: an identity in which π is an unknown holds for π."""
        return np.array([[self.key % self.prime]], dtype=np.int64)

    def inverse(self, M: Any) -> Any:
        """By FLINT; a singular matrix is a ZeroDivisionError."""
        return flint.inverse(M % self.prime, self.prime)

    def det(self, M: Any) -> Any:
        """By FLINT; a singular matrix is refused as by `inverse`: where it is singular no statement asks for it."""
        found = flint.det(M % self.prime, self.prime)
        if not found.all():
            raise ZeroDivisionError("singular matrix")
        return found

    def compare(self, relation: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
        """Only equality means anything in a field."""
        raise TypeError("a prime field has no order")
