"""Networks of the experiments: what is counted, that linear networks reach the theory, and that cells are whole."""

from __future__ import annotations

import numpy as np
import pytest

from verify.data.datasets import Source, open_images
from verify.experiments import networks
from verify.experiments.catalogue import EXPERIMENTS, experiment
from verify.experiments.experiment import Problem
from verify.experiments.initial_variance import _same_boundary, _transient
from verify.experiments.likelihood import _above_the_bound, _right_estimate
from verify.experiments.linear_cvae import _most_correlated
from verify.experiments.networks import count_directions, count_latents, count_squares, fit
from verify.experiments.partially_learnable import _predicted
from verify.experiments.records import Cell
from verify.experiments.theory import Scales, fixed_vae, learnable_vae, two_levels, upper_rates
from verify.report import plots

NETWORKS = [e for e in EXPERIMENTS if e.name.startswith(("relu", "likelihood", "generality")) or "relu" in e.name]


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(networks, "_STEPS", {True: 40, False: 40})


def test_directions_are_counted_whatever_the_rotation():
    rng = np.random.default_rng(0)
    means = np.zeros((4000, 5))
    means[:, :2] = rng.normal(size=(4000, 2))
    turn = np.linalg.qr(rng.normal(size=(5, 5)))[0]
    assert count_directions(means, 1.0) == count_directions(means @ turn, 1.0) == 2
    assert count_directions(means, 10.0) == 0
    assert count_latents(np.array([0.04, 0.06, 1.0])) == 2
    assert count_squares(np.array([0.3, 0.32, 1.0])) == 2  # λ² of 0.09, 0.1024, 1 against 0.1


def test_predictions_are_those_of_the_theorems():
    theta = np.array([2.0, 1.5, 0.7])
    modes = learnable_vae(theta, 4, Scales(1.0))
    assert modes.active == 2
    assert np.allclose(modes.kl, [np.log(2.0), np.log(1.5), 0, 0])
    assert fixed_vae(theta, 3, Scales(1.0), 0.8).active == 2
    levels = two_levels(theta, (3, 2), Scales((1.0, 0.5)), (0.8, None))
    assert np.allclose(upper_rates(levels, Scales((1.0, 0.5)), 0.8), -np.log(levels.sigma))


def test_a_linear_network_reaches_the_linear_optimum():
    y = np.random.default_rng(1).normal(size=(400, 6)) @ np.diag([2.0, 1.6, 1.3, 0.4, 0.3, 0.2])
    y -= y.mean(0)
    net = fit(Problem(Source(), {}, True, 0), "vae", (4,), Scales(0.5), y, hidden=False)
    theta = np.sqrt(np.linalg.eigvalsh(y.T @ y / 400)[::-1])
    best = learnable_vae(theta, 4, Scales(0.5))
    assert count_latents(net.rates()[0]) == count_latents(best.kl) == 3
    assert net.rates()[0].sum() == pytest.approx(best.kl.sum(), rel=0.1)


def test_what_a_regression_leaves_is_its_residual(short):
    images = open_images(Source(rows=200))
    y, x = images.varying(~images.quarter()), images.varying(images.quarter())
    net = fit(Problem(Source(), {}, True, 0), "cvae", (3,), Scales(1.0), y, x)
    assert net.residual().shape == (y.shape[1],)
    assert (net.residual()[:-1] >= net.residual()[1:]).all()


def test_a_partly_learnable_optimum_lies_between_all_and_none():
    theta = np.sqrt(np.array([5.0, 3.0, 2.0, 1.2, 0.8, 0.5, 0.1]))
    values = [_predicted(theta, pattern, Scales(1.0))[0] for pattern in ("none", "one", "half", "all")]
    assert values == sorted(values, reverse=True)
    assert _predicted(theta, "half", Scales(1.0))[0] == _predicted(theta, "block", Scales(1.0))[0]
    all_of_them = _predicted(theta, "all", Scales(1.0))
    assert np.allclose(np.sort(all_of_them[1])[::-1], learnable_vae(theta, 6, Scales(1.0)).lamda ** 2)


@pytest.mark.parametrize("one", NETWORKS, ids=lambda e: e.name)
def test_every_cell_is_whole(one, short):
    source = Source(rows=120)
    place = list(one.grid(source, quick=True))[-1]
    reading = one.measure(Problem(source, place, True, 0))
    assert reading.theory
    assert set(reading.theory) <= set(reading.measured) | {"own"}
    assert cell(place, dict(reading.theory), dict(reading.measured)).at == place  # finite numbers, all of them
    if one.pictures:
        assert len(reading.picture) == 64
        assert 0 <= min(reading.picture) <= max(reading.picture) <= 1


def cell(at, theory, measured, near=False):
    return Cell(at=at, theory=theory, measured=measured, near=near, seconds=0)


def test_findings_of_their_own_fail_when_they_should():
    boundary = [cell({"beta": 4.0, "sigma_0": s}, {"active": 1}, {"active": n}) for s, n in ((0.1, 1), (1.0, 0))]
    assert not _same_boundary(boundary)[0]
    assert _same_boundary(boundary[:1])[0]
    grown = cell({"beta": 8.0}, {"grows": 1, "stays": 0}, {"grows": 1, "stays": 1, "peak": 3.0})
    assert not _transient([grown])[0]
    assert not _transient([])[0]
    numbers = {"loglik": -70.0, "standard_error": 0.01, "exact": -69.0, "elbo": -69.5}
    assert not _right_estimate([cell({"beta": 1.0}, {}, numbers)])[0]
    assert not _above_the_bound([cell({"beta": 1.0}, {}, numbers)])[0]
    classes = [
        cell({"class": k, "variance": v}, {}, {"explained": e, "collapsed": n})
        for k, e, n in ((0, 0.9, 1), (1, 0.5, 5), (2, 0.4, 3))
        for v in ("same", "own")
    ]
    assert not _most_correlated(classes)[0]


def test_pictures_are_a_grid(tmp_path):
    ramp = tuple(np.linspace(0, 1, 64))
    places = [{"beta_2": a, "beta_1": b} for a in (0.1, 1.0, 2.0) for b in (0.5, 1.0)]
    cells = [cell(at, {"active_2": 1}, {"active_2": 1}).model_copy(update={"picture": ramp}) for at in places]

    class Result:
        pass

    Result.cells = tuple(cells)
    figure = plots.pictures(Result)
    assert len(figure.axes) == 6
    plots.save(figure, tmp_path / "grid.png")
    assert (tmp_path / "grid.png").stat().st_size > 1000
    assert experiment("relu-mhvae").pictures
