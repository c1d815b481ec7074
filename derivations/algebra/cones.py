"""Monomial inequalities are linear in logarithms: implication, holes and overlaps by exact LP.

A relation between monomials with positive coefficients becomes a row a with a·x > 0 or a·x ≥ 0, x the
logarithms of the symbols (the logarithm of each prime in a coefficient is one more unknown, between two near
rational multiples of that of the smallest).
Motzkin's theorem: {a_i·x > 0, b_j·x ≥ 0} has no solution iff some y ≥ 0 has Σ y_i a_i + Σ y_j b_j = 0
and Σ y_i > 0 over the strict rows. Whichever holds, the certificate is re-checked in rationals here,
so the verdict does not rest on the LP solver. A. Schrijver, Theory of Linear and Integer Programming, §7.8.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import lcm, log
from typing import Any

from sympy import Ge, Gt, Le, Lt, Rational, S, Symbol, ilcm

from derivations.algebra.monomials import Prime, coefficient, exponents
from derivations.algebra.simplex import non_negative_solution

__all__ = ["Certified", "Row", "as_row", "cover", "implies", "overlap", "solve_system"]


POWER = 1000  # numbers are told apart whose logarithms differ by more than a thousandth per factor


@dataclass(frozen=True)
class Row:
    """Σ exponents[x]·log x > 0 (strict) or ≥ 0."""

    exponents: tuple[tuple[Symbol, Rational], ...]
    strict: bool

    def negated(self) -> Row:
        """The opposite inequality."""
        return Row(tuple((x, -e) for x, e in self.exponents), not self.strict)


@dataclass(frozen=True)
class Certified:
    """`feasible`, with a point (logarithms by symbol) or Motzkin multipliers, either re-checked."""

    feasible: bool
    values: tuple[Any, ...]


@lru_cache(maxsize=65536)
def as_row(relation: Any) -> Row:
    """The row of a relation between two monomials."""
    if isinstance(relation, Gt | Ge):
        large, small = relation.lhs, relation.rhs
    elif isinstance(relation, Lt | Le):
        large, small = relation.rhs, relation.lhs
    else:
        raise ValueError(f"{relation} is not an inequality")
    powers = exponents(large / small)
    ordered = tuple(sorted(powers.items(), key=lambda item: str(item[0])))
    return Row(ordered, isinstance(relation, Gt | Lt))


def solve_system(rows: Sequence[Row]) -> Certified:
    """Decide whether the rows have a common solution, with a certificate either way.

    Raises:
        ArithmeticError: the certificate fails its own check (the LP solver erred).
    """
    rows = list(dict.fromkeys((*rows, *_primes(rows))))
    symbols = sorted({x for row in rows for x, _ in row.exponents}, key=str)
    if not any(row.strict for row in rows):
        return Certified(True, tuple((x, Fraction(0)) for x in symbols))
    M = [_integers(row, symbols) for row in rows]
    strict = [int(row.strict) for row in rows]
    equations = [*(list(column) for column in zip(*M, strict=True)), strict]
    found, values = non_negative_solution(equations, [0] * len(symbols) + [1])
    scale = lcm(*(v.denominator for v in values))  # whole multiples of both certificates are checked as well, and fast
    whole = [int(v * scale) for v in values]
    if found:
        combination = [sum(n * a for n, a in zip(whole, column, strict=True)) for column in equations]
        if min(whole) < 0 or any(combination[:-1]) or combination[-1] <= 0:
            raise ArithmeticError("the multipliers found do not prove infeasibility")
        return Certified(False, tuple(values))
    x = [-v for v in values[: len(symbols)]]
    for row, s in zip(M, strict, strict=True):
        slack = -sum(a * n for a, n in zip(row, whole, strict=False))
        if slack < 0 or (s and slack == 0):
            raise ArithmeticError("the point found does not satisfy the system")
    return Certified(True, tuple(zip(symbols, x, strict=True)))


def _primes(rows: Sequence[Row]) -> list[Row]:
    """How the logarithms of primes compare: p^n < q^m < p^(n+1) for the smallest p, and log p > 0."""
    primes = sorted({x for row in rows for x, _ in row.exponents if isinstance(x, Prime)}, key=coefficient)
    found = [Row(((x, S.One),), True) for x in primes[:1]]
    for q in primes[1:]:
        n = _between(int(coefficient(primes[0])), int(coefficient(q)))
        found.append(Row(((primes[0], Rational(-n)), (q, Rational(POWER))), True))
        found.append(Row(((primes[0], Rational(n + 1)), (q, Rational(-POWER))), True))
    return found


@lru_cache(maxsize=1024)
def _between(p: int, q: int) -> int:
    """The n with p^n < q^m < p^(n+1), m = `POWER`."""
    n = int(POWER * log(q) / log(p))
    return n - (p**n > q**POWER) + (p ** (n + 1) < q**POWER)


@lru_cache(maxsize=65536)
def _scaled(row: Row) -> dict[Symbol, int]:
    scale = ilcm(1, 1, *(e.q for _, e in row.exponents))
    return {x: int(e * scale) for x, e in row.exponents}


def _integers(row: Row, symbols: Sequence[Symbol]) -> list[int]:
    """A row times the common denominator of its exponents."""
    scaled = _scaled(row)
    return [scaled.get(x, 0) for x in symbols]


def implies(given: Iterable[Any], then: Any) -> Certified:
    """Certified(feasible=False) iff `given` implies `then`; otherwise the counterexample."""
    return solve_system([*(as_row(g) for g in given), as_row(then).negated()])


def overlap(first: Sequence[Any], second: Sequence[Any]) -> Certified:
    """A common point of two regions, or a proof that there is none."""
    return solve_system([as_row(g) for g in (*first, *second)])


def cover(regions: Sequence[Sequence[Any]], given: Sequence[Any] = ()) -> tuple[Certified | None, int]:
    """(a hole, or None if the regions cover every parameter under `given`; systems decided).

    Depth first: what a region leaves of a cell is split disjointly (row j violated, rows before it satisfied); a
    region that misses the cell leaves it whole, and no system is solved where the cell's known point decides.
    """
    search = _Search([[as_row(relation) for relation in region] for region in regions])
    base = [as_row(g) for g in given]
    hole = search.hole(base, search.point(base, {}), 0)
    return (None if hole is None else Certified(True, tuple(hole.items()))), search.decided


class _Search:
    """Looks for a point outside every region; counts the systems it decides."""

    def __init__(self, regions: list[list[Row]]) -> None:
        self.regions, self.decided = regions, 0

    def point(self, cell: Sequence[Row], known: dict[Symbol, Fraction]) -> dict[Symbol, Fraction] | None:
        """A point of the cell, the known one if it will do, or None (with Motzkin multipliers checked)."""
        if all(_meets(row, known) for row in (*cell, *_primes(cell))):
            return known
        self.decided += 1
        found = solve_system(cell)
        return dict(found.values) if found.feasible else None

    def hole(self, cell: list[Row], point: dict[Symbol, Fraction] | None, k: int) -> dict[Symbol, Fraction] | None:
        """A point of the cell in none of the regions from k on."""
        if point is None or k == len(self.regions):
            return point
        region = self.regions[k]
        if self.point([*cell, *region], point) is None:
            return self.hole(cell, point, k + 1)
        for j, row in enumerate(region):
            rest = [*cell, *region[:j], row.negated()]
            found = self.hole(rest, self.point(rest, point), k + 1)
            if found is not None:
                return found
        return None


def _meets(row: Row, point: dict[Symbol, Fraction]) -> bool:
    slack = sum(e * point.get(x, 0) for x, e in _scaled(row).items())
    return slack > 0 or (slack == 0 and not row.strict)
