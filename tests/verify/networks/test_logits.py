"""Logit-linear VAEs: their gradient, their loss against sums over draws, and the onset, with planted errors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sympy import Eq

import verify
from derivations.models import collapsed as at
from derivations.statements.observed import Observation
from derivations.theorems.networks.next_latent_test import CLAIM as NEXT
from derivations.theorems.networks.score_threshold import CLAIM
from verify.draw.trial import Trial
from verify.networks.logits import LogitLinear
from verify.records.evidence import Verdict
from verify.trials.observed import by_networks

RNG = np.random.default_rng(2)
X = RNG.normal(size=(50, 3))
X -= X.mean(0)
Y = {
    "bernoulli": (RNG.random((50, 4)) < 1 / (1 + np.exp(-X @ RNG.normal(size=(3, 4))))).astype(float),
    "poisson": RNG.poisson(np.exp(X @ RNG.normal(size=(3, 4)) / 3)).astype(float),
}
STATEMENTS = {s.label: s for s in CLAIM.statements}


@pytest.fixture(params=Y)
def net(request):
    return LogitLinear(request.param, Y[request.param], X, 2, 1.7)


def test_gradients_are_those_of_the_loss(net):
    at_random = net.collapsed() + 0.3 * RNG.normal(size=net.collapsed().size)
    numeric = [(net(at_random + 1e-6 * e)[0] - net(at_random - 1e-6 * e)[0]) / 2e-6 for e in np.eye(at_random.size)]
    np.testing.assert_allclose(net(at_random)[1], numeric, rtol=1e-5, atol=1e-7)
    assert abs(net(net.collapsed())[1]).max() < 1e-12


def test_the_loss_is_an_average_over_draws(net):
    params = net.collapsed() + 0.3 * np.random.default_rng(0).normal(size=net.collapsed().size)
    a, U, W, b, t = net.split(params)
    m = X @ W.T + b
    draws = m + np.exp(t) * np.random.default_rng(1).normal(size=(4000, *m.shape))
    xi = a + draws @ U.T
    A = np.exp(xi) if net.likelihood == "poisson" else np.log1p(np.exp(xi))
    each = (A - net.y * xi).sum(2).mean(1)
    expected = net(params)[0] - net.beta * net.rates(params).sum()
    assert abs(each.mean() - expected) < 4 * each.std() / np.sqrt(len(each))


@pytest.mark.parametrize(
    ("label", "wrong", "refuted"),
    [
        ("Bernoulli", at.threshold, False),
        ("Poisson", at.threshold, False),
        ("Bernoulli", at.largest(at.G * at.G.T), True),  # without E[φφᵀ]
        ("Poisson", at.threshold**2, True),
    ],
)
def test_the_threshold_is_that_of_the_hessians_and_no_other(label, wrong, refuted):
    statement = replace(STATEMENTS[label], relation=Eq(wrong / at.crossing, 1))
    for seed in (3, 4):
        outcome = by_networks(Trial(CLAIM, seed, 200), statement).outcome
        assert outcome is (Verdict.REFUTED if refuted else Verdict.SUPPORTED)


@pytest.mark.slow
@pytest.mark.parametrize("label", ["Bernoulli", "Poisson"])
def test_what_a_dead_latent_of_a_trained_model_could_gain(label):
    """With H and s at the current decoder, on other seeds; those of the collapsed point are refuted."""
    statement = next(s for s in NEXT.statements if s.label == label)
    for seed in (5, 6):
        assert by_networks(Trial(NEXT, seed, 500), statement).outcome is Verdict.SUPPORTED
    name, y = label.lower(), Y[label.lower()]
    alone = replace(LogitLinear(name, y, X, 1, 1.0), beta=0.6 * LogitLinear(name, y, X, 1, 1.0).onset())
    here = alone.trained(alone.collapsed() + 0.3 * np.random.default_rng(1).normal(size=alone.collapsed().size), 3000)
    net, params, dead = alone.with_dead_latent(here)
    assert dead.sum() == 4 + 3 + 2
    assert net(params)[0] == pytest.approx(alone(here)[0], rel=1e-12)
    crossing = net.crossing(params, dead)
    now, fitted = alone.scores(here), alone.scores(alone.collapsed())
    assert first_eigenvalue(*now) == pytest.approx(crossing, rel=1e-4)
    assert first_eigenvalue(*fitted) > 1.3 * crossing
    apart = first_eigenvalue(now[0], fitted[1]) / crossing  # E s = 0 makes H the means, for counts
    assert bool(abs(apart - 1) < 1e-4) is (name == "poisson")


def first_eigenvalue(s, H):
    explained = X @ np.linalg.lstsq(X, s, rcond=None)[0] / np.sqrt(H)
    return np.linalg.eigvalsh(explained.T @ explained)[-1] / len(X)


def test_the_covariance_is_not_the_correlation_matrix():
    """At p = 0.1 the covariance is a tenth of what the onset follows."""
    y = Y["bernoulli"] * (RNG.random((50, 4)) < 0.4)
    onset = LogitLinear("bernoulli", y, y - y.mean(0), 1, 1.0).onset()
    assert onset == pytest.approx(np.linalg.eigvalsh(np.corrcoef(y, rowvar=False))[-1], rel=1e-6)
    assert np.linalg.eigvalsh(np.cov(y, rowvar=False))[-1] < 0.3 * onset


@pytest.mark.slow
@pytest.mark.parametrize("likelihood", Y)
def test_just_below_the_onset_the_gain_is_that_of_the_bifurcation(likelihood):
    """To leading order in δ = 2 %, whose next term is of relative size δ."""
    y = Y[likelihood]
    first = LogitLinear(likelihood, y, y - y.mean(0), 1, 1.0).onset()
    net = LogitLinear(likelihood, y, y - y.mean(0), 1, 0.98 * first)
    here = net.collapsed()
    start = here + 0.05 * np.random.default_rng(3).normal(size=here.size)
    gain = net(here)[0] - net(net.trained(start, 300))[0]
    found = verify.predict(y, latent=1, beta=0.98 * first, likelihood=likelihood)
    assert found.gain == pytest.approx(gain, rel=0.05)
    assert "nats per row there" in str(found)


@pytest.mark.parametrize("observation", [Observation.BERNOULLI, Observation.POISSON])
def test_training_leaves_collapse_below_the_onset_only(observation):
    name = observation.name.lower()
    net = LogitLinear(name, Y[name], X, 2, 1.0)
    first = net.onset()
    start = net.collapsed() + 0.1 * np.random.default_rng(5).normal(size=net.collapsed().size)
    for factor, active in ((0.95, 1), (1.05, 0)):
        there = replace(net, beta=factor * first)
        assert int((there.rates(there.trained(start)) > 1e-4).sum()) == active
