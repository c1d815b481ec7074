"""A tactic for traces and sums that end at different modes: all are brought to i ≤ m, then compared mode by mode."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from derivations.notation import D, r, theta
from verify.proof.core.exclusion import context
from verify.proof.core.polynomials import Mono, Poly, added, scaled, unpacked
from verify.proof.core.reading import read
from verify.proof.core.terms import (
    INDEX,
    INFINITY,
    ONE,
    RELATIONS,
    ZERO,
    Number,
    RejectedError,
    Term,
    has,
    indicator,
    least,
    number,
    whole,
)
from verify.proof.core.theorem import Theorem
from verify.proof.tactics import Hypotheses, Prover, Weighted, at_every_mode, combined

SPECTRUM, RANK = read(theta), frozenset({read(D), read(r)})


def over_modes(hypotheses: Hypotheses, goal: Term, m: Term, facts: Sequence[Weighted], prover: Prover) -> Theorem:
    """The goal, all of whose sums over modes are written as sums over i ≤ m; facts are equations to put in first."""
    found, entries = [*facts], []
    about = RELATIONS | {"definite"}
    where_zero = frozenset(h for h in hypotheses if not h.modal and h.head in about and not has(h, "modes"))
    where_zero |= {Term("=", SPECTRUM, ZERO)}
    for mono, c in _without(hypotheses, goal, facts).items():
        entry, moved = _entry(mono, m, lambda g: prover(where_zero, g))
        found += moved
        if entry is not None:
            entries.append(Term("product", number(c), entry))
    whole = Term("sum", *entries) if entries else ZERO
    at_one = prover(at_every_mode(hypotheses, ZERO, m), Term(goal.head, whole, ZERO))
    found.append((ONE, Theorem("modewise", [at_one], ZERO, m)))
    return combined(hypotheses, goal, found)


def _without(hypotheses: Hypotheses, goal: Term, facts: Sequence[Weighted]) -> Poly:
    """The goal's difference, less the facts' that share with it something that is no sum over modes."""
    here = context(hypotheses)
    left: Poly = here.difference(goal)
    for w, t in facts:
        p = here.times(here.poly(w), here.difference(t.conclusion))
        pivot = next((k for k in p if k in left and not any(a.head == "modes" for a, _ in k)), None)
        if pivot is not None:
            left = added(left, scaled(p, whole(Fraction(-left[pivot], p[pivot]))))
    return left


def _entry(mono: Mono, m: Term, prover: Callable[[Term], Theorem]) -> tuple[Term | None, list[Weighted]]:
    """What a monomial is at each mode i ≤ m, and the theorems that say so."""
    sums = [a for a, _ in mono if a.head == "modes"]
    if not sums:  # so many of something
        return _counted(dict(mono), m)
    inner, lo, hi = sums[0].args
    if lo != ZERO and m != INFINITY:
        return None, []
    outer = _product((a, e) for a, e in mono if a != sums[0])
    ((powers, _),) = unpacked(inner).items()
    f = _product(powers)
    dimensions = hi.args[0] if hi.head == "least" else frozenset({hi})
    left, moved = _padded(f, dimensions, lo, prover)
    if left == {INFINITY} != {m}:
        moved.append(Theorem("concat", [], f, m, INFINITY, frozenset()))
    others = left - {m, INFINITY}
    if others or lo != ZERO:
        moved.append(Theorem("reach", [], f, lo, m, others))
    reached = [indicator(Term(">=", n, INDEX)) for n in sorted(others, key=repr)]
    reached += [indicator(Term(">", INDEX, lo))] if lo != ZERO else []
    return Term("product", outer, f, *reached), [(outer, t) for t in moved]


def _padded(
    f: Term, dimensions: frozenset[Term], lo: Term, prover: Callable[[Term], Theorem]
) -> tuple[frozenset[Term], list[Theorem]]:
    """The dimensions without the rank, if f vanishes beyond it, and the theorems that say so."""
    if not dimensions & RANK or lo != ZERO:
        return dimensions, []
    left = dimensions - RANK or frozenset({INFINITY})
    try:
        vanishes = prover(Term("=", f, ZERO))
    except RejectedError:
        return dimensions, []
    return left, [Theorem("padded", [vanishes], SPECTRUM, least(RANK), least(x)) for x in (left, dimensions)]


def _counted(powers: dict[Term, Number], m: Term) -> tuple[Term | None, list[Weighted]]:
    """A dimension's multiple as a sum over the modes that it counts."""
    counts = [a for a in powers if a == m or (m == INFINITY and a.head == "symbol" and a.args[2])]
    if not counts and m == INFINITY:  # once: as the first mode's
        counts, powers = [ONE], {**powers, ONE: 1}
    if not counts:
        return None, []
    n = counts[0]
    outer = _product((a, e - (a == n)) for a, e in powers.items())
    if n == m:
        return outer, []
    return Term("product", outer, indicator(Term(">=", n, INDEX))), [
        (outer, Theorem("reach", [], ONE, ZERO, m, frozenset({n})))
    ]


def _product(powers: object) -> Term:
    """A monomial as a term that a reader could have typed."""
    factors = [_raw(a) if e == 1 else Term("power", _raw(a), e) for a, e in sorted(powers, key=repr) if e]  # type: ignore[call-overload]
    return factors[0] if len(factors) == 1 else Term("product", *factors) if factors else ONE


def _raw(a: Term) -> Term:
    if a.head == "poly":
        return _total(unpacked(a).items())
    if a.head == "eigenvalue":
        return Term("eigenvalue", _matrix(a.args[0]))
    return Term("log", _raw(a.args[0])) if a.head == "log" else a


def _total(terms: Iterable[tuple[Mono, Number]]) -> Term:
    return Term("sum", *(Term("product", number(c), _product(m)) for m, c in sorted(terms, key=repr)))


def _matrix(x: Term) -> Term:
    """A matrix as a term: from its normal form as a sum of words, or a letter of it."""
    if x.head in ("root", "inverse") and x.args[0].head == "form":
        return Term(x.head, _matrix(x.args[0]))
    if x.head != "form" or len(x.args) == 1:
        return x
    words, order = x.args
    unit = Term("identity", order)
    parts = [Term("times", _total(p), unit, *map(_matrix, w)) for w, p in sorted(words, key=repr)]
    return Term("plus", *parts)
