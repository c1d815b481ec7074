"""Every field of every class that a claim is made of: values of another type are refused by name."""

from __future__ import annotations

import types
import typing
from dataclasses import fields, replace

import pytest
import sympy as sp

from derivations.claim import Always, Certificate, Claim, Domain, Expected, Implication, Lemma, Minimum, Same, Variable
from derivations.statements.script import Script, by_cases, square
from verify.user.fields import FIELDS
from verify.user.validation import ClaimError, validate

a, b = sp.symbols("a b", positive=True)
x = sp.Symbol("x", real=True)
GOOD = {
    Minimum: Minimum("least", (x - a) ** 2, {x: a}, domains={x: Domain.REAL}, excess=((x - a) ** 2,)),
    Always: Always(
        "sum",
        sp.Gt(a + b, a, evaluate=False),
        figures={"gap": b},
        reads="is {gap}",
        proof=by_cases((2, square(a - b)), on=(a > b,)),
    ),
    Same: Same("product", a * (a + b), a**2 + a * b),
    Implication: Implication("larger", (sp.Ge(a, b),), sp.Ge(2 * a, b)),
    Certificate: Certificate("square", (a - b) ** 2, ((a - b) ** 2,)),
    Lemma: Lemma("known", "someone", sp.Gt(a + b, b, evaluate=False)),
    Variable: Variable(a),
}
OTHER = {
    "str": (None, 3, ("text",), b"text"),
    "tuple": (None, 3, "text", [a], {a: b}),
    "Mapping": (None, 3, "text", (a, b), [(a, b)]),
    "Expected": ("PROVED", "VACUOUS", 0, Domain.REAL),
    "Script": ("obvious", 3, (a > b,), Script("square", (object(),)), Script("square", ((0.5, a),)), Script(None)),
    "Domain": ("real scalar", "REAL", Expected.PROVED, 7),
    "formula": (None, "a", 0.5, True, 1j, object(), sp.Float(0.1), a > b, sp.Matrix([[a]])),
    "condition": (None, "a > b", 1, True, sp.true, sp.false, a, a > 0.5),
}
CONDITIONS = {"relation", "then"}


def claim_with(thing):
    """A claim that holds a thing and is otherwise in order."""
    statements = (thing,) if isinstance(thing, Minimum | Always) else (GOOD[Same],)
    proof = (thing,) if isinstance(thing, Same | Implication | Certificate | Lemma) else ()
    variables = (thing, Variable(b)) if isinstance(thing, Variable) else (Variable(a), Variable(b))
    return Claim("mine", "title", "source", "text", variables, statements, proof=proof)


def accepted(made):
    try:
        validate(made)
    except ClaimError:
        return False
    return True


def kind_of(cls, field):
    if field.name in CONDITIONS:
        return "condition"
    if (cls, field.name) == (Variable, "domain"):
        return "Domain"
    hint = typing.get_type_hints(cls)[field.name]
    if typing.get_origin(hint) is types.UnionType:  # or None
        return typing.get_args(hint)[0].__name__
    name = getattr(typing.get_origin(hint) or hint, "__name__", "formula")
    return "formula" if name == "Any" else name


def cases():
    for cls in (*GOOD, Claim):
        for field in fields(cls):
            if (cls, field.name) in ((Variable, "symbol"), (Claim, "id")):
                continue
            for value in OTHER[kind_of(cls, field)]:
                yield cls, field.name, value


@pytest.mark.parametrize(("cls", "field", "value"), list(cases()))
def test_a_value_of_another_type_is_refused_and_its_field_named(cls, field, value):
    if cls is Variable:  # None means what the symbol's assumptions say
        made = claim_with(Variable(a, **{field: value})) if value is not None or field == "note" else None
    elif cls is Claim:
        made = replace(claim_with(GOOD[Same]), **{field: value})
    else:
        try:
            made = claim_with(replace(GOOD[cls], **{field: value}))
        except (AttributeError, TypeError):  # `at` is read when a Minimum is made
            assert (cls, field) == (Minimum, "at")
            return
    if made is not None:
        with pytest.raises(ClaimError) as found:
            validate(made)
        assert f"`{field}`" in str(found.value)
        assert "\n" not in str(found.value)


