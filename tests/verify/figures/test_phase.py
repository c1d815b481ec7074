"""Phase diagrams: areas are the theorems' own regions and cover the plane; descents agree; planted errors are seen."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import And

from derivations.notation import index
from derivations.theorems.hierarchy import mhvae_fixed, mhvae_learnable_bottom, mhvae_learnable_top
from verify.errors import InputError
from verify.figures.descents import stack
from verify.figures.phase import compute_phase, parameters
from verify.figures.polygons import HalfPlane, clip
from verify.figures.record import Outcome

BETAS = {"x": "beta_1", "y": "beta_2", "box": (0.25, 4.0, 0.25, 4.0)}


def anywhere(made, count=300):
    """Random points of the box, and the area drawn at each (None near an edge)."""
    rng = np.random.default_rng(0)
    left, right, low, high = np.log(made.box)
    x, y = np.exp(rng.uniform(left, right, count)), np.exp(rng.uniform(low, high, count))
    return x, y, [made.drawn(a, b) for a, b in zip(x, y, strict=True)]


@pytest.mark.parametrize(
    ("theorem", "learnable", "axes"),
    [
        (mhvae_learnable_top, (2,), {}),
        (mhvae_learnable_top, (2,), BETAS | {"values": {"theta": 1.3}}),
        (mhvae_fixed, (), {"values": {"sigma_2": 0.8, "eta_enc": 1.4}}),
        (mhvae_learnable_bottom, (1,), BETAS),
    ],
)
def test_areas_are_where_the_papers_formulas_are_active(theorem, learnable, axes):
    made = compute_phase(learnable=learnable, points=1, **axes)
    known = parameters(2, learnable)
    x, y, drawn = anywhere(made)
    values = {known[name]: value for name, value in made.values.items()} | {known[made.x]: x, known[made.y]: y}
    levels = theorem.MHVAE.model.levels
    first = {index: 1.0, levels[0].d: 1.0, levels[1].d: 1.0}
    modes = {k: v.subs(first) if not isinstance(v, And) else v for k, v in theorem.MODES.items()}
    active = stack({}, 1, values).evaluate(modes[levels[0].lamda] > 0, modes[levels[1].lamda] > 0)
    typed = [tuple(l for l in (1, 2) if active[l - 1][k, 0]) for k in range(len(x))]
    told = [(area.active, t) for area, t in zip(drawn, typed, strict=True) if area is not None]
    assert len(told) > 250
    assert all(a == t for a, t in told)


@pytest.mark.parametrize("given", [{}, {"learnable": (1, 2), **BETAS}, {"levels": 3, "learnable": (3,)}])
def test_descents_agree_and_find_every_area(given):
    made = compute_phase(**given)
    assert made.disagreements == ()
    assert {spot.active for spot in made.spots} - {None} == {area.active for area in made.areas if area.bounded}
    assert sum(spot.outcome is Outcome.REACHED for spot in made.spots) > 0.8 * len(made.spots)


def test_nothing_descends_where_there_is_no_minimum():
    made = compute_phase(learnable=(1, 2), points=6, **BETAS)
    (unbounded,) = (area for area in made.areas if not area.bounded)
    assert unbounded.conditions == ("β₂ < β₁",)
    assert made.spots
    assert all(spot.y > spot.x for spot in made.spots)


def test_a_condition_that_ties_everywhere_is_strict():
    """β_2σ_2² = β_3η_dec² at the defaults: level 3 is collapsed, not active."""
    made = compute_phase(levels=3, learnable=(3,), points=2)
    assert not any(3 in area.active for area in made.areas if 2 not in area.active)


@pytest.fixture(scope="module")
def top():
    return compute_phase()


def test_wrong_regions_are_noticed(top):
    first, second, *rest = top.areas
    swapped = (first.model_copy(update={"active": second.active}), second.model_copy(update={"active": first.active}))
    assert len(top.model_copy(update={"areas": (*swapped, *rest)}).disagreements) > 10
    moved = [area.model_copy(update={"corners": tuple((1.4 * x, y) for x, y in area.corners)}) for area in top.areas]
    assert "descent finds" in top.model_copy(update={"areas": tuple(moved)}).disagreements[0]


def test_what_descents_cannot_say_is_not_held_against_the_regions(top):
    away = {"x": 3.0, "y": 2.0}
    spot = top.spots[0].model_copy(update=away)
    told = spot.model_copy(update={"information": (0.0, 0.0), "outcome": Outcome.REACHED})
    for silent in ({"outcome": Outcome.UNDECIDED}, {"information": (0.005, 0.0)}):
        assert top.model_copy(update={"spots": (told.model_copy(update=silent),)}).disagreements == ()
    assert len(top.model_copy(update={"spots": (told,)}).disagreements) == 1


def test_thresholds_are_named_on_the_edges(top):
    assert {edge.tex for edge in top.edges} == {
        r"\theta^{2} = \beta_{2} \eta_{\mathrm{dec}}^{2}",
        r"\theta^{2} = \beta_{1} \sigma_{1}^{2}",
        r"\beta_{1} \sigma_{1}^{2} = \beta_{2} \eta_{\mathrm{dec}}^{2}",
        r"\beta_{1} \sigma_{1}^{2} \theta^{2} = \beta_{2}^{2} \eta_{\mathrm{dec}}^{4}",
    }


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"x": "sigma_2"}, "no parameter 'sigma_2'; it has theta, beta_1, sigma_1, beta_2, eta_dec, eta_enc"),
        ({"values": {"gamma": 1.0}}, "no parameter 'gamma'"),
        ({"x": "sigma_1"}, "both axes are sigma_1"),
        ({"learnable": (3,)}, "there is no level 3"),
    ],
)
def test_bad_parameters_are_named(given, message):
    with pytest.raises(InputError, match=message):
        compute_phase(**given)


numbers = st.floats(-1, 1).filter(lambda x: abs(x) > 0.01)


@given(st.lists(st.tuples(numbers, numbers, numbers), max_size=4), st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_clipping_keeps_what_all_half_planes_hold(rows, point):
    planes = [HalfPlane(*row) for row in rows]
    corners = clip([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)], planes)
    if min((plane.at(point) for plane in planes), default=1.0) > 1e-3 and all(1e-2 < c < 1 - 1e-2 for c in point):
        turns = [
            math.copysign(1, (q[0] - p[0]) * (point[1] - p[1]) - (q[1] - p[1]) * (point[0] - p[0]))
            for p, q in zip(corners, corners[1:] + corners[:1], strict=True)
            if math.dist(p, q) > 1e-9
        ]
        assert turns
        assert len(set(turns)) == 1
    for corner in corners:
        assert all(plane.at(corner) >= -1e-9 for plane in planes)
