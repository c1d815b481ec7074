"""The one translation: a SymPy expression, as the tree it is, into a term. Nothing is simplified or evaluated."""

from __future__ import annotations

from collections.abc import Callable, Collection
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.logic.boolalg import ITE

from derivations.algebra.nodes import Diagonal, Eigenvalue, LogDet, LogGap, Paired, Reflection, SumModes, ZeroRows
from derivations.notation import MODES, index
from verify.proof.core.matrices import rows
from verify.proof.core.terms import (
    FALSE,
    INDEX,
    INFINITY,
    TRUE,
    ZERO,
    RejectedError,
    Term,
    least,
    negation,
    number,
    whole,
)

HEADS: dict[Any, str] = {
    sp.Add: "sum",
    sp.Mul: "product",
    sp.MatMul: "times",
    sp.MatAdd: "plus",
    sp.log: "log",
    sp.Trace: "trace",
    sp.Inverse: "inverse",
    sp.Transpose: "transpose",
    sp.Identity: "identity",
    sp.Gt: ">",
    sp.Ge: ">=",
    sp.Eq: "=",
    sp.Ne: "!=",
    sp.And: "and",
    sp.Or: "or",
    LogDet: "logdet",
    Eigenvalue: "eigenvalue",
    ZeroRows: "zero rows",
    SumModes: "modes",
    Diagonal: "diagonal",
    Reflection: "reflection",
}


def read(e: Any, sequences: Collection[Any] = MODES) -> Term:
    """The term that an expression is; `sequences` are the symbols that have one value per mode.

    Raises:
        RejectedError: a node that the core has no meaning for, or a symbol that is not real.
    """
    if not isinstance(e, sp.Basic | int):
        raise RejectedError(f"{e!r} is no expression")
    e = sp.S(e)
    if e.is_Symbol:
        return _symbol(e, sequences)
    kind = type(e)
    if kind in HEADS:
        return Term(HEADS[kind], *(read(a, sequences) for a in e.args))
    if kind in SPECIAL:
        return SPECIAL[kind](e, lambda a: read(a, sequences))
    if e.is_Rational:
        return number(Fraction(int(e.p), int(e.q)))
    if e.is_NumberSymbol:
        return Term("constant", str(e))
    raise RejectedError(f"the core knows no {kind.__name__}: {e}")


def _symbol(x: Any, sequences: Collection[Any]) -> Term:
    if x == index:
        return INDEX
    if type(x) is not sp.Symbol or not x.is_real:
        raise RejectedError(f"{x} is not a Symbol that is declared real")
    sign = ">" if x.is_positive else ">=" if x.is_nonnegative else ""
    return Term("symbol", x.name, sign, bool(x.is_integer), x in sequences)


def _power(e: Any, to: Callable[[Any], Term]) -> Term:
    if not e.exp.is_Rational:
        raise RejectedError(f"the exponent of {e} is no rational number")
    return Term("power", to(e.base), whole(Fraction(int(e.exp.p), int(e.exp.q))))


def _root(e: Any, to: Callable[[Any], Term]) -> Term:
    if e.exp != sp.Rational(1, 2):
        raise RejectedError(f"the core knows no power of matrices but the root: {e}")
    return Term("root", to(e.base))


def _gap(e: Any, to: Callable[[Any], Term]) -> Term:
    x = to(e.args[0])
    return Term("sum", x, number(-1), Term("product", number(-1), Term("log", x)))


def _paired(e: Any, to: Callable[[Any], Term]) -> Term:
    M, f = map(to, e.args)
    return Term("modes", Term("product", Term("eigenvalue", M), f), ZERO, rows(M))


def _if(e: Any, to: Callable[[Any], Term]) -> Term:
    c, yes, no = map(to, e.args)
    return Term("or", Term("and", c, yes), Term("and", negation(c), no))


SPECIAL: dict[Any, Callable[[Any, Callable[[Any], Term]], Term]] = {
    sp.Pow: _power,
    sp.MatPow: _root,
    sp.Min: lambda e, to: least(map(to, e.args)),
    sp.Piecewise: lambda e, to: Term("choice", *(to(part) for branch in e.args for part in branch.args)),
    sp.MatrixSymbol: lambda e, to: Term("matrix", e.name, *map(to, e.shape)),
    sp.Lt: lambda e, to: Term(">", to(e.rhs), to(e.lhs)),
    sp.Le: lambda e, to: Term(">=", to(e.rhs), to(e.lhs)),
    sp.Not: lambda e, to: negation(to(e.args[0])),
    ITE: _if,
    LogGap: _gap,
    Paired: _paired,
    sp.core.numbers.Infinity: lambda e, to: INFINITY,  # noqa: ARG005
    type(sp.true): lambda e, to: TRUE,  # noqa: ARG005
    type(sp.false): lambda e, to: FALSE,  # noqa: ARG005
}
