"""The mode program for any number of levels: closed forms and regions *derived*, not typed.

One singular mode of a linear VAE (L = 1) or Markovian hierarchy (L levels) costs

    f = term_1 + … + term_{L+1} − η_dec² Σ_l β_l log q_l,   s_l ≥ q_l > 0,
    term_1 = θ²q_1/s_1,  term_l = β_{l−1}s_{l−1}q_l/s_l,  term_{L+1} = β_L c² s_L,

with s_l = E[z_l²], q_l = σ_l². In (log s, log q) every term is the exponential of a linear form, so f
is convex and the KKT conditions are global. For each set of active levels (s_l > q_l) they are *linear*
in the logarithms: a fixed level has term_{l+1} − term_l = μ_l ≥ 0, a learnable one term_{l+1} = β_lη_dec²
and term_l = β_lη_dec² − μ_l; μ_l = 0 when active. Solving them gives each region's closed form and its
conditions, which are monomial inequalities: `derivations.cones` decides cover and overlap exactly.

Between consecutive learnable levels l < m the multipliers add up to (β_m − β_l)η_dec²: the minimum exists iff β does
not fall from l to m, and not all of l+1 … m are active on a mode but where β_m = β_l, on a flat family that also
holds a point with one of them collapsed. Those active sets are therefore left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from typing import Any

from sympy import And, Ge, Gt, Matrix, Mul, Piecewise, Rational, S, Symbol, log

from derivations.cones import Certified, cover, exponents, overlap
from derivations.notation import beta, c, eta_dec, sigma, theta

__all__ = ["Level", "Program", "Region", "vae"]


@dataclass(frozen=True)
class Level:
    """One level: its KL weight, its variance σ² if fixed (None if learnable), its two unknowns."""

    beta: Any
    variance: Any | None
    s: Symbol
    q_symbol: Symbol

    @property
    def q(self) -> Any:
        """The variance as an expression: a symbol when learnable."""
        return self.q_symbol if self.variance is None else self.variance

    @property
    def learnable(self) -> bool:
        """Whether q is an unknown."""
        return self.variance is None


@dataclass(frozen=True)
class Region:
    """The parameters where exactly the levels of `active` are active, and the minimiser there."""

    active: tuple[bool, ...]
    conditions: tuple[Any, ...]
    solution: dict[Any, Any]
    multipliers: tuple[Any, ...]


@dataclass(frozen=True)
class Program:
    """The scalar problem of one mode: `top` is 1 where a narrower level above cuts it off, `data` False where a
    narrower level below does (term_1 is 0 then, and nothing makes the first level active).
    """

    levels: tuple[Level, ...]
    top: Any = c**2
    noise: Any = eta_dec**2
    data: bool = True

    @property
    def s(self) -> Any:
        """The first level's second moment."""
        return self.levels[0].s

    @property
    def q(self) -> Any:
        """The first level's variance."""
        return self.levels[0].q

    @property
    def unknowns(self) -> tuple[Symbol, ...]:
        """All s_l, and q_l of the learnable levels."""
        free = [level.q_symbol for level in self.levels if level.learnable]
        return (*(level.s for level in self.levels), *free)

    @cached_property
    def terms(self) -> tuple[Any, ...]:
        """term_1 … term_{L+1}."""
        terms = [theta**2 * self.levels[0].q / self.levels[0].s if self.data else S.Zero]
        for below, level in zip(self.levels, self.levels[1:], strict=False):
            terms.append(below.beta * below.s * level.q / level.s)
        return (*terms, self.levels[-1].beta * self.top * self.levels[-1].s)

    @cached_property
    def objective(self) -> Any:
        """f, in η_dec²·nats·2 (the scale of the matrix loss F)."""
        entropy = sum(level.beta * log(level.q) for level in self.levels)
        return sum(self.terms) - self.noise * entropy

    @cached_property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Consecutive learnable levels, counted from 0."""
        learnable = [l for l, level in enumerate(self.levels) if level.learnable]
        return tuple(zip(learnable, learnable[1:], strict=False))

    @cached_property
    def bounded(self) -> tuple[Any, ...]:
        """The minimum exists iff these hold: β does not fall from a learnable level to the next."""
        return tuple(Ge(self.levels[m].beta, self.levels[l].beta) for l, m in self.pairs)

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """One region per active set whose KKT system has a unique solution."""
        return tuple(self._region(active) for active in self.active_sets())

    def active_sets(self) -> list[tuple[bool, ...]]:
        """All but those that two learnable levels, or a missing data term, rule out."""
        sets = product((True, False), repeat=len(self.levels))
        return [
            active
            for active in sets
            if not any(all(active[l + 1 : m + 1]) for l, m in self.pairs) and (self.data or not active[0])
        ]

    def _region(self, active: tuple[bool, ...]) -> Region:
        equations, inequalities = [], []
        for l, (level, on) in enumerate(zip(self.levels, active, strict=True)):
            here, above = self.terms[l], self.terms[l + 1]
            target = level.beta * self.noise if level.learnable else above
            if level.learnable:
                equations.append(above / target)
            if on:
                equations.append(here / target)
                inequalities.append((Gt, level.s, level.q))
            else:
                equations.append(level.s / level.q)
                inequalities += [(Ge, target, here)] if here != 0 else []
        solution = self._solve(equations)
        conditions = tuple(
            _tidy(kind, large.subs(solution) / S(small).subs(solution)) for kind, large, small in inequalities
        )
        multipliers = tuple(
            S.Zero
            if on
            else ((level.beta * self.noise if level.learnable else self.terms[l + 1]) - self.terms[l]).subs(solution)
            for l, (level, on) in enumerate(zip(self.levels, active, strict=True))
        )
        return Region(active, conditions, solution, multipliers)

    def _solve(self, equations: list[Any]) -> dict[Any, Any]:
        """Solve monomials = 1 for the unknowns: linear algebra on exponents."""
        rows = [exponents(e) for e in equations]
        unknowns = self.unknowns
        parameters = sorted({x for row in rows for x in row} - set(unknowns), key=str)
        M = Matrix([[row.get(x, 0) for x in unknowns] for row in rows])
        N = Matrix([[-row.get(x, 0) for x in parameters] for row in rows])
        if M.rank() < len(unknowns):
            raise ArithmeticError("the KKT system of an active set is singular")
        X = M.LUsolve(N) if M.rows == M.cols else (M.T * M).LUsolve(M.T * N)
        return {x: Mul(*(p ** Rational(X[i, j]) for j, p in enumerate(parameters))) for i, x in enumerate(unknowns)}

    @cached_property
    def solution(self) -> dict[Any, Any]:
        """The derived global minimiser: each unknown as a Piecewise over the regions (θ = 0 included)."""
        return {x: self._cases([region.solution[x] for region in self.regions]) for x in self.unknowns}

    @cached_property
    def optimum(self) -> Any:
        """The derived minimum of f, as a Piecewise over the regions."""
        return self._cases([self.value(region) for region in self.regions])

    def value(self, region: Region) -> Any:
        """F at a region's minimiser; each term that a KKT equation fixes is the multiple of β it equals."""
        return self.objective.subs(region.solution)

    def _cases(self, values: list[Any]) -> Any:
        """The last region needs no condition: `holes` proves that the regions cover."""
        conditions = [And(*region.conditions) for region in self.regions]
        return Piecewise(*zip(values[:-1], conditions[:-1], strict=True), (values[-1], True))

    def holes(self) -> tuple[Certified | None, int]:
        """A parameter with a minimum (`bounded`) outside every region, or None; and how many systems that took."""
        return cover([region.conditions for region in self.regions], self.bounded)

    def overlaps(self) -> list[Certified]:
        """Common points of two different regions where β rises strictly along the learnable levels."""
        strict = [Gt(bound.lhs, bound.rhs) for bound in self.bounded]
        regions = self.regions
        pairs = [(a, b) for i, a in enumerate(regions) for b in regions[:i]]
        found = [overlap((*strict, *a.conditions), b.conditions) for a, b in pairs]
        return [point for point in found if point.feasible]


def _tidy(kind: Any, ratio: Any) -> Any:
    """A monomial inequality with positive exponents on both sides."""
    powers = exponents(ratio)
    left = Mul(*(x**e for x, e in powers.items() if e > 0))
    right = Mul(*(x**-e for x, e in powers.items() if e < 0))
    return kind(left, right)


@lru_cache
def vae(learnable: bool) -> Program:
    """One level: the linear VAE, or the CVAE of the residual; Σ learnable or fixed."""
    s, q = Symbol("s", positive=True), Symbol("q", positive=True)
    return Program((Level(beta, None if learnable else sigma**2, s, q),))
