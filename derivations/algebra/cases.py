"""The cases of typed formulas: every way to decide their conditions that some parameters admit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from derivations.algebra.cones import as_row, solve_system

__all__ = ["decided", "logarithmic", "truths"]


def truths(expressions: Iterable[Any]) -> Iterator[tuple[tuple[Any, ...], dict[Any, Any]]]:
    """(conditions that hold, what each condition is replaced by); those no positive parameters meet are left out.

    Conditions between monomials are told apart exactly (linear programming); others only from their own opposites.
    """
    pieces = [p for e in expressions if isinstance(e, sp.Basic) for p in e.atoms(sp.Piecewise)]
    conditions = sorted({c for p in pieces for _, c in p.args for c in c.atoms(Relational)}, key=str)
    yield from _decide(conditions, (), {})


def _decide(
    conditions: list[Any], held: tuple[Any, ...], found: dict[Any, Any]
) -> Iterator[tuple[tuple[Any, ...], dict[Any, Any]]]:
    if not conditions:
        yield held, found
        return
    first, *rest = conditions
    for condition, truth in ((first, sp.true), (first.negated, sp.false)):
        if _possible((*held, condition)):
            yield from _decide(rest, (*held, condition), {**found, first: truth})


def _possible(conditions: tuple[Any, ...]) -> bool:
    rows = []
    for condition in conditions:
        with suppress(ValueError, TypeError):  # not a comparison of monomials
            if logarithmic(condition):
                rows.append(as_row(condition))
    return not rows or solve_system(rows).feasible


def logarithmic(condition: Any) -> bool:
    """Positive symbols only, or one that may be 0 on one side only: its truth at 0 is then that at small values."""
    maybe_zero = {s for s in condition.free_symbols if not s.is_positive}
    both = condition.lhs.free_symbols & condition.rhs.free_symbols
    return all(s.is_nonnegative for s in maybe_zero) and not maybe_zero & both


def decided(e: Any, found: dict[Any, Any]) -> Any:
    """An expression in one case; a Piecewise whose conditions are all decided becomes its branch."""
    return sp.S(e).xreplace(found) if found else sp.S(e)
