"""Regions of monomial inequalities in two of their symbols, on logarithmic axes: convex polygons, by exact edges."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from derivations.algebra.cones import as_row
from derivations.algebra.monomials import coefficient

__all__ = ["HalfPlane", "Point", "clip", "half_plane"]

Point = tuple[float, float]
_TIE = 1e-12  # two sides this close in their logarithms differ by round-off


@dataclass(frozen=True)
class HalfPlane:
    """a·log x + b·log y + c ≥ 0: one monomial inequality with all but two symbols given."""

    a: float
    b: float
    c: float

    def at(self, point: Point) -> float:
        """The left-hand side at (log x, log y)."""
        return self.a * point[0] + self.b * point[1] + self.c

    @property
    def opposite(self) -> HalfPlane:
        """The other side."""
        return HalfPlane(-self.a, -self.b, -self.c)


def half_plane(relation: Any, x: Any, y: Any, values: Mapping[Any, float]) -> HalfPlane:
    """The half-plane of a relation between monomials; on its boundary it may hold or not.

    Raises:
        KeyError: a symbol that is neither x nor y has no value.
    """
    row, c = as_row(relation), 0.0
    powers = {s: float(e) for s, e in row.exponents}
    for symbol, power in powers.items():
        if symbol not in (x, y):
            number = coefficient(symbol)
            c += power * math.log(number if number.is_Integer else values[symbol])
    a, b = powers.get(x, 0.0), powers.get(y, 0.0)
    if not (a or b) and abs(c) < _TIE:  # the whole plane or none of it
        c = -1.0 if row.strict else 1.0
    return HalfPlane(a, b, c)


def clip(corners: list[Point], planes: Iterable[HalfPlane]) -> list[Point]:
    """What half-planes leave of a convex polygon (Sutherland and Hodgman 1974); nothing if that has no inside."""
    for plane in planes:
        kept: list[Point] = []
        for p, q in zip(corners, corners[1:] + corners[:1], strict=True):
            here, there = plane.at(p), plane.at(q)
            if here >= 0:
                kept.append(p)
            if here * there < 0:
                t = here / (here - there)
                kept.append((p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])))
        corners = kept
    return corners if _area(corners) > 1e-12 else []


def _area(corners: list[Point]) -> float:
    pairs = zip(corners, corners[1:] + corners[:1], strict=True)
    return abs(sum(p[0] * q[1] - q[0] * p[1] for p, q in pairs)) / 2
