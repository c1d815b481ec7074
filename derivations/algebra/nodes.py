"""The few matrix expressions SymPy lacks, as nodes that an evaluator interprets.

They carry no numerics: `Diagonal(f, m, n)` is the m×n matrix with f (one value per mode) on its
diagonal, `SumModes(f, lo, hi)` the sum of f over modes lo < i ≤ hi, `LogDet(S)` is log det S (SymPy's
own `log(Determinant(S))` differentiates to 0 silently), `ZeroRows(M)` counts the rows of M that vanish.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import (
    Add,
    Expr,
    Identity,
    Integer,
    Inverse,
    MatAdd,
    MatMul,
    MatrixSymbol,
    Mul,
    Piecewise,
    S,
    Trace,
    Transpose,
    log,
    oo,
)
from sympy.core.relational import Relational
from sympy.matrices.expressions.matexpr import MatrixExpr

__all__ = [
    "AlignedTo",
    "Diagonal",
    "Eigenvalue",
    "LogDet",
    "LogGap",
    "Matching",
    "Paired",
    "Reflection",
    "SumModes",
    "ZeroRows",
    "count",
    "indicator",
    "one_mode",
    "square",
]


class Diagonal(MatrixExpr):
    """The `rows` × `cols` matrix whose diagonal holds the mode expression `entry`."""

    def __new__(cls, entry: Any, rows: Any, cols: Any) -> Diagonal:
        return Expr.__new__(cls, S(entry), S(rows), S(cols))

    @property
    def entry(self) -> Any:
        """The mode expression on the diagonal."""
        return self.args[0]

    @property
    def shape(self) -> tuple[Any, Any]:
        """(rows, cols), possibly symbolic."""
        return self.args[1], self.args[2]

    def _eval_transpose(self) -> Diagonal:
        return Diagonal(self.entry, self.args[2], self.args[1])

    def _entry(self, i: Any, j: Any, **_: Any) -> Any:
        raise TypeError("Diagonal has one entry per mode; evaluate it, do not index it")


class Reflection(MatrixExpr):
    """The orthogonal n×n matrix diag(I − 2vvᵀ/vᵀv, I_k), v = (2, …, 2, 1) of length n − k.

    No entry of its reflecting block is zero, whatever its size: 1 − 8/(4m−3), −8/(4m−3), −4/(4m−3) and
    1 − 2/(4m−3) with m = n − k, and the odd number 4m − 3 is neither 8 nor 2.
    """

    def __new__(cls, n: Any, k: Any) -> Reflection:
        return Expr.__new__(cls, S(n), S(k))

    @property
    def shape(self) -> tuple[Any, Any]:
        """(n, n)."""
        return self.args[0], self.args[0]

    def _entry(self, i: Any, j: Any, **_: Any) -> Any:
        raise TypeError("Reflection is evaluated as a whole")


class _Scalar(Expr):  # what the scalar nodes share: commutative, real, no SymPy rewriting
    is_commutative = True
    is_real = True
    is_finite = True

    def __new__(cls, *args: Any) -> Any:
        return Expr.__new__(cls, *(S(a) for a in args))


class LogDet(_Scalar):
    """log det of a symmetric positive definite matrix."""


class LogGap(_Scalar):
    """x − 1 − log x, which is ≥ 0 for x > 0 and 0 only at x = 1."""

    def expanded(self) -> Any:
        """The expression itself."""
        return self.args[0] - 1 - log(self.args[0])


class ZeroRows(_Scalar):
    """The number of rows of a matrix that are exactly zero."""


class Eigenvalue(_Scalar):
    """All eigenvalues of a symmetric matrix in descending order, as one mode expression."""


class SumModes(_Scalar):
    """The sum of a mode expression over lo < i ≤ hi (all modes by default)."""

    def __new__(cls, entry: Any, lo: Any = 0, hi: Any = oo) -> Any:
        return Expr.__new__(cls, S(entry), S(lo), S(hi))


class Matching(_Scalar):
    """The largest Σ gain over ways to give modes to latents i ≤ d, each at most once.

    `gain` is an expression in θ, which belongs to the mode, and in other mode symbols, which belong to the latent.
    """

    def __new__(cls, gain: Any, d: Any) -> Any:
        return Expr.__new__(cls, S(gain), S(d))


class Paired(_Scalar):
    """Σ λ_i f_i, λ_i the eigenvalues of a symmetric matrix in descending order, f one value per mode.

    For ascending f it is the least value of tr(M·T diag(f) Tᵀ) over orthogonal T (lemma-alignment).
    """


class AlignedTo(MatrixExpr):
    """Q diag(f) Qᵀ for M = Q diag(λ) Qᵀ, λ descending: the gradient of `Paired(M, f)` with respect to M."""

    def __new__(cls, M: Any, f: Any) -> AlignedTo:
        return Expr.__new__(cls, S(M), S(f))

    @property
    def shape(self) -> tuple[Any, Any]:
        """That of M."""
        return self.args[0].shape

    def _entry(self, i: Any, j: Any, **_: Any) -> Any:
        raise TypeError("AlignedTo is evaluated as a whole")

    def _eval_transpose(self) -> AlignedTo:
        return self


def indicator(condition: Relational) -> Any:
    """1 where `condition` holds, else 0."""
    return Piecewise((Integer(1), condition), (Integer(0), True))


def count(condition: Relational, lo: Any = 0, hi: Any = oo) -> Any:
    """How many modes lo < i ≤ hi satisfy `condition`."""
    return SumModes(indicator(condition), lo, hi)


def one_mode(expression: Any, values: Mapping[Any, Any]) -> Any:
    """The 1×1 case of a scalar matrix expression: matrix symbols become the scalars in `values`.

    Frames (symbols absent from `values`) become 1; Trace and transpose vanish, LogDet becomes log.
    """
    if isinstance(expression, MatrixSymbol):
        return S(values.get(expression, 1))
    if isinstance(expression, Identity):
        return Integer(1)
    if isinstance(expression, Diagonal):
        return expression.entry
    if not expression.args or not expression.has(MatrixExpr):
        return expression.subs({n: 1 for n in expression.free_symbols if n.is_integer})
    parts = [one_mode(argument, values) for argument in expression.args]
    if isinstance(expression, Trace | Transpose):
        return parts[0]
    if isinstance(expression, LogDet):
        return log(parts[0])
    if isinstance(expression, Inverse):
        return 1 / parts[0]
    if isinstance(expression, MatMul | Mul):
        return Mul(*parts)
    if isinstance(expression, MatAdd | Add):
        return Add(*parts)
    return expression.func(*parts)


def square(M: Any) -> Any:
    """‖M‖² = tr(MMᵀ)."""
    return Trace(MatMul(M, M.T))
