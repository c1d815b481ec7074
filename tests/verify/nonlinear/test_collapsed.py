"""The collapsed point: thresholds against Hessians, on networks where the answer is known, and planted errors."""

from __future__ import annotations

import importlib
from dataclasses import replace

import numpy as np
import pytest
from sympy import Eq

from derivations import collapsed as at
from derivations.claim import Observed
from derivations.networks import Observation
from derivations.theorems.collapsed_point_stability import CLAIM
from verify.checks.common import Trial
from verify.checks.observed import observed
from verify.evidence import Verdict
from verify.nonlinear.architecture import Architecture, init, unpack
from verify.nonlinear.observations import observe
from verify.nonlinear.sample import sample

module = importlib.import_module("verify.nonlinear.observations.collapsed")  # the function has the module's name
STATEMENTS = {s.label: s for s in CLAIM.statements if isinstance(s, Observed)}


def value(batch, expression):
    return float(batch.evaluate(expression)[0].ravel()[0])


@pytest.mark.parametrize("eta", [0.6, 1.0, 2.0])
def test_a_linear_vae_has_the_linear_threshold(eta):
    """φ = (x, 1), ψ = (z, 1): the threshold is θ_1², that of vae-collapse-threshold."""
    net = Architecture("vae", 3, 3, (2,), (), "linear")
    params = init(net, 0)
    module._collapse(net, unpack(net, params), eta)
    x = np.random.default_rng(1).normal(size=(30, 3)) * [2, 1, 0.5]
    x -= x.mean(0)
    batch = module._measured(module._Case(net, params, sample(net, x), eta, 0.9), 0, False, "linear")
    theta = np.sqrt(np.linalg.eigvalsh(x.T @ x / 30)[-1])
    assert value(batch, at.threshold) == pytest.approx(theta**2, rel=1e-10)
    assert value(batch, at.crossing) == pytest.approx(theta**2, rel=1e-6)


def test_the_worked_example_is_unstable_up_to_twice_the_linear_threshold():
    for batch in observe(Observation.PRODUCT, 0, 1000):
        assert value(batch, at.largest(at.E_r)) == pytest.approx(2, rel=1e-12)
        assert value(batch, at.mixed_threshold) == pytest.approx(4, rel=1e-12)
        assert value(batch, at.crossing) == pytest.approx(4, rel=1e-5)
        assert value(batch, at.spread) == pytest.approx(4, rel=1e-12)


@pytest.mark.parametrize("observation", [Observation.ADDITIVE, Observation.HEAD, Observation.MIXED])
def test_thresholds_are_met_on_other_seeds(observation):
    threshold = at.mixed_threshold if observation is Observation.MIXED else at.threshold
    for batch in observe(observation, 7, 500):
        assert value(batch, threshold) == pytest.approx(value(batch, at.crossing), rel=1e-3)


def test_networks_of_every_kind_take_part():
    nets = [module._drawn(Observation.ADDITIVE, np.random.default_rng(k), k).net for k in range(8)]
    assert {n.kind for n in nets} == {"vae", "cvae"}
    assert {n.activation for n in nets} == {"tanh", "softplus"}
    assert {n.latents for n in nets} == {(1,), (2,)}
    assert len({n.hidden for n in nets}) == 3


def test_a_wrong_threshold_is_refuted_with_a_witness():
    for label, wrong in (
        ("constant σ", at.largest(at.S)),  # κ forgotten
        ("σ-head", at.largest(at.kappa) * at.largest(at.E_r)),  # E[rrᵀ] for S
        ("mixed decoder", at.largest(at.E_r)),
    ):
        statement = replace(STATEMENTS[label], relation=Eq(wrong / at.crossing, 1))
        found = observed(Trial(CLAIM, 0, 1000), statement)
        assert found.outcome is Verdict.REFUTED
        assert f"{label} fails on network" in found.witness.text
        assert found.reproduce == "collapse-audit run collapsed-point-stability --seed 0 --examples 1000"
        assert observed(Trial(CLAIM, 0, 1000), STATEMENTS[label]).outcome is Verdict.SUPPORTED


def test_a_violation_that_shows_a_local_minimum_only_is_undecided():
    statement = replace(STATEMENTS["constant σ"], relation=at.threshold < 0, refutes=False)
    found = observed(Trial(CLAIM, 0, 1000), statement)
    assert found.outcome is Verdict.UNDECIDED
    assert "4 contradict it: local minima" in found.note


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
    batch = module.collapsed(Observation.PRODUCT, 0, 1000)[0]
    assert not value(batch, at.crossing) > 0.1


def test_moments_that_are_not_those_of_the_network_are_noticed(monkeypatch):
    """A planted error in the features: the decoder's derivative taken at half its size."""
    true = module._slopes
    monkeypatch.setattr(module, "_slopes", lambda *a, **k: true(*a, **k) / 2)
    case = module._drawn(Observation.ADDITIVE, np.random.default_rng(3), 0)
    batch = module._measured(case, 0, False, "additive")
    assert value(batch, at.threshold) == pytest.approx(value(batch, at.crossing) / 4, rel=1e-3)
