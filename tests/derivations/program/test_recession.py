"""The recession cone by exact linear programs: what is bounded, and the ray where it is not."""

from __future__ import annotations

from itertools import product

import pytest
from sympy import Le, Mul

from derivations.algebra.cones import implies
from derivations.program.hierarchy import build_hierarchy
from derivations.program.recession import cone, tails


@pytest.mark.parametrize("pattern", [p for L in (1, 2, 3) for p in product((False, True), repeat=L)], ids=str)
def test_every_tail_is_implied_and_no_head_is(pattern):
    program = build_hierarchy(pattern).program
    learnable = [level.q_symbol for level in program.levels if level.learnable]
    steps = list(tails(program, ""))
    assert len(steps) == len(learnable)
    assert not any(implies(step.given, step.then).feasible for step in steps)
    for j in range(1, len(learnable)):  # a head without its tail may grow: that is where β must not fall
        assert implies(cone(program), Le(Mul(*learnable[:j]), 1)).feasible


def test_the_direction_that_escapes_is_the_published_ray():
    """L = 3, levels 1 and 3 learnable: s = (2eᵗ, 2eᵗ, 1), q = (½eᵗ, fixed, ½e⁻ᵗ)."""
    program = build_hierarchy((True, False, True)).program
    q_1, _, q_3 = (level.q_symbol for level in program.levels)
    found = dict(implies(cone(program), Le(q_1, 1)).values)
    s = [level.s for level in program.levels]
    assert [found[x] / found[q_1] for x in (q_1, q_3, *s)] == [1, -1, 1, 1, 0]
