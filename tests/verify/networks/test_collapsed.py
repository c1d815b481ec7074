"""The collapsed point: thresholds against Hessians, on networks where the answer is known, and planted errors."""

from __future__ import annotations

import importlib
from dataclasses import replace

import numpy as np
import pytest
from sympy import Eq

from derivations.claim import Observed
from derivations.models import collapsed as at
from derivations.statements.observed import Observation
from derivations.theorems.networks.score_threshold import CLAIM
from verify.draw.trial import Trial
from verify.networks.architecture import Architecture, init, unpack
from verify.networks.observations import observe
from verify.networks.observations.draws import Case, collapse, drawn, features, on_a_kink
from verify.networks.observations.kinks import CLEARANCE, panels
from verify.networks.sample import build_sample
from verify.records.evidence import Verdict
from verify.trials.observed import by_networks

module = importlib.import_module("verify.networks.observations.collapsed")
STATEMENTS = {s.label: s for s in CLAIM.statements if isinstance(s, Observed)}


def value(batch, expression):
    return float(batch.evaluate(expression)[0].ravel()[0])


@pytest.mark.parametrize("eta", [0.6, 1.0, 2.0])
def test_a_linear_vae_has_the_linear_threshold(eta):
    """φ = (x, 1), ψ = (z, 1): the threshold is θ_1², that of vae-collapse-threshold."""
    net = Architecture("vae", 3, 3, (2,), (), "linear")
    params = init(net, 0)
    collapse(net, unpack(net, params), eta)
    x = np.random.default_rng(1).normal(size=(30, 3)) * [2, 1, 0.5]
    x -= x.mean(0)
    batch = module.measured(Case(net, params, build_sample(net, x), eta, 0.9), 0, False, "linear")
    theta = np.sqrt(np.linalg.eigvalsh(x.T @ x / 30)[-1])
    assert value(batch, at.threshold) == pytest.approx(theta**2, rel=1e-10)
    assert value(batch, at.crossing) == pytest.approx(theta**2, rel=1e-6)


