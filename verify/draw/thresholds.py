"""Where a claim's formulas switch from one case to another: instances must stand exactly there."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from derivations.algebra.monomials import exponents
from derivations.notation import theta
from derivations.program.hierarchy import Formulas
from derivations.statements.claim import Claim, Minimiser

__all__ = ["thresholds"]


@lru_cache(maxsize=512)
def thresholds(claim: Claim) -> tuple[Any, ...]:
    """Every value of θ at which a condition of the claim's formulas switches, in its other symbols."""
    switches: dict[Any, None] = {}
    for statement in claim.statements:
        formulas = [*vars(statement).values()]
        if isinstance(statement, Minimiser):
            derived = isinstance(statement.modes, Formulas)
            formulas = [] if derived else [*statement.modes.values()]
            switches |= {c: None for r in statement.program.program.regions for c in r.conditions} if derived else {}
        for formula in formulas:
            cases = formula.atoms(sp.Piecewise) if isinstance(formula, sp.Basic) else ()
            found = sorted({c for case in cases for c in case.atoms(Relational)}, key=str)
            switches |= dict.fromkeys(found)
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
