"""What an arithmetic must know. The walk in `verify.evaluate.lowering` knows only these methods.

Shapes, batch axis first: scalars (N, 1), mode arrays (N, K), matrices (N, rows, cols); N may be 1
where a value is the same for the whole batch. `linear` applies a map that is linear over the ring
(transpose, trace, sums, embedding on a diagonal), so that dual numbers apply it to both parts.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

__all__ = ["Arithmetic"]


class Arithmetic(ABC):
    """A commutative ring on arrays, with division, and what else its numbers can do; no state but its fields."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((type(self), *vars(self).values()))

    @abstractmethod
    def number(self, q: Fraction) -> Any:
        """The constant q, shape (1, 1)."""

    def add(self, a: Any, b: Any) -> Any:
        """A + b, broadcast."""
        return a + b

    def mul(self, a: Any, b: Any) -> Any:
        """A · b elementwise, broadcast."""
        return a * b

    def matmul(self, a: Any, b: Any) -> Any:
        """Stacked matrix product."""
        return a @ b

    def transpose(self, M: Any) -> Any:
        """Mᵀ."""
        return self.linear(lambda x: np.swapaxes(x, 1, 2), M)

    def inner(self, A: Any, B: Any) -> Any:
        """The sum of all entries of A ∘ B, shape (N, 1)."""
        return self.linear(lambda x: x.sum(axis=(1, 2))[:, None], self.mul(A, B))

    def linear(self, f: Callable[[Any], Any], a: Any) -> Any:
        """f(a) for a linear f."""
        return f(a)

    @abstractmethod
    def power(self, a: Any, q: Fraction) -> Any:
        """a**q elementwise; negative q divides."""

    def raised(self, q: Fraction) -> Callable[[Any], Any]:
        """`power` with the exponent fixed."""
        return lambda a: self.power(a, q)

    @abstractmethod
    def log(self, a: Any) -> Any:
        """Natural logarithm elementwise (in a field: a fixed arbitrary function)."""

    @abstractmethod
    def inverse(self, M: Any) -> Any:
        """Stacked inverses."""

    @abstractmethod
    def det(self, M: Any) -> Any:
        """Determinants, shape (N, 1)."""

    def logdet(self, M: Any) -> Any:
        """Log det, shape (N, 1)."""
        return self.log(self.det(M))

    def eigenvalues(self, M: Any) -> Any:
        """Descending eigenvalues of symmetric matrices, shape (N, n)."""
        raise TypeError(f"{type(self).__name__} has no eigenvalues")

    def eigh(self, M: Any) -> tuple[Any, Any]:
        """Descending eigenvalues (N, n) and eigenvectors as columns (N, n, n) of symmetric matrices."""
        raise TypeError(f"{type(self).__name__} has no eigenvectors")

    def pi(self) -> Any:
        """π; exact arithmetics have none."""
        raise TypeError(f"{type(self).__name__} has no π")

    def compare(self, relation: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
        """Truth values of an order relation."""
        return relation(a, b)

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """A where the condition holds, else b."""
        return np.where(condition, a, b)
