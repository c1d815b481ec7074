"""The printer's scalar half: symbols, sums, products, functions, case distinctions, conditions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Mul, Not, Piecewise, Pow, S
from sympy.core.relational import Relational
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE, precedence_traditional

from derivations.algebra.nodes import fact, is_indicator, kinds_where, sums_over_modes
from derivations.notation import index
from derivations.printing import forms
from derivations.printing.glyphs import name_tex

__all__ = ["Scalars"]

_SIGNS = {"==": "=", "!=": r"\ne", ">": ">", ">=": r"\ge", "<": "<", "<=": r"\le"}


def _level(e: Any) -> Any:
    """How tightly what is printed for `e` holds together."""
    if binds := fact(e, "binds"):
        return PRECEDENCE[binds]
    if isinstance(e, Piecewise):
        part = forms.positive_part(e)
        return PRECEDENCE["Atom"] if part is None and forms.closed(e) else PRECEDENCE["Mul"]
    return precedence_traditional(e)


class Scalars(LatexPrinter):
    """Abstract. Methods are named as SymPy asks, by the class they print; `exp` is a power beside a function's name.

    A node of ours is printed by its own rule, which is given the printer: `show`, `call` and the other public methods.
    """

    def __init__(self, modes: frozenset[Any]) -> None:
        super().__init__({"fold_frac_powers": True, "mat_str": "pmatrix", "mat_delim": ""})
        self._modes, self.index = modes, "i"
        self._special: dict[Any, str] = {}

    def parenthesize(self, item: Any, level: int, is_neg: bool = False, strict: bool = False) -> str:
        own = _level(item)
        bracket = (is_neg and strict) or own < level or (own == level and not strict)
        return str(self._add_parens(self._print(item)) if bracket else self._print(item))

    def _needs_mul_brackets(self, expr: Any, first: bool = False, last: bool = False) -> bool:
        if isinstance(expr, Piecewise):
            return not forms.closed(expr)
        binds = fact(expr, "binds")
        if binds == "Add" or (binds == "Mul" and not last):
            return True
        return bool(super()._needs_mul_brackets(expr, first, last))

    def _print(self, expr: Any, **kwargs: Any) -> str:
        own = fact(expr, "tex")
        return str(own(expr, self) if own else super()._print(expr, **kwargs))

    def show(self, e: Any) -> str:
        """TeX or text of an expression that stands inside another."""
        return self._print(e)

    def factor(self, e: Any) -> str:
        """An expression that bears an exponent or an index, bracketed where it needs to be."""
        return self.parenthesize(e, PRECEDENCE["Pow"])

    def summand(self, e: Any) -> str:
        """An expression after Σ, bracketed where it needs to be."""
        return self.parenthesize(e, PRECEDENCE["Mul"], strict=True)

    def at(self, index: str, special: dict[Any, str], show: Any) -> str:
        """What `show` prints with another index for the mode, or for some symbols of it."""
        outer = self.index, self._special
        self.index, self._special = index, special
        try:
            return str(show())
        finally:
            self.index, self._special = outer

    def call(self, name: str, argument: Any, exp: str | None = None) -> str:
        """A function's name and its argument in brackets."""
        return name + (f"^{{{exp}}}" if exp else "") + str(self._add_parens(self._print(argument)))

    def _print_Symbol(self, expr: Any, style: str = "plain") -> str:
        return name_tex(expr.name, self._special.get(expr, self.index) if expr in self._modes else "")

    def _print_MatrixSymbol(self, expr: Any, style: str = "plain") -> str:
        return name_tex(expr.name)

    # Sums and functions of scalars

    def _print_Add(self, expr: Any, order: Any = None) -> str:
        terms = self._as_ordered_terms(expr, order=order)
        if expr.has(MatrixExpr):  # ‖·‖² and traces first, then those with coefficients
            terms = sorted(terms, key=lambda t: sum(f.is_Symbol or f.is_Pow for f in Mul.make_args(t)))
        return self._summed(sorted(terms, key=lambda t: t.has(Piecewise) and not forms.closed(t)))

    def _print_MatAdd(self, expr: Any) -> str:
        return self._summed(list(expr.args))

    def _summed(self, terms: list[Any]) -> str:
        """The terms of a sum, those with a plus sign first."""
        parts = [(t, str(self._print(t)).lstrip()) for t in terms]
        parts = [(t, str(self._add_parens(part)) if self._needs_add_brackets(t) else part) for t, part in parts]
        text = ""
        for _, part in sorted(parts, key=lambda pair: pair[1].startswith("-")):
            minus = part.startswith("-")
            text += (" - " if minus and text else "-" if minus else " + " if text else "") + part.lstrip("- ")
        return text

    def _print_Mul(self, expr: Any) -> str:
        factors = expr.as_ordered_factors()
        number, rest = expr.as_coeff_Mul()
        if not expr.is_commutative or (number is S.One and any(f.is_Number for f in expr.args)):
            return str(super()._print_Mul(expr))
        if number.is_negative:
            negated = Mul(-number, rest) if number != -1 else rest
            return "-" + (self.parenthesize(negated, PRECEDENCE["Mul"], strict=True))
        wide = [f for f in factors if forms.is_wide(f)]
        above, below = forms.fraction_parts(f for f in factors if not forms.is_wide(f))
        if below:
            scale = rf"\frac{{{self._product(above) or '1'}}}{{{self._product(below)}}}"
        else:
            scale = self._product(above, more=wide)
        return f"{scale} {self._product(wide, after=scale)}".strip()

    def _print_Pow(self, expr: Any) -> str:
        if expr.exp.is_Rational and expr.exp.is_negative and expr.base.is_commutative:
            return rf"\frac{{1}}{{{self._print(Pow(expr.base, -expr.exp))}}}"
        return str(super()._print_Pow(expr))

    def _product(self, factors: list[Any], after: Any = None, more: Any = None) -> str:
        """Factors side by side, `after` others and before `more`; square roots joined."""
        radicals = [f for f in factors if f.is_Pow and f.exp == S.Half]
        if len(radicals) > 1:
            joined = [rf"\sqrt{{{self._product([f.base for f in radicals])}}}"]
            factors = [f for f in factors if f not in radicals]
        else:
            joined = []
        if len(factors) == 1 and not (after or more or joined):
            return str(self._print(factors[0]))
        text = ""
        for k, f in enumerate(factors):
            last = k == len(factors) - 1 and not (more or joined)
            bracket = self._needs_mul_brackets(f, k == 0 and not after, last)
            part = str(self._add_parens(self._print(f)) if bracket else self._print(f))
            text += (r" \cdot " if text[-1:].isdigit() and part[0].isdigit() else " " if text else "") + part
        return " ".join([*([text] if text else []), *joined])

    def _print_PositivePart(self, expr: Any, exp: str | None = None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        return f"{self._add_parens(self._print(expr.args[0]))}_{{+}}{power}"

    def _print_log(self, expr: Any, exp: str | None = None) -> str:
        return self.call(r"\log", expr.args[0], exp)

    def _print_Min(self, expr: Any, exp: str | None = None) -> str:
        return self._least(r"\min", expr.args, exp)

    def _print_Max(self, expr: Any, exp: str | None = None) -> str:
        return self._least(r"\max", expr.args, exp)

    def _least(self, name: str, arguments: Iterable[Any], exp: str | None = None) -> str:
        inside = ", ".join(str(self._print(a)) for a in arguments)
        return name + (f"^{{{exp}}}" if exp else "") + str(self._add_parens(inside))

    def _print_Function(self, expr: Any, exp: str | None = None) -> str:
        return str(super()._print_Function(expr, exp)).replace(r"{\left(", r"\left(").replace(r" \right)}", r"\right)")

    # Case distinctions and conditions

    def _print_Piecewise(self, expr: Any) -> str:
        if is_indicator(expr):
            return rf"\mathbf{{1}}[{self._print(expr.args[0].cond)}]"
        if found := forms.least(expr):
            return self._least(f"\\{found[0]}", found[1])
        if (part := forms.positive_part(expr)) is not None:
            return str(self._print(part))
        return self._cases([(str(self._print(value)), condition) for value, condition in expr.args])

    def _print_ITE(self, expr: Any) -> str:
        condition, yes, no = expr.args
        if no == False:  # noqa: E712 - SymPy's own truth values
            return self._joined_parts((condition, yes), r" \text{ and } ")
        if no == True:  # noqa: E712
            return self._joined_parts((yes, Not(condition)), r" \text{ or } ")
        return self._cases([(str(self._print(yes)), condition), (str(self._print(no)), True)])

    def _cases(self, rows: list[tuple[str, Any]]) -> str:
        when = [r"\text{otherwise}" if c == True else rf"\text{{if }} {self._print(c)}" for _, c in rows]  # noqa: E712
        lines = r" \\ ".join(f"{value} & {condition}" for (value, _), condition in zip(rows, when, strict=True))
        return rf"\begin{{cases}} {lines} \end{{cases}}"

    def _print_Relational(self, expr: Any) -> str:
        e = expr if self._modal(expr.lhs) or not self._modal(expr.rhs) else expr.reversed
        return f"{self._print(e.lhs)} {_SIGNS[e.rel_op]} {self._print(e.rhs)}"

    def _modal(self, e: Any) -> bool:
        """Whether `e` depends on the mode: such a side of a relation is printed first."""
        return bool(
            e.free_symbols & (self._modes | {index}) or e.has(*kinds_where("per_mode"))
        ) and not sums_over_modes(e)

    def _print_And(self, expr: Any) -> str:
        return self._joined(expr, r" \text{ and } ")

    def _print_Or(self, expr: Any) -> str:
        return self._joined(expr, r" \text{ or } ")

    def _joined(self, e: Any, word: str) -> str:
        first = sorted(e.args, key=lambda a: (not isinstance(a, Relational), not self._modal(a), a.sort_key()))
        return self._joined_parts(first, word)

    def _joined_parts(self, arguments: Iterable[Any], word: str) -> str:
        parts = [(a, str(self._print(a))) for a in arguments]
        return word.join(text if isinstance(a, Relational) else str(self._add_parens(text)) for a, text in parts)

    def _print_BooleanTrue(self, _: Any) -> str:
        return r"\text{always}"

    def _print_BooleanFalse(self, _: Any) -> str:
        return r"\text{never}"
