"""What a file's process hands back is data: the claims come back as they were, and nothing else is ever made of it."""

from __future__ import annotations

import copy
import json

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from derivations.claim import Always, Certificate, Claim, Domain, Expected, Minimum, Same, Variable
from derivations.statements.script import by_cases, square, uses
from verify.catalogue import claims
from verify.user.transport import Untransportable, claim_from, data_of

a, b = sp.symbols("a b", positive=True)
x = sp.Symbol("x", real=True)
n = sp.Symbol("n", integer=True, positive=True)
W = sp.MatrixSymbol("W", n, n)
SCRIPT = by_cases((sp.Rational(1, 2), square(a - b)), uses("other", "a label"), on=(a > b,))
CLAIM = Claim(
    "mine",
    "title",
    "source",
    "text",
    (Variable(a), Variable(W, Domain.DEFINITE, "a note")),
    (
        Minimum("least", (x - a) ** 2, {x: a}),
        Same("same", W.T, W),
        Always("sum", sp.Gt(a + b, a, evaluate=False), proof=SCRIPT),
    ),
    assumptions=(a > 2,),
    definitions={sp.Symbol("m", real=True): sp.Piecewise((a, a > 3), (sp.sqrt(a), True))},
    proof=(Certificate("c", (a - 1) ** 2, ((a - 1) ** 2,)),),
    expected=Expected.SUPPORTED,
)


def there_and_back(claim):
    return claim_from(json.loads(json.dumps(data_of(claim))))


def carried(e):
    return there_and_back(Claim("c", "", "", "", (), (Same("", e, e),))).statements[0].left


def test_a_claim_comes_back_as_it_was():
    found = there_and_back(CLAIM)
    assert (found.id, found.expected, found.assumptions) == ("mine", Expected.SUPPORTED, CLAIM.assumptions)
    assert dict(found.definitions) == dict(CLAIM.definitions)
    assert found.variables == CLAIM.variables
    assert found.proof == CLAIM.proof
    assert dict(found.statements[0].at) == {x: a}
    assert data_of(found) == data_of(CLAIM)


def test_so_do_the_formulas_of_the_catalogue():
    odd = 0
    for claim in claims().values():
        for e in (
            *claim.definitions.values(),
            *claim.assumptions,
            *(s for t in claim.statements for s in t.expressions()),
        ):
            odd += carried(e) != e
    assert odd == 0


leaves = st.sampled_from([a, b, x, sp.Integer(2), sp.Rational(-3, 7), sp.pi, sp.Integer(0), sp.Integer(1)])
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda p, q: sp.Add(p, q, evaluate=False), inner, inner),
        st.builds(lambda p, q: sp.Mul(p, q, evaluate=False), inner, inner),
        st.builds(lambda p: sp.Pow(p, sp.Rational(1, 2), evaluate=False), inner),
        st.builds(lambda p: sp.Pow(p, -1, evaluate=False), inner),
        st.builds(lambda p, q, c: sp.Piecewise((p, c > x), (q, True), evaluate=False), inner, inner, leaves),
    ),
    max_leaves=12,
)


@given(trees)
def test_what_was_typed_unevaluated_stays_so(e):
    assert carried(e) == e


class Derived(Claim):
    """A class of the user's own."""


class Sly(str):
    """A text that is more."""

    __slots__ = ()

    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


def test_a_derived_class_comes_back_as_what_it_derives_from():
    made = Derived("mine", "t", "s", "t", (), (Same("", a, a),))
    assert type(there_and_back(made)) is Claim
    assert type(there_and_back(Claim("mine", Sly("t"), "s", "t", (), (Same("", a, a),))).title) is str


@pytest.mark.parametrize("thing", [object(), 0.5, [a], {1, 2}, sp.exp(a), sp.Function("f")(a), sp.Dummy(), lambda: 0])
def test_what_no_claim_holds_is_not_handed_on(thing):
    with pytest.raises(Untransportable):
        data_of(Claim("mine", "t", "s", "t", (), (Same("", a, thing),)))


def places(data, path=()):
    yield path
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield from places(value, (*path, key))


PLACES = list(places(data_of(CLAIM)))


@given(
    st.sampled_from(PLACES), st.sampled_from([None, 7, "__import__('os')", [], {}, {"head": "exec", "args": []}, True])
)
def test_data_that_were_tampered_with_make_a_claim_or_nothing(path, value):
    data = copy.deepcopy(data_of(CLAIM))
    if not path:
        data = value
    else:
        inner = data
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value
    try:
        assert type(claim_from(data)) is Claim
    except Untransportable:
        return
