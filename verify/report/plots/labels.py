"""Where names go in a diagram of polygons, in pixels: off the marks, off each other, inside what they name."""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["Box", "Point", "along", "inside"]

Point = tuple[float, float]
Box = tuple[float, float]
"""Width and height of a name."""

_STEPS = 16


def along(ends: tuple[Point, Point], box: Box, avoid: Sequence[Point]) -> Point:
    """A point of a segment where a name written along it covers the fewest points; the middle if it may choose."""
    (x0, y0), (x1, y1) = ends
    length = math.dist(*ends)
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    slack = max(0.0, 0.5 - 0.5 * box[0] / length)  # so that the name does not reach beyond the ends

    def covered(p: Point) -> int:
        relative = [(x - p[0], y - p[1]) for x, y in avoid]
        return sum(abs(x * ux + y * uy) < box[0] / 2 and abs(y * ux - x * uy) < box[1] / 2 for x, y in relative)

    shares = sorted((0.5 + slack * (2 * k / _STEPS - 1) for k in range(_STEPS + 1)), key=lambda t: abs(t - 0.5))
    return min(((x0 + t * (x1 - x0), y0 + t * (y1 - y0)) for t in shares), key=covered)


def inside(corners: Sequence[Point], box: Box, avoid: Sequence[Point]) -> Point:
    """A point of a convex polygon where a name lies inside it and covers the fewest points, near the centre."""
    middle = tuple(sum(c[k] for c in corners) / len(corners) for k in (0, 1))
    left, right = min(c[0] for c in corners), max(c[0] for c in corners)
    low, high = min(c[1] for c in corners), max(c[1] for c in corners)
    grid = [
        (left + (right - left) * i / _STEPS, low + (high - low) * j / _STEPS)
        for i in range(1, _STEPS)
        for j in range(1, _STEPS)
    ]

    def cost(p: Point) -> tuple[int, float]:
        edges = [(p[0] + a * box[0] / 2, p[1] + b * box[1] / 2) for a in (-1, 1) for b in (-1, 1)]
        out = sum(not _within(corners, corner) for corner in edges)
        hidden = sum(abs(x - p[0]) < box[0] / 2 and abs(y - p[1]) < box[1] / 2 for x, y in avoid)
        return 3 * out + hidden, math.dist(p, middle)

    return min((p for p in grid if _within(corners, p)), key=cost, default=(middle[0], middle[1]))


def _within(corners: Sequence[Point], p: Point) -> bool:
    turns = [
        (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])
        for a, b in zip(corners, [*corners[1:], corners[0]], strict=True)
    ]
    return min(turns) >= 0 or max(turns) <= 0
