"""The onset of collapse of decoders that are not Gaussian: against matrices formed by hand, and a loss's curvature."""

from __future__ import annotations

import re

import numpy as np
import pytest
import sympy as sp
from scipy.special import expit

import verify
from derivations.models import likelihoods as model
from verify.data.bundled import read_digits
from verify.data.chunks import Chunked
from verify.errors import InputError

RNG = np.random.default_rng(0)
HIDDEN = RNG.normal(size=(300, 2))
BINARY = (RNG.random((300, 6)) < expit(HIDDEN @ RNG.normal(size=(2, 6)))).astype(float)
COUNTS = RNG.poisson(np.exp(HIDDEN @ RNG.normal(size=(2, 5)) / 3))
LABELS = np.c_[(HIDDEN[:, 0] > 0) + 2 * (HIDDEN[:, 1] > 1), RNG.integers(5, 8, 300), HIDDEN[:, 1] > 0]


def eigenvalues(y, likelihood, **more):
    found = verify.predict(y, latent=20, likelihood=likelihood, **more)
    return np.array([mode.eigenvalue for mode in found.modes])


def scaled(y, variance):
    V = variance(y.mean(0))
    return np.linalg.eigvalsh(np.cov(y, rowvar=False, bias=True) / np.sqrt(np.outer(V, V)))[::-1]


@pytest.mark.parametrize(
    ("y", "likelihood", "variance", "more"),
    [
        (BINARY, "bernoulli", lambda p: p * (1 - p), {}),
        (0.8 * BINARY + 0.1, "bernoulli", lambda p: p * (1 - p), {}),
        (COUNTS, "poisson", lambda m: m, {}),
        (COUNTS, "negative-binomial", lambda m: m + m**2 / 3, {"dispersion": 3.0}),
        (COUNTS, "gaussian-per-pixel", lambda _: COUNTS.var(0), {}),
    ],
    ids=["binary", "grey", "poisson", "negative binomial", "learnt noise"],
)
def test_eigenvalues_are_those_of_the_scaled_covariance(y, likelihood, variance, more):
    np.testing.assert_allclose(eigenvalues(y, likelihood, **more), scaled(y, variance), rtol=1e-9)


def test_softmax_variables_have_canonical_correlations():
    """Block-wise: C^{-1/2} Cov C^{-1/2}, C = diag p − ppᵀ; of one variable alone every eigenvalue is 1."""
    hot = np.concatenate([c[:, None] == np.unique(c) for c in LABELS.T], axis=1).astype(float)
    sizes = [len(np.unique(c)) for c in LABELS.T]
    root, at = np.zeros((hot.shape[1],) * 2), 0
    for k in sizes:
        p = hot[:, at : at + k].mean(0)
        values, vectors = np.linalg.eigh(np.diag(p) - np.outer(p, p))
        inverse = np.where(values > 1e-12, 1 / np.sqrt(np.maximum(values, 1e-12)), 0.0)
        root[at : at + k, at : at + k] = vectors * inverse @ vectors.T
        at += k
    wanted = np.linalg.eigvalsh(root @ np.cov(hot, rowvar=False, bias=True) @ root)[::-1]
    found = eigenvalues(LABELS, "categorical")
    np.testing.assert_allclose(found, wanted[: len(found)], rtol=1e-9)
    np.testing.assert_allclose(eigenvalues(LABELS[:, :1], "categorical"), np.ones(sizes[0] - 1), rtol=1e-12)
    np.testing.assert_allclose(eigenvalues(BINARY, "categorical"), eigenvalues(BINARY, "bernoulli"), rtol=1e-9)


@pytest.mark.parametrize("one", model.LIKELIHOODS.values(), ids=lambda one: one.name)
def test_each_loss_is_fitted_where_its_score_has_mean_0(one):
    """The scale is s/√H for a loss that is differentiated by differences, not by SymPy."""
    numbers = {model.mean: sp.Rational(2, 7), model.variance: sp.Rational(3, 5), model.dispersion: 3}
    at, step = sp.N(model.fit(one).subs(numbers), 40), sp.Rational(1, 10**8)

    def loss(y, shift):
        return sp.N(one.loss.subs(numbers).subs({model.y: y, model.xi: at + shift}), 40)

    def score(y):
        return -(loss(y, step) - loss(y, -step)) / (2 * step)

    m = numbers[model.mean]
    curvature = (loss(m, step) - 2 * loss(m, 0) + loss(m, -step)) / step**2
    assert abs(score(m)) < 1e-9
    assert float((score(1) - score(0)) ** 2 / curvature) == pytest.approx(float(model.squared_scale(one).subs(numbers)))


