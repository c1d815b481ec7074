"""Nothing is refuted, and no near tie passed, in floating point alone; errors are where instances are."""

from __future__ import annotations

import pytest
import sympy as sp

from derivations.claim import Always, Claim, Domain, Minimum, Same, Variable
from derivations.nodes import Eigenvalue, SumModes
from tests.verify.checked import on_instances
from verify.attack.mutations import attack
from verify.draw.instances import batches, draw
from verify.draw.trial import Trial
from verify.records.evidence import Verdict
from verify.trials.assumptions import clash
from verify.trials.claimed import constrained
from verify.trials.minimum import by_descent
from verify.trials.tally import whole

a, b, t = sp.symbols("a b t", positive=True)
u, v = sp.symbols("u v", nonnegative=True)
r = sp.Symbol("r", real=True)
n, k = sp.symbols("n k", integer=True, positive=True)
V, Q = sp.MatrixSymbol("V", n, k), sp.MatrixSymbol("Q", n, n)


def claim(*statements, variables=(a, b), **fields):
    variables = tuple(x if isinstance(x, Variable) else Variable(x) for x in variables)
    return Claim("c", "t", "s", "", variables, statements, **fields)


def outcome(statement, **fields):
    return on_instances(Trial(claim(statement, **fields), 0, 640), statement)


def binomial(power, shift=0):
    return sp.Ge((a + b) ** power + shift, sp.expand((a + b) ** power), evaluate=False)


@pytest.mark.parametrize("power", [1, 2, 3, 5, 9, 14])
def test_round_off_neither_refutes_nor_passes(power):
    small = sp.Integer(10) ** -12
    assert outcome(Always("", 1 + a ** sp.Integer(power) > 1)).outcome is Verdict.SUPPORTED
    assert outcome(Always("", binomial(power))).outcome is Verdict.SUPPORTED
    assert outcome(Always("", binomial(power, -small))).outcome is Verdict.REFUTED
    for error in (small, small**9):  # on values of a grid even an error that no ball of 77 digits shows
        assert outcome(Same("", (a + b) ** power, sp.expand((a + b) ** power) + error)).outcome is Verdict.REFUTED
    root = (sp.sqrt(a) + sp.sqrt(b)) ** power
    assert outcome(Same("", root, sp.expand(root))).outcome is Verdict.SUPPORTED
    assert outcome(Same("", root, sp.expand(root) + small)).outcome is Verdict.REFUTED


def test_overflow_is_decided_exactly():
    assert outcome(Always("", (a + 1) ** 900 >= a**900)).outcome is Verdict.SUPPORTED
    assert outcome(Always("", (a + 1) ** 900 <= a**900)).outcome is Verdict.REFUTED


def test_drawn_orthogonal_matrices_are_exactly_orthogonal_and_eigenvalues_of_squares_have_roots():
    orthogonal = (Variable(Q, Domain.ORTHOGONAL),)
    assert outcome(Same("", Q * Q.T, sp.Identity(n)), variables=orthogonal).outcome is Verdict.SUPPORTED
    assert outcome(Same("", Q, Q.T), variables=orthogonal).outcome is Verdict.REFUTED
    nuclear = SumModes(sp.sqrt(Eigenvalue(V * V.T)))
    assert outcome(Always("", nuclear >= 0), variables=(V,)).outcome is Verdict.SUPPORTED
    assert outcome(Always("", nuclear <= 1), variables=(V,)).outcome is Verdict.REFUTED


def test_an_assumption_that_holds_by_round_off_only_lets_nothing_in():
    cancels = (a + b) ** 3 - sp.expand((a + b) ** 3)
    vacuous = claim(Always("", a > b), assumptions=(sp.Lt(cancels, 0, evaluate=False),))
    assert sum(map(len, batches(vacuous, 0, 640))) == 0
    assert [e.outcome for e in clash(Trial(vacuous, 0, 640))] == [Verdict.VACUOUS]
    met = claim(Always("", a > b), assumptions=(sp.Le(cancels, 0, evaluate=False),))
    assert sum(map(len, batches(met, 0, 640))) == 640


