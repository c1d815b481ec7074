"""One name, one symbol, one role; and what SymPy assumes of a symbol is what its domain says, no more and no less."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
import sympy as sp
from sympy.core.facts import InconsistentAssumptions

from derivations.claim import Always, Certificate, Claim, Domain, Minimum, Same, Variable
from derivations.domain import Values
from verify.user.validation import ClaimError, validate

a, b = sp.symbols("a b", positive=True)
x = sp.Symbol("x", real=True)
n = sp.Symbol("n", integer=True, positive=True)
W, Y = sp.MatrixSymbol("W", n, n), sp.MatrixSymbol("Y", n, n)
SCALARS = [d for d in Domain if d.facts.values is not Values.MATRIX]
ASSUMED = ["positive", "nonnegative", "real"]
MORE = ["prime", "integer", "even", "odd", "irrational", "negative", "zero", "nonzero", "algebraic", "nonpositive"]


AB = Variable(a), Variable(b)


def claim(*statements, variables=AB, **rest):
    return Claim("mine", "title", "source", "text", variables, statements or (Same("", a, a),), **rest)


def accepted(made):
    try:
        validate(made)
    except ClaimError:
        return False
    return True


def right(domain):
    if domain is Domain.COUNT:
        return {"integer": True, "positive": True}
    sign = "positive" if domain.facts.positive else "nonnegative" if domain.facts.nonnegative else "real"
    return {sign: True}


@pytest.mark.parametrize("domain", SCALARS)
def test_a_symbol_carries_what_its_domain_says_and_nothing_else(domain):
    def of(**assumed):
        s = sp.Symbol("s", **assumed)
        return claim(Same("", s, s), variables=(Variable(s, domain),))

    assert accepted(of(**right(domain)))
    for name in ASSUMED:
        assert accepted(of(**{name: True})) is ({name: True} == right(domain))
    for more in MORE:
        try:
            made = of(**{**right(domain), more: True})
        except InconsistentAssumptions:
            continue
        same = (
            sp.Symbol("s", **right(domain)).assumptions0 == sp.Symbol("s", **{**right(domain), more: True}).assumptions0
        )
        assert accepted(made) is same, more
    assert not accepted(of(real=True, commutative=True, finite=True, prime=True))


@pytest.mark.parametrize("more", ["prime", "even", "odd", "composite"])
def test_a_dimension_is_any_positive_integer(more):
    k = sp.Symbol("k", integer=True, positive=True, **{more: True})
    V = sp.MatrixSymbol("V", k, k)
    assert not accepted(claim(Same("", V, V), variables=(Variable(V),)))


PLACES = {
    "variable": lambda s: {"variables": (Variable(a), Variable(s))},
    "definition": lambda s: {"definitions": {s: a}},
    "step": lambda s: {"proof": (Certificate("", s**2, (s**2,)),)},
    "unknown": lambda s: {"statements": (Minimum("", (s - a) ** 2, {s: a}),)},
}


@pytest.mark.parametrize(("one", "other"), list(permutations(PLACES, 2)))
def test_one_name_for_two_symbols_is_refused_wherever_they_stand(one, other):
    twins = sp.Symbol("w", real=True), sp.Symbol("w", positive=True)
    parts = {**PLACES[one](twins[0]), **PLACES[other](twins[1])}
    made = replace(claim(), **parts)
    with pytest.raises(ClaimError, match=r"called w|another symbol of that name|not shown|called w,"):
        validate(made)


@pytest.mark.parametrize("roles", list(permutations(["variable", "definition", "unknown"], 2)))
def test_a_symbol_has_one_role(roles):
    s = sp.Symbol("w", real=True)
    parts = {k: v for role in roles for k, v in PLACES[role](s).items()}
    with pytest.raises(ClaimError, match=r"^mine: w "):
        validate(replace(claim(), **parts))


def test_each_is_declared_and_defined_once_and_in_order():
    m, k = sp.symbols("m k", real=True)
    assert not accepted(claim(variables=(Variable(a), Variable(a))))
    assert not accepted(claim(Same("", W, W), variables=(Variable(W), Variable(W, Domain.DEFINITE))))
    assert not accepted(claim(definitions={m: k, k: a}))
    assert not accepted(claim(definitions={m: m + 1}))
    assert not accepted(claim(Same("", m, m, definitions={m: a}), definitions={m: b}))
    assert not accepted(claim(definitions={W: a}))
    assert accepted(claim(definitions={k: a, m: k}))


@pytest.mark.parametrize(
    ("value", "assumed", "shown"),
    [
        (5000 - a, "positive", False),
        (a - b, "nonnegative", False),
        (a + b, "positive", True),
        (a * b - a, "positive", False),
        ((a - b) ** 2, "nonnegative", True),
        ((a - b) ** 2, "positive", False),
        (sp.Piecewise((a - b, a > b), (0, True)), "nonnegative", True),
        (sp.Piecewise((a - b, a > b), (0, True)), "positive", False),
        (sp.log(a), "nonnegative", False),
        (sp.log(1 + a), "positive", True),
        (sp.sqrt(a) / b, "positive", True),
    ],
)
def test_a_definition_has_a_sign_only_if_its_value_does(value, assumed, shown):
    m = sp.Symbol("m", **{assumed: True})
    assert accepted(claim(Same("", m, m), definitions={m: value})) is shown
    assert accepted(claim(definitions={sp.Symbol("m", real=True): value}))
    assert not accepted(claim(definitions={sp.Symbol("m", integer=True): value}))


@pytest.mark.parametrize("name", ["", " ", "_root0", "1x", "a\nb", "x "])
def test_a_name_begins_with_a_letter(name):
    s = sp.Symbol(name, positive=True) if name else sp.Symbol("_", positive=True)
    assert not accepted(claim(variables=(Variable(a), Variable(s))))


@pytest.mark.parametrize("prime", [2, 3, 7])
def test_a_symbol_may_be_called_like_the_logarithm_of_a_prime(prime):
    """Its value may be below 1, whatever its name."""
    from derivations.algebra.cones import implies

    s = sp.Symbol(f"log_{prime}", positive=True)
    assert implies((a > prime * b,), a > b).feasible is False
    assert implies((a > s * b,), a > b).feasible is True
    assert implies((a > s * b,), a > prime * b).feasible is True


def test_conditions_on_dimensions_are_about_dimensions():
    assert not accepted(claim(dimensions=(a > b,)))
    assert accepted(claim(Same("", W, W), variables=(Variable(W),), dimensions=(n > 1,)))
    assert not accepted(claim(Same("", W, a)))
    assert not accepted(claim(Always("", sp.Eq(a, b)), variables=(Variable(a),)))
