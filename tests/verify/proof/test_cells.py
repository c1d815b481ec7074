"""Typed formulas of hierarchies against derived ones: true ones pass; errors and forgotten bottlenecks do not."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp

from derivations.algebra.zero import vanishes
from derivations.notation import at_level, beta, eta_dec, index, lamda, omega, theta
from derivations.program.hierarchy import build_hierarchy
from derivations.theorems.hierarchy import chain_general, mhvae_fixed, mhvae_learnable_bottom, mhvae_learnable_top
from tests.verify.checked import attained
from verify.draw.trial import Trial
from verify.proof.structure import prove_structure, solves
from verify.records.evidence import Verdict
from verify.trials.minimiser import by_descent

FILES = [mhvae_learnable_top, mhvae_fixed, mhvae_learnable_bottom]
beta_1, beta_2, lamda_1, omega_2 = at_level(beta, 1), at_level(beta, 2), at_level(lamda, 1), at_level(omega, 2)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.CLAIM.id)
def test_the_published_formulas_solve_every_cell(file):
    (statement,) = file.CLAIM.statements
    found = solves(file.CLAIM, statement)
    assert found["outcome"] is Verdict.PROVED
    assert found["instances"] >= 8  # four regions, and those behind the bottlenecks


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
def test_planted_errors_break_a_cell_and_are_refuted(file, symbol, error):
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


def test_zero_is_decided_exactly():
    a, b, t = sp.symbols("a b t", positive=True)
    assert vanishes(sp.sqrt(t**2 - b * a**2) ** 2 - t**2 + b * a**2)
    assert vanishes(sp.sqrt(t - sp.sqrt(b) * a) ** 2 / sp.sqrt(b) - t / sp.sqrt(b) + a)
    assert vanishes(sp.cbrt(t**4 * a) / sp.cbrt(t * a) - t)
    assert vanishes(sp.log(t * a) - sp.log(t) - sp.log(a))
    assert not vanishes(sp.sqrt(t - a) - sp.sqrt(t) + sp.sqrt(a))
    assert not vanishes(sp.sqrt(t**2 - a) - t)
    assert not vanishes(t - a)
