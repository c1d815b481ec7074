"""The derivative of a scalar expression with matrices in it, with respect to a scalar symbol (forward mode).

SymPy differentiates what holds no matrix and no node of ours; the rest goes by the rules of `NODES`, and a node without
one is an error. Tests compare with dual numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sympy import S, Symbol, ZeroMatrix, diff
from sympy.matrices.expressions.matexpr import MatrixExpr

from derivations.algebra.nodes import Scalar, rule

__all__ = ["differentiate"]


@lru_cache(maxsize=1024)
def differentiate(e: Any, x: Symbol) -> Any:
    """∂e/∂x for a scalar or matrix expression e.

    Raises:
        TypeError: the expression holds a node without a rule; never a silent zero.
    """
    if not e.has(x):
        return ZeroMatrix(*e.shape) if isinstance(e, MatrixExpr) else S.Zero
    if not e.has(MatrixExpr, Scalar):
        return diff(e, x)
    return rule(e, "derivative", "derivative")(e, _By(x))


@dataclass(frozen=True)
class _By:
    """Differentiates the parts of an expression by one symbol."""

    symbol: Any

    def __call__(self, e: Any) -> Any:
        return differentiate(e, self.symbol)

    def depends(self, e: Any) -> bool:
        """Whether the symbol is in e."""
        return bool(e.has(self.symbol))
