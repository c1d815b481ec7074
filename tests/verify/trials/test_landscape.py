"""Landscapes and flows: spurious minima are found where they exist, values too high and wrong orders fall."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp

from derivations.claim import Claim, Domain, Flow, LocalMinimum, Optimum, Variable
from derivations.nodes import Matching, SumModes
from derivations.notation import d, sigma, theta
from verify.catalogue import claims
from verify.draw.instances import Instances, draw
from verify.draw.trial import Trial
from verify.evaluate.stack import Stack
from verify.records.evidence import Verdict
from verify.trials.flow import by_trajectory
from verify.trials.local_minimum import by_curvature
from verify.trials.optimum import by_descent

a = sp.Symbol("a", positive=True)
x = sp.Symbol("x", real=True)
double_well = 3 * x**4 + 4 * x**3 - 12 * x**2 + a * 0  # −32 at −2, −5 at 1


ONE = (Variable(a),)


def trial(statement, variables=ONE):
    return Trial(Claim("planted", "", "", "", variables, (statement,)), 0, 500)


def test_a_local_minimum_that_is_not_global_is_found():
    statement = Optimum("", double_well, {x: Domain.REAL}, sp.Integer(-32), only_global=True)
    evidence = by_descent(trial(statement), statement)
    assert evidence.outcome is Verdict.REFUTED
    assert "a local minimum at -5, above the global -32" in evidence.witness.text


def test_the_same_value_alone_is_right_and_a_higher_one_is_refuted():
    right = Optimum("", double_well, {x: Domain.REAL}, sp.Integer(-32))
    assert by_descent(trial(right), right).outcome is Verdict.SUPPORTED
    high = replace(right, value=sp.Integer(-31))
    assert by_descent(trial(high), high).outcome is Verdict.REFUTED


def test_a_value_nobody_reaches_is_undecided_never_a_pass():
    low = Optimum("", double_well, {x: Domain.REAL}, sp.Integer(-33))
    assert by_descent(trial(low), low).outcome is Verdict.UNDECIDED


def test_a_saddle_is_no_trap():
    y = sp.Symbol("y", real=True)
    loss = (x**2 - a) ** 2 + y**2  # x = 0 is a saddle, both minima are global
    statement = Optimum("", loss, {x: Domain.REAL, y: Domain.REAL}, sp.S.Zero, only_global=True)
    assert by_descent(trial(statement), statement).outcome is Verdict.SUPPORTED


@pytest.mark.slow
def test_the_papers_spurious_minimum_is_found_by_descents_too():
    (example,) = (s for s in claims()["partially-learnable"].statements if isinstance(s, LocalMinimum))
    statement = Optimum("", example.loss, example.domains, sp.Rational(7083519, 10**6), only_global=True)
    two = sp.MatrixSymbol("M", 2, 2)  # the example is of size two
    found = []
    for seed in range(6):
        claim = Claim(f"planted-{seed}", "", "", "", (Variable(two),), (statement,))
        found.append(by_descent(Trial(claim, seed, 64), statement))
    refuted = [e.witness.text for e in found if e.outcome is Verdict.REFUTED]
    assert refuted
    assert any("a local minimum at 7.19722" in text for text in refuted)


@pytest.mark.parametrize(
    ("at", "elsewhere", "outcome"),
    [
        ({x: sp.S.One}, {x: sp.Integer(-2)}, Verdict.SUPPORTED),
        ({x: sp.S.Zero}, {x: sp.Integer(-2)}, Verdict.REFUTED),  # a maximum
        ({x: sp.Rational(11, 10)}, {x: sp.Integer(-2)}, Verdict.REFUTED),  # a slope
        ({x: sp.Integer(-2)}, {x: sp.S.One}, Verdict.REFUTED),  # global: nothing lower elsewhere
    ],
)
def test_a_claimed_local_minimum(at, elsewhere, outcome):
    statement = LocalMinimum("", double_well, at, elsewhere, {x: Domain.REAL})
    evidence = by_curvature(trial(statement), statement)
    assert evidence.outcome is outcome


def test_a_local_minimum_is_looked_at_where_the_assumptions_hold():
    statement = LocalMinimum("", double_well, {x: sp.S.One}, {x: sp.Integer(-2)}, {x: Domain.REAL})
    far = Trial(Claim("planted", "", "", "", ONE, (statement,), assumptions=(a > 100,)), 0, 500)
    assert 0 not in draw(far.claim, 0, 0).index
    assert by_curvature(far, statement).outcome is Verdict.SUPPORTED
    none = replace(far.claim, assumptions=(a > 10**9,))
    assert by_curvature(replace(far, claim=none), statement).outcome is Verdict.VACUOUS


def test_the_spurious_minimum_has_the_published_values():
    claim = claims()["partially-learnable"]
    (statement,) = (s for s in claim.statements if isinstance(s, LocalMinimum))
    note = by_curvature(Trial(claim, 0, 64), statement).note
    assert "loss 7.197225 there, 7.083519 elsewhere" in note


def flow(**changed):
    """One mode of a double well x⁴/4 − θx²/2: leaves 0 at rate θ − 1 iff θ > 1, plus a pull x²/2."""
    loss = x**4 / 4 - (theta - 1) * x**2 / 2
    return replace(Flow("", loss, {x: sp.Rational(1, 1000)}, x, theta > 1, theta - 1), **changed)


MODES = (Variable(theta, Domain.POSITIVE_MODES),)


def test_a_true_flow_is_supported_with_its_order():
    evidence = by_trajectory(trial(flow(), MODES), flow())
    assert evidence.outcome is Verdict.SUPPORTED
    assert int(evidence.note.split(",")[1].split()[0]) > 5


@pytest.mark.parametrize(
    "changed",
    [{"leaves": theta > 2}, {"leaves": theta < 1}, {"rate": 1 / theta + 2}, {"grows": theta > 2}],
    ids=["threshold", "direction", "order", "growth"],
)
def test_a_false_flow_is_refuted(changed):
    assert by_trajectory(trial(flow(**changed), MODES), flow(**changed)).outcome is Verdict.REFUTED


def test_matching_is_the_best_of_all_assignments():
    from itertools import permutations

    rng = np.random.default_rng(0)
    values = {theta: rng.uniform(0, 2, (5, 3)), sigma: rng.uniform(0, 2, (5, 3))}
    gain = theta**2 / (sigma + 1)
    batch = Instances(Stack({d: 2}, 3, values, 5), np.arange(5), np.array(["random"] * 5))
    found = batch.evaluate(Matching(gain, d))[0][:, 0]
    tables = values[theta][:, :, None] ** 2 / (values[sigma][:, None, :] + 1)
    best = [max(t[i, 0] + t[j, 1] for i, j in permutations(range(3), 2)) for t in tables]
    np.testing.assert_allclose(found, best)
    assert np.all(found <= batch.evaluate(SumModes(theta**2))[0][:, 0])
