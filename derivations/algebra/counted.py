"""Whether two numbers of modes are the same, by exact linear programs: where one condition holds, the other does.

A number of modes is `SumModes` of 1 where a condition holds, else 0. If both conditions are built from inequalities
between monomials, each clause of the one must be covered by the clauses of the other (`derivations.algebra.cones`).
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.logic.boolalg import to_dnf

from derivations.algebra.cones import cover
from derivations.algebra.nodes import SumModes, is_indicator

__all__ = ["counts_alike"]


def counts_alike(a: Any, b: Any) -> bool:
    """Whether a and b are shown to count the same modes, wherever their symbols are positive.

    The test is sufficient: False says only that it was not shown.
    """
    if not (isinstance(a, SumModes) and isinstance(b, SumModes)) or a.args[1:] != b.args[1:]:
        return False
    try:
        first, second = _clauses(a.args[0]), _clauses(b.args[0])
        return all(
            cover(others, clause)[0] is None for one, others in ((first, second), (second, first)) for clause in one
        )
    except (TypeError, ValueError):  # a condition of another kind
        return False


def _clauses(indicator: Any) -> list[tuple[Any, ...]]:
    """The condition of an indicator, as alternatives of inequalities that hold together.

    Raises:
        ValueError: the expression is not an indicator.
    """
    if not is_indicator(indicator):
        raise ValueError(f"{indicator} is not 1 where a condition holds, else 0")
    condition = indicator.args[0].cond
    return [sp.And.make_args(clause) for clause in sp.Or.make_args(to_dnf(condition))]
