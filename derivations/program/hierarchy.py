"""From mode programs to whole hierarchies: which levels a mode passes through, and the minimiser it gives.

Mode i passes through the levels with d_l ≥ i. Where d_l < i it is cut: the run of levels below ends with the cost
β_{l−1}s_{l−1} of a latent that nothing above explains, the run above restarts without data. Each run of levels
a … b is one mode program, for the modes max(d_{a−1}, d_{b+1}) < i ≤ min(d_a, …, d_b).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sympy import And, Max, Min, S, Symbol, oo, sqrt, true

from derivations.algebra.nodes import SumModes
from derivations.algebra.tabulated import Row
from derivations.models.chain import Chain, build_chain
from derivations.notation import at_level, c, index, theta
from derivations.program.mode_program import Level, Program, Region, by_cases, vae

__all__ = ["Formulas", "Hierarchy", "Part", "active_levels", "build_hierarchy"]


@dataclass(frozen=True)
class Part:
    """A run of levels (counted from 0) and the modes lo < i ≤ hi that pass through these and no neighbour."""

    levels: tuple[int, ...]
    program: Program
    lo: Any
    hi: Any

    @cached_property
    def here(self) -> Any:
        """The condition on the mode's number."""
        conditions = [index <= d_l for d_l in (self.hi.args if isinstance(self.hi, Min) else (self.hi,))]
        low = self.lo.args if isinstance(self.lo, Max) else (self.lo,)
        return And(*conditions, *(index > d_l for d_l in low if d_l != 0))


class Formulas(Mapping[Any, Any]):
    """A hierarchy's derived formulas by mode symbol.

    They are derived when one is first looked up, because each run of L levels has up to 2^L regions.
    """

    derived = True  # compared with the program that it comes from, it would show nothing

    def __init__(self, source: Hierarchy, symbols: tuple[Any, ...]) -> None:
        self.source, self.symbols = source, symbols

    def __getitem__(self, symbol: Any) -> Any:
        return self.source.formulas[symbol]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.symbols)

    def __len__(self) -> int:
        return len(self.symbols)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The regions of a mode that passes through every level, with the formulas there."""
        whole = self.source.parts[0]
        return tuple((r.conditions, dict(self.source.values(whole, r))) for r in whole.program.regions)


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """L levels, each with a fixed isotropic or a learnable variance."""

    model: Chain
    learnable: tuple[bool, ...]

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """The levels of the full mode program."""
        if len(self.learnable) == 1:
            return vae(self.learnable[0]).levels
        return tuple(
            Level(level.beta, None if free else level.sigma**2, *(at_level(Symbol(x, positive=True), l) for x in "sq"))
            for l, (level, free) in enumerate(zip(self.model.levels, self.learnable, strict=True), 1)
        )

    @cached_property
    def program(self) -> Program:
        """The mode program of a mode that passes through every level."""
        return Program(self.levels)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Every run of levels, the whole first."""
        L = len(self.levels)
        runs = [(a, b) for a in range(L) for b in range(a, L)]
        return tuple(self._part(a, b) for a, b in sorted(runs, key=lambda run: (run[0] - run[1], run)))

    def _part(self, a: int, b: int) -> Part:
        d = [level.d for level in self.model.levels]
        program = _program(self.levels[a : b + 1], c**2 if b + 1 == len(d) else S.One, a == 0)
        outside = tuple(d[l] for l in (a - 1, b + 1) if 0 <= l < len(d))
        return Part(tuple(range(a, b + 1)), program, *_between(outside, tuple(d[a : b + 1])))

    @property
    def bounded(self) -> tuple[Any, ...]:
        """Conditions under which the loss has a minimum."""
        return self.program.bounded

    @cached_property
    def optimum(self) -> Any:
        """The derived minimum of the matrix loss."""
        modes = [SumModes(part.program.optimum, part.lo, part.hi) for part in self.parts]
        return sum(modes, SumModes(theta**2, self.model.levels[0].d, oo))

    @cached_property
    def minimiser(self) -> Mapping[Any, Any]:
        """The derived singular values ω_l, λ_l and deviations σ_l, one value per mode (worked out when asked for)."""
        learnt = [level.sigma for level, free in zip(self.model.levels, self.learnable, strict=True) if free]
        return Formulas(self, (*(x for level in self.model.levels for x in (level.lamda, level.omega)), *learnt))

    @cached_property
    def formulas(self) -> dict[Any, Any]:
        """The values of `minimiser`."""
        cases: dict[Any, list[Any]] = {}
        for part in self.parts:
            for region in part.program.regions:
                condition = _jointly(part.here, region.conditions)
                for symbol, value in self.values(part, region):
                    cases.setdefault(symbol, []).append((value, condition))
        return {x: by_cases([*pairs, (_beyond(x), true)]) for x, pairs in cases.items()}

    def values(self, part: Part, region: Any) -> Iterator[tuple[Any, Any]]:
        """Symbols with values in one region: λ_l² = (s_l − q_l)/s_{l−1}, ω_1 = θλ_1/s_1, ω_l = λ_ls_{l−1}/s_l."""
        for k, l in enumerate(part.levels):
            symbols, level = self.model.levels[l], self.levels[l]
            s = region.solution[level.s]
            below = region.solution[self.levels[l - 1].s] if k else S.One
            q = region.solution.get(level.q_symbol, level.q)
            lamda = sqrt((s - q) / below) if region.active[k] else S.Zero
            yield symbols.lamda, lamda
            yield symbols.omega, lamda * (below if k else theta) / s
            if level.learnable:
                yield symbols.sigma, sqrt(q)


@lru_cache(maxsize=512)
def _program(levels: tuple[Any, ...], top: Any, data: bool) -> Program:
    """The mode program of a run of levels, remembered: hierarchies share it, and what has been worked out about it."""
    return Program(levels, top=top, data=data)


@lru_cache(maxsize=512)
def _between(outside: tuple[Any, ...], through: tuple[Any, ...]) -> tuple[Any, Any]:
    """Which modes pass through some levels and no neighbour, remembered as `_program`."""
    return Max(0, *outside) if outside else S.Zero, Min(*through)


@lru_cache(maxsize=4096)
def _jointly(here: Any, conditions: tuple[Any, ...]) -> Any:
    return And(here, *conditions)


def _beyond(symbol: Any) -> Any:
    """The value on modes that a level does not have: it is never used, so any value that can be evaluated will do."""
    return S.One if symbol.is_positive else S.Zero


@lru_cache
def build_hierarchy(learnable: tuple[bool, ...]) -> Hierarchy:
    """The hierarchy of len(learnable) levels, counted from the data; `learnable` says whose variance is learnt.

    Raises:
        ValueError: there is no level.
    """
    return Hierarchy(build_chain(len(learnable)), learnable)


def active_levels(region: Region) -> str:
    """A region in words: "z_1, z_2 active", or "none active"."""
    return f"{', '.join(f'z_{l}' for l, yes in enumerate(region.active, 1) if yes) or 'none'} active"
