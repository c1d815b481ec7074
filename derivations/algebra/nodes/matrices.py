"""Matrices that SymPy lacks: a rectangular diagonal of modes, and a reflection without a zero in it."""

from __future__ import annotations

from typing import Any

from sympy import Expr, S
from sympy.matrices.expressions.matexpr import MatrixExpr

from derivations.algebra.nodes.node import stated

__all__ = ["DIAGONAL", "REFLECTION", "Diagonal", "Reflection"]


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


DIAGONAL = stated(
    derivative=lambda e, D: Diagonal(D(e.entry), *e.shape),
    explicit=lambda e, value: value.diagonal(e),
    ranges=lambda e: tuple((0, n) for n in dict.fromkeys(e.shape)),
    tex=lambda e, p: p.call(r"\operatorname{diag}", e.entry),
    unicode=lambda e, p: f"diag({p.show(e.entry)})",
)


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


REFLECTION = stated(
    explicit=lambda e, value: value.reflection(e),
    tex=lambda e, p: rf"\mathcal{{H}}_{{{p.show(e.args[0])},{p.show(e.args[1])}}}",
)
