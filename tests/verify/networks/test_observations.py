"""What is measured on networks: bounds, warm starts, paths in β, information; and that each can fail."""

from __future__ import annotations

import importlib
from dataclasses import replace

import numpy as np
import pytest
from sympy import Eq, Rational

from derivations.claim import Observed
from derivations.models.networks import error, first, loss, repaired, second, start
from derivations.nodes import SumModes
from derivations.notation import theta
from derivations.statements.observed import Observation
from derivations.theorems.hierarchy import chain_collapse_propagates
from derivations.theorems.networks import gaussian_is_worst
from derivations.theorems.vae import exchange_in_beta, rate_distortion_bound
from derivations.theorems.vae.exchange_in_beta import D_, K_, D, K
from derivations.theorems.vae.rate_distortion_bound import attained, filled
from verify.draw.trial import Trial
from verify.errors import InputError
from verify.networks.architecture import Architecture, init, unpack
from verify.networks.linear import embedded
from verify.networks.noise import gauss_hermite, trapezoid
from verify.networks.objective import build_objective
from verify.networks.observations import observe
from verify.networks.observations.draws import Case, collapse
from verify.networks.sample import build_sample
from verify.records.evidence import Verdict
from verify.trials.kinds import kind_of
from verify.trials.observed import by_networks

information = importlib.import_module("verify.networks.observations.information")
warm = importlib.import_module("verify.networks.observations.warm")
collapsed = importlib.import_module("verify.networks.observations.collapsed")


def statements(module):
    return {s.label: s for s in module.CLAIM.statements if isinstance(s, Observed)}


def column(batches, expression):
    return np.concatenate([b.evaluate(expression)[0].ravel() for b in batches])


@pytest.mark.slow
def test_two_hundred_networks_stay_above_the_bound_and_some_come_close():
    found = observe(Observation.GAUSSIAN, 0, 1000)
    ratio = column(found, loss / SumModes(filled))
    assert len(ratio) >= 200
    assert len(found) == 8
    scores = column(found, (loss - SumModes(filled)) / error)
    assert scores.min() >= -4
    assert (ratio < 1.02).sum() > 50  # else the bound would be too far away to be tested
    assert column(found, error / loss).max() < 0.01


@pytest.mark.slow
def test_a_bound_three_percent_too_high_is_refuted():
    claim = rate_distortion_bound.CLAIM
    statement = statements(rate_distortion_bound)["no network is better on a Gaussian population"]
    found = by_networks(
        Trial(claim, 0, 1000), replace(statement, relation=loss >= SumModes(filled) * Rational(103, 100))
    )
    assert found.outcome is Verdict.REFUTED
    assert "fails on network" in found.witness.text
    again = by_networks(Trial(claim, 0, 1000), statement)
    assert again.outcome is Verdict.SUPPORTED
    assert "208 networks, fresh rows" in again.note


def test_a_network_on_signs_goes_below_the_gaussian_value():
    (found,) = observe(Observation.SIGNS, 0, 1000)
    assert column([found], SumModes(filled))[0] == pytest.approx(0.1 + 0.1 * np.log(10))
    assert column([found], loss)[0] == pytest.approx(0.21603, abs=1e-4)
    assert column([found], error)[0] < 1e-9


def test_training_from_the_linear_optimum_does_not_end_above_it():
    found = observe(Observation.WARM, 0, 1000)
    np.testing.assert_allclose(column(found, start / attained), 1, rtol=1e-9)
    assert (column(found, loss / attained) < 1).all()
    assert {b.kind[0].split(",")[0] for b in found} == {"vae", "cvae"}
    statement = statements(gaussian_is_worst)["networks contain the linear optimum"]
    wrong = replace(statement, relation=Eq(loss / attained, 1))
    assert by_networks(Trial(gaussian_is_worst.CLAIM, 0, 1000), wrong).outcome is Verdict.REFUTED


