"""What hypotheses exclude, decided through monomials: in every case, for every choice of which atoms are 0."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from fractions import Fraction
from functools import lru_cache, partial
from itertools import chain, product

from verify.proof.core.arithmetic import NOT_NEGATIVE
from verify.proof.core.context import Context
from verify.proof.core.motzkin import Row, impossible
from verify.proof.core.polynomials import Mono, Poly, atom, mono, only, packed, primes
from verify.proof.core.terms import RELATIONS, Number, RejectedError, Term, number, shown

# A side of a comparison: a monomial in atoms ≥ 0 with coefficient ≥ 0, or 0 (which is no monomial, and None here).
Side = tuple[Mono, Number] | None
Compared = tuple[Side, Side, bool]  # large ≥ small, or > if strict
MOST_ZERO = 8


@lru_cache(maxsize=8192)
def context(hypotheses: frozenset[Term], plain: bool = False) -> Context:
    """What hypotheses say; a plain context does not ask what they exclude."""
    if plain:
        return Context(hypotheses, context)
    symbols = {x for h in hypotheses for x in h.symbols if x.head == "symbol" and x.args[1] == ">="}
    positive = (x for x in symbols if excluded(hypotheses, Term(">=", number(0), x), plain=True))
    return Context(hypotheses, context, frozenset(positive), partial(_excludes, hypotheses))


@lru_cache(maxsize=8192)
def _loose(hypotheses: frozenset[Term], plain: bool) -> Context:
    positive = context(hypotheses, plain).positive
    return Context(hypotheses, context, positive, None if plain else partial(_excludes, hypotheses), loose=True)


def excluded(hypotheses: frozenset[Term], *more: Term, plain: bool = False) -> bool:
    """Whether no values meet all these: first as they stand, then with what the hypotheses say of signs."""
    every = hypotheses.union(more)
    return _excluded(frozenset(), every, True, ()) or _excluded(hypotheses, every, plain, ())


def _excludes(hypotheses: frozenset[Term], large: Poly, small: Poly, strict: bool) -> bool:
    """Whether hypotheses exclude a relation between two monomials."""
    here = context(hypotheses, True)
    try:
        return _excluded(hypotheses, hypotheses, True, ((_side(here, large), _side(here, small), strict),))
    except RejectedError:
        return False


@lru_cache(maxsize=65536)
def _excluded(known: frozenset[Term], every: frozenset[Term], plain: bool, extra: tuple[Compared, ...]) -> bool:
    here = _loose(known, plain)
    return all(_impossible(here, [*extra, *_compared(here, case)]) for case in cases(Term("and", *every)))


def cases(f: Term) -> list[list[tuple[Term, Term, bool]]]:
    """Disjunctive normal form over inequalities (large, small, strict); predicates of matrices say nothing here."""
    if f.head == "and":
        return [list(chain.from_iterable(parts)) for parts in product(*map(cases, f.args))]
    if f.head == "or":
        return [case for a in f.args for case in cases(a)]
    if f.head not in RELATIONS:
        return [] if f.head == "false" else [[]]
    a, b = f.args
    if f.head == "=":
        return [[(a, b, False), (b, a, False)]]
    return [[(a, b, True)], [(b, a, True)]] if f.head == "!=" else [[(a, b, f.head == ">")]]


def _compared(here: Context, case: Iterable[tuple[Term, Term, bool]]) -> list[Compared]:
    """Those relations of a case that compare monomials."""
    found = ((_sides(here, large, small), strict) for large, small, strict in case)
    return [(*sides, strict) for sides, strict in found if sides is not None]


@lru_cache(maxsize=65536)
def _sides(here: Context, large: Term, small: Term) -> tuple[Side, Side] | None:
    """Both as monomials, if they are."""
    with suppress(RejectedError):
        return _as_it_stands(here, large), _as_it_stands(here, small)
    with suppress(RejectedError):
        p = here.difference(Term(">=", large, small))
        up, down = ({m: max(c, -c) for m, c in p.items() if (c > 0) is yes} for yes in (True, False))
        return _side(here, up), _side(here, down)
    return None


def _as_it_stands(here: Context, t: Term) -> Side:
    """A product as it is written: a factor that is a sum of known sign is one atom."""
    p = here.poly(t)
    whole = len(p) > 1 or any(a.head == "poly" for m in p for a, _ in m)
    if t.head != "product" or not whole:
        return _side(here, p)
    powers: dict[Term, Number] = {}
    coefficient: Number = 1
    for part in t.args:
        side = _as_it_stands(here, part)
        if side is None:
            return None
        coefficient *= side[1]
        for a, e in side[0]:
            powers[a] = powers.get(a, 0) + e
    return frozenset(powers.items()), coefficient


def _side(here: Context, p: Poly) -> Side:
    """A normal form as a monomial in what is known ≥ 0."""
    if not p:
        return None
    m, c = only(p if len(p) == 1 else atom(packed(p)))
    if c < 0 or any(here.sign(a) not in NOT_NEGATIVE for a, _ in m):
        raise RejectedError("not a monomial in what is known to be >= 0")
    return m, c


def _impossible(here: Context, compared: list[Compared]) -> bool:
    """Whether no values satisfy all, whichever atoms are 0."""
    atoms = {a for sides in compared for side in sides[:2] if side for a, _ in side[0]}
    zero = sorted((a for a in atoms if here.sign(a) != ">"), key=shown)
    rows = [_row(*sides) for sides in compared]
    return len(zero) <= MOST_ZERO and all(
        _impossible_where({a for a, z in zip(zero, at, strict=True) if z}, compared, rows)
        for at in product((False, True), repeat=len(zero))
    )


def _impossible_where(zero: set[Term], compared: list[Compared], rows: list[Row | None]) -> bool:
    """Whether none satisfy all where exactly these atoms are 0; what is not defined there says nothing."""
    found: set[Row] = {
        (frozenset(primes(max(c, 1 / c)).items()), True)
        for large, small, _ in compared
        if large and small and (c := Fraction(large[1], small[1])) != 1
    }
    atoms = {a for sides in compared for side in sides[:2] if side for a, _ in side[0]}
    found |= {(mono({a: 1}), False) for a in atoms if a.head == "symbol" and a.args[1:3] == (">", True)}  # n ≥ 1
    for (large, small, strict), row in zip(compared, rows, strict=True):
        if any(a in zero and e < 0 for side in (large, small) if side for a, e in side[0]):
            continue
        up, down = (side is not None and not any(a in zero for a, _ in side[0]) for side in (large, small))
        if not up and (down or strict):
            return True
        if up and down and row:
            found.add(row)
    return impossible(frozenset(found))


@lru_cache(maxsize=65536)
def _row(large: Side, small: Side, strict: bool) -> Row | None:
    """A comparison of two monomials in logarithms."""
    if large is None or small is None:
        return None
    powers: dict[Term, Number] = {}
    for (m, c), turn in ((large, 1), (small, -1)):
        for a, e in (*m, *primes(c).items()):
            powers[a] = powers.get(a, 0) + turn * e
    return mono(powers), strict
