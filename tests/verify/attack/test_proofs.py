"""Errors planted in proofs: the core rejects them, what a proof does without is a remark, a faulty core is found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import And, Eq, Ge, Gt, Le, Lt, Or, Rational, S, Symbol

from derivations.claim import THEORY, Always, Certificate, Claim, Implication, Lemma, Same, Variable
from derivations.statements.script import Script, by_cases, combine, square, tangent
from verify.attack import proofs, steps
from verify.attack.proofs import attack_proof, stronger
from verify.attack.scripts import changed_scripts, other_uses
from verify.attack.steps import attack_steps
from verify.catalogue import claims
from verify.draw.trial import Trial, recorded
from verify.engine.judgement import concluded
from verify.proof.core import theorem
from verify.proof.core.logic import Sequent
from verify.records.evidence import Planted, PlantedProofs, Verdict
from verify.records.verdict import exit_code
from verify.store.cache import FOLDER

u, v = Symbol("u", real=True), Symbol("v", real=True)
p, q = Symbol("p", positive=True), Symbol("q", positive=True)
SQUARES = Always("squares", u**2 + v**2 >= 2 * u * v, proof=combine(square(u - v)))


def claim_of(*statements: Always, **fields: object) -> Claim:
    variables = tuple(Variable(x) for x in (u, v, p, q))
    return Claim("mine", "mine", THEORY, "mine", variables, statements, **fields)


def planted_in(statement: Always, **fields: object) -> PlantedProofs:
    return attack_proof(Trial(claim_of(statement, **fields), 0, 100), statement)


def test_errors_in_a_proof_are_rejected():
    found = planted_in(SQUARES)
    assert found == PlantedProofs(planted=4, rejected=4)  # a weight, > for ≥, the square left out, the square not shown


def test_what_a_proof_does_without_is_a_remark():
    more = replace(SQUARES, proof=combine(square(u - v), square(u + v)))
    found = planted_in(more, assumptions=(p > q,))
    assert found.unneeded == ("squares: square u + v left out", "squares: without p > q")
    assert found.rejected == found.planted > 0


def test_what_holds_strictly_is_a_remark():
    found = planted_in(Always("", p**2 >= q**2, proof=by_cases()), assumptions=(p > q,))
    assert found.unneeded == ("made stronger, p² > q²",)


def test_an_assumption_that_a_proof_needs_is_missed():
    found = planted_in(Always("", p**2 >= q**2, proof=by_cases()), assumptions=(p > q,))
    assert found.survivors == ()
    assert not any("without" in name for name in found.unneeded)
    assert found.rejected >= 1


def test_used_theorems_are_dropped_and_exchanged():
    claim = claims()["summary-beta-hurts-reconstruction"]
    names = [name() for name, _ in changed_scripts(claim.statements[0].proof, other_uses)]
    assert "uses vae-collapse-threshold, distortion left out" in names
    assert "uses vae-collapse-threshold, distortion exchanged" in names
    found = attack_proof(Trial(claim, 0, 100), claim.statements[0])
    assert (found.survivors, found.unneeded) == ((), ())


def test_what_became_of_them_is_remembered(monkeypatch, tmp_path):
    monkeypatch.setenv(FOLDER, str(tmp_path))
    more = replace(SQUARES, proof=combine(square(u - v), square(u + v)))
    found = planted_in(more)
    assert found.unneeded
    monkeypatch.setattr(proofs, "theorem_of", None)
    assert planted_in(more) == found


def test_a_sentence_without_a_proof_has_no_errors_in_it():
    assert planted_in(replace(SQUARES, proof=None)) == PlantedProofs()
    assert planted_in(replace(SQUARES, proof=combine(square(u + v)))) == PlantedProofs()


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        (Ge(u, v), [Gt(u, v)]),
        (Le(u, v), [Lt(u, v)]),
        (Or(Gt(u, v), Eq(u, 0)), [Gt(u, v), Eq(u, 0)]),
        (And(Ge(u, v), Le(v, 0)), [And(Gt(u, v), Le(v, 0)), And(Ge(u, v), Lt(v, 0))]),
        (Eq(u, v), [Eq(u, v + Rational(1, 10**10))]),
        (Gt(u, v), [Gt(u, v + Rational(1, 10**10))]),
        (Lt(u, v), [Lt(u, v - Rational(1, 10**10))]),
    ],
)
def test_stronger_sentences(relation, expected):
    assert {str(r) for r in stronger(relation)} == {str(r) for r in expected}
    assert all(relation.subs({u: 3, v: 1}) != S.false or r.subs({u: 3, v: 1}) == S.false for r in stronger(relation))


def test_facts_are_left_out_at_every_depth_and_weights_stay_with_theirs():
    inner = Script("have", (3, combine(tangent(p))))
    names = [name() for name, _ in changed_scripts(combine((2, square(u)), (3, inner)), lambda _: ())]
    assert names == ["square u left out", "have left out", "tangent p left out"]


def faulty(monkeypatch, rule, conclude):
    """A core in which a rule believes whatever it is asked."""
    monkeypatch.setattr(theorem, "RULES", {**theorem.RULES, rule: conclude})


def test_a_core_that_believes_every_combination_is_found(monkeypatch):
    statement = replace(SQUARES, relation=u**2 + v**2 >= 2 * u * v)
    faulty(monkeypatch, "combine", lambda premises, hypotheses, goal, weights: Sequent(frozenset(), goal))
    found = planted_in(statement)
    assert found.survivors == ("squares: made stronger, u² + v² > 2·u·v",)


def test_a_core_that_loses_assumptions_is_found(monkeypatch):
    statement = Always("", p**2 >= q**2, proof=by_cases())
    faulty(monkeypatch, "monomial", lambda premises, hypotheses, goal: Sequent(frozenset(), goal))
    faulty(monkeypatch, "combine", theorem.RULES["combine"])
    found = planted_in(statement, assumptions=(p > q,))
    assert "without p > q" in found.survivors
    assert "made stronger, p² > q²" not in found.survivors  # it is true where p > q


def test_an_error_accepted_in_a_proof_makes_the_audit_fail():
    claim = claim_of(SQUARES)
    seen = [(recorded("tried", "squares", "proof", lambda: {"outcome": Verdict.PROVED}),)]
    for proof, code in ((PlantedProofs(planted=1, rejected=1), 0), (PlantedProofs(planted=1, survivors=("false",)), 1)):
        assert exit_code([concluded(claim, seen, (), Planted(proofs=proof))]) == code


STEPS = (
    Same("same", (u + v) ** 2, u**2 + 2 * u * v + v**2),
    Implication("follows", (p >= q, q >= 1), p >= 1),
    Implication("strictly", (p > q,), p**2 > q**2),
    Certificate("squares", u**2 + p * v**2, (u**2, p * v**2)),
    Certificate("with", p**2 - p * q, (p * (p - q),), (p >= q,)),
    Lemma("cited", "Euler", p + q >= q),
)


def test_errors_in_the_steps_of_a_proof_are_not_passed():
    found = attack_steps(Trial(claim_of(SQUARES, proof=STEPS), 0, 100))
    assert (found.survivors, found.unneeded) == ((), ())
    assert found.planted == found.rejected == 1 + 1 + 1 + 2 + 1 + 2 + 1 + 1 + 2 + 1


def test_in_a_lemma_that_is_cited_there_is_no_error_to_plant():
    assert attack_steps(Trial(claim_of(SQUARES, proof=STEPS[-1:]), 0, 100)) == PlantedProofs()


def test_a_check_that_passes_every_step_is_found(monkeypatch):
    passed = type("Passed", (), {"outcome": Verdict.PROVED})
    monkeypatch.setattr(steps, "step", lambda trial, link: [passed])
    found = attack_steps(Trial(claim_of(SQUARES, proof=STEPS), 0, 100))
    assert found.rejected == 0
    assert "same: 1 added" in found.survivors
    assert "follows: made stronger, p > 1" in found.survivors
    assert "follows: without p ≥ q" in found.survivors
    assert not any(name.startswith("cited") for name in found.survivors + found.unneeded)


def test_a_given_that_a_step_does_without_is_a_remark():
    step = Implication("follows", (p >= q, q >= 1, p >= 2), p >= 1)
    found = attack_steps(Trial(claim_of(SQUARES, proof=(step,)), 0, 100))
    assert "follows: without p ≥ 2" in found.unneeded
    assert found.survivors == ()


SMALL = [c for c in claims().values() if c.id not in ("chain-boundedness", "chain-learnable-pair", "mhvae-beta-levers")]
SLOW = {"chain-learnable-noise-floor", "summary-both-fixed-no-collapse", "mhvae-bottom-rotation"}
SLOW |= {"summary-fixed-variance-prevents-collapse", "cvae-correlation", "rate-distortion-bound"}
SLOW |= {"vae-fixed-isotropic-rotation", "vae-fixed-distinct-zero-columns", "summary-beta-hurts-reconstruction"}


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param(c, marks=pytest.mark.slow if c.id in SLOW else ())
        for c in SMALL
        if any(s.proof for s in c.statements)
    ],
    ids=lambda c: c.id,
)
def test_the_catalogue_needs_every_fact_of_its_scripts_and_no_error_is_accepted(claim):
    found = sum((attack_proof(Trial(claim, 0, 100), s) for s in claim.statements), PlantedProofs())
    assert found.planted == found.rejected > 0
    assert [name for name in found.unneeded if "left out" in name or "not shown" in name or "weight" in name] == []
    assert [name for name in found.unneeded if "exchanged" in name or "among the claims used" in name] == []
