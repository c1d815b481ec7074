"""Normal forms and signs against values: what the core takes for equal or positive is, wherever it has a value."""

from __future__ import annotations

import random
from fractions import Fraction
from math import isqrt
from typing import Any

import pytest

from verify.proof.core.exclusion import context
from verify.proof.core.terms import INDEX, ONE, TRUE, ZERO, RejectedError, Term, least, number

MODES = 10
theta, lamda = Term("symbol", "theta", ">=", False, True), Term("symbol", "lambda", "", False, True)
p, u = Term("symbol", "p", ">", False, False), Term("symbol", "u", "", False, False)
d, D = (Term("symbol", n, ">", True, False) for n in "dD")
LIMITS = (ZERO, ONE, number(-1), number(3), d, D, least({d, D}), Term("sum", d, D))
GIVEN = (frozenset[Term](), frozenset({Term(">=", D, d)}), frozenset({Term(">=", u, ONE)}))
Point = dict[Term, Any]


class UndefinedError(Exception):
    """The term has no rational value here."""


def term(rng: random.Random, depth: int, modal: bool = False) -> Term:
    """Any term; one with a free mode if `modal`."""
    head = rng.choice(["leaf", "sum", "product", "power", "choice", "modes"]) if depth else "leaf"
    if head == "leaf":
        return rng.choice([p, u, d, D, number(2), number(-1), ZERO, *([theta, lamda, INDEX] if modal else [])])
    if head == "modes":
        return Term("modes", term(rng, depth - 1, True), rng.choice(LIMITS), rng.choice(LIMITS))
    a, b = (term(rng, depth - 1, modal) for _ in range(2))
    if head == "power":
        return Term("power", a, Fraction(rng.choice([2, -1, Fraction(1, 2)])))
    if head == "choice":
        condition = Term(rng.choice([">", ">=", "="]), *(term(rng, 0, modal) for _ in range(2)))
        return Term("choice", a, condition, b, TRUE)
    return Term(head, a, b)


def value(t: Term, at: Point, i: int = 0) -> Fraction:
    """Of a term, at mode i."""
    if t in at:
        found = at[t]
        return found[i - 1] if t.modal else found
    if t.head == "modes":
        lo, hi = (value(end, at) for end in t.args[1:])
        return sum((value(t.args[0], at, j) for j in range(1, MODES + 1) if lo < j <= hi), Fraction(0))
    if t.head == "choice":
        first, condition, other, _ = t.args
        gap = value(condition.args[0], at, i) - value(condition.args[1], at, i)
        return value(first if {">": gap > 0, ">=": gap >= 0, "=": gap == 0}[condition.head] else other, at, i)
    if t.head == "power":
        return power(value(t.args[0], at, i), t.args[1])
    if t.head == "least":
        return min(value(a, at) for a in t.args[0])
    parts = [value(a, at, i) for a in t.args if isinstance(a, Term)]
    if t.head == "product":
        return parts[0] * parts[1]
    return sum(parts, Fraction(0)) if t.head == "sum" else Fraction(t.args[0])


def power(base: Fraction, e: Fraction) -> Fraction:
    """A rational power that is rational."""
    if base == 0 and e < 0:
        raise UndefinedError
    if e.denominator == 1:
        return base ** int(e)
    roots = [isqrt(max(0, n)) for n in (base.numerator, base.denominator)]
    if Fraction(*roots) ** 2 != base:
        raise UndefinedError
    return Fraction(*roots)


def point(rng: random.Random, given: frozenset[Term]) -> Point:
    """Values that meet what is given; those of sequences mode by mode."""
    while True:
        at: Point = {
            x: [Fraction(rng.choice(v)) for _ in range(MODES)] for x, v in ((theta, "014"), (lamda, [0, -2, 4]))
        }
        at |= {x: Fraction(rng.choice(v)) for x, v in ((p, "149"), (u, [0, -1, 2, 9]), (d, "1234"), (D, "1234"))}
        at[INDEX] = [Fraction(i) for i in range(1, MODES + 1)]
        if all(value(h.args[0], at) >= value(h.args[1], at) for h in given):
            return at


@pytest.mark.parametrize("given", GIVEN)
@pytest.mark.parametrize("seed", range(3))
def test_equal_normal_forms_have_equal_values_and_signs_are_true(seed, given):
    rng, alike, compared = random.Random(seed), dict[Any, Term](), 0
    for _ in range(1500):
        t = term(rng, rng.choice([1, 2, 3]))
        try:
            form = context(given).poly(t)
            sign = context(given).sign_poly(form)
        except RejectedError:
            continue
        numbers = (*form.values(), *(e for m in form for _, e in m))
        assert all(type(n) in (int, Fraction) for n in numbers), f"{t} has an inexact number"
        twin = alike.setdefault(frozenset(form.items()), t)
        for at in (point(rng, given) for _ in range(4)):
            try:
                v, w = value(t, at), value(twin, at)
            except UndefinedError:
                continue
            compared += twin is not t
            assert v == w, f"{t} and {twin}"
            assert {">": v > 0, ">=": v >= 0, "!=": v != 0}.get(sign, True), f"{t} is {v}, not {sign} 0"
    assert compared > 100