@pytest.mark.parametrize("activation", ["relu", "softplus"])
def test_a_pair_of_units_is_a_linear_map(activation):
    net = Architecture("vae", 2, 2, (1,), (4,), activation)
    data = build_sample(net, np.random.default_rng(0).normal(size=(9, 2)))
    encoder, decoder = np.array([[0.7, -0.2]]), np.array([[0.4], [1.1]])
    linear = Architecture("vae", 2, 2, (1,), (), "linear")
    maps, rule = {"enc_1": encoder, "dec_1": decoder}, gauss_hermite(1, 8)
    objectives = {n: build_objective(n, data, 0.7, 1.0, 0.5, rule) for n in (net, linear)}
    values = [float(f.value(embedded(n, maps, [0.6]))) for n, f in objectives.items()]
    assert values[0] == pytest.approx(values[1], rel=1e-12)
    for bad, message in (
        (replace(net, activation="tanh"), "only networks with one hidden layer"),
        (replace(net, hidden=(1,)), "needs 2 hidden units"),
    ):
        with pytest.raises(InputError, match=message):
            embedded(bad, maps, [0.6])


@pytest.mark.slow
def test_distortion_rises_and_kl_falls_along_beta():
    found = observe(Observation.PATH, 0, 1000)
    assert len(column(found, K)) == 10
    assert (column(found, K - K_) >= -2e-3).all()
    assert (column(found, D_ - D) >= -2e-3).all()
    assert (column(found, K - K_) > 0.1).sum() >= 5  # β does matter here
    assert (column(found, repaired) >= 0).all()


def test_a_violation_along_beta_is_undecided_not_hidden():
    statement = replace(statements(exchange_in_beta)["networks: KL does not rise"], relation=K <= K_)
    found = by_networks(Trial(exchange_in_beta.CLAIM, 0, 1000), statement)
    assert found.outcome is Verdict.UNDECIDED
    assert "contradict it: local minima, so nothing is decided" in found.note
    assert found.witness is None


def test_a_network_that_could_not_be_measured_decides_nothing(monkeypatch):
    statement = statements(chain_collapse_propagates)["networks: I(x; z_2) ≤ I(x; z_1)"]
    (networks,) = observe(Observation.CHAIN, 0, 1000)

    def with_first(value):
        values = {**networks.values, second: networks.values[second].copy()}
        values[second][0] = value
        monkeypatch.setattr("verify.trials.observed.observe", lambda *_: (networks.with_values(values),))
        return by_networks(Trial(chain_collapse_propagates.CLAIM, 0, 1000), statement)

    assert with_first(np.nan).outcome is Verdict.UNDECIDED
    assert "1 could not be measured" in with_first(np.nan).note
    assert not kind_of(statement).refutes(
        chain_collapse_propagates.CLAIM, statement, 0, 1000
    )  # or every planted error would count as refuted by it
    assert with_first(9.0).outcome is Verdict.REFUTED
    assert kind_of(statement).refutes(chain_collapse_propagates.CLAIM, statement, 0, 1000)


def test_a_density_narrower_than_the_grid_is_a_point_of_it():
    p = information.probabilities(np.linspace(0, 1, 5), np.array([0.3, 0.9]), np.array([1e-9, 1e-9]))
    assert np.array_equal(p, [[0, 1, 0, 0, 0], [0, 0, 0, 0, 1]])
    net = Architecture("mhvae", 2, 2, (1, 1), (4,), "tanh", "learnable", (0.5, 0.4))
    params = init(net, 0)
    views = unpack(net, params)
    for deviation in (1e-2, 1e-5, 1e-9):  # of the first level: from wider than its grid's step to nothing
        views["log_sigma_1"][...] = np.log(deviation)
        data = build_sample(net, np.random.default_rng(0).normal(size=(information.VALUES, 2)))
        one, two = information.of_levels(net, params, data)
        assert 0 <= two <= one <= np.log(information.VALUES) + 1e-12


@pytest.mark.slow
def test_what_a_network_gains_where_the_rule_has_no_points_does_not_count(monkeypatch):
    """With two points for the noise a network learns what is between them; the finer rules then find it out."""
    coarse, *finer = ((gauss_hermite(1, 2), gauss_hermite(1, 64)), *warm.RULES[1:])

    def gained(rules):
        monkeypatch.setattr(warm, "RULES", rules)
        return np.concatenate([b.values[loss] < b.values[start] for b in warm.observe_warm(Observation.WARM, 0, 1000)])

    assert not gained((coarse,)).all()
    assert gained((coarse, *finer)).all()


