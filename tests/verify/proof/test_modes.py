"""Formulas of minimisers as theorems of the core: true ones pass; errors in formulas and in proofs do not."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp

from derivations.algebra.zero import vanishes
from derivations.notation import at_level, beta, eta_dec, index, lamda, omega, theta
from derivations.program.hierarchy import build_hierarchy
from derivations.theorems.hierarchy import chain_general, mhvae_fixed, mhvae_learnable_bottom, mhvae_learnable_top
from tests.verify.checked import attained
from verify.catalogue import claims
from verify.draw.trial import Trial
from verify.proof.core.exclusion import excluded
from verify.proof.core.reading import read
from verify.proof.core.terms import ZERO, RejectedError, Term, negation, number
from verify.proof.core.theorem import Theorem
from verify.proof.mode_sentences import sentences_about_modes
from verify.proof.modes import kkt_facts, proved_mode, region_theorem, solves
from verify.proof.structure import prove_structure
from verify.records.evidence import Verdict
from verify.trials.minimiser import by_descent

FILES = [mhvae_learnable_top, mhvae_fixed, mhvae_learnable_bottom]
beta_1, beta_2, lamda_1, omega_2 = at_level(beta, 1), at_level(beta, 2), at_level(lamda, 1), at_level(omega, 2)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.CLAIM.id)
def test_the_published_formulas_are_least_on_every_mode(file):
    (statement,) = file.CLAIM.statements
    found = solves(file.CLAIM, statement)
    assert found["outcome"] is Verdict.PROVED
    assert found["instances"] == 3  # modes through both levels, and behind either bottleneck


PLANTED = [
    (mhvae_learnable_top, lamda_1, lambda e: e.xreplace({beta_2 * eta_dec**2: beta_1 * eta_dec**2})),
    (mhvae_learnable_top, omega_2, lambda e: e.subs(beta_2, beta_1)),
    (mhvae_fixed, omega_2, lambda e: 2 * e),
    (mhvae_fixed, lamda_1, lambda e: e.xreplace({theta: theta**2})),
    (mhvae_learnable_bottom, lamda_1, lambda e: e.subs(beta_1, 2 * beta_1)),
    # The bottleneck forgotten: formulas of i ≤ min(d_1, d_2) on every mode.
    (mhvae_learnable_top, lamda_1, lambda e: e.subs({c: sp.true for c in e.atoms(sp.Le, sp.Ge) if c.has(index)})),
]


@pytest.mark.parametrize(("file", "symbol", "error"), PLANTED)
def test_planted_errors_break_a_theorem_and_are_refuted(file, symbol, error):
    (statement,) = file.CLAIM.statements
    wrong = replace(statement, modes={**statement.modes, symbol: error(statement.modes[symbol])})
    assert wrong.modes[symbol] != statement.modes[symbol]
    assert solves(file.CLAIM, wrong)["outcome"] is Verdict.UNDECIDED
    claim = replace(file.CLAIM, statements=(wrong,))
    assert attained(Trial(claim, 0, 1000), wrong).outcome is Verdict.REFUTED


def test_a_condition_moved_where_another_branch_gives_the_same_is_no_error():
    (statement,) = mhvae_learnable_top.CLAIM.statements
    low = mhvae_learnable_top.below
    moved = {c: c.func(c.lhs, 2 * c.rhs) for c in statement.modes[lamda_1].atoms(sp.Gt) if c.has(low.sigma, beta_2)}
    (condition,) = [c for c in moved if not c.has(theta)]
    same = replace(
        statement, modes={**statement.modes, lamda_1: statement.modes[lamda_1].xreplace({condition: moved[condition]})}
    )
    assert solves(mhvae_learnable_top.CLAIM, same)["outcome"] is Verdict.PROVED


@pytest.mark.slow
@pytest.mark.parametrize("pattern", [(False, True, False), (True, False, True), (False, False, True, False)])
def test_derived_theorems_climb_the_ladder(pattern):
    claim = chain_general.claim_of(pattern)
    (statement,) = claim.statements
    trial = Trial(claim, 0, 300)
    assert {e.outcome for e in prove_structure(trial, statement)} == {Verdict.PROVED}
    assert attained(trial, statement).outcome is Verdict.SUPPORTED
    assert by_descent(trial, statement, 16).outcome is Verdict.SUPPORTED


def test_another_weight_in_the_loss_breaks_the_derived_theorem():
    claim = chain_general.claim_of((False, True))
    (statement,) = claim.statements
    wrong = replace(statement, loss=statement.loss.subs(beta_1, 2 * beta_1))
    assert solves(claim, wrong)["outcome"] is Verdict.UNDECIDED
    broken = replace(claim, statements=(wrong,))
    assert attained(Trial(broken, 0, 500), wrong).outcome in (Verdict.REFUTED, Verdict.UNDECIDED)


@pytest.mark.slow
def test_an_unbounded_loss_is_refuted_by_descent():
    """Where β_1 > β_2 with both learnable, the claimed minimum is no minimum: descent goes below it."""
    claim = chain_general.claim_of((True, True))
    (statement,) = claim.statements
    without = replace(statement, given=(build_hierarchy((True, True)).model.levels[0].beta > 2 * beta_2,))
    assert by_descent(Trial(replace(claim, statements=(without,)), 0, 200), without, 16).outcome is Verdict.REFUTED


PROGRAMS = [part.program for pattern in [(True,), (False, False)] for part in build_hierarchy(pattern).parts]


def accepts(program, region, facts):
    """Whether the core takes these weighted facts for the theorem of the region."""
    sound = region_theorem(program, program.regions.index(region))
    try:
        Theorem("combine", [t for _, t in facts], sound.hypotheses, sound.conclusion, tuple(w for w, _ in facts))
    except RejectedError:
        return False
    return True


def test_every_weight_and_every_tangent_of_a_region_counts():
    tried = 0
    for program in PROGRAMS:
        for region in program.regions:
            facts = kkt_facts(program, region)
            assert accepts(program, region, facts)
            for k, (w, t) in enumerate(facts):
                others = [*facts[:k], *facts[k + 1 :]]
                assert not accepts(program, region, others), "dropped"
                for by in (2, sp.Rational(1, 2), -1):
                    assert not accepts(program, region, [*others, (Term("product", read(sp.S(by)), w), t)]), "weighed"
                tried += 1
                if t.rule == "instance":
                    ((x, point),) = t.arguments[0]
                    double = Term("product", number(2), point)
                    positive = Theorem("monomial", [], t.hypotheses, Term(">", double, ZERO))
                    moved = Theorem("instance", [t.premises[0], positive], ((x, double),))
                    assert not accepts(program, region, [*others, (w, moved)]), "a tangent elsewhere"
    assert tried > 20


@pytest.mark.parametrize("pattern", [(True,), (False,), (True, False), (False, True, False)])
def test_every_condition_of_a_region_counts(pattern):
    claim = chain_general.claim_of(pattern)
    for mode in sentences_about_modes(claim, claim.statements[0]):
        for c in mode.hypotheses if mode.region is not None else ():
            less = mode.hypotheses - {c}
            if not excluded(less, negation(c)):
                with pytest.raises(RejectedError):
                    proved_mode(replace(mode, hypotheses=less))


@pytest.mark.parametrize("pattern", [(True,), (False, True), (False, True, False)])
def test_a_missing_region_is_noticed(pattern):
    claim = chain_general.claim_of(pattern)
    for mode in sentences_about_modes(claim, claim.statements[0]):
        if mode.goal.head == "or":
            for k, gone in enumerate(mode.goal.args):
                less = replace(mode, goal=Term("or", *mode.goal.args[:k], *mode.goal.args[k + 1 :]))
                assert gone not in less.goal.args
                with pytest.raises(RejectedError):
                    proved_mode(less)


def test_no_more_than_the_minimum_is_a_theorem():
    claim = chain_general.claim_of((False, True))
    for mode in sentences_about_modes(claim, claim.statements[0]):
        if mode.region is not None:
            left, right = mode.goal.args
            more = Term("sum", right, Term("product", read(sp.Rational(1, 10**6)), read(eta_dec)))
            with pytest.raises(RejectedError):
                proved_mode(replace(mode, goal=Term(">=", left, more)))


def test_zero_is_decided_exactly():
    a, b, t = sp.symbols("a b t", positive=True)
    assert vanishes(sp.sqrt(t**2 - b * a**2) ** 2 - t**2 + b * a**2)
    assert vanishes(sp.sqrt(t - sp.sqrt(b) * a) ** 2 / sp.sqrt(b) - t / sp.sqrt(b) + a)
    assert vanishes(sp.cbrt(t**4 * a) / sp.cbrt(t * a) - t)
    assert vanishes(sp.log(t * a) - sp.log(t) - sp.log(a))
    assert not vanishes(sp.sqrt(t - a) - sp.sqrt(t) + sp.sqrt(a))
    assert not vanishes(sp.sqrt(t**2 - a) - t)
    assert not vanishes(t - a)


def test_where_nothing_is_stated_about_a_mode_nothing_is_proved(monkeypatch):
    claim = claims()["vae-learnable"]
    monkeypatch.setattr("verify.proof.modes.sentences_about_modes", lambda *_: iter(()))
    assert solves(claim, claim.statements[0])["outcome"] is Verdict.UNDECIDED
