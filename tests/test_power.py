"""No pass on a false statement: every mutation of every claim is refuted or shown to be none."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sympy import Symbol

from derivations.claim import Always, Claim, Domain, Expected, Flow, LocalMinimum, Minimiser, Observed, Same, Variable
from tests.verify.checked import attained, judge, on_instances
from verify.attack import mutations
from verify.attack.mutations import attack
from verify.catalogue import claims
from verify.draw.trial import Trial
from verify.proof.identity import prove_identity
from verify.records.evidence import Verdict
from verify.trials.kinds import Mutation
from verify.trials.properties import smallest

MANY = {"chain-general", "mhvae-beta-levers", "mhvae-learnable-top"}  # sentences, or modes of two levels


def costly(claim):
    """Whether its sentences are many, or tried on networks, flows or landscapes."""
    return claim.id in MANY or any(
        isinstance(statement, Observed | Flow | LocalMinimum) for statement in claim.statements
    )


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.slow) if costly(c) else n for n, c in sorted(claims().items())]
)
def test_planted_errors_are_refuted(name):
    planted = attack(claims()[name], seed=1)
    assert planted.planted >= 6
    assert planted.survivors == ()
    assert planted.refuted >= 6


@pytest.mark.parametrize("persistent", [True, False])
@pytest.mark.parametrize("shows", [1, mutations.EXAMPLES, mutations.EXAMPLES + 1, mutations.MANY, mutations.MANY + 1])
def test_an_error_that_hardly_shows_is_looked_for_longer(monkeypatch, shows, persistent):
    """One that shows on the instance of that number, and in no other; where it is cheap, more of them are tried."""
    x = Symbol("x", positive=True)
    claim = Claim("toy", "t", "s", "", (Variable(x, Domain.POSITIVE),), (Same("", x, x),))
    error = Mutation("rare", Same("", x, 2 * x), x, 2 * x)
    kind = SimpleNamespace(
        persistent=persistent,
        refutes=lambda claim, statement, seed, examples: examples >= shows,
        follows=lambda *_: False,
        equivalent=lambda *_: False,
    )
    monkeypatch.setattr(mutations, "mutate", lambda _: iter([error]))
    monkeypatch.setattr(mutations, "kind_of", lambda _: kind)
    found = attack(claim, seed=0)
    refuted = shows <= (mutations.MANY if persistent else mutations.EXAMPLES)
    assert (found.planted, found.refuted, found.survivors) == (1, int(refuted), () if refuted else ("rare",))


@pytest.mark.parametrize("name", ["vae-learnable", "cvae-fixed", "vae-collapse-threshold", "lemma-complete-square"])
def test_a_mutated_claim_is_refuted_by_the_audits_own_checks(name):
    claim = claims()[name]
    statement = next(iter(mutations.mutate(claim))).statement
    trial = Trial(replace(claim, statements=(statement,)), 0, 1000)
    check = attained if isinstance(statement, Minimiser) else on_instances
    evidence = check(trial, statement)
    assert evidence.outcome is Verdict.REFUTED
    assert evidence.witness is not None
    assert evidence.reproduce
    if isinstance(statement, Same):
        assert prove_identity(trial, statement).outcome is Verdict.UNDECIDED


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(n for n, c in claims().items() if c.expected is Expected.REFUTED))
def test_false_statements_get_a_small_witness(name):
    claim = claims()[name]
    for statement in claim.statements:
        if statement.measured:  # its witness is a network
            (own,) = [e for e in judge(claim, 0, 100).evidence if e.about == statement.label and e.kind == "networks"]
            assert (own.witness is not None) is (statement.expected is Expected.REFUTED)
            continue
        found, _ = smallest(claim, statement)
        assert (found is not None) is (statement.expected is Expected.REFUTED)
        if found is not None:
            assert max(found.dims.values(), default=1) <= 2


def test_an_assumption_nothing_meets_is_vacuous():
    claim = claims()["summary-beta-reduces-collapse"]
    beta = claim.variables[1].symbol
    impossible = replace(claim, assumptions=(beta < 0,))
    evidence = on_instances(Trial(impossible, 0, 500), impossible.statements[0])
    assert evidence.outcome is Verdict.VACUOUS


def test_the_false_statement_corrected_is_not_refuted():
    claim = claims()["summary-beta-reduces-collapse"]
    (statement,) = claim.statements
    assert isinstance(statement, Always)
    corrected = replace(statement, relation=statement.relation.lhs <= statement.relation.rhs)
    assert on_instances(Trial(claim, 0, 2000), corrected).outcome is Verdict.SUPPORTED


def test_without_w1_the_residual_reduction_fails():
    """A negative control of the theory: with W_1 ≡ 0 the last two squares cannot both vanish."""
    from sympy import ZeroMatrix

    from derivations.notation import W1

    claim = claims()["cvae-residual-reduction"]
    (statement,) = claim.statements
    zero = {W1: ZeroMatrix(*W1.shape)}
    without = replace(statement, left=statement.left.xreplace(zero).doit())
    assert on_instances(Trial(claim, 0, 1000), without).outcome is Verdict.REFUTED


def test_same_seed_same_evidence():
    def frozen(result):
        return json.loads(result.model_dump_json(exclude={"seconds": True, "evidence": {"__all__": {"seconds"}}}))

    first, second = (judge(claims()["cvae-correlation"], 3, 300) for _ in range(2))
    assert frozen(first) == frozen(second)
