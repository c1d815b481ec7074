"""Formulas from outside: exact, real, of numbers that floats can hold, and of functions that are known here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from derivations.algebra.nodes import SumModes
from verify.evaluate.lowering import lower
from verify.user.complaint import ClaimError

__all__ = ["check_formula"]

_DIGITS = 100  # of a number: floats end at 308, and formulas multiply
_EXPONENT = 1000
_NODES = 20_000  # parts of one formula
_INSTEAD = {
    "exp": "a positive Symbol in its place, and log of that for its exponent",
    "Exp1": "a positive Symbol in its place",
    "Max": "Piecewise((a, a > b), (b, True)) for Max(a, b)",
    "Min": "Piecewise((b, a > b), (a, True)) for Min(a, b)",
    "Abs": "Piecewise((x, x >= 0), (-x, True)) for |x|",
    "sign": "Piecewise((1, x > 0), (-1, x < 0), (0, True)) for sign(x)",
    "Heaviside": "Piecewise((1, x >= 0), (0, True)) for Heaviside(x)",
    "Sum": "SumModes(entry) for a sum over modes, or the terms themselves",
    "Adjoint": "W.T, for the transpose of a real matrix",
    "conjugate": "the symbol itself: all are real",
    "MatrixElement": "a scalar variable of its own, or a Trace",
}
_CONSTANTS = (sp.I, sp.zoo, sp.nan)


def check_formula(where: str, field: str, e: Any) -> None:
    """Check one expression or condition.

    Raises:
        ClaimError: it is complex, has numbers that are not exact or too large, or something that is not known here.
    """
    problem = next(_problems(e), "")
    if not problem:
        try:
            lower(e)
        except (TypeError, AttributeError, KeyError) as error:
            problem = f"{error}"
    if problem:
        raise ClaimError(f"{where}: in `{field}`, {problem}.", field=field)


def _problems(e: Any) -> Iterator[str]:
    for count, part in enumerate(sp.preorder_traversal(e)):
        if count > _NODES:
            yield f"a formula of more than {_NODES} parts is too long; define some of them"
            return
        if isinstance(part, sp.Float):
            yield f"{part} is a decimal; write Rational(1, 10) for 0.1"
        elif part in _CONSTANTS:
            yield f"{part} is not real-valued; formulas are about real numbers"
        elif isinstance(part, sp.Rational) and not part.is_infinite:
            yield from _number(part)
        elif isinstance(part, sp.Pow) and not part.exp.is_Rational:
            yield f"the exponent of {part} must be a number, like 2 or Rational(1, 2)"
        elif isinstance(part, sp.Pow) and abs(part.exp) > _EXPONENT:
            yield f"the exponent of {_short(part)} must be at most {_EXPONENT}"
        elif isinstance(part, AppliedUndef):
            name = part.func.__name__
            yield f"nothing is known about the function {name}; write its formula, or a Symbol in its place"
        elif (name := type(part).__name__) in _INSTEAD and not _of_sizes(part):
            yield f"{name} is not known here ({_short(part)}); write {_INSTEAD[name]}"
        elif part in (sp.oo, -sp.oo) and not e.has(SumModes):
            yield f"{part} is no number; leave it out"
        elif isinstance(part, sp.Dummy | sp.Wild):
            yield f"{part} is a {type(part).__name__}; write Symbol(…)"


def _of_sizes(e: Any) -> bool:
    """Whether it is the smaller or larger of two dimensions: how many modes a range has."""
    return isinstance(e, sp.Min | sp.Max) and all(s.is_integer for s in e.free_symbols)


def _number(q: Any) -> Iterator[str]:
    digits = max(abs(int(q.p)).bit_length(), int(q.q).bit_length()) * 0.30103
    if digits > _DIGITS:
        yield f"a number of {int(digits) + 1} digits is too large; write a Symbol for it (at most {_DIGITS} digits)"


def _short(e: Any) -> str:
    text = str(e)
    return text if len(text) <= 60 else text[:57] + "…"
