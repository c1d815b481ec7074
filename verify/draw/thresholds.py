"""Where a claim's formulas switch from one case to another: instances must stand exactly there."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp

from derivations.algebra.monomials import exponents
from derivations.notation import theta
from derivations.statements.claim import Claim

__all__ = ["find_thresholds"]


@lru_cache(maxsize=512)
def find_thresholds(claim: Claim) -> tuple[Any, ...]:
    """Every value of θ at which a condition of the claim's formulas switches, in its other symbols."""
    switches: dict[Any, None] = {}
    for statement in claim.statements:
        switches |= dict.fromkeys(statement.switches())
    t = sp.Symbol("t", positive=True)
    roots: dict[Any, None] = {}
    for relation in switches:
        if relation.has(theta) and not relation.has(sp.MatrixSymbol, sp.Piecewise):
            roots |= dict.fromkeys(_roots((relation.lhs - relation.rhs).subs(theta, t), t))
    return tuple(roots)


def _roots(equation: Any, t: Any) -> list[Any]:
    left, right = equation.as_independent(t, as_Add=True)[::-1] if equation.is_Add else (equation, sp.S.Zero)
    try:  # monomials on both sides, which is what the mode program's conditions are
        powers = exponents(-left / right) if right != 0 else {}
        if t in powers:
            return [sp.powdenest((t ** powers[t] / (-left / right)) ** (1 / powers[t]), force=True)]
    except ValueError:
        pass
    try:
        return [root for root in sp.solve(equation, t) if not root.has(sp.I, sp.Piecewise)]
    except NotImplementedError:
        return []
