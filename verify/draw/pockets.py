"""A point in every case of a claim's formulas, however rarely chance would meet it.

A case is what its conditions and the claim's assumptions say together. Where these compare products of powers they are
linear in logarithms, once it is said which symbols are positive, negative or 0: an exact linear program gives a point.
Every point found is looked at again in rationals; what is not found is left to chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import islice, product
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from derivations.algebra.budget import Exhausted
from derivations.algebra.cases import truths
from derivations.algebra.cones import Row, as_row, solve_system
from derivations.algebra.monomials import Prime, coefficient
from derivations.domain import Domain
from derivations.statements.base import Statement, conditions
from derivations.statements.claim import Claim

__all__ = ["find_pockets"]

_CASES = 64  # of a statement
_PATTERNS = 81  # of signs
_FAR = 300  # decimal logarithm of the largest float
_SIGNS: Mapping[Domain, tuple[int, ...]] = {Domain.POSITIVE: (1,), Domain.NONNEGATIVE: (1, 0), Domain.REAL: (1, -1, 0)}


@lru_cache(maxsize=512)
def find_pockets(claim: Claim) -> tuple[Mapping[Any, float], ...]:
    """Values of scalars, each in a case of some statement whose conditions are about scalars alone."""
    domains = {v.symbol: v.domain for v in claim.variables if v.domain in _SIGNS}
    found: dict[Any, Mapping[Any, float]] = {}
    for statement in claim.statements:
        for held in _cases(claim, statement, set(domains)):
            point = _point(held, domains)
            if point is not None:
                found[tuple(sorted((str(x), v) for x, v in point.items()))] = point
    return tuple(found.values())


def _cases(claim: Claim, statement: Statement, scalars: set[Any]) -> Iterator[tuple[Any, ...]]:
    """The conditions that hold together in each case, assumptions about scalars included."""
    names = {**claim.definitions, **statement.definitions}
    written = [_inlined(e, names) for e in statement.expressions()]
    usual = [e for e in written if (said := [*conditions(e)]) and all(c.free_symbols <= scalars for c in said)]
    given = [p for a in claim.assumptions for p in sp.And.make_args(_inlined(a, names)) if p.free_symbols <= scalars]
    try:
        for held, _ in islice(truths(usual), _CASES) if usual else ():
            yield (*held, *(c for c in given if isinstance(c, Relational)))
    except Exhausted:
        return


def _inlined(e: Any, names: Mapping[Any, Any]) -> Any:
    for symbol, value in reversed([*names.items()]):
        e = sp.S(e).xreplace({symbol: value})
    return sp.S(e)


def _point(held: tuple[Any, ...], domains: Mapping[Any, Domain]) -> dict[Any, float] | None:
    """Values at which all relations hold, if a sign pattern and a linear program give some."""
    free = sorted(set().union(*(c.free_symbols for c in held)), key=str)
    for signs in islice(product(*(_SIGNS[domains[x]] for x in free)), _PATTERNS):
        sizes = {x: sp.Dummy(x.name, positive=True) for x in free}
        put = {x: sign * sizes[x] for x, sign in zip(free, signs, strict=True)}
        rows = _rows([(type(c), *(side.xreplace(put) for side in c.args)) for c in held])
        found = None if rows is None else solve_system(rows)
        if found is None or not found.feasible:
            continue
        logs = dict(found.values)
        base, unit = _base(logs)
        powers = {x: logs.get(sizes[x], Fraction(0)) / unit for x in free}
        if any(abs(p) * base.bit_length() > 3 * _FAR for p in powers.values()):
            continue
        point = {x: sign * float(base) ** float(powers[x]) for x, sign in zip(free, signs, strict=True)}
        exact = {x: sp.Rational(v) for x, v in point.items()}
        if all(c.subs(exact) == sp.true for c in held):
            return point
    return None


def _base(logs: Mapping[Any, Fraction]) -> tuple[int, Fraction]:
    """(a number, the logarithm that the program gives it): a prime that occurs, else 2."""
    primes = sorted((x for x in logs if isinstance(x, Prime)), key=coefficient)
    if primes:
        return int(coefficient(primes[0])), logs[primes[0]]
    return 2, max([Fraction(1, 2), *map(abs, logs.values())])  # whole powers of 2, where there are few numbers


def _rows(relations: list[tuple[Any, Any, Any]]) -> list[Row] | None:
    """The relations that signs alone do not decide, as rows; None if they decide one to be false."""
    found: list[Row] = []
    for kind, left, right in relations:
        a, b = (_sign(side) for side in (left, right))
        if a is None or b is None or kind is sp.Ne:
            continue  # looked at afterwards
        if a != b or a == 0:
            if kind(sp.Integer(a), sp.Integer(b)) == sp.false:
                return None
            continue
        sides = (left, right) if a > 0 else (-right, -left)
        try:
            kinds = (sp.Ge, sp.Le) if kind is sp.Eq else (kind,)
            found += [as_row(k(*sides, evaluate=False)) for k in kinds]
        except ValueError:  # no comparison of products
            continue
    return found


def _sign(e: Any) -> int | None:
    return 1 if e.is_positive else -1 if e.is_negative else 0 if e.is_zero else None
