"""A theorem for a hierarchy that nobody has written down: which regions there are, and what holds in each.

Everything is read off the mode program (`hierarchy.py`): closed forms, conditions, when a level collapses, whether a
minimum exists, where it is degenerate. Text and LaTeX are made from these expressions elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sympy import And, Eq, Gt, Or, S

from derivations.algebra.cones import as_row, solve_system
from derivations.algebra.tabulated import tidy_square
from derivations.program.hierarchy import Hierarchy, Part, build_hierarchy
from derivations.program.mode_program import Region

__all__ = ["Case", "Theorem", "theorem"]

MOST = 8
"""2^L regions: beyond eight levels nobody reads the theorem."""


@dataclass(frozen=True, eq=False)
class Case:
    """One region: the levels active there (counted from 1), its conditions, λ_l², ω_l², σ_l² and the loss."""

    active: tuple[int, ...]
    conditions: tuple[Any, ...]
    squares: dict[Any, Any]
    minimum: Any


@dataclass(frozen=True, eq=False)
class Theorem:
    """What is true of one pattern of fixed and learnable variances."""

    chain: Hierarchy

    @property
    def learnable(self) -> tuple[int, ...]:
        """The learnable levels, counted from 1."""
        return tuple(l for l, free in enumerate(self.chain.learnable, 1) if free)

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """The regions of a mode that passes through every level."""
        return tuple(self._case(self.chain.parts[0], region) for region in self.chain.program.regions)

    def _case(self, part: Part, region: Region) -> Case:
        values = {x: tidy_square(value) for x, value in self.chain.values(part, region)}
        active = tuple(l for l, on in enumerate(region.active, 1) if on)
        return Case(active, region.conditions, values, part.program.value(region))

    @cached_property
    def degenerate(self) -> tuple[tuple[int, int, Any, Any], ...]:
        """For each pair of consecutive learnable levels l < m: (l, m, A, B), counted from 1.

        The loss is unbounded below where the condition A holds, and has a flat family of minima where B holds.
        """
        levels = self.chain.levels
        return tuple(
            (l + 1, m + 1, Gt(levels[l].beta, levels[m].beta), Eq(levels[m].beta, levels[l].beta))
            for l, m in self.chain.program.pairs
        )

    @cached_property
    def thresholds(self) -> tuple[Any, ...]:
        """The boundaries between the regions, as equations."""
        found: dict[Any, Any] = {}
        for case in self.cases:
            for c in case.conditions:
                if c not in self.chain.bounded:
                    found.setdefault(frozenset((c.gts, c.lts)), Eq(c.gts, c.lts))
        return tuple(found.values())

    def activity(self, level: int) -> Any:
        """The condition under which a level is active: alternatives, joint conditions, or its regions one by one."""
        on = [case.conditions for case in self.cases if level in case.active]
        off = [case.conditions for case in self.cases if level not in case.active]
        if not on or not off:
            return S(bool(on))
        given = self.chain.bounded
        strict = {c if isinstance(c, Gt) else c.negated: None for case in self.cases for c in case.conditions}
        simple = [c for c in strict if c.negated not in given]
        enough = [c for c in simple if not any(_possible(given, r, [c]) for r in off)]
        if not any(_possible(given, r, [c.negated for c in enough]) for r in on):
            return Or(*_needed(enough, lambda some: any(_possible(given, r, [c.negated for c in some]) for r in on)))
        needed = [c for c in simple if not any(_possible(given, r, [c.negated]) for r in on)]
        if not any(_possible(given, r, needed) for r in off):
            return And(*_needed(needed, lambda some: any(_possible(given, r, some) for r in off)))
        return Or(*(And(*conditions) for conditions in on))


def _possible(*conditions: Iterable[Any]) -> bool:
    """Whether some parameters meet all of them."""
    return solve_system([as_row(c) for part in conditions for c in part]).feasible


def _needed(conditions: list[Any], fails: Callable[[list[Any]], bool]) -> list[Any]:
    """The conditions without those that can be left out, one after another, without making `fails` true."""
    kept = list(conditions)
    for c in conditions:
        rest = [other for other in kept if other is not c]
        if rest and not fails(rest):
            kept = rest
    return kept


def theorem(learnable: tuple[bool, ...]) -> Theorem:
    """The theorem of a hierarchy with len(learnable) levels.

    Raises:
        ValueError: there is no level, or there are more than eight.
    """
    if not 1 <= len(learnable) <= MOST:
        raise ValueError(f"a hierarchy to be derived has 1 to {MOST} levels, not {len(learnable)}")
    return Theorem(build_hierarchy(learnable))
