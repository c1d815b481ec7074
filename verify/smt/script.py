"""Algebraic inequalities as SMT-LIB 2 text: one question, put to every solver alike.

A quotient becomes the product of its numerator and denominator (same sign), a fractional power of a positive symbol a
power of a new one, any other root a non-negative unknown with its square given.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from derivations.algebra.nodes import Scalar
from derivations.algebra.zero import exponent_denominators

__all__ = ["question"]

_SIGNS = {sp.Gt: ">", sp.Ge: ">=", sp.Lt: "<", sp.Le: "<=", sp.Eq: "="}


def question(given: Iterable[Any], then: Any) -> str:
    """The negation of "given implies then": a consequence iff it is unsatisfiable.

    Raises:
        ValueError: an expression is not algebraic.
    """
    writer = _Writer([*given, then])
    facts = [writer.formula(g) for g in given]
    denied = f"(not {writer.formula(then)})"
    lines = ["(set-logic QF_NRA)", *writer.declared(), *(f"(assert {fact})" for fact in [*facts, denied])]
    return "\n".join(lines) + "\n"


class _Writer:
    def __init__(self, expressions: list[Any]) -> None:
        symbols = sorted({s for e in expressions for s in sp.S(e).free_symbols}, key=str)
        for e in expressions:
            if sp.S(e).has(sp.log, sp.exp, Scalar, sp.Piecewise, sp.MatrixSymbol):
                raise ValueError(f"{e} is not algebraic")
        powers: dict[Any, int] = {}
        for e in expressions:
            for symbol, n in exponent_denominators(sp.S(e)).items():
                powers[symbol] = sp.ilcm(1, powers.get(symbol, 1), n)
        self.names = {s: f"x{k}" for k, s in enumerate(symbols)}
        self.raised = {s: s**n for s, n in powers.items() if n > 1}
        self.roots: dict[Any, str] = {}

    def declared(self) -> list[str]:
        """Declarations of the symbols with their signs, and of the roots with their squares."""
        lines = []
        for symbol, name in self.names.items():
            lines.append(f"(declare-const {name} Real)")
            if symbol.is_positive or symbol.is_nonnegative:
                lines.append(f"(assert ({'>' if symbol.is_positive else '>='} {name} 0))")
        bodies = [(name, self._polynomial(radicand)) for radicand, name in list(self.roots.items())]
        for name, _ in bodies:
            lines += [f"(declare-const {name} Real)", f"(assert (>= {name} 0))"]
        return lines + [f"(assert (= (* {name} {name}) {body}))" for name, body in bodies]

    def formula(self, e: Any) -> str:
        """A relation, or a combination of relations."""
        if e in (sp.true, sp.false):
            return str(e).lower()
        if isinstance(e, sp.And | sp.Or):
            return f"({'and' if isinstance(e, sp.And) else 'or'} {' '.join(self.formula(a) for a in e.args)})"
        if isinstance(e, sp.Not):
            return f"(not {self.formula(e.args[0])})"
        if not isinstance(e, Relational) or type(e) not in _SIGNS:
            raise ValueError(f"{e} is not an inequality")
        top, bottom = sp.fraction(sp.together((e.lhs - e.rhs).xreplace(self.raised)))
        return f"({_SIGNS[type(e)]} {self._polynomial(sp.expand(top) * bottom)} 0)"

    def _polynomial(self, e: Any) -> str:
        if e.is_Symbol:
            return self.names[e]
        if e.is_Rational:
            number = f"{abs(e.p)}.0" if e.q == 1 else f"(/ {abs(e.p)}.0 {e.q}.0)"
            return f"(- {number})" if e < 0 else number
        if e.is_Add or e.is_Mul:
            return f"({'+' if e.is_Add else '*'} {' '.join(self._polynomial(a) for a in e.args)})"
        if e.is_Pow and e.exp.is_Rational and e.exp > 0:
            base = self._root(e.base) if e.exp.q == 2 else self._polynomial(e.base) if e.exp.q == 1 else None
            if base is not None:
                return base if e.exp.p == 1 else f"(* {' '.join([base] * int(e.exp.p))})"
        raise ValueError(f"{e} is not a polynomial")

    def _root(self, radicand: Any) -> str:
        return self.roots.setdefault(radicand, f"r{len(self.roots)}")
