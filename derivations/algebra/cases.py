"""The cases of typed formulas: every way to decide their conditions that some parameters admit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from derivations.algebra.budget import Exhausted
from derivations.algebra.cones import as_row, solve_system

__all__ = ["decided", "logarithmic", "truths"]

_CASES = 4096


def truths(expressions: Iterable[Any]) -> Iterator[tuple[tuple[Any, ...], dict[Any, Any]]]:
    """(conditions that hold, what each condition is replaced by); those no positive parameters meet are left out.

    Conditions between monomials are told apart exactly (linear programming); others only from their own opposites.

    Raises:
        Exhausted: there are thousands of cases.
    """
    pieces = [p for e in expressions if isinstance(e, sp.Basic) for p in e.atoms(sp.Piecewise)]
    conditions = sorted({c for p in pieces for _, c in p.args for c in c.atoms(Relational)}, key=str)
    for count, case in enumerate(_decide(conditions, (), {}), 1):
        if count > _CASES:
            raise Exhausted(f"more than {_CASES} cases of the formulas")
        yield case


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
    """Positive symbols, and on one side only some that may be 0: the truth at 0 is then that at small values.

    Were there such symbols on both sides, x ≥ 2y and y ≥ 2x would hold together at 0 and nowhere else.
    """
    sides = [[s for s in side.free_symbols if not s.is_positive] for side in (condition.lhs, condition.rhs)]
    return all(s.is_nonnegative for side in sides for s in side) and not all(sides)


def decided(e: Any, found: dict[Any, Any]) -> Any:
    """An expression in one case; a Piecewise whose conditions are all decided becomes its branch."""
    return sp.S(e).xreplace(found) if found else sp.S(e)
