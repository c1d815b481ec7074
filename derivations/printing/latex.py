r"""Expressions as TeX, in the paper's notation: \theta_{i} for a mode, \lVert M \rVert_F^2, \log\det, (x)_+, cases.

`tex` prints every SymPy expression and every node of ours, without delimiters; documents, `derive --latex` and pages in
HTML are made with it. Needs amsmath. No symbol's name reaches the page unescaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import S, Transpose, oo
from sympy.printing.precedence import PRECEDENCE

from derivations.notation import MODES, theta
from derivations.printing import forms
from derivations.printing.brackets import sized
from derivations.printing.scalars import Scalars

__all__ = ["tex"]

_EIGENVALUE, _DIAGONAL = r"\operatorname{eig}", r"\operatorname{diag}"


def tex(e: Any, modes: Iterable[Any] = MODES) -> str:
    """`e` (expression, relation, condition, matrix expression, number) as TeX for math mode.

    `modes` are the symbols with one value per mode, which carry the index i.
    """
    return sized(str(_Printer(frozenset(modes)).doprint(S(e) if isinstance(e, int | float) else e)))


class _Printer(Scalars):
    """Adds matrices and the nodes of `derivations.algebra.nodes`."""

    # Matrices

    def _print_Transpose(self, expr: Any) -> str:
        return f"{self._factor(expr.arg)}^{{\\top}}"

    def _print_Inverse(self, expr: Any) -> str:
        transposed = isinstance(expr.arg, Transpose)
        return self._factor(expr.arg.arg if transposed else expr.arg) + ("^{-\\top}" if transposed else "^{-1}")

    def _factor(self, M: Any) -> str:
        return self.parenthesize(M, PRECEDENCE["Pow"])

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
            return self._call(r"\operatorname{tr}", expr.arg, exp)
        norm = rf"\left\lVert {self._print(half)} \right\rVert_{{F}}^{{2}}"
        return rf"\left({norm}\right)^{{{exp}}}" if exp else norm

    def _print_Determinant(self, expr: Any, exp: str | None = None) -> str:
        return self._call(r"\det", expr.arg, exp)

    # Nodes of ours

    def _print_LogDet(self, expr: Any) -> str:
        return self._call(r"\log\det", expr.args[0])

    def _print_LogGap(self, expr: Any) -> str:
        return f"{self._print(expr.args[0])} - 1 - {self._print_log(expr)}"

    def _print_Diagonal(self, expr: Any) -> str:
        return self._call(r"\operatorname{diag}", expr.entry)

    def _print_SumModes(self, expr: Any) -> str:
        entry, lo, hi = expr.args
        first, last = self._print(lo + 1), self._print(hi)
        if forms.is_indicator(entry):
            modes = ("" if lo == 0 else f"{self._print(lo)} < ") + "i" + ("" if hi == oo else rf" \le {last}")
            return rf"\#\left\{{{modes} : {self._print(entry.args[0].cond)}\right\}}"
        if hi == lo + 1:
            return self._at(last, {}, lambda: self._summand(entry))
        if hi == oo:
            return rf"\sum_{{{'i' if lo == 0 else f'i > {self._print(lo)}'}}} {self._summand(entry)}"
        return rf"\sum_{{i={first}}}^{{{last}}} {self._summand(entry)}"

    def _summand(self, e: Any) -> str:
        return self.parenthesize(e, PRECEDENCE["Mul"], strict=True)

    def _print_Paired(self, expr: Any) -> str:
        M, f = expr.args
        return rf"\sum_{{i}} {self._eigenvalue(M)} {self._summand(f)}"

    def _print_Eigenvalue(self, expr: Any) -> str:
        return self._eigenvalue(expr.args[0])

    def _eigenvalue(self, M: Any) -> str:
        return self._call(rf"{_EIGENVALUE}_{{{self._index}}}", M)

    def _print_Matching(self, expr: Any) -> str:
        gain, width = expr.args
        inside = self._at("i", {theta: r"\pi(i)"}, lambda: self._summand(gain))
        return rf"\max_{{\pi}} \sum_{{i=1}}^{{{self._print(width)}}} {inside}"

    def _print_AlignedTo(self, expr: Any) -> str:
        frame = rf"Q_{{{self._print(expr.args[0])}}}"
        return rf"{frame} {self._call(_DIAGONAL, expr.args[1])} {frame}^{{\top}}"

    def _print_Reflection(self, expr: Any) -> str:
        return rf"\mathcal{{H}}_{{{self._print(expr.args[0])},{self._print(expr.args[1])}}}"

    def _print_ZeroRows(self, expr: Any) -> str:
        return rf"\#\left\{{i : {self._factor(expr.args[0])}_{{i\cdot}} = 0\right\}}"