@pytest.mark.parametrize(("size", "seen"), [(1.0, True), (1e-4, False)])
def test_a_crossing_that_round_off_would_move_is_put_aside(size, seen):
    """A decoder's unit so weak that below the crossing the Hessian's negative eigenvalue is round-off."""
    net = Architecture("vae", 2, 1, (1,), (1,), "tanh")
    params = init(net, 0)
    views = unpack(net, params)
    collapse(net, views, 1.0)
    views["dec_1.W0"][...], views["dec_1.b0"][...] = size, 0.3 * size
    x = np.random.default_rng(2).normal(size=(20, 2))
    case = Case(net, params, build_sample(net, x, x[:, :1] - x[:, :1].mean()), 1.0, 1.0)
    assert collapsed.sharp(case) is seen


def test_a_stack_may_have_its_own_beta_each():
    net = Architecture("mhvae", 2, 2, (1, 1), (3,), "tanh", "head")
    data = build_sample(net, np.random.default_rng(0).normal(size=(6, 2)))
    params = np.random.default_rng(1).normal(scale=0.5, size=(2, net.size))
    params[:, ~net.free] = np.log(0.5)
    single = [build_objective(net, data, 0.8, 1.0, b, gauss_hermite(2, 4)) for b in (0.3, 2.0)]
    apart = [f(p) for f, p in zip(single, params, strict=True)]
    f = build_objective(net, data, 0.8, 1.0, 1.0, gauss_hermite(2, 4))
    both = replace(f, scales=replace(f.scales, betas=(np.array([0.3, 2.0]),) * 2))(params)
    np.testing.assert_allclose(both[0], [v for v, _ in apart], rtol=1e-12)
    np.testing.assert_allclose(both[1], [g for _, g in apart], rtol=1e-10, atol=1e-12)


def test_what_the_second_level_knows_it_has_from_the_first():
    found = observe(Observation.CHAIN, 0, 1000)
    one, two = column(found, first), column(found, second)
    assert (two <= one + 1e-12).all()
    assert (two > 0.5 * one).any()
    assert one.max() > 0.5
    assert (one < 1e-3).any()  # a trained network whose z_1 has collapsed
    np.testing.assert_allclose(column(observe(Observation.SILENT, 0, 1000), second), 0, atol=1e-12)


def test_information_of_known_channels():
    """Two inputs far apart: log 2 nats; all alike: 0; a pair of normals against adaptive quadrature by hand."""
    grid = np.linspace(-20, 20, 2001)
    apart = information.probabilities(grid, np.array([-10.0, 10.0]), np.ones(2))
    assert information.mutual_information(apart) == pytest.approx(np.log(2), rel=1e-12)
    alike = information.probabilities(grid, np.zeros(3), np.ones(3))
    assert information.mutual_information(alike) == pytest.approx(0, abs=1e-14)


@pytest.mark.slow
def test_a_skip_connection_would_be_noticed(monkeypatch):
    """A planted error: the second encoder is shown x, so that z_2 knows what z_1 does not."""
    true = information.encode

    def skipping(net, views, data, noise):
        low, top = true(net, views, data, noise)
        return [low, replace(top, mean=top.mean + data.x[:, :1])]

    monkeypatch.setattr(information, "encode", skipping)
    (found,) = information.observe_information(Observation.SILENT, 0, 300)
    assert (column([found], second) > 0.01).all()
    (found,) = information.observe_information(Observation.CHAIN, 0, 1000)
    assert (column([found], second) > column([found], first)).any()
    assert chain_collapse_propagates.CLAIM.expected == "PROVED"


def test_the_trapezoid_rule_resolves_a_steep_decoder():
    net = Architecture("vae", 1, 1, (1,), (1,), "tanh")
    f = build_objective(net, build_sample(net, [[1.0], [-1.0]]), 0.5, 1.0, 0.4, trapezoid(256))
    params = np.ones(net.size) * [1, 0, 1, 0, 8, 0, 1, 0, -0.7]
    assert f.integration_error(params) < 1e-9
    assert replace(f, noise=gauss_hermite(1, 16)).integration_error(params) > 1e-4
    assert theta.is_nonnegative