INSIDE = {
    (Claim, "uses"): 3,
    (Claim, "assumptions"): "a > b",
    (Claim, "proof"): "obvious",
    (Claim, "statements"): a > b,
    (Claim, "variables"): a,
    (Minimum, "excess"): "(x - a)**2",
    (Certificate, "terms"): 0.5,
    (Certificate, "given"): a,
    (Implication, "given"): sp.true,
}


@pytest.mark.parametrize(("cls", "field"), INSIDE)
def test_so_is_one_inside_a_tuple(cls, field):
    value = (INSIDE[cls, field],)
    whole = claim_with(GOOD[Same])
    made = replace(whole, **{field: value}) if cls is Claim else claim_with(replace(GOOD[cls], **{field: value}))
    with pytest.raises(ClaimError, match=f"`{field}`"):
        validate(made)


def test_every_field_of_every_class_has_a_check():
    for cls, table in FIELDS.items():
        unchecked = {f.name for f in fields(cls)} - set(table)
        assert unchecked <= {"id", "symbol"}, cls


@pytest.mark.parametrize("cls", [Claim, Minimum])
def test_a_sentence_may_leave_its_verdict_to_the_claim_which_has_one(cls):
    if cls is Claim:
        with pytest.raises(ClaimError, match="`expected`"):
            validate(replace(claim_with(GOOD[Same]), expected=None))
    else:
        assert accepted(claim_with(replace(GOOD[cls], expected=None)))


@pytest.mark.parametrize("cls", GOOD)
def test_what_is_in_order_passes(cls):
    assert accepted(claim_with(GOOD[cls]))


@pytest.mark.parametrize(
    ("formula", "instead"),
    [
        (sp.Function("f")(a), "its formula, or a Symbol"),
        (sp.exp(a), "log of that"),
        (sp.Max(a, b), "Piecewise"),
        (sp.Min(a, b), "Piecewise"),
        (sp.Abs(x), "Piecewise"),
        (sp.sign(x), "Piecewise"),
        (a**b, "exponent"),
        (a ** sp.Integer(10**6), "at most 1000"),
        (a + sp.Integer(10) ** 400, "401 digits"),
        (a + sp.Rational(1, 10**400), "401 digits"),
        (a + sp.I, "not real-valued"),
        (sp.sin(a), "sin"),
        (a + sp.E, "Exp1"),
    ],
)
@pytest.mark.parametrize("place", ["loss", "definition", "assumption", "step"])
def test_formulas_are_checked_wherever_they_stand(formula, instead, place):
    whole = claim_with(GOOD[Same])
    made = {
        "loss": lambda: replace(whole, statements=(Minimum("", (x - a) ** 2 + formula, {x: a}),)),
        "definition": lambda: replace(whole, definitions={sp.Symbol("m", real=True): formula}),
        "assumption": lambda: replace(whole, assumptions=(sp.Ne(formula, 1, evaluate=False),)),
        "step": lambda: replace(whole, proof=(Certificate("c", formula, (formula,)),)),
    }[place]()
    with pytest.raises(ClaimError) as found:
        validate(replace(made, variables=(*made.variables, *(() if place == "loss" else (Variable(x),)))))
    assert instead in str(found.value)


def test_a_dimension_may_be_the_smaller_of_two():
    from derivations.nodes import SumModes

    d, D = (sp.Symbol(name, integer=True, positive=True) for name in "dD")
    t = sp.Symbol("t", nonnegative=True)
    sums = SumModes(t, 0, sp.Min(d, D))
    made = Claim("mine", "t", "s", "t", (Variable(t, Domain.SPECTRUM),), (Same("", sums, sums),))
    assert accepted(made)
