"""Stacks of float64: what descent and the random instances run on."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from verify.evaluate.base import Arithmetic

__all__ = ["Float64"]


_NOISE = 32 * float(np.finfo(np.float64).eps)  # a chain of a few dozen operations, or an eigenvalue of a 5×5 matrix


_COPIED = 256
"""Entries: BLAS takes twice as long for a product of small matrices if one is transposed, longer than for a copy."""

_POWERS: dict[Fraction, Callable[[Any], Any]] = {
    Fraction(2): np.square,
    Fraction(-1): lambda a: 1.0 / a,
    Fraction(1, 2): np.sqrt,
}


class Float64(Arithmetic):
    """Floating-point arithmetic; a division by zero or the logarithm of 0 gives inf or NaN without a warning."""

    add: Any = staticmethod(np.add)
    mul: Any = staticmethod(np.multiply)
    matmul: Any = staticmethod(np.matmul)
    log: Any = staticmethod(np.log)
    where: Any = staticmethod(np.where)

    def transpose(self, M: Any) -> Any:
        """Mᵀ, copied if small."""
        view = M.swapaxes(1, 2)
        return np.ascontiguousarray(view) if view[:1].size <= _COPIED else view

    def inner(self, A: Any, B: Any) -> Any:
        """Σ A∘B."""
        n = A.shape[1] * A.shape[2]  # not -1: a stack may be empty
        return np.vecdot(A.reshape(len(A), n), B.reshape(len(B), n))[:, None]

    def number(self, q: Fraction) -> Any:
        """The nearest float, shape (1, 1)."""
        return np.full((1, 1), float(q))

    def power(self, a: Any, q: Fraction) -> Any:
        """a**q."""
        return self.raised(q)(a)

    def raised(self, q: Fraction) -> Callable[[Any], Any]:
        """a**q; the common exponents avoid the slow general power."""
        if q in _POWERS:
            return _POWERS[q]
        if q.denominator > 1:
            return lambda a: np.power(a, float(q))
        return lambda a: np.power(a, int(q), dtype=float)

    def inverse(self, M: Any) -> Any:
        """Stacked inverses; a singular matrix gives NaN, not an exception for the whole stack."""
        try:
            return np.linalg.inv(M)
        except np.linalg.LinAlgError:
            return np.stack([_inverse_or_nan(m) for m in M])

    def det(self, M: Any) -> Any:
        """Determinants."""
        return np.linalg.det(M)[:, None]

    def logdet(self, M: Any) -> Any:
        """Log det; NaN where the determinant is not positive."""
        sign, value = np.linalg.slogdet(M)
        return np.where(sign > 0, value, np.nan)[:, None]

    def compare(self, relation: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
        """Truth values of a relation; numbers that differ by round-off only count as equal, so that formulas agree."""
        difference = np.where(a == b, 0.0, np.subtract(a, b, dtype=float))
        return relation(np.where(np.abs(difference) <= _NOISE * (np.abs(a) + np.abs(b)), 0.0, difference), 0.0)

    def eigenvalues(self, M: Any) -> Any:
        """Descending eigenvalues of symmetric matrices, of which only the lower triangle is read."""
        return np.linalg.eigvalsh(M)[:, ::-1]

    def eigh(self, M: Any) -> tuple[Any, Any]:
        """As `eigenvalues`, with the vectors."""
        values, vectors = np.linalg.eigh(M)
        return values[:, ::-1], vectors[:, :, ::-1]

    def pi(self) -> Any:
        """π to 53 bits."""
        return np.full((1, 1), np.pi)


def _inverse_or_nan(m: Any) -> Any:
    try:
        return np.linalg.inv(m)
    except np.linalg.LinAlgError:
        return np.full_like(m, np.nan)
