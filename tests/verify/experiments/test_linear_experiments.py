"""Linear optima by descent beside the theorems, and that a wrong theorem would be seen."""

from __future__ import annotations

import numpy as np
import pytest

from verify.data.datasets import Source
from verify.experiments.catalogue import EXPERIMENTS
from verify.experiments.expectations import Close, Monotone, Ranked, SameCounts, relative_error
from verify.experiments.experiment import Problem
from verify.experiments.optima import cvae, mhvae, vae
from verify.experiments.records import Cell
from verify.experiments.theory import Scales, learnable_vae, near_threshold, two_levels

RNG = np.random.default_rng(3)
ROOT = RNG.normal(size=(9, 9))
THETA = np.linalg.svd(ROOT, compute_uv=False)


@pytest.mark.parametrize(("beta", "eta_dec", "eta_enc"), [(0.5, 1.0, 1.0), (2.0, 0.8, 1.5), (40.0, 1.0, 1.0)])
def test_vae_by_descent_is_the_theorem(beta, eta_dec, eta_enc):
    scales = Scales(beta, eta_dec, eta_enc)
    found, modes = vae(ROOT, 5, scales, seed=1), learnable_vae(THETA, 5, scales)
    assert found.gradient < 1e-8
    for name in ("omega", "lamda", "sigma"):
        assert relative_error(getattr(modes, name), getattr(found, name)) < 1e-7
    assert modes.distortion == pytest.approx(
        np.minimum(THETA[:5] ** 2, beta * eta_dec**2).sum() + (THETA[5:] ** 2).sum()
    )


def test_cvae_by_descent_is_the_theorem_with_a_singular_input():
    x = RNG.normal(size=(60, 3)) @ RNG.normal(size=(3, 6))  # rank 3 of 6
    y = x[:, :2] @ RNG.normal(size=(2, 5)) + RNG.normal(size=(60, 5))
    A, B, C = x.T @ x / 60, y.T @ y / 60, y.T @ x / 60
    theta = np.sqrt(np.linalg.eigvalsh(B - C @ np.linalg.pinv(A, hermitian=True) @ C.T)[::-1])
    found, modes = cvae((A, B, C), 4, Scales(0.5), 0), learnable_vae(theta, 4, Scales(0.5))
    assert found.gradient < 1e-8
    assert relative_error(modes.omega, found.omega) < 1e-7


@pytest.mark.parametrize("second", [None, 0.7])
@pytest.mark.parametrize("beta_2", [0.3, 1.5, 6.0])
def test_mhvae_by_descent_is_the_theorem(second, beta_2):
    scales = Scales((1.0, beta_2))
    found, modes = mhvae(ROOT, (6, 4), scales, (0.8, second), 2), two_levels(THETA, (6, 4), scales, (0.8, second))
    assert found.gradient < 1e-6
    for name in ("omega", "lamda"):
        assert relative_error(np.sort(getattr(modes, name))[::-1], getattr(found, name)) < 1e-6


def test_a_wrong_prior_or_noise_is_seen():
    found = vae(ROOT, 5, Scales(1.0, 1.0, 1.5), seed=1)
    assert relative_error(learnable_vae(THETA, 5, Scales(1.0, 1.5, 1.0)).omega, found.omega) > 1e-2


def cell(beta, theory, measured, near=False):
    return Cell(at={"beta": beta}, theory={"active": theory}, measured={"active": measured}, near=near, seconds=0)


def test_expectations_fail_when_they_should():
    good = [cell(0.1, 5, 5), cell(1.0, 3, 3), cell(2.0, 1, 2, near=True), cell(3.0, 0, 0)]
    bad = [cell(0.1, 5, 0), cell(1.0, 3, 3), cell(3.0, 0, 5)]
    for expectation in (SameCounts("active"), Ranked("active", "beta"), Monotone("active", "beta", falls=True)):
        assert expectation(good).holds, expectation
        finding = expectation(bad)
        assert not finding.holds
        assert finding.exceptions
    assert "within 1 % of a threshold 0 of 1" in SameCounts("active")(good).found
    assert not SameCounts("active")([cell(1.0, 1, 1, near=True)]).holds  # nothing left to compare: no pass
    assert not Close("active", 1e-6, "")([cell(1.0, 1, 1.1)]).holds
    assert not Close("active", 1e-6, "")([cell(1.0, 0, 1e-5)]).holds


def test_a_prediction_that_hardly_moves_is_not_ranked_but_must_be_near():
    moving = [cell(1.0, 5, 5), cell(2.0, 0, 0)]
    flat = [c.model_copy(update={"at": {**c.at, "other": 1}}) for c in (cell(1.0, 2, 3), cell(2.0, 1, 2))]
    moving = [c.model_copy(update={"at": {**c.at, "other": 2}}) for c in moving]
    ranked = Ranked("active", "beta")
    assert ranked([*moving, *flat]).holds
    far = [c.model_copy(update={"measured": {"active": 4}}) for c in flat]
    assert not ranked([*moving, *far]).holds
    assert not ranked(flat).holds  # no sweep that could be ranked: no pass
    assert not ranked([cell(1.0, 5, 2), cell(2.0, 0, 2)]).holds  # a measurement that does not move


def test_the_band_is_found_by_moving_beta():
    theta = np.array([2.0, 1.0])
    assert near_threshold(lambda f: learnable_vae(theta, 2, Scales(0.995 * f)).active)
    assert not near_threshold(lambda f: learnable_vae(theta, 2, Scales(0.98 * f)).active)


@pytest.mark.parametrize("one", [e for e in EXPERIMENTS if "linear" in e.name], ids=lambda e: e.name)
def test_quick_grids_are_grids_of_the_same_axes(one):
    assert list(one.axes) == list(one.quick)
    places = list(one.grid(Source(), quick=True))
    assert len({tuple(p.items()) for p in places}) == len(places) >= 5
    reading = one.measure(Problem(Source(rows=400), places[0], True, 0))
    assert set(reading.theory) <= set(reading.measured)


@pytest.mark.slow
def test_wide_outputs_are_searched_in_their_leading_directions_and_judged_whole():
    rng = np.random.default_rng(5)
    root = rng.normal(size=(150, 150)) * np.geomspace(3, 0.01, 150)
    theta = np.linalg.svd(root, compute_uv=False)
    scales = Scales(float(theta[1] ** 2 + theta[2] ** 2) / 2)
    found, modes = vae(root, 4, scales, 0), learnable_vae(theta, 4, scales)
    assert modes.active == 2
    assert found.gradient < 1e-8
    assert relative_error(modes.omega, found.omega) < 1e-6
