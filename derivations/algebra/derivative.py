"""The derivative of a scalar expression with matrices in it, with respect to a scalar symbol (forward mode).

SymPy differentiates what holds no matrix and no node of ours. Everything else is differentiated by the rules of
`NODES`, and a node without a rule is an error. The tests compare every derivative with dual numbers.
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
    """The derivative ∂e/∂x of a scalar or matrix expression e, of the shape of e.

    Raises:
        TypeError: the expression holds a node that has no rule. It is never taken for a constant.
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
        """Whether the symbol occurs in e."""
        return bool(e.has(self.symbol))
