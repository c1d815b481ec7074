"""Every script of the catalogue proves its own sentence, nothing more is supposed, and nothing less is proved."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Eq, Min, Symbol

from derivations.claim import THEORY, Always, Claim, Domain, Variable
from derivations.nodes import Diagonal, SumModes
from derivations.notation import D, Z, d, r, theta
from derivations.statements.script import by_cases, cite, combine, given, over_modes, square, uses
from tests.verify.checked import judge
from verify.catalogue import claims
from verify.proof.core.sentence import read_sentence
from verify.proof.core.terms import RejectedError
from verify.proof.scripts import proved
from verify.records.evidence import Evidence, Verdict

SCRIPTED = [
    (claim, statement)
    for claim in claims().values()
    for statement in claim.statements
    if isinstance(statement, Always) and statement.proof is not None
]
SLOW = {"β_3 > β_1: W_3W_2 = 0", "level 1 of 2", "Σ_2 fixed: ω falls with β_2", "ray of the matrix loss, L = 3"}
CITED = {("chain-collapse-propagates", "I(x; z_2) ≤ I(x; z_1)"): {"data processing inequality"}}
u, v = Symbol("u", real=True), Symbol("v", real=True)


def claim_of(*statements: Always, **fields: object) -> Claim:
    variables = tuple(Variable(x) for x in (u, v))
    return Claim("mine", "mine", THEORY, "mine", variables, statements, **fields)


@pytest.mark.parametrize(
    ("claim", "statement"),
    [pytest.param(c, s, marks=pytest.mark.slow if s.label.startswith(tuple(SLOW)) else ()) for c, s in SCRIPTED],
    ids=lambda x: getattr(x, "id", None) or x.label,
)
def test_a_script_proves_its_sentence_given_nothing_but_what_is_outside_algebra(claim, statement):
    theorem, said = proved(claim, statement, claims()), read_sentence(claim, statement)
    assert theorem.conclusion == said.conclusion
    assert theorem.hypotheses <= said.hypotheses
    assert {name.partition(":")[0] for name in theorem.given} == CITED.get((claim.id, statement.label), set())


def test_most_relations_of_the_catalogue_have_a_script():
    assert len(SCRIPTED) >= 66


def test_a_claim_may_use_only_what_it_names():
    claim = claims()["summary-beta-hurts-reconstruction"]
    with pytest.raises(RejectedError, match="does not say that it uses vae-collapse-threshold"):
        proved(replace(claim, uses=()), claim.statements[0], claims())


def test_what_it_uses_must_have_the_sentence():
    claim = claims()["summary-beta-hurts-reconstruction"]
    other = replace(claims()["vae-collapse-threshold"], statements=claims()["vae-collapse-threshold"].statements[:2])
    with pytest.raises(RejectedError, match="has no relation 'distortion'"):
        proved(claim, claim.statements[0], {**claims(), other.id: other})


def test_no_assumption_of_the_claim_is_invented():
    statement = Always("", u >= v, proof=combine(given(u >= v)))
    with pytest.raises(RejectedError, match="is not given"):
        proved(claim_of(statement), statement, {})
    assert proved(claim_of(statement, assumptions=(u >= v,)), statement, {})


def test_a_statement_does_not_prove_itself():
    statement = Always("it", u >= v, proof=combine(uses("mine", "it")))
    with pytest.raises(RejectedError, match="used in its own proof"):
        proved(claim_of(statement), statement, {})


def test_a_sentence_that_is_not_defined_everywhere_is_not_proved():
    statement = Always("", Eq(1 / (u - v) - 1 / (u - v), 0, evaluate=False), proof=by_cases())
    assert proved(claim_of(statement), statement, {})  # SymPy cancels before anybody sees it
    with_square = Always("", u**2 + 1 / v >= 1 / v, proof=combine(square(u)))
    with pytest.raises(RejectedError, match="nothing says that v is not 0"):
        proved(claim_of(with_square), with_square, {})
    assert proved(claim_of(with_square, assumptions=(v > 0,)), with_square, {})


def test_a_relation_without_a_script_is_not_proved():
    statement = Always("", u**2 >= 0)
    with pytest.raises(RejectedError, match="no script"):
        proved(claim_of(statement), statement, {})


def judged(*statements: Always, origin: str) -> tuple[Verdict, list[Evidence]]:
    result = judge(claim_of(*statements), 0, 40, origin)
    return result.verdict, [item for item in result.evidence if item.kind == "proof core"]


@pytest.mark.parametrize("origin", ["", "mine.py"])
def test_a_relation_with_a_script_is_proved_by_the_core_and_not_otherwise(origin):
    good = Always("", u**2 + v**2 >= 2 * u * v, proof=combine(square(u - v)))
    verdict, (evidence,) = judged(good, origin=origin)
    assert (verdict, evidence.outcome, evidence.cited) == (Verdict.PROVED, Verdict.PROVED, ())
    verdict, (evidence,) = judged(replace(good, proof=combine(square(u + v))), origin=origin)
    assert (verdict, evidence.outcome) == (Verdict.SUPPORTED, Verdict.SUPPORTED)
    assert "refuses the script" in evidence.note


def test_what_a_script_cites_is_told():
    cited = Always("", u**2 + v**2 >= 2 * u * v, proof=cite("Cauchy", u**2 + v**2 >= 2 * u * v))
    _, (evidence,) = judged(cited, origin="")
    assert evidence.cited == ("Cauchy",)


@pytest.mark.parametrize("nonsense", ["u - v", object(), None, (1, 2, 3)])
def test_a_script_with_nonsense_in_it_is_refused_and_nothing_is_evaluated(nonsense):
    statement = Always("", u**2 >= 0, proof=combine(square(nonsense)))
    with pytest.raises(RejectedError):
        proved(claim_of(statement), statement, {})
    with pytest.raises(RejectedError, match="says nothing by itself"):
        proved(claim_of(statement), replace(statement, proof=combine(nonsense)), {})


@pytest.mark.parametrize(
    ("built", "follows"), [({}, False), ({Z: Diagonal(theta, D, d)}, False), ({Z: Diagonal(theta, D, r)}, True)]
)
def test_a_spectrum_ends_only_where_its_claim_cuts_it(built, follows):
    ends = Always("ends", Eq(SumModes(theta, 0, Min(D, r, d)), SumModes(theta, 0, d)), proof=over_modes(d))
    variables = (Variable(theta, Domain.SPECTRUM),)
    mine = Claim("mine", "mine", THEORY, "mine", variables, (ends,), definitions=built)
    if follows:
        assert proved(mine, ends, {})
    else:
        with pytest.raises(RejectedError):
            proved(mine, ends, {})
