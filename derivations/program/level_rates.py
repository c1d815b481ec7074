"""What each level of a mode program adds to the KL, read off its objective.

The objective is linear in each weight: ∂f/∂β_l is 2η_dec² times level l's part in KL(q(z_1 … z_L|x) ‖ p), but for a
constant. The constant is fixed by a level that is its own prior, nothing being passed on above it: its part is 0.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from sympy import Symbol, diff, expand, expand_log, solve

from derivations.program.mode_program import Program

__all__ = ["rates"]


def rates(program: Program) -> tuple[Any, ...]:
    """Each level's part in the KL of a mode, in nats, as a function of `program`'s s_l and q_l.

    The parts add up to the KL. Below the top a part may be negative: z_l is compared with what z_{l+1}, which was drawn
    from z_l, says of it.
    """
    # Every variance is written as a symbol, so that a fixed one can be varied like a learnable one.
    free = replace(program, levels=tuple(replace(level, variance=None) for level in program.levels))
    values = {level.q_symbol: level.q for level in program.levels}
    return tuple(expand(expand_log(_rate(free, l).subs(values))) for l in range(len(program.levels)))


@lru_cache
def _rate(free: Program, l: int) -> Any:
    level, x = free.levels[l], Symbol("x", positive=True)
    part = diff(free.objective, level.beta) / (2 * free.noise)
    alone = part.subs({above.q_symbol: above.s for above in free.levels[l + 1 :]})
    alone = alone.subs({level.s: x, level.q_symbol: x})
    (prior,) = solve(diff(alone, x), x)
    return part - alone.subs(x, prior)
