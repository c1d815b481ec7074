"""Gradients of scalar matrix expressions, by pulling back along the expression (reverse mode).

SymPy 1.14 differentiates `log(Determinant(S))` and sums of traces to 0 without a word, so these rules
are the project's own; each is a row of `_pull`. The tests compare every gradient with an independent
derivative (dual numbers over a prime field), because a stationarity check on a silently zero gradient
would pass on anything. Source of the rules: Petersen & Pedersen, The Matrix Cookbook (2012), §2.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sympy import (
    Add,
    Derivative,
    Identity,
    Inverse,
    MatAdd,
    MatMul,
    MatrixSymbol,
    Mul,
    Pow,
    Trace,
    Transpose,
    ZeroMatrix,
    log,
)

from derivations.algebra.nodes import AlignedTo, LogDet, Paired

__all__ = ["gradient"]


@lru_cache(maxsize=1024)
def gradient(expression: Any, X: MatrixSymbol) -> Any:
    """∇ of a scalar expression with respect to the matrix symbol X, a matrix expression of X's shape.

    The entries of X are independent variables (a symmetric X is not treated as symmetric).

    Raises:
        TypeError: the expression holds a node without a rule; never a silent zero.
    """
    parts = [part for part in _scalar(expression, X) if not part.is_ZeroMatrix]
    return MatAdd(*parts).doit(deep=False) if parts else ZeroMatrix(*X.shape)


def _scalar(e: Any, X: MatrixSymbol) -> list[Any]:
    """The summands of ∇e for a scalar e."""
    if not e.has(X):
        return []
    if isinstance(e, Add):
        return [part for arg in e.args for part in _scalar(arg, X)]
    if isinstance(e, Mul):
        return [Mul(*(a for a in e.args if a is not arg)) * part for arg in e.args for part in _scalar(arg, X)]
    if isinstance(e, Pow) and not e.exp.has(X):
        return [e.exp * e.base ** (e.exp - 1) * part for part in _scalar(e.base, X)]
    if isinstance(e, log):
        return [part / e.args[0] for part in _scalar(e.args[0], X)]
    if isinstance(e, Trace):
        return _pull(e.args[0], X, None)
    if isinstance(e, LogDet):  # d log det S = tr(S⁻¹ dS)
        return _pull(e.args[0], X, _transposed(Inverse(e.args[0])))
    if isinstance(e, Paired) and not e.args[1].has(X):  # first-order perturbation of eigenvalues
        return _pull(e.args[0], X, AlignedTo(*e.args))
    raise TypeError(f"no rule for the derivative of {type(e).__name__}: {Derivative(e, X)}")


def _pull(M: Any, X: MatrixSymbol, cotangent: Any | None) -> list[Any]:
    """The summands G with tr(cotangentᵀ dM) = Σ tr(Gᵀ dX); `None` stands for the identity."""
    if M == X:
        return [Identity(X.rows) if cotangent is None else cotangent]
    if not M.has(X):
        return []
    if isinstance(M, MatAdd):
        return [part for arg in M.args for part in _pull(arg, X, cotangent)]
    if isinstance(M, Transpose):
        return _pull(M.arg, X, None if cotangent is None else _transposed(cotangent))
    if isinstance(M, Inverse):  # d M⁻¹ = −M⁻¹ dM M⁻¹
        left = M.T if cotangent is None else M.T * cotangent
        return _pull(M.arg, X, -left * M.T)
    if isinstance(M, MatMul):
        coefficient, factors = M.as_coeff_matrices()
        if coefficient.has(X):
            raise TypeError(f"no rule for a matrix with a scalar coefficient that depends on {X}")
        return [
            part
            for i, factor in enumerate(factors)
            if factor.has(X)
            for part in _pull(factor, X, _product(coefficient, factors, i, cotangent))
        ]
    raise TypeError(f"no rule for the derivative of {type(M).__name__}")


@lru_cache(maxsize=4096)
def _transposed(M: Any) -> Any:  # SymPy rewrites the whole expression each time
    return M.T


def _product(coefficient: Any, factors: list[Any], i: int, cotangent: Any | None) -> Any:
    """The cotangent of factor i of a product: (Π before)ᵀ · cotangent · (Π after)ᵀ."""
    before = [_transposed(factor) for factor in reversed(factors[:i])]
    after = [_transposed(factor) for factor in reversed(factors[i + 1 :])]
    middle = [] if cotangent is None else [cotangent]
    if not (before or middle or after):
        return coefficient * Identity(factors[i].rows)
    return MatMul(coefficient, *before, *middle, *after)
