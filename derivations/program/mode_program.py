"""The mode program for any number of levels: closed forms and regions *derived*, not typed.

One singular mode of a linear VAE (L = 1) or Markovian hierarchy (L levels) costs

    f = term_1 + … + term_{L+1} − η_dec² Σ_l β_l log q_l,   s_l ≥ q_l > 0,
    term_1 = θ²q_1/s_1,  term_l = β_{l−1}s_{l−1}q_l/s_l,  term_{L+1} = β_L c² s_L,

with s_l = E[z_l²], q_l = σ_l². In (log s, log q) every term is the exponential of a linear form: its tangent at
a KKT point bounds it below, so that the point is global. For each set of active levels (s_l > q_l) the KKT
conditions are *linear* in the logarithms: a fixed level has term_{l+1} − term_l = μ_l ≥ 0, a learnable one
term_{l+1} = β_lη_dec² and term_l = β_lη_dec² − μ_l; μ_l = 0 when active. Solving them gives each region's closed
form and its conditions, which are monomial inequalities: `derivations.algebra.cones` decides cover and overlap exactly.

Between consecutive learnable levels l < m the multipliers add up to (β_m − β_l)η_dec²: the minimum exists iff β does
not fall from l to m, and not all of l+1 … m are active on a mode but where β_m = β_l, on a flat family that also
holds a point with one of them collapsed. Those active sets are therefore left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import pairwise, product
from typing import Any

from sympy import And, Ge, Gt, Or, Piecewise, Rational, S, Symbol, log

from derivations.algebra.cones import Certified, cover, overlap
from derivations.algebra.monomials import exponents, inequality, monomial, ratio, solved, substituted
from derivations.notation import beta, c, eta_dec, sigma, theta

__all__ = ["Level", "Program", "Region", "by_cases", "vae"]


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


@dataclass(frozen=True)
class Program:
    """The scalar problem of one mode. `top` is c², or 1 if a narrower level above cuts the mode off. `data` is False if
    a narrower level below cuts it off: term_1 is 0 then, and nothing makes the first level active.
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
        """All s_l, then q_l of the learnable levels."""
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
        """The objective f, on the scale of the matrix loss F = 2η_dec²·(−ELBO_β in nats)."""
        entropy = sum(level.beta * log(level.q) for level in self.levels)
        return sum(self.terms) - self.noise * entropy

    @cached_property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Consecutive learnable levels, counted from 0."""
        return tuple(pairwise(l for l, level in enumerate(self.levels) if level.learnable))

    @cached_property
    def bounded(self) -> tuple[Any, ...]:
        """The minimum exists iff these hold: β does not fall from a learnable level to the next."""
        return tuple(Ge(self.levels[m].beta, self.levels[l].beta) for l, m in self.pairs)

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """One region per active set whose KKT system has a unique solution."""
        return tuple(self._region(active) for active in self.active_sets())

    def active(self, l: int) -> Any:
        """Where level l (counted from 0) is active."""
        return Or(*(And(*region.conditions) for region in self.regions if region.active[l]))

    def active_sets(self) -> list[tuple[bool, ...]]:
        """Every set of active levels but those that a pair of learnable levels, or a missing data term, rules out."""
        return [
            active
            for active in product((True, False), repeat=len(self.levels))
            if not any(all(active[l + 1 : m + 1]) for l, m in self.pairs) and (self.data or not active[0])
        ]

    def _region(self, active: tuple[bool, ...]) -> Region:
        terms, equations, inequalities = self._exponents, [], []
        for l, (level, on) in enumerate(zip(self.levels, active, strict=True)):
            here, above = terms[l], terms[l + 1]
            target = exponents(level.beta * self.noise) if level.learnable else above
            s_over_q = ratio(exponents(level.s), exponents(level.q))
            if level.learnable:
                equations.append(ratio(above, target))
            if on:
                equations.append(ratio(here, target))
                inequalities.append((Gt, s_over_q))
            else:
                equations.append(s_over_q)
                inequalities += [] if l == 0 and not self.data else [(Ge, ratio(target, here))]
        solution = self._solve(equations)
        conditions = tuple(inequality(kind, substituted(e, solution)) for kind, e in inequalities)
        values = {x: monomial(e) for x, e in solution.items()}
        return Region(active, conditions, values)

    def multipliers(self, region: Region) -> tuple[Any, ...]:
        """The multipliers μ_l of the constraints s_l ≥ q_l in a region; 0 for an active level."""
        found = []
        for level, on, (here, above) in zip(self.levels, region.active, pairwise(self.terms), strict=True):
            gap = (level.beta * self.noise if level.learnable else above) - here
            found.append(S.Zero if on else gap.xreplace(region.solution))
        return tuple(found)

    @cached_property
    def _exponents(self) -> tuple[dict[Any, Any], ...]:
        """The exponents of each term; those of a missing data term are empty."""
        return tuple(exponents(term) if term != 0 else {} for term in self.terms)

    def _solve(self, rows: list[dict[Any, Any]]) -> dict[Any, dict[Any, Any]]:
        """Solve monomials = 1 for the unknowns: linear algebra on exponents."""
        unknowns = self.unknowns
        parameters = sorted({x for row in rows for x in row} - set(unknowns), key=str)
        columns = (*unknowns, *parameters)
        M = [[row.get(x, S.Zero) * (1 if x in unknowns else -1) for x in columns] for row in rows]
        found = solved([[Fraction(int(e.p), int(e.q)) for e in row] for row in M], len(unknowns))
        if found is None:
            raise ArithmeticError("the KKT system of an active set is singular")
        powers = [
            [(p, Rational(e.numerator, e.denominator)) for p, e in zip(parameters, row, strict=True)] for row in found
        ]
        return {x: {p: e for p, e in row if e} for x, row in zip(unknowns, powers, strict=True)}

    @cached_property
    def solution(self) -> dict[Any, Any]:
        """The derived global minimiser: each unknown as a Piecewise over the regions (θ = 0 included)."""
        return {x: self._cases([region.solution[x] for region in self.regions]) for x in self.unknowns}

    @cached_property
    def optimum(self) -> Any:
        """The derived minimum of f, as a Piecewise over the regions."""
        return self._cases([self.value(region) for region in self.regions])

    def value(self, region: Region) -> Any:
        """The value of f at a region's minimiser."""
        return self.objective.xreplace(region.solution)

    def _cases(self, values: list[Any]) -> Any:
        """A Piecewise of one value per region. The last needs no condition: `holes` proves that the regions cover."""
        return by_cases([(v, And(*region.conditions)) for v, region in zip(values, self.regions, strict=True)])

    @cached_property
    def holes(self) -> tuple[Certified | None, int]:
        """(a point that meets `bounded` outside every region, or None; the number of linear systems decided for it)."""
        return cover([region.conditions for region in self.regions], self.bounded)

    @cached_property
    def overlaps(self) -> list[Certified]:
        """Common points of two different regions where β rises strictly along the learnable levels."""
        strict = [Gt(bound.lhs, bound.rhs) for bound in self.bounded]
        regions = self.regions
        pairs = [(a, b) for i, a in enumerate(regions) for b in regions[:i]]
        found = [overlap((*strict, *a.conditions), b.conditions) for a, b in pairs]
        return [point for point in found if point.feasible]


def by_cases(cases: list[tuple[Any, Any]]) -> Any:
    """A Piecewise of disjoint cases, the last one's value being the default.

    Cases of one value are joined here: SymPy joins them by distributing And over Or, which is exponential.
    """
    *_, (default, _) = cases
    joined: dict[Any, list[Any]] = {}
    for value, condition in cases:
        joined.setdefault(value, []).append(condition)
    return Piecewise(
        *((v, Or(*conditions)) for v, conditions in joined.items() if v != default), (default, True), evaluate=False
    )


@lru_cache
def vae(learnable: bool) -> Program:
    """The program of one level, Σ learnable or fixed: the linear VAE, and the linear CVAE with θ of the residual."""
    s, q = Symbol("s", positive=True), Symbol("q", positive=True)
    return Program((Level(beta, None if learnable else sigma**2, s, q),))
