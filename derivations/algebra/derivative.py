"""The derivative of a scalar expression with matrices in it, with respect to a scalar symbol (forward mode).

SymPy 1.14 differentiates sums of traces and log-determinants to 0 silently; every rule here is a row of its own, and a
node without one is an error. Tests compare with dual numbers.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sympy import Add, Inverse, MatAdd, MatMul, Mul, Piecewise, Pow, S, Symbol, Trace, Transpose, ZeroMatrix, diff, log
from sympy.matrices.expressions.matexpr import MatrixExpr

from derivations.algebra.nodes import Diagonal, LogDet, SumModes

__all__ = ["derivative"]


@lru_cache(maxsize=1024)
def derivative(e: Any, x: Symbol) -> Any:
    """∂e/∂x for a scalar or matrix expression e.

    Raises:
        TypeError: the expression holds a node without a rule; never a silent zero.
    """
    if not e.has(x):
        return ZeroMatrix(*e.shape) if isinstance(e, MatrixExpr) else S.Zero
    if not e.has(MatrixExpr, SumModes, LogDet):
        return diff(e, x)
    if isinstance(e, Add | MatAdd):
        parts = [derivative(a, x) for a in e.args]
        return e.func(*parts).doit(deep=False) if isinstance(e, MatAdd) else Add(*parts)
    if isinstance(e, MatMul):
        return MatAdd(*_products(e, x)).doit(deep=False)
    if isinstance(e, Mul):
        return Add(
            *(
                Mul(*(derivative(b, x) if i == j else b for j, b in enumerate(e.args)))
                for i, a in enumerate(e.args)
                if a.has(x)
            )
        )
    if isinstance(e, Piecewise):
        return Piecewise(*((derivative(value, x), condition) for value, condition in e.args))
    if isinstance(e, Pow) and not e.exp.has(x):
        return e.exp * e.base ** (e.exp - 1) * derivative(e.base, x)
    if isinstance(e, log):
        return derivative(e.args[0], x) / e.args[0]
    return _node(e, x)


def _products(e: Any, x: Symbol) -> list[Any]:
    coefficient, factors = e.as_coeff_matrices()
    parts = [derivative(coefficient, x) * MatMul(*factors)] if coefficient.has(x) else []
    for i, factor in enumerate(factors):
        if factor.has(x):
            parts.append(MatMul(coefficient, *factors[:i], derivative(factor, x), *factors[i + 1 :]))
    return parts


def _node(e: Any, x: Symbol) -> Any:
    if isinstance(e, Transpose):
        return derivative(e.arg, x).T
    if isinstance(e, Inverse):  # d M⁻¹ = −M⁻¹ dM M⁻¹
        return -1 * e * derivative(e.arg, x) * e
    if isinstance(e, Trace):
        return Trace(derivative(e.args[0], x))
    if isinstance(e, LogDet):  # d log det M = tr(M⁻¹ dM)
        return Trace(Inverse(e.args[0]) * derivative(e.args[0], x))
    if isinstance(e, SumModes):
        return SumModes(derivative(e.args[0], x), *e.args[1:])
    if isinstance(e, Diagonal):
        return Diagonal(derivative(e.entry, x), *e.shape)
    raise TypeError(f"no rule for the derivative of {type(e).__name__}")
