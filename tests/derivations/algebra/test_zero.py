"""Identically zero or not: quick where the quick test should decide, never wrong."""

from __future__ import annotations

import pytest
import sympy as sp

from derivations.algebra import zero
from derivations.algebra.budget import Exhausted
from derivations.algebra.zero import exponent_denominators, identical, vanishes

x, y, z = sp.symbols("x y z", positive=True)
free = sp.Symbol("x")
root = sp.sqrt(x**2 - y)
HIDDEN = sp.expand((x + y) * (x + z) * (x - z))

ZERO = {
    "a polynomial": (x + y) ** 3 - x**3 - 3 * x**2 * y - 3 * x * y**2 - y**3,
    "fractions": 1 / (x + y) + x / (x + y) - (1 + x) / (x + y),
    "different denominators": x / y - y / x - (x**2 - y**2) / (x * y),
    "square roots of a symbol": (sp.sqrt(x) + sp.sqrt(y)) * (sp.sqrt(x) - sp.sqrt(y)) - x + y,
    "third and half powers": sp.cbrt(x) ** 2 * sp.sqrt(x) - x ** sp.Rational(7, 6),
    "a radical": root**2 - x**2 + y,
    "a radical below": 1 / root - root / (x**2 - y),
    "an odd power of a radical": root**3 - root * (x**2 - y),
    "a radical of a product": sp.sqrt(x * y * (x - z)) - sp.sqrt(x) * sp.sqrt(y) * sp.sqrt(x - z),
    "a radical of a square": sp.sqrt(4 * x**2 * (y - z)) - 2 * x * sp.sqrt(y - z),
    "two radicals": (root + sp.sqrt(y - z)) * (root - sp.sqrt(y - z)) - x**2 + 2 * y - z,
    "logarithms": sp.log(x) * (x + 1) - x * sp.log(x) - sp.log(x),
    "logarithms of a quotient": sp.log(x / y) - sp.log(x) + sp.log(y),
    "a power of a hidden square": (x**2 + 2 * x * y + y**2) ** sp.Rational(3, 2) - (x + y) ** 3,
    "numbers": sp.Rational(1, 3) + sp.Rational(2, 3) - 1,
}
NOT_ZERO = {
    "a polynomial": (x + y) ** 2 - x**2 - y**2,
    "fractions": 1 / (x + y) - 1 / x,
    "square roots": sp.sqrt(x + y) - sp.sqrt(x) - sp.sqrt(y),
    "a radical": root**2 - x**2 - y,
    "an odd power of a radical": root**3 - x**3,
    "a radical and a symbol": root - x,
    "two radicals": root - sp.sqrt(y - z),
    "a factor outside lost": sp.sqrt(x * y * (x - z)) - sp.sqrt(y) * sp.sqrt(x - z),
    "another factor outside lost": sp.sqrt(x * y * (x - z)) - sp.sqrt(x) * sp.sqrt(x - z),
    "a hidden factor outside lost": sp.sqrt(HIDDEN) - sp.sqrt(x + z) * sp.sqrt(x - z),
    "another hidden factor outside lost": sp.sqrt(HIDDEN) - sp.sqrt(x + y) * sp.sqrt(x - z),
    "a factor inside lost": sp.sqrt((x - y) * (x - z)) - sp.sqrt(x - z),
    "another factor inside lost": sp.sqrt((x - y) * (x - z)) - sp.sqrt(x - y),
    "a factor for a power": root**3 - 3 * root,
    "a factor for a hidden power": (x**2 + 2 * x * y + y**2) ** sp.Rational(3, 2) - 3 * (x + y),
    "logarithms": sp.log(x) - sp.log(y),
    "a logarithm and a number": sp.log(x) - 1,
    "a number": sp.Rational(1, 10**9),
    "powers": x ** sp.Rational(7, 6) - x,
}


@pytest.mark.parametrize("name", ZERO)
def test_zero_is_recognised_without_simplify(name, monkeypatch):
    monkeypatch.setattr(sp, "simplify", lambda *_: pytest.fail("left to simplify"))
    e = sp.Add(*(term * (z + 1) for term in sp.Add.make_args(ZERO[name])), evaluate=False)
    assert zero.vanishes.__wrapped__(e)


@pytest.mark.parametrize("name", NOT_ZERO)
def test_nothing_else_is(name, monkeypatch):
    assert not vanishes(NOT_ZERO[name])
    monkeypatch.setattr(sp, "simplify", lambda *_: sp.S.One)  # what the quick test says by itself
    assert not vanishes.__wrapped__(NOT_ZERO[name])


def test_what_the_quick_test_misses_is_left_to_simplify():
    e = sp.sqrt(x + 2 * sp.sqrt(x) + 1) - sp.sqrt(x) - 1
    assert vanishes(e)


def test_symbols_are_taken_as_positive():
    assert vanishes(sp.sqrt(free**2) - free)
    assert not vanishes(sp.sqrt(free**2) + free)


def test_denominators_of_exponents():
    e = sp.sqrt(x) * sp.cbrt(x) ** 2 + y**2 / sp.sqrt(y) + sp.sqrt(z + 1)
    assert exponent_denominators(e) == {x: 6, y: 2}
    assert exponent_denominators(sp.sqrt(x) + sp.cbrt(x)) == {x: 6}
    assert exponent_denominators(x**2 + x**free) == {x: 1}


u, v = sp.symbols("u v", real=True)


@pytest.mark.parametrize(
    ("e", "zero"),
    [
        ((u**2 - v**2) / (u - v) - u - v, True),
        (sp.log(u) * (u - v) + sp.log(u) * v - u * sp.log(u), True),
        (sp.sqrt(u**2) - u, False),  # only where u ≥ 0
        (sp.log(u**2) - 2 * sp.log(u), False),
        (sp.sin(u) ** 2 + sp.cos(u) ** 2 - 1, True),
        (u - v, False),
    ],
)
def test_identical_whatever_the_signs(e, zero):
    assert identical(e) is zero


def test_what_is_too_long_to_simplify_is_not_decided(monkeypatch):
    nested = sp.sqrt(x + sp.sqrt(y)) - sp.sqrt(x + sp.sqrt(z))
    assert not identical(nested)
    monkeypatch.setattr(zero, "_LONGEST", 3)
    with pytest.raises(Exhausted, match="operations"):
        identical(nested)
    assert identical(sp.expand(HIDDEN - (x + y) * (x + z) * (x - z)))  # nothing is to be simplified
