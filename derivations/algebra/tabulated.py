"""Formulas with case distinctions as a table: the cases one below the other, in each the formulas without cases."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sympy import And, Mul, Piecewise, S, factor, together

from derivations.notation import index

__all__ = ["Row", "rows_by_case", "squares_and_zeros", "tidy_square"]

_MUCH = 1.25

Row = tuple[tuple[Any, ...], Mapping[Any, Any]]
"""The conditions that hold together, and the formulas there. No conditions: in every other case."""


def rows_by_case(formulas: Mapping[Any, Any]) -> tuple[Row, ...]:
    """The cases of all formulas together, in the order in which they are tried: one holds where none before it does."""
    branches = [case for e in formulas.values() for case in _in_order(e)]
    conditions = list(dict.fromkeys(c for case in branches for _, c in case.args if c != S.true))
    if not conditions:
        return (((), formulas),)
    rows: list[Row] = []
    for k, c in enumerate([*conditions, S.true]):
        truth = {**dict.fromkeys(conditions[:k], S.false), **dict.fromkeys((c, *And.make_args(c)), S.true)}
        here = tuple(sorted(And.make_args(c), key=_index_first)) if c != S.true else ()
        left = rows_by_case({x: e.xreplace(truth) for x, e in formulas.items()})  # cases that this one does not decide
        rows += [((*here, *further), found) for further, found in left]
    return tuple(rows)


def _index_first(c: Any) -> tuple[bool, str]:
    return not c.has(index), str(c)


def _in_order(e: Any) -> list[Any]:
    """The case distinctions in an expression, the outermost first."""
    own = [e] if isinstance(e, Piecewise) else []
    return [*own, *(case for arg in e.args for case in _in_order(arg))]


@lru_cache(maxsize=4096)  # the regions of a hierarchy share most of their formulas
def tidy_square(e: Any) -> Any:
    """The square of a formula, factored, with −(b − a) written as (a − b)."""
    found = factor(together(e**2))
    coefficient, factors = found.as_coeff_mul()
    sums = [f for f in factors if f.is_Add]
    if coefficient.is_negative and sums:
        return Mul(-coefficient, *(-f if f is sums[0] else f for f in factors))
    return found


def squares_and_zeros(values: Mapping[Any, Any]) -> tuple[dict[Any, Any], list[Any]]:
    """(x² → square of its formula, the symbols that are 0), for a reader: factored, unless that is much longer."""
    squares = {}
    for x, e in values.items():
        plain, tidy = e**2, tidy_square(e)
        squares[x**2] = plain if tidy.count_ops() > _MUCH * plain.count_ops() else tidy
    return {x: e for x, e in squares.items() if e != 0}, [x for x in values if squares[x**2] == 0]
