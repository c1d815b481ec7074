"""The derived closed forms: known cases, optimality against scipy, and any number of levels."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import minimize

from derivations.algebra.cones import cover
from derivations.notation import beta, eta_dec, eta_enc, sigma, theta
from derivations.program.mode_program import Level, Program, vae

b1, b2, b3, s1, s2, s3, q1, q2, q3, v1, v2, v3 = sp.symbols("b1:4 s1:4 q1:4 v1:4", positive=True)


def levels(learnable):
    rows = zip((b1, b2, b3), (s1, s2, s3), (q1, q2, q3), (v1, v2, v3), learnable, strict=False)
    return Program(tuple(Level(b, None if free else v**2, s, q) for b, s, q, v, free in rows))


def test_one_level_learnable_is_the_published_closed_form():
    program = vae(learnable=True)
    active, collapsed = program.regions
    assert active.conditions == (theta**2 > beta * eta_dec**2,)
    assert active.solution[program.q] == beta * eta_dec**2 * eta_enc**2 / theta**2
    assert set(collapsed.solution.values()) == {eta_enc**2}


def test_one_level_fixed():
    active, collapsed = vae(learnable=False).regions
    c = eta_dec / eta_enc
    assert sp.simplify(active.solution[vae(learnable=False).s] - theta * sigma / (sp.sqrt(beta) * c)) == 0
    (multiplier,) = vae(learnable=False).multipliers(collapsed)
    assert sp.simplify(multiplier - (beta * c**2 * sigma**2 - theta**2)) == 0


@pytest.mark.parametrize("learnable", [(False,), (True,), (False, True), (True, False), (False, False)])
def test_regions_cover_without_overlap(learnable):
    program = levels(learnable)
    assert program.holes[0] is None
    assert program.overlaps == []


@pytest.mark.slow
@pytest.mark.parametrize("learnable", [(False, True), (True, False), (False, False), (False, False, False)])
def test_derived_optimum_is_the_minimum(learnable):
    program = levels(learnable)
    rng = np.random.default_rng(5)
    for _ in range(6):
        symbols = sorted(program.objective.free_symbols - set(program.unknowns), key=str)
        point = {s: sp.Float(v) for s, v in zip(symbols, np.exp(rng.uniform(-1, 1, len(symbols))), strict=True)}
        optimum = float(program.optimum.subs(point))
        f = sp.lambdify(program.unknowns, program.objective.subs(point))
        logs = sp.symbols(f"t:{len(program.unknowns)}")
        fixed = dict(zip(program.unknowns, [sp.exp(t) for t in logs], strict=True))
        gaps = sp.lambdify(
            logs, [sp.log(lev.s.subs(fixed)) - sp.log(sp.S(lev.q).subs(point).subs(fixed)) for lev in program.levels]
        )
        bounds = {"type": "ineq", "fun": lambda t, gaps=gaps: np.array(gaps(*t), dtype=float)}
        found = minimize(
            lambda t, f=f: f(*np.exp(t)),
            np.ones(len(logs)),
            constraints=[bounds],
            method="SLSQP",
            options={"ftol": 1e-13, "maxiter": 500},
        )
        assert found.fun >= optimum - 1e-7 * (1 + abs(optimum)), "nothing lies below the derived optimum"
        assert found.fun == pytest.approx(optimum, rel=1e-4, abs=1e-4)  # SLSQP stops early in the logarithms


def test_consecutive_learnable_levels_leave_out_what_is_singular():
    program = levels((True, True))
    assert program.bounded == (b2 >= b1,)
    assert [region.active for region in program.regions] == [(True, False), (False, False)]
    assert program.holes[0] is None
    assert program.overlaps == []


def test_without_its_condition_the_pair_leaves_a_hole():
    """Every uncovered parameter is one where the loss is unbounded: β_2 < β_1."""
    hole, _ = cover([region.conditions for region in levels((True, True)).regions])
    point = dict(hole.values)
    assert point[b2] < point[b1]


def test_no_data_no_activity_at_the_lowest_level():
    chain = levels((False, True))
    program = Program(chain.levels, data=False)
    assert all(not region.active[0] for region in program.regions)
    assert program.holes[0] is None


def test_a_planted_wrong_region_leaves_a_hole():
    active, collapsed = vae(learnable=True).regions
    moved = (theta**2 > 2 * beta * eta_dec**2,)
    assert cover([moved, collapsed.conditions])[0] is not None
    assert active.conditions != moved
