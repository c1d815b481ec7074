"""Proof steps are decided, not believed: each kind with a true example and planted errors."""

from __future__ import annotations

import pytest
import sympy as sp

from derivations.claim import Certificate, Claim, Domain, Implication, Lemma, Same, Variable
from derivations.nodes import LogDet, LogGap, square
from verify.draw.trial import Trial
from verify.proof.steps import non_negative
from verify.records.evidence import Verdict
from verify.trials.steps import step

x, y = sp.symbols("x y", positive=True)
u = sp.Symbol("u", real=True)
CLAIM = Claim("test", "t", "s", "", (Variable(x, Domain.POSITIVE), Variable(y, Domain.POSITIVE)), ())
TRIAL = Trial(CLAIM, 0, 500)


@pytest.mark.parametrize(
    ("link", "outcome"),
    [
        (Certificate("", x**2 - 2 * x * y + y**2, ((x - y) ** 2,)), Verdict.PROVED),
        (Certificate("", x / y - 1 - sp.log(x) + sp.log(y), (LogGap(x / y),)), Verdict.PROVED),
        (Certificate("", x * y - y**2, (y * (x - y),), (x >= y,)), Verdict.PROVED),
        (Certificate("", x**2 - 2 * x * y + 2 * y**2, ((x - y) ** 2,)), Verdict.UNDECIDED),  # does not add up
        (Certificate("", x * y - y**2, (y * (x - y),)), Verdict.UNDECIDED),  # sign not known
        (Certificate("", x * y - y**2, (y * (x - y),), (y >= x,)), Verdict.UNDECIDED),  # known to be wrong
        (Certificate("", -(u**2), (-(u**2),)), Verdict.UNDECIDED),
        (Certificate("", u**3, (u**3,)), Verdict.UNDECIDED),
        (Certificate("", LogGap(u).expanded(), (LogGap(u),)), Verdict.UNDECIDED),  # log of what may be negative
        (Implication("", (x > y,), x**2 > y**2), Verdict.PROVED),
        (Implication("", (x > y,), x > 2 * y), Verdict.UNDECIDED),
        (Same("", (x + y) ** 2, x**2 + 2 * x * y + y**2), Verdict.PROVED),
        (Same("", (x + y) ** 2, x**2 + 3 * x * y + y**2), Verdict.UNDECIDED),
        (Same("", sp.log(x * y), sp.log(x * y)), Verdict.PROVED),
        (Same("", sp.sqrt(x) * sp.sqrt(x + y), sp.sqrt(x + y)), Verdict.UNDECIDED),  # no roots in the field
    ],
    ids=str,
)
def test_each_step_is_decided(link, outcome):
    (evidence,) = step(TRIAL, link)
    assert evidence.outcome is outcome
    assert evidence.role == "proof"


def test_a_cited_lemma_is_shown_as_cited_and_still_tested():
    cited, tested = step(TRIAL, Lemma("AM–GM", "Cauchy 1821", x + y >= 2 * sp.sqrt(x * y)))
    assert cited.cited == ("AM–GM: Cauchy 1821",)
    assert tested.outcome is Verdict.SUPPORTED
    _, wrong = step(TRIAL, Lemma("not AM–GM", "nobody", x + y >= 3 * sp.sqrt(x * y)))
    assert wrong.outcome is Verdict.REFUTED


def test_an_implication_between_what_are_no_monomials_is_left_open():
    found = step(TRIAL, Implication("", (x >= y + 1,), x >= y))[0]
    assert (found.outcome, "logarithms" in found.note) == (Verdict.UNDECIDED, True)


def test_an_implication_is_decided_part_by_part():
    both = sp.And(x**2 > y**2, x > y / 2)
    (holds,) = step(TRIAL, Implication("of both", (sp.And(x > y, y > 1),), sp.And(both, x > 1)))
    assert (holds.outcome, holds.check, holds.instances) == (Verdict.PROVED, "implication: of both", 1)
    for half in (sp.And(x > y / 2, x > 2 * y), sp.And(x > 2 * y, x > y / 2)):
        (fails,) = step(TRIAL, Implication("", (x > y,), half))
        assert fails.outcome is Verdict.UNDECIDED
        assert fails.note.startswith("does not follow at log ")
        assert "log x = " in fails.note
        assert "log y = " in fails.note


