"""Where a claim's formulas switch from one case to another: instances must stand exactly there, and on both sides."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp

from derivations.algebra.monomials import exponents, monomial
from derivations.domain import Domain
from derivations.notation import theta
from derivations.statements.base import Statement, conditions
from derivations.statements.claim import Claim

__all__ = ["SCALARS", "find_thresholds", "switches"]

SCALARS = (Domain.POSITIVE, Domain.NONNEGATIVE, Domain.REAL)


def switches(statement: Statement) -> tuple[Any, ...]:
    """The relations at which a statement's formulas change, those in its tables of formulas included."""
    return tuple(dict.fromkeys((*statement.switches(), *(c for e in statement.expressions() for c in conditions(e)))))


@lru_cache(maxsize=512)
def find_thresholds(claim: Claim) -> tuple[tuple[Any, Any], ...]:
    """(variable, a value at which a condition of the claim's formulas switches, in the other symbols).

    For θ all roots; for a scalar of a domain without bounds above, those of conditions between monomials.
    """
    found: dict[tuple[Any, Any], None] = {}
    scalars = [v.symbol for v in claim.variables if v.domain in SCALARS]
    spectrum = [theta] if any(v.symbol == theta and v.domain is Domain.SPECTRUM for v in claim.variables) else []
    relations = dict.fromkeys(c for statement in claim.statements for c in switches(statement))
    for relation in relations:
        if relation.has(sp.MatrixSymbol, sp.Piecewise):
            continue
        for x in [x for x in (*spectrum, *scalars) if relation.has(x)]:
            t = sp.Symbol("t", positive=True)
            equation = (relation.lhs - relation.rhs).subs(x, t)
            found |= dict.fromkeys((x, root) for root in _roots(equation, t, x == theta))
    return tuple(found)


def _roots(equation: Any, t: Any, thorough: bool) -> list[Any]:
    left, right = equation.as_independent(t, as_Add=True)[::-1] if equation.is_Add else (equation, sp.S.Zero)
    try:  # monomials on both sides, which is what the mode program's conditions are
        powers = exponents(-left / right) if right != 0 else {}
        if t in powers:
            return [monomial({x: -e / powers[t] for x, e in powers.items() if x != t})]
    except ValueError:
        pass
    if not thorough:
        return []
    try:
        return [root for root in sp.solve(equation, t) if not root.has(sp.I, sp.Piecewise)]
    except NotImplementedError:
        return []