def test_the_worked_example_is_unstable_up_to_twice_the_linear_threshold():
    for batch in observe(Observation.PRODUCT, 0, 1000):
        assert value(batch, at.largest(at.E_r)) == pytest.approx(2, rel=1e-12)
        assert value(batch, at.mixed_threshold) == pytest.approx(4, rel=1e-12)
        assert value(batch, at.crossing) == pytest.approx(4, rel=1e-5)
        assert value(batch, at.spread) == pytest.approx(4, rel=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("observation", [Observation.ADDITIVE, Observation.HEAD, Observation.MIXED])
def test_thresholds_are_met_on_other_seeds(observation):
    threshold = at.mixed_threshold if observation is Observation.MIXED else at.threshold
    for batch in observe(observation, 7, 500):
        assert value(batch, threshold) == pytest.approx(value(batch, at.crossing), rel=1e-3)


def test_networks_of_every_kind_take_part():
    nets = [drawn(Observation.ADDITIVE, np.random.default_rng(k), k).net for k in range(8)]
    assert {n.kind for n in nets} == {"vae", "cvae"}
    assert {n.activation for n in nets} == {"tanh", "softplus", "relu"}
    assert {n.latents for n in nets} == {(1,), (2,)}
    assert len({n.hidden for n in nets}) == 3


@pytest.mark.slow
def test_a_wrong_threshold_is_refuted_with_a_witness():
    for label, wrong in (
        ("constant σ", at.largest(at.S)),  # κ forgotten
        ("σ-head", at.largest(at.kappa) * at.largest(at.E_r)),  # E[rrᵀ] for S
        ("mixed decoder", at.largest(at.E_r)),
    ):
        statement = replace(STATEMENTS[label], relation=Eq(wrong / at.crossing, 1))
        found = by_networks(Trial(CLAIM, 0, 1000), statement)
        assert found.outcome is Verdict.REFUTED
        assert f"{label} fails on network" in found.witness.text
        assert found.reproduce == "collapse-audit run score-threshold --seed 0 --examples 1000"
        assert by_networks(Trial(CLAIM, 0, 1000), STATEMENTS[label]).outcome is Verdict.SUPPORTED


def test_a_violation_that_shows_a_local_minimum_only_is_undecided():
    statement = replace(STATEMENTS["constant σ"], relation=at.threshold < -1, refutes=False)
    found = by_networks(Trial(CLAIM, 0, 1000), statement)
    assert found.outcome is Verdict.UNDECIDED
    assert f"{module.NETWORKS} contradict it: local minima" in found.note


def test_a_hessian_without_its_mixed_block_is_noticed(monkeypatch):
    """A planted error in the differencing: encoder and decoder no longer interact, so nothing is ever unstable."""
    true = module.hessian

    def decoupled(f, params):
        H, asymmetry = true(f, params)
        encoder = np.array([b.name.startswith("enc") for b in f.architecture.layout for _ in range(b.stop - b.start)])
        H = H.copy()
        H[np.ix_(encoder, ~encoder)] = H[np.ix_(~encoder, encoder)] = 0
        return H, asymmetry

    monkeypatch.setattr(module, "hessian", decoupled)
    batch = module.observe_collapsed(Observation.PRODUCT, 0, 1000)[0]
    assert not value(batch, at.crossing) > 0.1


def test_moments_that_are_not_those_of_the_network_are_noticed(monkeypatch):
    """A planted error in the features: the decoder's derivative taken at half its size."""
    true = module.feature_slopes
    monkeypatch.setattr(module, "feature_slopes", lambda *a, **k: true(*a, **k) / 2)
    case = drawn(Observation.ADDITIVE, np.random.default_rng(3), 0)
    batch = module.measured(case, 0, False, "additive")
    assert value(batch, at.threshold) == pytest.approx(value(batch, at.crossing) / 4, rel=1e-3)


def relu_case(bias):
    """A decoder of one latent with one ReLU, whose kink is at ε = −bias."""
    net = Architecture("vae", 2, 1, (1,), (1,), "relu")
    params = init(net, 0)
    views = unpack(net, params)
    collapse(net, views, 1.0)
    views["dec_1.W0"][...], views["dec_1.b0"][...] = 1.0, bias
    x = np.random.default_rng(2).normal(size=(20, 2))
    return Case(net, params, build_sample(net, x, x[:, :1] - x[:, :1].mean()), 1.0, 1.0)


@pytest.mark.slow
def test_panels_between_kinks_integrate_a_relu_exactly():
    case = relu_case(0.3)
    psi = features(case.net, unpack(case.net, case.params), "dec_1", case.rule.nodes[:, 0])[:, 0]
    tail, density = 0.6179114221889526, np.exp(-(0.3**2) / 2) / np.sqrt(2 * np.pi)  # Φ(0.3), φ(0.3)
    assert case.rule.weights @ psi == pytest.approx(0.3 * tail + density, rel=1e-12)
    assert case.rule.weights @ psi**2 == pytest.approx(1.09 * tail + 0.3 * density, rel=1e-12)
    assert "1 kinks" in case.rule.rule
    deep = Architecture("cvae", 2, 1, (1,), (2, 3), "relu", encoder="joint", decoder="joint")
    views = unpack(deep, init(deep, 1))
    rows = np.random.default_rng(0).normal(size=(4, 2))
    rule = panels(deep, views, "dec_1", 1.0, rows)
    f = [
        features(deep, views, "dec_1", np.hstack([z, np.tile(r, (len(z), 1))]))
        for r in rows
        for z in (rule.nodes[:, 0],)
    ]
    fine = np.linspace(-8.5, 8.5, 400_001)[:, None]
    weight = np.exp(-(fine[:, 0] ** 2) / 2) / np.exp(-(fine[:, 0] ** 2) / 2).sum()
    for values, row in zip(f, rows, strict=True):
        dense = features(deep, views, "dec_1", np.hstack([fine, np.tile(row, (len(fine), 1))]))
        assert np.allclose(rule.weights @ values, weight @ dense, rtol=1e-8)


@pytest.mark.slow
def test_a_unit_on_a_kink_is_put_aside_and_counted():
    case = relu_case(0.3)
    assert not on_a_kink(case)
    touching = relu_case(0.3)
    views = unpack(touching.net, touching.params)
    row = touching.data.x[0]
    views["enc_1.b0"][...] = -(views["enc_1.W0"] @ row) + CLEARANCE / 2
    assert on_a_kink(touching)
    found = module.observe_collapsed(Observation.MIXED, 0, 1000)
    tried = [module.clear(Observation.MIXED, 0, k)[1] for k in range(module.NETWORKS)]
    assert {float(batch.values[at.redrawn][0, 0]) for batch in found} == {float(sum(tried))} != {0.0}
    note = by_networks(Trial(CLAIM, 0, 1000), STATEMENTS["mixed decoder"]).note
    assert f"({sum(tried)} draws put aside" in note


def test_a_relu_network_is_measured_like_the_others():
    batch = module.measured(relu_case(0.3), 0, False, "additive")
    assert value(batch, at.threshold) == pytest.approx(value(batch, at.crossing), rel=1e-3)
