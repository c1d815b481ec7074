"""Positive monomials as vectors of exponents: products, quotients and substitutions become linear algebra.

A coefficient enters by its primes, each a `Prime`, a class of symbols that no author's symbol is of, whatever its name.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from sympy import Expr, Integer, Mul, Rational, S, Symbol, expand_power_base, factorrat, igcd, ilcm, powdenest, together

from derivations.notation import theta

__all__ = ["Prime", "coefficient", "exponents", "inequality", "monomial", "ratio", "solved", "substituted"]


class Prime(Symbol):
    """Stands for the logarithm of a prime among the factors of a monomial, log_2 for log 2."""

    __slots__ = ()


def exponents(monomial: Expr) -> dict[Any, Any]:
    """The exponent of each symbol of a positive monomial; the primes of its coefficient appear as symbols too.

    Raises:
        ValueError: the expression is not a monomial with a positive coefficient.
    """
    return dict(_exponents(monomial))


@lru_cache(maxsize=65536)
def _exponents(monomial: Expr) -> dict[Any, Any]:
    powers: dict[Any, Any] = {}
    try:
        _collect(monomial, S.One, powers)
    except ValueError:  # a sum may be a monomial in disguise
        powers.clear()
        _collect(powdenest(expand_power_base(together(monomial), force=True), force=True), S.One, powers)
    return {x: e for x, e in powers.items() if e != 0}


def _collect(monomial: Expr, power: Any, powers: dict[Any, Any]) -> None:
    """Add the exponents of monomial^power: all symbols are positive, so powers of products come apart."""
    if monomial.is_Symbol:
        powers[monomial] = powers.get(monomial, S.Zero) + power
    elif monomial.is_Mul:
        for factor in monomial.args:
            _collect(factor, power, powers)
    elif monomial.is_Pow and monomial.exp.is_Rational:
        _collect(monomial.base, power * monomial.exp, powers)
    elif monomial.is_Rational and monomial > 0:
        for prime, n in factorrat(monomial).items():
            key = Prime(f"log_{prime}", positive=True)
            powers[key] = powers.get(key, S.Zero) + power * n
    else:
        raise ValueError(f"{monomial} is not a monomial with a positive coefficient")


def coefficient(x: Symbol) -> Any:
    """The prime that a symbol of `exponents` stands for; a symbol that stands for none is returned itself."""
    return Integer(x.name.removeprefix("log_")) if isinstance(x, Prime) else x


def ratio(large: dict[Any, Any], small: dict[Any, Any]) -> dict[Any, Any]:
    """The exponents of a quotient of monomials."""
    powers = {x: large.get(x, S.Zero) - small.get(x, S.Zero) for x in (*large, *small)}
    return {x: e for x, e in powers.items() if e != 0}


def substituted(powers: dict[Any, Any], solution: dict[Any, dict[Any, Any]]) -> dict[Any, Any]:
    """A monomial with monomials put in for some of its symbols."""
    total: dict[Any, Any] = {}
    for x, e in powers.items():
        for y, f in solution.get(x, {x: S.One}).items():
            total[y] = total.get(y, S.Zero) + e * f
    return {x: e for x, e in total.items() if e != 0}


def monomial(powers: dict[Any, Any]) -> Any:
    """The expression with these exponents (a prime of a coefficient stands for itself)."""
    return Mul(*(coefficient(x) ** e for x, e in sorted(powers.items(), key=lambda item: str(item[0]))))


def inequality(kind: Any, powers: dict[Any, Any]) -> Any:
    """The inequality "monomial compared with 1", multiplied out and raised to a power so that all its exponents are
    positive integers. It is written in θ² where that leaves nothing worse than square roots.
    """
    if powers:
        scale = Rational(ilcm(1, 1, *(e.q for e in powers.values())), igcd(0, 0, *(e.p for e in powers.values())))
        smaller = scale * min(S.One, 2 / abs(scale * powers.get(theta, S.One)))
        if all((smaller * e).q <= 2 for e in powers.values()):
            scale = smaller
        powers = {x: scale * e for x, e in powers.items()}
    left = monomial({x: e for x, e in powers.items() if e > 0})
    return kind(left, monomial({x: -e for x, e in powers.items() if e < 0}))


def solved(rows: list[list[Fraction]], count: int) -> list[list[Fraction]] | None:
    """The solution X of MX = N by elimination, from the rows of (M | N), where M has `count` columns.

    None if there is no solution, or more than one.
    """
    rows = [list(row) for row in rows]
    for k in range(count):
        pivot = next((j for j in range(k, len(rows)) if rows[j][k]), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [x / rows[k][k] for x in rows[k]]
        for j, row in enumerate(rows):
            if j != k and row[k]:
                rows[j] = [x - row[k] * y for x, y in zip(row, rows[k], strict=True)]
    return None if any(any(row) for row in rows[count:]) else [row[count:] for row in rows[:count]]
