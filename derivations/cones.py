"""Monomial inequalities are linear in logarithms: implication, holes and overlaps by exact LP.

A relation between monomials with positive coefficients becomes a row a with a·x > 0 or a·x ≥ 0, x the
logarithms of the symbols (the logarithm of each prime in a coefficient is one more positive unknown).
Motzkin's theorem: {a_i·x > 0, b_j·x ≥ 0} has no solution iff some y ≥ 0 has Σ y_i a_i + Σ y_j b_j = 0
and Σ y_i > 0 over the strict rows. Whichever holds, the certificate is re-checked in rationals here,
so the verdict does not rest on the LP solver. A. Schrijver, Theory of Linear and Integer Programming, §7.8.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product as cartesian
from typing import Any

from sympy import (
    Expr,
    Ge,
    Gt,
    Le,
    Lt,
    Matrix,
    Mul,
    Rational,
    S,
    Symbol,
    expand_power_base,
    factorrat,
    powdenest,
    together,
)

from derivations.simplex import non_negative_solution

__all__ = ["Certified", "Row", "as_row", "cover", "implies", "overlap", "solve_system"]


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


def exponents(monomial: Expr) -> dict[Any, Any]:
    """Exponents of a positive monomial; primes of its coefficient appear as symbols.

    Raises:
        ValueError: not a monomial with a positive coefficient.
    """
    powers: dict[Any, Any] = {}
    for factor in Mul.make_args(powdenest(expand_power_base(together(monomial), force=True), force=True)):
        base, exponent = factor.as_base_exp()
        if not exponent.is_Rational:
            raise ValueError(f"{monomial} is not a monomial")
        if base.is_Symbol:
            powers[base] = powers.get(base, S.Zero) + exponent
        elif base.is_Rational and base > 0:
            for prime, n in factorrat(base).items():
                key = Symbol(f"log_{prime}", positive=True)
                powers[key] = powers.get(key, S.Zero) + exponent * n
        else:
            raise ValueError(f"{monomial} is not a monomial with a positive coefficient")
    return {x: e for x, e in powers.items() if e != 0}


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
    primes = {x for row in rows for x, _ in row.exponents if str(x).startswith("log_")}
    rows = [*rows, *(Row(((x, S.One),), True) for x in sorted(primes, key=str))]
    symbols = sorted({x for row in rows for x, _ in row.exponents}, key=str)
    M = Matrix(len(rows), len(symbols), lambda i, j: dict(rows[i].exponents).get(symbols[j], 0))
    if not any(row.strict for row in rows):
        return Certified(True, tuple((x, S.Zero) for x in symbols))
    columns = [[*M[i, :], int(row.strict)] for i, row in enumerate(rows)]
    equations = [[Fraction(int(c[k].p), int(c[k].q)) if k < len(symbols) else c[k] for c in columns]
                 for k in range(len(symbols) + 1)]  # fmt: skip
    found, values = non_negative_solution(equations, [0] * len(symbols) + [1])
    if found:
        y = Matrix([[Rational(v.numerator, v.denominator) for v in values]])
        weight = sum((v for v, row in zip(y, rows, strict=True) if row.strict), S.Zero)
        if any(v < 0 for v in y) or any(v != 0 for v in y * M) or weight <= 0:
            raise ArithmeticError("the multipliers found do not prove infeasibility")
        return Certified(False, tuple(y))
    x = Matrix([-Rational(v.numerator, v.denominator) for v in values[: len(symbols)]])
    if any(v < 0 or (row.strict and v == 0) for v, row in zip(M * x, rows, strict=True)):
        raise ArithmeticError("the point found does not satisfy the system")
    return Certified(True, tuple(zip(symbols, x, strict=True)))


def implies(given: Iterable[Any], then: Any) -> Certified:
    """Certified(feasible=False) iff `given` implies `then`; otherwise the counterexample."""
    return solve_system([*(as_row(g) for g in given), as_row(then).negated()])


def overlap(first: Sequence[Any], second: Sequence[Any]) -> Certified:
    """A common point of two regions, or a proof that there is none."""
    return solve_system([as_row(g) for g in (*first, *second)])


def cover(regions: Sequence[Sequence[Any]], given: Sequence[Any] = ()) -> tuple[Certified | None, int]:
    """(a hole, or None if the regions cover every parameter under `given`; systems decided).

    A point outside all regions violates at least one inequality of each; every choice is a system.
    """
    base = [as_row(g) for g in given]
    choices = [[as_row(relation).negated() for relation in region] for region in regions]
    decided = 0
    for picked in cartesian(*choices):
        decided += 1
        found = solve_system([*base, *picked])
        if found.feasible:
            return found, decided
    return None, decided
