"""The claims a proof rests on, laid out in columns: a claim stands left of everything it uses. Deterministic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any

__all__ = ["Box", "Graph", "Wire", "layout", "reached"]

WIDTH, GAP, ROW, SPACE, LINE = 176.0, 30.0, 14.0, 16.0, 15.0
_SWEEPS = 6


@dataclass(frozen=True)
class Box:
    """One claim: its id, broken into lines, and its top left corner."""

    name: str
    lines: tuple[str, ...]
    x: float
    y: float
    height: float


@dataclass(frozen=True)
class Wire:
    """`user` uses `used`; the points lead from one box to the other."""

    user: str
    used: str
    points: tuple[tuple[float, float], ...]

    @property
    def path(self) -> str:
        """The curve, as the `d` of an SVG path: horizontal at every point."""
        (x, y), *rest = self.points
        text = f"M{x:g},{y:g}"
        for to_x, to_y in rest:
            middle = (x + to_x) / 2
            text += f"C{middle:g},{y:g} {middle:g},{to_y:g} {to_x:g},{to_y:g}"
            x, y = to_x, to_y
        return text

    @property
    def tip(self) -> str:
        """The arrow's head, as the `d` of an SVG path."""
        x, y = self.points[-1]
        return f"M{x - 7:g},{y - 4:g}L{x:g},{y:g}L{x - 7:g},{y + 4:g}z"


@dataclass(frozen=True)
class Graph:
    """Boxes and wires in a frame of this size."""

    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    width: float
    height: float
    root: str | None = None
    """The claim that the graph is about, if it is about one."""
    box_width: float = WIDTH


def reached(roots: Sequence[str], uses: Mapping[str, Sequence[str]]) -> list[str]:
    """The roots and all they use, directly or through others, nearest first."""
    found, queue = list(roots), list(roots)
    while queue:
        for name in uses.get(queue.pop(0), ()):
            if name not in found:
                found.append(name)
                queue.append(name)
    return found


def layout(roots: Sequence[str], uses: Mapping[str, Sequence[str]]) -> Graph:
    """Place the roots and all they use.

    Raises:
        ValueError: a claim uses itself through others.
    """
    names = reached(roots, uses)
    edges = [(a, b) for a in names for b in dict.fromkeys(uses.get(a, ()))]
    columns = _columns(names, edges)
    chains = {(a, b): [a, *((a, b, k) for k in range(columns[a] + 1, columns[b])), b] for a, b in edges}
    grid = _ordered(names, columns, chains)
    places, height = _placed(grid)
    boxes = tuple(Box(name, _lines(name), *places[name]) for name in names)
    wires = tuple(_wire(chain, places) for chain in chains.values())
    return Graph(boxes, wires, len(grid) * (WIDTH + GAP) - GAP + 2, height, roots[0] if len(roots) == 1 else None)


def _columns(names: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The longest way from the root, so that every wire leads to the right."""
    users: dict[str, list[str]] = {name: [] for name in names}
    for a, b in edges:
        users[b].append(a)
    try:
        order = list(TopologicalSorter(users).static_order())
    except CycleError as error:
        raise ValueError(f"claims use each other in a circle: {' → '.join(reversed(error.args[1]))}") from None
    found: dict[str, int] = {}
    for name in order:
        found[name] = max((found[user] + 1 for user in users[name]), default=0)
    for name in names:  # what nothing uses stands right before what it uses
        if not users[name]:
            found[name] = min((found[b] for a, b in edges if a == name), default=1) - 1
    return found


def _ordered(names: Sequence[str], columns: Mapping[str, int], chains: Mapping[tuple[str, str], list]) -> list[list]:
    """Each column from top to bottom; a place is a claim or the passage of a wire. Barycentres, swept to and fro."""
    grid: list[list] = [[] for _ in range(max(columns.values()) + 1)]
    for name in names:
        grid[columns[name]].append(name)
    for (a, _), chain in chains.items():
        for k, place in enumerate(chain[1:-1], columns[a] + 1):
            grid[k].append(place)
    left: dict = {}
    right: dict = {}
    for chain in chains.values():
        for before, after in pairwise(chain):
            left.setdefault(after, []).append(before)
            right.setdefault(before, []).append(after)
    for sweep in range(_SWEEPS):
        forth = sweep % 2 == 0
        for k in range(1, len(grid)) if forth else range(len(grid) - 2, -1, -1):
            rank = {
                place: i / max(1, len(grid[k - 1 if forth else k + 1]) - 1)
                for i, place in enumerate(grid[k - 1 if forth else k + 1])
            }
            near = left if forth else right
            mean = {p: sum(rank[q] for q in near[p]) / len(near[p]) if near.get(p) else 0.5 for p in grid[k]}
            grid[k].sort(key=mean.__getitem__)  # stable: ties keep the order of `uses`
    return grid


def _placed(grid: Sequence[Sequence]) -> tuple[dict[Any, tuple[float, float, float]], float]:
    """(x, y, height) of each place, and the height of the whole; columns are centred."""
    sizes = [[_height(place) for place in column] for column in grid]
    totals = [sum(column) + SPACE * (len(column) - 1) for column in sizes]
    height = max(totals)
    places = {}
    for k, column in enumerate(grid):
        y = (height - totals[k]) / 2
        for place, size in zip(column, sizes[k], strict=True):
            places[place] = (k * (WIDTH + GAP) + 1, y + 1, size)
            y += size + SPACE
    return places, height + 2


def _height(place: object) -> float:
    return LINE * (len(_lines(place)) + 1) + ROW if isinstance(place, str) else 4.0


def _lines(name: str, most: int = 23) -> tuple[str, ...]:
    """The id broken after hyphens, or anywhere if a part is too long; at most three lines."""
    lines = [""]
    for part in name.replace("-", "-\0").split("\0"):
        while len(part) > most:
            lines += [part[:most], ""]
            part = part[most:]
        if len(lines[-1]) + len(part) > most:
            lines.append("")
        lines[-1] += part
    lines = [line for line in lines if line] or [" "]
    return tuple(lines if len(lines) <= 3 else [*lines[:2], lines[2][: most - 1] + "…"])


def _wire(chain: Sequence, places: Mapping) -> Wire:
    points = []
    for k, place in enumerate(chain):
        x, y, height = places[place]
        middle = y + height / 2
        points += [(x, middle)] if k else []
        points += [(x + WIDTH, middle)] if k < len(chain) - 1 else []
    return Wire(chain[0], chain[-1], tuple(points))
