"""Forms that a mathematician would write shorter than SymPy stores them: (x)₊, min, an indicator, ‖M‖²."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Add, Expr, Identity, Integer, MatMul, Mul, Piecewise, Pow
from sympy.core.relational import Relational

from derivations.algebra.nodes import is_indicator, kinds_where

__all__ = ["PositivePart", "closed", "flat_product", "fraction_parts", "is_wide", "least", "positive_part", "root"]


class PositivePart(Expr):
    """(x)₊ = max(0, x), while a formula is printed."""

    is_commutative = True


def closed(e: Any) -> bool:
    """Whether a case distinction is printed in a form that needs no brackets around it."""
    return is_indicator(e) or least(e) is not None or positive_part(e) is not None


def least(e: Any) -> tuple[str, tuple[Any, Any]] | None:
    """(min or max, its arguments) where a case distinction is just that."""
    if not _two_cases(e):
        return None
    (value, condition), (other, _) = e.args
    if (value, other) == (condition.lts, condition.gts):
        return "min", (other, value)
    return ("max", (value, other)) if (value, other) == (condition.gts, condition.lts) else None


def positive_part(e: Any) -> Any | None:
    """A case distinction "(a − b)ᵏ·rest where a > b, else 0" as (a − b)₊ᵏ·rest, if that is defined where a ≤ b too."""
    if not _two_cases(e) or e.args[1].expr != 0:
        return None
    value, condition = e.args[0]
    gap = condition.gts - condition.lts
    if not isinstance(gap, Add):
        return None
    printed = value.xreplace({gap: PositivePart(gap)})
    return printed if _vanishes(printed) else None


def _two_cases(e: Any) -> bool:
    """Whether e has two cases that one inequality tells apart."""
    if not (isinstance(e, Piecewise) and len(e.args) == 2 and e.args[1].cond == True):  # noqa: E712
        return False
    condition = e.args[0].cond
    return isinstance(condition, Relational) and condition.rel_op in (">", ">=", "<", "<=")


def _vanishes(e: Any) -> bool:
    """Whether a product of powers has a positive power of (·)₊ and divides by nothing that can be zero."""
    factors = Mul.make_args(e)
    return all(_harmless(f) for f in factors) and any(f.has(PositivePart) for f in factors)


def _harmless(f: Any) -> bool:
    if isinstance(f, PositivePart) or f.is_number:
        return True
    if isinstance(f, Pow) and f.exp.is_Rational:
        parts = Mul.make_args(f.base)
        return all(_harmless(p) and (f.exp > 0 or p.is_positive is True) for p in parts)
    return f.is_Symbol and bool(f.is_nonnegative)


def flat_product(M: Any) -> tuple[Any, list[Any]]:
    """The scalar coefficient and the matrix factors of a product, nested products opened, identities left out."""
    coefficient, factors = M.as_coeff_matrices()
    flat: list[Any] = []
    for f in factors:
        if isinstance(f, MatMul):
            inner, parts = flat_product(f)
            coefficient *= inner
            flat += parts
        elif not isinstance(f, Identity):
            flat.append(f)
    return coefficient, flat or [factors[0]]


def root(M: Any) -> Any | None:
    """N where M = N·Nᵀ as written, so that tr M = ‖N‖²."""
    if not isinstance(M, MatMul):
        return None
    coefficient, factors = M.as_coeff_matrices()
    half, odd = divmod(len(factors), 2)
    if coefficient != 1 or odd or factors[:half] != [f.T for f in reversed(factors[half:])]:
        return None
    return factors[0] if half == 1 else MatMul(*factors[:half])


def is_wide(f: Any) -> bool:
    """Whether a factor is better set beside a fraction than in its numerator."""
    return not (f.is_Pow and f.exp.is_negative) and (
        f.has(*kinds_where("wide")) or (f.has(Piecewise) and not closed(f))
    )


def fraction_parts(factors: Iterable[Any]) -> tuple[list[Any], list[Any]]:
    """The factors above the line and those below it."""
    above, below = [], []
    for f in factors:
        if f.is_Rational:
            above += [Integer(f.p)] if f.p != 1 else []
            below += [Integer(f.q)] if f.q != 1 else []
        elif f.is_Pow and f.exp.is_Rational and f.exp.is_negative:
            below.append(Pow(f.base, -f.exp))
        else:
            above.append(f)
    return above, below
