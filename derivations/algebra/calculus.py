"""Gradients of scalar matrix expressions, by pulling back along the expression (reverse mode).

The rules are those of `NODES`, the project's own: SymPy differentiates some matrix expressions to 0 without a word. The
tests compare every gradient with an independent derivative (dual numbers over a prime field), because a stationarity
check on a silently zero gradient would pass on anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sympy import Identity, MatAdd, MatrixSymbol, ZeroMatrix

from derivations.algebra.nodes import rule

__all__ = ["gradient"]


@lru_cache(maxsize=1024)
def gradient(expression: Any, X: MatrixSymbol) -> Any:
    """∇ of a scalar expression with respect to the matrix symbol X, a matrix expression of X's shape.

    The entries of X are independent variables (a symmetric X is not treated as symmetric).

    Raises:
        TypeError: the expression holds a node that has no rule. It is never taken for a constant.
    """
    parts = [part for part in _Pull(X)(expression) if not part.is_ZeroMatrix]
    return MatAdd(*parts).doit(deep=False) if parts else ZeroMatrix(*X.shape)


@dataclass(frozen=True)
class _Pull:
    """Pulls a cotangent back to the matrix symbol."""

    symbol: Any

    def __call__(self, e: Any, cotangent: Any | None = None) -> list[Any]:
        """The summands G with tr(cotangentᵀ de) = Σ tr(Gᵀ dX). The cotangent None stands for the identity, or 1."""
        if e == self.symbol:
            return [Identity(e.rows) if cotangent is None else cotangent]
        return list(rule(e, "gradient", "derivative")(e, self, cotangent)) if self.depends(e) else []

    def depends(self, e: Any) -> bool:
        """Whether the symbol occurs in e."""
        return bool(e.has(self.symbol))

    @staticmethod
    def transposed(M: Any) -> Any:
        """The transpose of M, remembered."""
        return _transposed(M)


@lru_cache(maxsize=4096)
def _transposed(M: Any) -> Any:  # SymPy rewrites the whole expression each time
    return M.T
