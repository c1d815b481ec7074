"""Hierarchies: their loss, the runs of levels behind bottlenecks, and the minimiser they give."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import sympy as sp

from derivations.models import vae
from derivations.models.chain import build_chain
from derivations.notation import eta_dec, eta_enc, index, theta
from derivations.program.hierarchy import build_hierarchy

EXAMPLE = {"eta_dec": 1.0, "eta_enc": 1.0}


def test_one_level_is_the_linear_vae():
    assert sp.expand(build_chain(1).constants - vae.constants) == 0
    assert {str(X) for X in build_chain(1).frames} == {"U", "V", "Sigma"}
    assert build_hierarchy((True,)).program.solution == build_hierarchy((True,)).parts[0].program.solution


def test_a_hierarchy_has_levels():
    with pytest.raises(ValueError, match="at least one level"):
        build_chain(0)


@pytest.mark.parametrize("L", [1, 2, 3, 4])
def test_every_run_of_levels_is_a_part(L):
    parts = build_hierarchy((False,) * L).parts
    assert len(parts) == L * (L + 1) // 2
    assert parts[0].levels == tuple(range(L))
    assert all(part.program.data is (part.levels[0] == 0) for part in parts)


@pytest.mark.parametrize("widths", list(product((1, 2, 3), repeat=3)))
def test_a_mode_passes_each_of_its_levels_once(widths):
    """Whatever the widths, level l has exactly d_l modes, spread over the runs that contain it."""
    h = build_hierarchy((False, True, False))
    dims = {symbols.d: n for symbols, n in zip(h.model.levels, widths, strict=True)}
    for l, width in enumerate(widths):
        counted = sum(max(0, part.hi.subs(dims) - part.lo.subs(dims)) for part in h.parts if l in part.levels)
        assert counted == width
    for part in h.parts:
        inside = [i for i in (1, 2, 3) if part.here.subs(dims).subs(index, i) == sp.true]
        assert len(inside) == max(0, part.hi.subs(dims) - part.lo.subs(dims))


def mode_value(h, numbers, s, q):
    program = h.program
    at = {level.s: x for level, x in zip(program.levels, s, strict=True)}
    at |= {level.q_symbol: x for level, x in zip(program.levels, q, strict=True)}
    return float(program.objective.subs(at).subs(numbers))


def test_the_published_unbounded_ray():
    """L = 3, levels 1 and 3 learnable, σ_2² = .7, β = (1.2, .8, .6): the loss falls without end."""
    h = build_hierarchy((True, False, True))
    numbers = {symbols.beta: b for symbols, b in zip(h.model.levels, (1.2, 0.8, 0.6), strict=True)}
    numbers |= {h.model.levels[1].sigma: np.sqrt(0.7), theta: 1.0, eta_dec: 1.0, eta_enc: 1.0}
    assert h.bounded == (h.model.levels[2].beta >= h.model.levels[0].beta,)
    values = [
        mode_value(h, numbers, (2 * np.exp(t), 2 * np.exp(t), 1), (0.5 * np.exp(t), 0.7, 0.5 * np.exp(-t)))
        for t in (0.0, 10.0, 20.0)
    ]
    assert np.diff(values) == pytest.approx([-6.0, -6.0])


def test_uninformative_is_not_useless():
    """θ = ½, σ_1² = 4, β = η = 1, Σ_2 learnable: V_1 = 0 while W_2 ≠ 0 (only z_2 is active)."""
    h = build_hierarchy((False, True))
    low, top = h.model.levels
    numbers = {theta: sp.Rational(1, 2), low.sigma: 2, low.beta: 1, top.beta: 1, eta_dec: 1, eta_enc: 1}
    (found,) = [r for r in h.program.regions if all(c.subs(numbers) == sp.true for c in r.conditions)]
    assert found.active == (False, True)


def test_formulas_wait_until_they_are_asked_for():
    h = build_hierarchy((False, False, True))
    assert len(h.minimiser) == 7
    assert "formulas" not in vars(h) or h.formulas
    assert set(h.minimiser) == set(h.formulas)
