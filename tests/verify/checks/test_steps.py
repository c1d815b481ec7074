"""Proof steps are decided, not believed: each kind with a true example and planted errors."""

from __future__ import annotations

import pytest
import sympy as sp

from derivations.claim import Certificate, Claim, Domain, Implication, Lemma, Same, Variable
from derivations.nodes import LogGap
from verify.checks.common import Trial
from verify.checks.steps import step
from verify.evidence import Verdict

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
