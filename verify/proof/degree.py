"""An upper bound on the degree of an expression, by the walk that evaluates it.

A value is a pair (numerator, denominator): every entry of the array is a polynomial of at most the
first degree over *one* common denominator of at most the second. So sums inside an array are free, an
inverse is an adjugate over a determinant, and a reciprocal puts the product of the entries below.
Logarithms are unknowns of degree 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from derivations.statements.claim import Claim
from verify.evaluate.base import Arithmetic
from verify.evaluate.lowering import lower
from verify.evaluate.stack import Values
from verify.proof.residues import RESIDUES

__all__ = ["bound_degree"]


class _Bound(Arithmetic):
    """(numerator, denominator) bounds; no array has more than `size` rows, columns or modes."""

    def __init__(self, size: int) -> None:
        self.size = size

    def number(self, q: Fraction) -> Any:
        return 0, 0

    def add(self, a: Any, b: Any) -> Any:
        (n, e), (m, f) = a, b
        return max(n + f, m + e), e + f

    def mul(self, a: Any, b: Any) -> Any:
        return a[0] + b[0], a[1] + b[1]

    def matmul(self, a: Any, b: Any) -> Any:
        return self.mul(a, b)

    def linear(self, f: Any, a: Any) -> Any:
        return a

    def power(self, a: Any, q: Fraction) -> Any:
        if q.denominator != 1:
            raise TypeError("a root has no degree")
        n, e = a if q >= 0 else (a[1] + (self.size - 1) * a[0], self.size * a[0])
        return n * abs(q.numerator), e * abs(q.numerator)

    def log(self, a: Any) -> Any:
        return 1, 0

    def pi(self) -> Any:
        return 1, 0

    def inverse(self, M: Any) -> Any:
        return M[1] + (self.size - 1) * M[0], self.size * M[0]

    def det(self, M: Any) -> Any:
        return self.size * M[0], self.size * M[1]


def bound_degree(batch: Values, left: Any, right: Any, definitions: Mapping[Any, Any], claim: Claim) -> int:
    """A bound on the total degree of the numerator of left − right, in the random residues drawn."""
    n = max([batch.modes, *batch.dims.values()])
    bound = _Bound(n)
    values: dict[Any, Any] = dict.fromkeys(batch.values, (1, 0))
    for variable in claim.variables:
        values[variable.symbol] = RESIDUES[variable.domain].degree(n)
    for symbol, expression in {**claim.definitions, **definitions}.items():
        values[symbol] = lower(expression).run(bound, values, batch.dims, batch.modes)[0]
    a, b = lower(left, right).run(bound, values, batch.dims, batch.modes)
    return max(a[0] + b[1], b[0] + a[1], 1)
