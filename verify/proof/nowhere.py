"""An exact point at which something has the wrong sign: small rationals, and values at which it switches.

All dimensions are 1 there, so that matrices are numbers. Every condition is decided in rationals; where a root or a
logarithm comes in, the point is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from derivations.algebra.nodes import Diagonal, Eigenvalue, LogDet, SumModes
from derivations.statements.claim import Claim, Domain

__all__ = ["counterexample", "of_size_one"]

_MOST = 2000  # points looked at
_GRID = 400  # of which this many come from the lists below, the others are where the sign switches
_ABOVE = (1, 2, sp.Rational(1, 2), 3, 10, sp.Rational(1, 10), 100, 10**4, sp.Rational(1, 100), 10**6)
_VALUES: Mapping[Domain, tuple[Any, ...]] = {
    Domain.COUNT: (1, 2, 3, 10, 100),
    Domain.UNIT: (0, sp.Rational(1, 2), sp.Rational(-1, 2), sp.Rational(9, 10), sp.Rational(-9, 10)),
    Domain.FLAGS: (0, 1),
    Domain.ORTHOGONAL: (1, -1),
    Domain.SIGNED_PERMUTATION: (1, -1),
}


def counterexample(e: Any, right: frozenset[int], held: tuple[Any, ...], claim: Claim) -> dict[Any, Any] | None:
    """Values of symbols at which the assumptions and `held` hold, and the sign of e is none of the right ones."""
    domains = {v.symbol: v.domain for v in claim.variables}
    try:
        sizes = {s: sp.S.One for v in claim.variables if v.symbol.is_Matrix for s in _shape_symbols(v.symbol)}
        conditions = [of_size_one(c).xreplace(sizes) for c in (*held, *claim.assumptions, *claim.dimensions)]
        scalar = of_size_one(e).xreplace(sizes)
    except TypeError:  # something that has no value at this size
        return None
    numbers = {X: _number(X) for X in domains}
    if sp.false in conditions:
        return None
    kinds = {numbers[X]: domains[X] for X in domains}
    free = scalar.free_symbols.union(*(c.free_symbols for c in conditions))
    if not free <= set(kinds):
        return None
    names = {numbers[X]: X for X in domains}
    for point in _points(scalar, sorted(free, key=str), kinds):
        if _wrong(scalar, right, conditions, point):
            return {names[s]: v for s, v in point.items()}
    return None


def _shape_symbols(X: Any) -> set[Any]:
    return {s for n in X.shape for s in sp.S(n).free_symbols}


def _number(X: Any) -> Any:
    return sp.Symbol(f"{X.name} ", real=True) if X.is_Matrix else X  # a blank, which no symbol's name ends in


def of_size_one(e: Any) -> Any:
    """The scalar that an expression is where every matrix is 1×1 and there is one mode.

    Raises:
        TypeError: it has a part that this does not know.
    """
    if isinstance(e, sp.MatrixSymbol):
        return _number(e)
    if isinstance(e, sp.Identity):
        return sp.S.One
    if isinstance(e, sp.ZeroMatrix):
        return sp.S.Zero
    if isinstance(e, sp.Symbol | sp.Number | sp.NumberSymbol) or not e.args:
        return e
    if isinstance(e, SumModes) and e.args[1:] != (sp.S.Zero, sp.oo):
        raise TypeError(f"{e} runs over some of the modes")
    parts = [of_size_one(a) for a in e.args] if not isinstance(e, SumModes) else [of_size_one(e.args[0])]
    for kinds, make in _MAKE:
        if isinstance(e, kinds):
            return make(*parts)
    if isinstance(e, sp.Piecewise | Relational | sp.And | sp.Or | sp.Not | sp.Tuple):
        return e.func(*parts)
    raise TypeError(f"{type(e).__name__} of size one")


_MAKE: tuple[tuple[Any, Any], ...] = (
    (sp.Inverse, lambda x, *_: 1 / x),
    (sp.Transpose | sp.Trace | sp.Determinant | Eigenvalue | SumModes | Diagonal, lambda x, *_: x),
    (LogDet | sp.log, sp.log),
    (sp.MatMul | sp.Mul | sp.HadamardProduct, sp.Mul),
    (sp.MatAdd | sp.Add, sp.Add),
    (sp.MatPow | sp.Pow, sp.Pow),
)


def _candidates(domain: Domain) -> tuple[Any, ...]:
    if domain in _VALUES:
        return _VALUES[domain]
    facts = domain.facts
    if facts.open:
        return _ABOVE
    return (0, *_ABOVE) if facts.nonnegative else (0, *(s * x for x in _ABOVE for s in (1, -1)))


def _inside(value: Any, domain: Domain) -> bool:
    if domain in (Domain.COUNT, Domain.FLAGS, Domain.ORTHOGONAL, Domain.SIGNED_PERMUTATION):
        return value in _VALUES[domain] or (domain is Domain.COUNT and value.is_Integer and value > 0)
    if domain is Domain.UNIT:
        return bool(abs(value) < 1)
    return bool(value > 0 if domain.facts.open else value >= 0 or not domain.facts.nonnegative)


def _points(e: Any, free: list[Any], kinds: Mapping[Any, Domain]) -> Iterator[dict[Any, Any]]:
    """Points of a grid, and next to each the ones where e is 0 as a function of one symbol, or just beyond."""
    count = 0
    lists = [_candidates(kinds[s]) for s in free]
    while len(lists) > 1 and sp.prod([len(x) for x in lists]) > _GRID:
        widest = max(range(len(lists)), key=lambda k: len(lists[k]))
        lists[widest] = lists[widest][:-1]
    for values in product(*lists):
        grid = {s: sp.S(v) for s, v in zip(free, values, strict=True)}
        for point in (grid, *_switching(e, grid)):
            count += 1
            if count > _MOST:
                return
            if all(_inside(v, kinds[s]) for s, v in point.items()):
                yield point


def _switching(e: Any, grid: Mapping[Any, Any]) -> Iterator[dict[Any, Any]]:
    for s in sorted(e.free_symbols & set(grid), key=str):
        others = {x: v for x, v in grid.items() if x is not s}
        try:
            polynomial = sp.Poly(sp.fraction(sp.together(e.subs(others)))[0], s, domain="QQ")
        except (sp.PolynomialError, sp.CoercionFailed):
            continue
        if 0 < polynomial.degree() <= 8:
            for root in sorted(polynomial.ground_roots()):
                for value in (root, root + 1, root - 1, 2 * root, root / 2):
                    yield {**others, s: value}


def _wrong(e: Any, right: frozenset[int], conditions: list[Any], point: Mapping[Any, Any]) -> bool:
    if not all(_true(c, point) for c in conditions):
        return False
    value = e.subs(point)
    return bool(value.is_Rational) and int(sp.sign(value)) not in right


def _true(condition: Any, point: Mapping[Any, Any]) -> bool:
    """Whether a condition holds, decided in rationals alone."""
    if not isinstance(condition, Relational):
        if isinstance(condition, sp.And | sp.Or | sp.Not):
            known = [_true(c, point) for c in condition.args]
            return (
                all(known) if isinstance(condition, sp.And) else any(known) if isinstance(condition, sp.Or) else False
            )
        return bool(condition == sp.true)
    sides = [side.subs(point) for side in condition.args]
    return all(side.is_Rational for side in sides) and condition.func(*sides) == sp.true
