"""The phase diagram of a hierarchy: which levels are active in a plane of two parameters, with descents' outcomes.

The regions are those that the mode program derives; being monomial inequalities they are convex polygons on
logarithmic axes. Each descent minimises the raw matrix loss of one mode, Z = θuvᵀ, from a random start.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product
from typing import Any

import numpy as np
from pydantic import Field
from sympy import Eq

from derivations.models.chain import MOMENTS
from derivations.notation import D, R, S, eta_dec, eta_enc, r, theta
from derivations.printing.unicode import formula
from derivations.program.hierarchy import Hierarchy, build_hierarchy
from derivations.theorems.hierarchy.chain_general import claim_of
from verify.errors import InputError
from verify.figures.descents import run_descents, stack, turned
from verify.figures.mathtext import tex
from verify.figures.polygons import Point, clip, half_plane
from verify.figures.record import COLLAPSED, TOLD, Outcome
from verify.records.record import Record

__all__ = ["Area", "Edge", "Phase", "Spot", "compute_phase", "parameters"]

_Plane = tuple[Any, Any, Mapping[Any, float]]
_SIDE = 3  # outputs and inputs of the descents' problem
_EDGE = 0.02  # of a unit of log x or log y: a descent this near to an edge may fall on either side


class Area(Record):
    """Where one derived region holds."""

    active: tuple[int, ...] = Field(description="levels that are active, from 1")
    bounded: bool = Field(default=True, description="false: the loss has no minimum here")
    corners: tuple[Point, ...] = Field(description="of the polygon, whose edges are straight on logarithmic axes")
    conditions: tuple[str, ...] = Field(default=(), description="the derived conditions")


class Edge(Record):
    """A derived threshold between two areas."""

    ends: tuple[Point, Point]
    tex: str = Field(description="the two sides of the condition that switches there, equal")


class Spot(Record):
    """One descent from a random start."""

    x: float
    y: float
    outcome: Outcome
    information: tuple[float, ...] = Field(description="½ log(E z_l²/σ_l²) of each level, nats; 0: locally collapsed")

    @property
    def active(self) -> tuple[int, ...] | None:
        """The levels it found active; None if one is too close to its threshold to tell."""
        if any(COLLAPSED <= value <= TOLD for value in self.information):
            return None
        return tuple(l for l, value in enumerate(self.information, 1) if value > TOLD)


class Phase(Record):
    """A hierarchy's regions in the plane of two parameters."""

    levels: int
    learnable: tuple[int, ...]
    x: str
    y: str
    box: tuple[float, float, float, float] = Field(description="least and largest x, least and largest y")
    values: dict[str, float] = Field(description="the other parameters")
    areas: tuple[Area, ...]
    edges: tuple[Edge, ...]
    spots: tuple[Spot, ...]
    seed: int

    def drawn(self, x: float, y: float) -> Area | None:
        """The area at a point; None on an edge."""
        point = (math.log(x), math.log(y))
        return next((area for area in self.areas if _inside(_logs(area.corners), point)), None)

    @property
    def disagreements(self) -> tuple[str, ...]:
        """Where a descent that reached the minimum contradicts what is drawn."""
        found = []
        for spot in self.spots:
            where = f"{self.x} = {spot.x:.3g}, {self.y} = {spot.y:.3g}"
            area = self.drawn(spot.x, spot.y)
            if spot.outcome is Outcome.BELOW:
                found.append(f"at {where} a descent {spot.outcome}")
            elif area and spot.outcome is Outcome.REACHED and spot.active not in (None, area.active):
                found.append(f"at {where} descent finds {named(spot.active or ())}, theory {named(area.active)}")
        return tuple(dict.fromkeys(found))


def named(active: Sequence[int]) -> str:
    """Active levels as text: "z_1 and z_2", or "none"."""
    return " and ".join(f"z_{l}" for l in active) or "none"


def parameters(levels: int, learnable: Sequence[int]) -> dict[str, Any]:
    """The symbols that a phase diagram may vary, by name.

    Raises:
        InputError: a level that is not there.
    """
    if wrong := [l for l in learnable if not 1 <= l <= levels]:
        raise InputError(f"there is no level {wrong[0]}; with {levels} levels give numbers from 1 to {levels}.")
    h = build_hierarchy(tuple(l in learnable for l in range(1, levels + 1)))
    own = [
        x
        for level, free in zip(h.model.levels, h.learnable, strict=True)
        for x in ((level.beta,) if free else (level.beta, level.sigma))
    ]
    return {x.name: x for x in (theta, *own, eta_dec, eta_enc)}


def compute_phase(
    *,
    levels: int = 2,
    learnable: Sequence[int] = (2,),
    x: str = "theta",
    y: str = "sigma_1",
    box: tuple[float, float, float, float] = (0.25, 4.0, 0.3, 3.0),
    values: Mapping[str, float] | None = None,
    points: int = 8,
    seed: int = 0,
) -> Phase:
    """Regions over a box of the parameters `x` and `y` (the others as in `values`, or 1), `points`² descents.

    Raises:
        InputError: a parameter that the hierarchy does not have, or twice the same.
    """
    known = parameters(levels, learnable)
    given = dict.fromkeys(known, 1.0) | dict(values or {})
    for name in (x, y, *given):
        if name not in known:
            raise InputError(f"this hierarchy has no parameter {name!r}; it has {', '.join(known)}.")
    if x == y:
        raise InputError(f"both axes are {x}; give two different parameters.")
    others = {name: value for name, value in given.items() if name not in (x, y)}
    h = build_hierarchy(tuple(l in learnable for l in range(1, levels + 1)))
    plane = known[x], known[y], {known[name]: value for name, value in others.items()}
    areas = tuple(_areas(h, plane, box))
    made = Phase(
        levels=levels,
        learnable=tuple(learnable),
        x=x,
        y=y,
        box=box,
        values=others,
        areas=areas,
        edges=tuple(_edges(h, plane, areas)),
        spots=(),
        seed=seed,
    )
    grid = list(product(_inner(box[:2], points), _inner(box[2:], points)))
    tried = [p for p in grid if (area := made.drawn(*p)) and area.bounded]
    return made.model_copy(update={"spots": tuple(_spots(h, known, made, tried))})


