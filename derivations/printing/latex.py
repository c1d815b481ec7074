r"""Expressions as TeX, in the paper's notation: \theta_{i} for a mode, \lVert M \rVert_F^2, \log\det, (x)_+, cases.

`tex` prints every SymPy expression and every node of ours, without delimiters; documents, `derive --latex` and pages in
HTML are made with it. Needs amsmath. No symbol's name reaches the page unescaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import S, Transpose
from sympy.printing.precedence import PRECEDENCE

from derivations.notation import MODES
from derivations.printing import forms
from derivations.printing.brackets import sized
from derivations.printing.scalars import Scalars

__all__ = ["tex"]


def tex(e: Any, modes: Iterable[Any] = MODES) -> str:
    """`e` (expression, relation, condition, matrix expression, number) as TeX for math mode.

    `modes` are the symbols with one value per mode, which carry the index i.
    """
    return sized(str(_Printer(frozenset(modes)).doprint(S(e) if isinstance(e, int | float) else e)))


class _Printer(Scalars):
    """The printer of scalars with the methods for matrices."""

    def _print_Transpose(self, expr: Any) -> str:
        return f"{self.factor(expr.arg)}^{{\\top}}"

    def _print_Inverse(self, expr: Any) -> str:
        transposed = isinstance(expr.arg, Transpose)
        return self.factor(expr.arg.arg if transposed else expr.arg) + ("^{-\\top}" if transposed else "^{-1}")

    def _print_Identity(self, _: Any) -> str:
        return "I"

    def _print_ZeroMatrix(self, _: Any) -> str:
        return "0"

    def _print_MatMul(self, expr: Any) -> str:
        coefficient, factors = forms.flat_product(expr)
        sign = "-" if coefficient.as_coeff_Mul()[0].is_negative else ""
        size = -coefficient if sign else coefficient
        scale = [] if size == 1 and factors else [self.parenthesize(size, PRECEDENCE["Mul"], strict=True)]
        return sign + " ".join([*scale, *(self.parenthesize(f, PRECEDENCE["Mul"], strict=True) for f in factors)])

    def _print_Trace(self, expr: Any, exp: str | None = None) -> str:
        half = forms.root(expr.arg)
        if half is None:
            return self.call(r"\operatorname{tr}", expr.arg, exp)
        norm = rf"\left\lVert {self._print(half)} \right\rVert_{{F}}^{{2}}"
        return rf"\left({norm}\right)^{{{exp}}}" if exp else norm

    def _print_Determinant(self, expr: Any, exp: str | None = None) -> str:
        return self.call(r"\det", expr.arg, exp)