def collapse(factor):
    """Least where u = v = √(t − a) above t = a, and 0 below; the claim puts the threshold elsewhere."""
    loss = (u * v - t) ** 2 + 2 * a * u * v + (u - v) ** 2
    at = sp.Piecewise((sp.sqrt(t - a), t > factor * a), (0, True))
    return claim(Minimum("", loss, {u: at, v: at}), variables=(t, a))


@pytest.mark.parametrize("factor", [sp.Rational(k, 100) for k in (50, 90, 99, 101, 110, 125, 150)])
def test_a_threshold_that_is_one_percent_off_is_refuted_at_every_seed(factor):
    wrong = collapse(factor)
    for seed in range(20):
        assert whole(Trial(wrong, seed, 400), constrained(wrong.statements[0])).outcome is Verdict.REFUTED


def test_the_right_threshold_is_not_refuted():
    right = collapse(1)
    for seed in range(5):
        trial = Trial(right, seed, 400)
        assert whole(trial, constrained(right.statements[0])).outcome is Verdict.SUPPORTED
        assert by_descent(trial, right.statements[0]).outcome is Verdict.SUPPORTED


def test_both_sides_of_a_threshold_of_any_scalar_are_drawn():
    batch = draw(collapse(2), 0, 0)
    ratios = {float(x) for x in (batch.values[t] / (2 * batch.values[a])).ravel()}
    for wanted in (1.0, 1 - 1e-4, 1 + 1e-4, 0.99, 1.01):
        assert any(abs(ratio - wanted) < 1e-12 for ratio in ratios)


def test_another_well_is_no_doubt_about_a_proved_minimum():
    wells = (r - a - 6) ** 2 * ((r + a) ** 2 + 1)
    for excess, wanted in (((wells,), Verdict.SUPPORTED), ((), Verdict.UNDECIDED)):
        two = claim(Minimum("", wells, {r: a + 6}, excess=excess))
        assert by_descent(Trial(two, 0, 400), two.statements[0]).outcome is wanted


def test_an_assumption_that_is_not_needed_is_a_remark():
    planted = attack(claim(Always("", a + b > a), assumptions=(a > b,)), 0)
    assert planted.unneeded == ("a > b",)
    assert planted.survivors == ()
    needed = attack(claim(Always("", a**2 > a * b), assumptions=(a > b,)), 0)
    assert needed.unneeded == needed.survivors == ()


@pytest.mark.parametrize("far", [10**3, 10**6, 10**8])
def test_a_loss_that_falls_without_end_far_out_is_refuted(far):
    falls = claim(Minimum("", (r - a) ** 2 * (1 - (r - a) / far), {r: a}))
    rises = claim(Minimum("", (r - a) ** 2 * (1 + (r - a) ** 2 / far), {r: a}))
    for seed in range(3):
        assert by_descent(Trial(falls, seed, 400), falls.statements[0]).outcome is Verdict.REFUTED
        assert by_descent(Trial(rises, seed, 400), rises.statements[0]).outcome is Verdict.SUPPORTED


@pytest.mark.parametrize("wrong", range(1, 7))
def test_an_error_at_one_dimension_only_is_refuted(wrong):
    error = sp.Piecewise((1, sp.Eq(n, wrong)), (0, True))
    evidence = outcome(Always("", sp.Trace(Q * Q.T) + error <= sp.Trace(Q.T * Q)), variables=(Q,))
    assert evidence.outcome is Verdict.REFUTED
    assert evidence.witness.values["n"] == wrong


@pytest.mark.parametrize("least", [6, 8])
def test_large_dimensions_that_a_claim_asks_for_are_drawn(least):
    large = claim(Always("", sp.Trace(Q * Q.T) >= 0), variables=(Q,), dimensions=(n >= least,))
    assert {b.dims[n] for b in batches(large, 0, 640)} >= {least, least + 1}
