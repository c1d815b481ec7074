"""Dual numbers a + εb, ε² = 0, over any arithmetic: directional derivatives without a formula.

A value is the pair (a, b). Forward mode is independent of the reverse-mode rules in
`derivations.algebra.calculus`, which is why it is used to check them.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from verify.evaluate.base import Arithmetic

__all__ = ["Dual"]


class Dual(Arithmetic):
    """Pairs (value, derivative) over a base arithmetic."""

    def __init__(self, base: Arithmetic) -> None:
        self.base = base

    def number(self, q: Fraction) -> Any:
        """A constant."""
        return self.base.number(q), self.base.number(Fraction(0))

    def add(self, a: Any, b: Any) -> Any:
        """(a + b)′ = a′ + b′."""
        return self.base.add(a[0], b[0]), self.base.add(a[1], b[1])

    def _bilinear(self, product: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
        return product(a[0], b[0]), self.base.add(product(a[0], b[1]), product(a[1], b[0]))

    def mul(self, a: Any, b: Any) -> Any:
        """(ab)′ = a′b + ab′."""
        return self._bilinear(self.base.mul, a, b)

    def matmul(self, a: Any, b: Any) -> Any:
        """(AB)′ = A′B + AB′."""
        return self._bilinear(self.base.matmul, a, b)

    def linear(self, f: Callable[[Any], Any], a: Any) -> Any:
        """f(a)′ = f(a′)."""
        return self.base.linear(f, a[0]), self.base.linear(f, a[1])

    def power(self, a: Any, q: Fraction) -> Any:
        """(aᵠ)′ = q·aᵠ⁻¹·a′."""
        slope = self.base.mul(self.base.number(q), self.base.power(a[0], q - 1))
        return self.base.power(a[0], q), self.base.mul(slope, a[1])

    def log(self, a: Any) -> Any:
        """(log a)′ = a′/a."""
        return self.base.log(a[0]), self.base.mul(self.base.power(a[0], Fraction(-1)), a[1])

    def inverse(self, M: Any) -> Any:
        """(M⁻¹)′ = −M⁻¹M′M⁻¹."""
        inverse = self.base.inverse(M[0])
        product = self.base.matmul(self.base.matmul(inverse, M[1]), inverse)
        return inverse, self.base.linear(lambda x: -x, product)

    def det(self, M: Any) -> Any:
        """(det M)′ = det M · tr(M⁻¹M′)."""
        det, trace = self.base.det(M[0]), self._trace_ratio(M)
        return det, self.base.mul(det, trace)

    def logdet(self, M: Any) -> Any:
        """(log det M)′ = tr(M⁻¹M′)."""
        return self.base.logdet(M[0]), self._trace_ratio(M)

    def _trace_ratio(self, M: Any) -> Any:
        ratio = self.base.matmul(self.base.inverse(M[0]), M[1])
        return self.base.linear(lambda x: x.trace(axis1=1, axis2=2)[:, None], ratio)

    def pi(self) -> Any:
        """A constant."""
        return self.base.pi(), self.base.number(Fraction(0))

    def compare(self, relation: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
        """Order by value."""
        return self.base.compare(relation, a[0], b[0])

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """Branch by value."""
        return self.base.where(condition, a[0], b[0]), self.base.where(condition, a[1], b[1])
