"""Formulas in one readable line of Unicode: Σ_{i≤d}, diag(…), log det, superscripts, √, case distinctions."""

from __future__ import annotations

import re
from typing import Any

from sympy import Integer, Rational
from sympy.printing.pretty.pretty_symbology import pretty_symbol
from sympy.printing.str import StrPrinter

from derivations.algebra.nodes import fact

__all__ = ["formula", "prose"]

# A letter outside an ASCII word, an underscore, digits or one letter: β_1, θ_i, W_l; η_dec and θ_max stay.
_INDEX = re.compile(r"(?<![A-Za-z_])([^\W\d_])_(?!max|min)(\d+|[ijklmn])")
_BELOW = str.maketrans("0123456789ijklmn", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₗₘₙ")
_POWERS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


class _Unicode(StrPrinter):
    def _print(self, expr: Any, **kwargs: Any) -> str:
        own = fact(expr, "unicode")
        return str(own(expr, self) if own else super()._print(expr, **kwargs))

    def show(self, e: Any) -> str:
        """An expression inside another."""
        return self._print(e)

    def summand(self, e: Any) -> str:
        """An expression after Σ."""
        return str(self.parenthesize(e, 60))

    def _print_Symbol(self, e: Any) -> str:
        return str(pretty_symbol(e.name)).replace("lamda", "λ")

    def _print_MatrixSymbol(self, e: Any) -> str:
        return str(pretty_symbol(e.name))

    def _print_Pow(self, e: Any, rational: bool = False) -> str:
        base = self.parenthesize(e.base, 60)
        if e.exp == Rational(1, 2):
            return f"√{base}" if e.base.is_Symbol else f"√({self._print(e.base)})"
        if isinstance(e.exp, Integer) and e.exp > 0:
            return base + str(e.exp).translate(_POWERS)
        if e.exp.is_negative:
            return str(super()._print_Pow(e, rational))
        return f"{base}^({self._print(e.exp)})"

    def _print_Mul(self, e: Any) -> str:
        return str(super()._print_Mul(e)).replace("*", "·")

    def _print_MatMul(self, e: Any) -> str:
        return str(super()._print_MatMul(e)).replace("*", "·")

    def _print_Transpose(self, e: Any) -> str:
        return self.parenthesize(e.arg, 100) + "ᵀ"

    def _print_Inverse(self, e: Any) -> str:
        return self.parenthesize(e.arg, 100) + "⁻¹"

    def _print_Trace(self, e: Any) -> str:
        return f"tr({self._print(e.args[0])})"

    def _print_Identity(self, _: Any) -> str:
        return "I"

    def _print_ITE(self, e: Any) -> str:
        condition, yes, no = (self._print(a) for a in e.args)
        return f"({yes} if {condition}, else {no})"

    def _print_Piecewise(self, e: Any) -> str:
        if [tuple(case) for case in e.args[1:]] == [(0, True)] and e.args[0][0] == 1:
            return f"[{self._print(e.args[0][1])}]"  # Iverson's bracket
        cases = [
            self._print(value) if condition == True else f"{self._print(value)} if {self._print(condition)}"  # noqa: E712
            for value, condition in e.args
        ]
        return "(" + ", else ".join(cases) + ")"

    def _print_Relational(self, e: Any) -> str:
        sign = {"==": "=", "<=": "≤", ">=": "≥", "!=": "≠"}.get(e.rel_op, e.rel_op)
        return f"{self._print(e.lhs)} {sign} {self._print(e.rhs)}"


def formula(e: Any) -> str:
    """One line of Unicode for any expression of a claim."""
    return str(_Unicode({"order": "none"}).doprint(e))


def prose(text: str) -> str:
    """A sentence with the indices of its formulas set as `formula` sets them: β_1 is β₁."""
    return _INDEX.sub(lambda found: found[1] + found[2].translate(_BELOW), text)
