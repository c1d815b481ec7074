"""The recession cone of a mode program: directions in (log s, log q) along which no term grows and s_l ≥ q_l is kept.

f is a sum of exponentials of linear forms less η_dec² Σ β_l log q_l, so it is bounded below iff Σ β_lv_l ≤ 0 for every
direction of the cone (Farkas), v_l that of log q_l, 0 at a fixed level. Written with monomials a direction is a point,
"does not grow" is "≤ 1", and a statement about the cone is an implication that exact linear programming decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Le, Mul, S

from derivations.program.mode_program import Program
from derivations.statements.claim import Implication

__all__ = ["cone", "tails"]


def cone(program: Program) -> tuple[Any, ...]:
    """The directions of the cone as monomial inequalities in s_l and in the q_l of learnable levels."""
    unknowns = set(program.unknowns)
    found = []
    for term in program.terms:
        growth = term.subs(dict.fromkeys(term.free_symbols - unknowns, S.One))
        found += [Le(growth, 1)] if growth != 0 else []
    for level in program.levels:
        found.append(Le(level.q_symbol if level.learnable else S.One, level.s))
    return tuple(c for c in found if c not in (True, False))


def tails(program: Program, label: str) -> Iterator[Implication]:
    """For each j the statement that in the cone Σ_{k ≥ j} v_k ≤ 0, summed over the learnable levels from the j-th on.

    By summation by parts Σ β_lv_l is β_{p_1} times the first of these sums plus each increment β_{p_{j+1}} − β_{p_j}
    times a later one: where β does not fall, it is ≤ 0.
    """
    learnable = [level.q_symbol for level in program.levels if level.learnable]
    given = cone(program)
    for j in range(len(learnable)):
        yield Implication(f"recession cone, {label}, from {learnable[j]} on", given, Le(Mul(*learnable[j:]), 1))
