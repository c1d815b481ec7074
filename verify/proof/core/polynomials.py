"""Polynomials in atoms: {monomial: coefficient}, a monomial being a set of (atom, exponent).

An atom is a term that is not taken apart: a symbol, a log of an atom, a sum over modes of one monomial, `poly(p)` for a
sum under a power, a prime number under a root.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from sympy import factorint

from verify.proof.core.terms import Number, RejectedError, Term, number, shown, whole

Mono = frozenset[tuple[Term, Number]]
Poly = Mapping[Mono, Number]
NOTHING: Mono = frozenset()


def added(*parts: Poly) -> dict[Mono, Number]:
    """Their sum."""
    total: dict[Mono, Number] = {}
    for part in parts:
        for m, c in part.items():
            total[m] = total.get(m, 0) + c
    return {m: c for m, c in total.items() if c}


def scaled(p: Poly, by: Number) -> dict[Mono, Number]:
    """A rational multiple."""
    return {m: c * by for m, c in p.items() if by}


def constant(value: Number) -> dict[Mono, Number]:
    """A number."""
    return {NOTHING: whole(value)} if value else {}


def atom(t: Term, exponent: Number = 1) -> dict[Mono, Number]:
    """A power of one atom."""
    return {frozenset({(t, whole(exponent))}): 1}


def packed(p: Poly) -> Term:
    """A polynomial as one atom."""
    return Term("poly", frozenset(p.items()))


def unpacked(t: Term) -> dict[Mono, Number]:
    """The polynomial that was made an atom."""
    return dict(t.args[0])


def mono(powers: Mapping[Term, Number]) -> Mono:
    """A monomial from its exponents."""
    return frozenset((a, e) for a, e in powers.items() if e)


def only(p: Poly) -> tuple[Mono, Number]:
    """The one monomial of a polynomial that has one."""
    ((m, c),) = p.items()
    return m, c


@lru_cache(maxsize=4096)
def primes(value: Number) -> Mapping[Term, Number]:
    """A positive number's primes with their exponents.

    Raises:
        RejectedError: a number that cannot be factored quickly.
    """
    if max(value.numerator, value.denominator) > 10**30:
        raise RejectedError(f"{value} is too long a number")
    found: dict[Term, Number] = {}
    for part, sign in ((value.numerator, 1), (value.denominator, -1)):
        for p, n in factorint(part).items():
            found[number(p)] = found.get(number(p), 0) + sign * int(n)
    return found


def text(p: Poly) -> str:
    """For messages."""
    terms: Iterable[str] = (f"{c}·" + "·".join(sorted(f"{shown(a)}^{e}" for a, e in m)) for m, c in p.items())
    return " + ".join(sorted(terms))[:1500] or "0"
