"""Which signs a real expression can have, by rules that are exact: what they do not see they leave open.

Products and powers by their factors, sums by their terms; else by what is held (an assumption, the condition of a
branch): as a multiple of a held difference and something of known sign, or, for differences of monomials, by an exact
linear program in logarithms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from typing import Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Not, Or

from derivations.algebra.cases import logarithmic
from derivations.algebra.cones import as_row, solve_system
from derivations.algebra.nodes import SumModes, fact

__all__ = ["ANY", "NONNEGATIVE", "POSITIVE", "branches", "conjuncts", "find_signs", "possible"]

Signs = frozenset[int]
ANY: Signs = frozenset({-1, 0, 1})
POSITIVE: Signs = frozenset({1})
NONNEGATIVE: Signs = frozenset({0, 1})
_NEGATIVE: Signs = frozenset({-1, 0})
_DEEP = 6  # how often a sum is rewritten before its sign is left open
_LONG = 24  # terms of a sum that is rewritten


def conjuncts(condition: Any) -> Iterator[Any]:
    """The relations that hold where a condition holds; of an alternative nothing is known."""
    if isinstance(condition, And):
        for part in condition.args:
            yield from conjuncts(part)
    elif isinstance(condition, Not) and isinstance(condition.args[0], Or):
        for part in condition.args[0].args:
            yield from conjuncts(sp.Not(part))
    elif isinstance(condition, Relational):
        yield condition


def branches(e: sp.Piecewise) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """(value, what holds there) for every case of a case distinction: its condition, and none before it."""
    before: tuple[Any, ...] = ()
    for value, condition in e.args:
        yield value, (*before, *conjuncts(condition))
        before = (*before, *conjuncts(sp.Not(condition)))


def possible(held: Iterable[Any]) -> bool:
    """Whether conditions may hold together, as far as the linear program over their monomials tells."""
    rows = _rows(held)
    return not rows or solve_system(rows).feasible


def _rows(held: Iterable[Any]) -> list[Any]:
    found = []
    for c in held:
        if isinstance(c, sp.Gt | sp.Ge | sp.Lt | sp.Le) and _positive_powers(c) and logarithmic(c):
            try:
                found.append(as_row(c))
            except ValueError:  # no comparison of monomials
                continue
    return found


def _positive_powers(condition: Any) -> bool:
    """Whether both sides are defined where symbols that may be 0 are 0."""
    powers = condition.atoms(sp.Pow)
    return not any(p.exp.is_negative and any(not s.is_positive for s in p.free_symbols) for p in powers)


def find_signs(e: Any, held: tuple[Any, ...] = (), deep: int = _DEEP) -> Signs:
    """The signs among −1, 0, 1 that e may have where it is defined and what is `held` holds."""
    e = sp.S(e)
    if e.is_number:
        return _of_number(e)
    found = _by_form(e, held, deep)
    for c in held if len(found) > 1 else ():
        found &= _from(e, c)
    if 0 in found and isinstance(e, sp.Symbol) and any(_fails_at_zero(c, e, held) for c in held):
        found -= {0}
    if len(found) > 1 and deep and isinstance(e, sp.Add) and len(e.args) <= _LONG:
        found &= _rewritten(e, held, deep - 1)
    return found


def _fails_at_zero(condition: Any, x: Any, held: Sequence[Any]) -> bool:
    """Whether a strict condition, like x² > a for a positive a, is false where x is 0 and what else is held holds."""
    if not isinstance(condition, sp.Gt | sp.Lt) or x not in condition.free_symbols:
        return False
    sums = set().union(*(c.atoms(SumModes) for c in (condition, *held)))  # of every mode: the mode x is not meant there
    named = {n: sp.Dummy(real=True) for n in sums}
    condition, *held = (c.xreplace(named) for c in (condition, *held))
    gap = (condition.gts - condition.lts).subs(x, 0)
    others = tuple(c for c in held if x not in c.free_symbols)
    return not gap.has(sp.zoo, sp.nan, sp.oo) and find_signs(gap, others, 0) <= _NEGATIVE


def _of_number(e: Any) -> Signs:
    for sign, known in ((1, e.is_positive), (-1, e.is_negative), (0, e.is_zero)):
        if known:
            return frozenset({sign})
    return ANY


def _by_form(e: Any, held: tuple[Any, ...], deep: int) -> Signs:
    if isinstance(e, sp.Symbol):
        return POSITIVE if e.is_positive else NONNEGATIVE if e.is_nonnegative else ANY
    if isinstance(e, sp.Mul):
        return reduce(_times, (find_signs(f, held, deep) for f in e.args))
    if isinstance(e, sp.Pow):
        return _of_power(find_signs(e.base, held, deep), e.exp)
    if isinstance(e, sp.Add):
        return reduce(_plus, (find_signs(t, held, deep) for t in e.args))
    if isinstance(e, sp.Piecewise):
        cases = [find_signs(value, (*held, *here), deep) for value, here in branches(e) if possible((*held, *here))]
        return frozenset().union(*cases) if cases else ANY
    if isinstance(e, sp.log):
        return find_signs(e.args[0] - 1, held, deep)
    if isinstance(e, SumModes):
        return find_signs(e.args[0], (), deep) | {0}
    known = fact(e, "nonnegative")
    return NONNEGATIVE if known and known(e) else ANY


def _times(a: Signs, b: Signs) -> Signs:
    return frozenset(x * y for x in a for y in b)


def _plus(a: Signs, b: Signs) -> Signs:
    found: set[int] = set()
    for x in a:
        for y in b:
            found |= ANY if x * y < 0 else {x or y}
    return frozenset(found)


def _of_power(base: Signs, n: Any) -> Signs:
    if not n.is_Rational:
        return ANY
    base = base - {0} if n < 0 else base
    if n.q > 1:
        base = base - {-1}  # the power is defined
    elif n.p % 2 == 0:
        base = frozenset(x * x for x in base)
    return base or ANY


def _from(e: Any, condition: Any) -> Signs:
    """What one condition says: e is a multiple of its difference, or that and something of known sign."""
    if isinstance(condition, sp.Gt | sp.Ge | sp.Lt | sp.Le):
        gap, known = condition.gts - condition.lts, POSITIVE if condition.func in (sp.Gt, sp.Lt) else NONNEGATIVE
    elif isinstance(condition, sp.Eq | sp.Ne):
        gap = condition.lhs - condition.rhs
        known = frozenset({0}) if isinstance(condition, sp.Eq) else ANY - {0}
    else:
        return ANY
    if gap.is_Matrix or gap.is_number:
        return ANY
    for side in (1, -1):
        rest = sp.expand(e - side * gap)
        found = _plus(_times(frozenset({side}), known), find_signs(rest, (), 0))
        if found != ANY:
            return found
    factor = _quotient(e, gap)
    return ANY if factor is None else _times(find_signs(factor, (), 0), known)


def _quotient(e: Any, gap: Any) -> Any:
    """Q with e = q·gap and no sum in its denominator, or None."""
    if not (isinstance(e, sp.Add) and isinstance(gap, sp.Add)):
        return None
    ratio = [t / sp.Add.make_args(gap)[0] for t in sp.Add.make_args(e)]
    return next((q for q in ratio if q.free_symbols <= e.free_symbols and sp.expand(q * gap - e) == 0), None)


def _rewritten(e: Any, held: tuple[Any, ...], deep: int) -> Signs:
    found = _by_monomials(e, held, deep)
    if len(found) == 1 or e.has(sp.Piecewise, sp.MatrixExpr):
        return found
    try:
        over = sp.factor(sp.together(e))
    except sp.PolynomialError:
        return found
    return found & find_signs(over, held, deep) if over != e and not isinstance(over, sp.Add) else found


def _by_monomials(e: Any, held: tuple[Any, ...], deep: int) -> Signs:
    """Each negative monomial below a positive one of its own: a linear program for every pair."""
    terms = [sp.factor_terms(t) for t in sp.Add.make_args(sp.expand(e))]
    of = {t: find_signs(t, (), deep) for t in terms}
    above = [t for t in terms if of[t] <= NONNEGATIVE]
    below = [-t for t in terms if of[t] <= _NEGATIVE]
    if len(above) + len(below) < len(terms) or not (above and below):
        return ANY
    for sign, high, low in ((1, above, below), (-1, below, above)):
        if (found := _dominated(high, low, held)) is not None:
            return frozenset(sign * x for x in found)
    return ANY


def _dominated(high: list[Any], low: list[Any], held: tuple[Any, ...]) -> Signs | None:
    rows, rest, strict = _rows(held), list(high), False
    for m in low:
        for larger in rest:
            if (certain := _larger(larger, m, rows)) is not None:
                rest.remove(larger)
                strict = strict or certain
                break
        else:
            return None
    return POSITIVE if strict or any(find_signs(t, (), 0) == POSITIVE for t in rest) else NONNEGATIVE


def _larger(a: Any, b: Any, rows: list[Any]) -> bool | None:
    """Whether a > b (True), or a ≥ b (False), follows; None if neither."""
    for relation, certain in ((sp.Gt(a, b, evaluate=False), True), (sp.Ge(a, b, evaluate=False), False)):
        if not (logarithmic(relation) and _positive_powers(relation)):
            return None
        try:
            row = as_row(relation)
        except ValueError:
            return None
        if not solve_system([*rows, row.negated()]).feasible:
            return certain
    return None