def test_digits_above_half_of_full_ink():
    found = verify.predict((read_digits()[0] > 8).astype(int), latent=4, beta=3, likelihood="bernoulli")
    p = (read_digits()[0] > 8).mean(0)
    p = p[(p > 0) & (p < 1)]
    entropy = -(p * np.log(p) + (1 - p) * np.log(1 - p)).sum()
    assert found.collapsed_loss == pytest.approx(entropy, rel=1e-12)
    assert (found.outputs, found.constant, found.rare, found.estimate, found.above) == (51, 13, 5, 3, 3)
    often = (read_digits()[0] > 8)[:, ((q := (read_digits()[0] > 8).mean(0)) >= 0.01) & (q <= 0.99)]
    assert found.filtered == pytest.approx(np.linalg.eigvalsh(np.corrcoef(often, rowvar=False))[-1], rel=1e-9)


def test_collapse_is_optimal_only_where_a_proved_claim_says_so():
    known = {(b.claim, b.expected) for y in (BINARY, LABELS) for b in bounds(y)}
    assert known == {("discrete-shared-variance-global", "PROVED"), ("collapse-entropy-floor", "PROVED")}
    shared, floor = bounds(BINARY)
    first = verify.predict(BINARY, latent=2, likelihood="bernoulli").threshold
    L = verify.predict(BINARY, latent=2, likelihood="bernoulli").collapsed_loss
    assert shared.optimal_from == pytest.approx(2 * L / np.log(1 + 6 / first * (np.exp(2 * L / 6) - 1)), rel=1e-12)
    assert first < shared.optimal_from < floor.optimal_from == 6
    _, counts = np.unique(BINARY, axis=0, return_counts=True)
    assert floor.beaten_below == pytest.approx(L / -(counts / 300 @ np.log(counts / 300)), rel=1e-12)
    for beta, optimal in ((shared.optimal_from * 0.999, False), (shared.optimal_from * 1.001, True)):
        found = verify.predict(BINARY, latent=2, beta=beta, likelihood="bernoulli")
        assert (found.stable, found.optimal) == (True, optimal)
        assert ("optimal: yes, by discrete-shared-variance-global" in str(found)) is optimal
    fixed = verify.predict(BINARY, latent=1, beta=1.01 * first / 0.25, likelihood="bernoulli", sigma=[0.5])
    assert fixed.optimal
    assert "optimal: yes, by discrete-fixed-variance-global" in str(fixed)
    assert bounds(COUNTS, "poisson") == ()
    assert len(bounds(0.8 * BINARY + 0.1)) == 1  # grey values are not discrete: no floor by entropy


def bounds(y, likelihood=None):
    labels = "categorical" if y is LABELS else "bernoulli"
    return verify.predict(y, latent=2, likelihood=likelihood or labels).bounds


@pytest.mark.parametrize("beta", [0.999, 1.001])
def test_stability_is_decided_at_the_threshold(beta):
    first = verify.predict(BINARY, latent=2, likelihood="bernoulli").threshold
    found = verify.predict(BINARY, latent=2, beta=beta * first, likelihood="bernoulli")
    assert found.stable is (beta > 1)
    assert found.estimate == (beta < 1)
    assert ("is stable" in str(found), "is a saddle" in str(found)) == (beta > 1, beta < 1)
    assert "an estimate" in str(found)
    assert (found.gain is None) == (beta > 1)
    assert f"{found.claim}, expected {found.expected}" == "score-threshold, expected PROVED"


def test_beta_is_the_scripts():
    plain = verify.predict(BINARY, latent=3, likelihood="bernoulli")
    mean = verify.predict(np.c_[BINARY, np.ones(300)], latent=3, likelihood="bernoulli", loss="nll-mean", kl="mean")
    assert mean.threshold == pytest.approx(plain.threshold * 3 / 7, rel=1e-12)
    fixed = verify.predict(BINARY, latent=2, likelihood="bernoulli", sigma=[1, 0.5], eta_enc=2)
    assert fixed.threshold == pytest.approx(16 * plain.threshold, rel=1e-12)


def test_few_rows_and_pieces_give_the_same():
    wide = BINARY[:40].repeat(10, axis=1)
    wide = np.abs(wide - (RNG.random(wide.shape) < 0.2))
    np.testing.assert_allclose(eigenvalues(wide, "bernoulli"), scaled(wide, lambda p: p * (1 - p))[:20], rtol=1e-9)
    thin = verify.predict(wide, latent=2, likelihood="bernoulli")
    tall = verify.predict(np.tile(wide, (3, 1)), latent=2, likelihood="bernoulli")
    assert tall.threshold == pytest.approx(thin.threshold, rel=1e-9)
    assert tall.effective_outputs == pytest.approx(thin.effective_outputs, rel=1e-6)
    assert tall.effective_samples == pytest.approx(3 * thin.effective_samples, rel=1e-6)
    pieces = Chunked([100, 200], 6, float, lambda k: BINARY[100 * k : 100 + 200 * k])
    assert verify.predict(pieces, latent=2, likelihood="bernoulli") == verify.predict(
        BINARY, latent=2, likelihood="bernoulli"
    )