def _inner(ends: tuple[float, float], points: int) -> Any:
    """Evenly spaced on a logarithmic axis, half a step from its ends."""
    step = (ends[1] / ends[0]) ** (1 / points)
    return [ends[0] * step ** (k + 0.5) for k in range(points)]


def _areas(h: Hierarchy, plane: _Plane, box: tuple[float, float, float, float]) -> Iterator[Area]:
    left, right, low, high = map(math.log, box)
    whole = [(left, low), (right, low), (right, high), (left, high)]
    bounds = [half_plane(condition, *plane) for condition in h.bounded]
    for region in h.program.regions:
        planes = [half_plane(condition, *plane) for condition in region.conditions]
        if corners := clip(whole, [*bounds, *planes]):
            active = tuple(l for l, on in enumerate(region.active, 1) if on)
            yield Area(active=active, corners=_plain(corners), conditions=tuple(map(formula, region.conditions)))
    for k, bound in enumerate(bounds):  # disjoint: where the first k hold and the next does not
        if corners := clip(whole, [*bounds[:k], bound.opposite]):
            yield Area(active=(), bounded=False, corners=_plain(corners), conditions=(formula(h.bounded[k].negated),))


def _edges(h: Hierarchy, plane: _Plane, areas: Sequence[Area]) -> Iterator[Edge]:
    """The areas' sides on which a condition of some region switches, each once."""
    conditions = list(dict.fromkeys((*h.bounded, *(c for region in h.program.regions for c in region.conditions))))
    seen = set()
    for area in areas:
        for p, q in pairwise([*area.corners, area.corners[0]]):
            key = tuple(sorted((round(math.log(a), 6), round(math.log(b), 6)) for a, b in (p, q)))
            logs = _logs((p, q))
            on = (c for c in conditions if all(abs(half_plane(c, *plane).at(end)) < 1e-9 for end in logs))
            switching = next((c for c in on if set(plane[:2]) & c.free_symbols), None)
            if switching is not None and key not in seen and math.dist(*logs) > _EDGE:
                seen.add(key)
                yield Edge(ends=(p, q), tex=tex(Eq(switching.lhs, switching.rhs)))


def _spots(h: Hierarchy, known: Mapping[str, Any], made: Phase, tried: Sequence[Point]) -> Iterator[Spot]:
    if not tried:
        return
    rng = np.random.default_rng([made.seed, 2])
    statement: Any = claim_of(h.learnable).statements[0]
    chain_levels = h.model.levels
    scalars = {known[name]: value for name, value in made.values.items()}
    scalars |= {known[made.x]: np.array([p[0] for p in tried]), known[made.y]: np.array([p[1] for p in tried])}
    spectrum = np.zeros((len(tried), _SIDE))
    spectrum[:, 0] = scalars[theta]
    frames = {R: turned(_SIDE, rng), S: turned(_SIDE, rng)} | {level.T: np.ones((1, 1, 1)) for level in chain_levels}
    dims = {D: _SIDE, r: _SIDE} | {level.d: 1 for level in chain_levels}
    found = run_descents(
        stack(dims, _SIDE, {**scalars, theta: spectrum, **frames}).define(MOMENTS), statement, 1, made.seed
    )
    fixed = {
        level.Sigma: h.model.frames[level.Sigma]
        for level, free in zip(chain_levels, h.learnable, strict=True)
        if not free
    }
    at = found.at.define(fixed)
    moments = at.evaluate(*statement.second_moments, *(level.Sigma for level in chain_levels))
    s, q = (
        np.concatenate([M[:, :, 0] for M in part], axis=1)
        for part in (moments[: len(chain_levels)], moments[len(chain_levels) :])
    )
    for (x, y), outcome, row in zip(tried, found.outcomes, 0.5 * np.log(s / q), strict=True):
        yield Spot(x=x, y=y, outcome=outcome, information=tuple(np.maximum(row, 0.0).tolist()))


def _plain(corners: Sequence[Point]) -> tuple[Point, ...]:
    return tuple((math.exp(a), math.exp(b)) for a, b in corners)


def _logs(corners: Sequence[Point]) -> list[Point]:
    return [(math.log(a), math.log(b)) for a, b in corners]


def _inside(corners: list[Point], point: Point) -> bool:
    """Whether a point is in a convex polygon, and not near its edges."""
    turns = []
    for p, q in zip(corners, corners[1:] + corners[:1], strict=True):
        if (length := math.dist(p, q)) > 1e-9:
            turns.append(((q[0] - p[0]) * (point[1] - p[1]) - (q[1] - p[1]) * (point[0] - p[0])) / length)
    return min(turns) > _EDGE or max(turns) < -_EDGE