@pytest.mark.parametrize("link", [Implication("", (u > y,), x > y), Implication("", (x > y,), u > y)])
def test_what_may_be_negative_has_no_logarithm(link):
    (found,) = step(TRIAL, link)
    assert (found.outcome, found.instances) == (Verdict.UNDECIDED, 0)
    assert "not decided in logarithms" in found.note


def test_certificates_count_their_terms():
    (found,) = step(TRIAL, Certificate("two", x**2 + y**2, (x**2, y**2)))
    assert (found.check, found.instances, found.residual) == ("certificate: two", 2, 0.0)
    (nothing,) = step(TRIAL, Certificate("", sp.S.Zero, ()))
    assert (nothing.outcome, nothing.instances) == (Verdict.PROVED, 1)
    (short,) = step(TRIAL, Certificate("", x**2 + y**2, (x**2,)))
    assert short.note == "the terms do not add up to the expression"
    (sign,) = step(TRIAL, Certificate("", x**2 - y, (x**2, -y)))
    assert sign.note == "-y is not visibly ≥ 0"


def test_visible_signs():
    real = sp.Symbol("r", real=True)
    imaginary = sp.Symbol("w")
    for term in (real**2, real**-2, x * real**4, (x - y) ** 3, x / (x - y), LogGap(x / y) * real**2, sp.S.Zero):
        assert non_negative(term, (x >= y,)), term
    for term in (imaginary**2, real**3, (y - x) ** 3, -LogGap(x), LogGap(real), real, -x, x - 2 * y, real * x):
        assert not non_negative(term, (x >= y,)), term
    assert not non_negative(x - y, (sp.true,))
    assert non_negative(x - y, (y <= x, sp.true))
    assert non_negative(2 * (x - y), (x > y,))


def test_a_cited_lemma_says_by_whom():
    cited, _ = step(TRIAL, Lemma("AM–GM", "Cauchy 1821", x + y >= 2 * sp.sqrt(x * y), scale=x + y))
    assert (cited.check, cited.role, cited.outcome) == ("cited: AM–GM", "proof", Verdict.PROVED)
    assert "cited, not proved" in cited.note


n, m = (sp.Symbol(name, integer=True, positive=True) for name in "nm")
A, B = sp.MatrixSymbol("A", n, m), sp.MatrixSymbol("B", n, m)
P, Q = sp.MatrixSymbol("P", n, n), sp.MatrixSymbol("Q", n, n)
MATRICES = Claim(
    "matrices", "t", "s", "", (*map(Variable, (A, B, Q, x)), Variable(P, Domain.DEFINITE), Variable(u, Domain.REAL)), ()
)


@pytest.mark.parametrize(
    ("expression", "terms", "outcome"),
    [
        (square(A) + square(B) - 2 * sp.Trace(A * B.T), (square(A - B),), Verdict.PROVED),
        (sp.Trace(A.T * P * A), (sp.Trace(A.T * P * A),), Verdict.PROVED),
        (x * square(A) + u**2 * sp.Trace(P), (x * square(A), u**2 * sp.Trace(P)), Verdict.PROVED),
        (square(A) + x, (square(A), x), Verdict.PROVED),
        (square(A) * sp.Trace(P), (square(A) * sp.Trace(P),), Verdict.PROVED),
        (square(A) + square(B) - 3 * sp.Trace(A * B.T), (square(A - B),), Verdict.UNDECIDED),  # does not add up
        (sp.Trace(A.T * Q * A), (sp.Trace(A.T * Q * A),), Verdict.UNDECIDED),  # Q is any matrix
        (u * square(A), (u * square(A),), Verdict.UNDECIDED),  # u may be negative
        (sp.Trace(P * P - Q), (sp.Trace(P * P - Q),), Verdict.UNDECIDED),
        (LogDet(P), (LogDet(P),), Verdict.UNDECIDED),
    ],
    ids=str,
)
def test_certificates_of_traces_hold_in_every_dimension(expression, terms, outcome):
    (found,) = step(Trial(MATRICES, 0, 64), Certificate("", expression, terms))
    assert found.outcome is outcome


@pytest.mark.parametrize("then", [x - y > 0, sp.Ge(x, 0, evaluate=False), x + 1 > y])
def test_an_implication_that_compares_no_products_is_told_so(then):
    (found,) = step(TRIAL, Implication("", (x > y,), then))
    assert (found.outcome, found.instances) == (Verdict.UNDECIDED, 0)
    assert "products of powers" in found.note