def test_pixels_lit_by_one_row_are_told_apart():
    """k = 20 pixels of one row among 300: an eigenvalue near 20 that the other pixels do not have."""
    rare = np.zeros((300, 20))
    rare[7] = 1
    found = verify.predict(np.c_[BINARY, rare], latent=3, beta=10, likelihood="bernoulli")
    assert found.threshold > 19
    assert found.filtered == pytest.approx(verify.predict(BINARY, latent=3, likelihood="bernoulli").threshold)
    assert found.effective_samples < 1.5
    assert found.effective_outputs == pytest.approx(20, rel=0.1)
    assert any("fewer than 1 % of the rows make complete collapse a saddle" in text for text in found.warnings)


def test_a_sweep_says_the_same_of_each_setting():
    grid = verify.sweep(BINARY, betas=[0.5, 1.2, 9], latents=[1, 4], likelihood="bernoulli", keep=2)
    for cell in grid.cells:
        one = verify.predict(BINARY, latent=cell.latent, beta=cell.beta, likelihood="bernoulli")
        assert (cell.stable, cell.estimate, cell.threshold) == (one.stable, one.estimate, one.threshold)
        low, high = cell.keep or (None, None)
        assert (low is None) == (cell.latent < 2)
        if low is not None:
            inside = verify.predict(BINARY, latent=4, beta=(low + high) / 2, likelihood="bernoulli")
            assert inside.estimate == 2
    assert "about 2 active (an estimate)" in str(grid)


@pytest.mark.parametrize(
    ("y", "more", "words"),
    [
        (2 * BINARY, {"likelihood": "bernoulli"}, r"has 2 at row 1, column \d .*must be from 0 to 1"),
        (-COUNTS, {"likelihood": "poisson"}, r"has -\d+ at row \d+, column \d.* whole numbers from 0"),
        (COUNTS + 0.5, {"likelihood": "negative-binomial", "dispersion": 1}, "whole numbers from 0"),
        (BINARY / 2, {"likelihood": "categorical"}, "labels, whole numbers"),
        (np.c_[np.arange(300), LABELS], {"likelihood": "categorical"}, "column 1 .* another category in every row"),
        (np.ones((9, 2)), {"likelihood": "poisson"}, "every column of the output is constant"),
        (BINARY, {"likelihood": "binomial"}, "there is no likelihood 'binomial'; known are gaussian, bernoulli"),
        (COUNTS, {"likelihood": "negative-binomial"}, "needs dispersion"),
        (COUNTS, {"likelihood": "poisson", "dispersion": 1}, "dispersion goes with likelihood='negative-binomial'"),
        (BINARY, {"likelihood": "bernoulli", "eta_dec": 1}, "eta_dec goes with likelihood='gaussian'"),
        (BINARY, {"likelihood": "bernoulli", "centre": False}, "centre goes with likelihood='gaussian'"),
        (BINARY, {"likelihood": "bernoulli", "input": BINARY}, "input goes with likelihood='gaussian'"),
        (BINARY, {"likelihood": "bernoulli", "loss": "mse-sum"}, "known are nll-sum, nll-mean"),
        (LABELS, {"likelihood": "categorical", "one_hot": "output"}, "takes the labels themselves"),
        (BINARY, {"likelihood": "bernoulli", "sigma": [1]}, "sigma has 1 values, latent is 2"),
    ],
)
def test_bad_input_is_one_sentence(y, more, words):
    with pytest.raises(InputError, match=words) as caught:
        verify.predict(y, latent=2, **more)
    assert "\n" not in str(caught.value)


def test_the_remedy_for_binary_data_and_counts_is_the_likelihood():
    for y, known in ((BINARY, ["bernoulli"]), (COUNTS + 20, ["poisson", "negative-binomial", "categorical"])):
        (sentence,) = verify.predict(y, latent=2).warnings
        assert re.findall(r"likelihood='([\w-]+)'", sentence) == known
        for likelihood in known:
            r = {"dispersion": 2.0} if likelihood == "negative-binomial" else {}
            assert not verify.predict(y, latent=2, likelihood=likelihood, **r).warnings
