"""Reduced descent: the losses it descends on are those generated, its ends the derived minima, its errors caught."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp

from derivations.algebra.calculus import gradient
from derivations.lemmas import hierarchy_projection as two
from derivations.lemmas import variable_projection as one
from derivations.notation import D, G, H, K, U, Z, beta, d, eta_dec, eta_enc, r
from tests.benchmarks.gaps import gaps
from verify.evaluate.stack import Stack
from verify.minimise import columns, reduced
from verify.minimise.columns import minimised
from verify.minimise.layouts import Entries, Matrices
from verify.minimise.reduced import GAP, LOWER, UPPER, cvae, mhvae, raw, vae
from verify.minimise.whitened import Hierarchy, Vae, whitened

MODELS = ["vae", "cvae", "mhvae"]
ROUND_OFF = 1e-12  # some thousand operations of relative error 1e-16, in units of 1 + |F|


def scales(model, count, seed=0):
    rng = np.random.default_rng([seed, 1])
    both = dict(zip((eta_dec, eta_enc), rng.uniform(0.5, 1.5, (2, count)), strict=True))
    if model != "mhvae":
        return both | {beta: rng.uniform(0.4, 1.8, count)}
    weights = dict(zip((LOWER.beta, UPPER.beta), rng.uniform(0.4, 1.8, (2, count)), strict=True))
    return both | weights | {LOWER.sigma: rng.uniform(0.4, 1.5, count)}


def spectrum(kind, scale, count, n, seed=0):
    level = np.sqrt(scale.get(beta, scale.get(UPPER.beta))) * scale[eta_dec]  # θ at the threshold
    theta = np.random.default_rng([seed, 2]).uniform(0.2, 3, (count, n))
    if kind == "graded":
        theta[:] = np.logspace(3, -3, n)
    elif kind == "ties":
        theta[:] = theta[:, :1]
    elif kind == "thresholds":
        theta[:, : n // 2] = level[:, None]
    elif kind == "rank":
        theta[:, n // 2 :] = 0
    elif kind == "collapse":
        theta *= 0.01
    return theta


def root_of(theta, rows, seed=0):
    rng = np.random.default_rng([seed, 3])
    count, n = theta.shape
    left = np.linalg.qr(rng.standard_normal((count, rows, n)))[0]
    return (left * theta[:, None]) @ np.linalg.qr(rng.standard_normal((count, n, n)))[0].mT


def ended(model, kind="", count=48, n=5, latent=5, rows=None, seed=0):
    scale = scales(model, count, seed)
    root = root_of(spectrum(kind, scale, count, n, seed), rows or n, seed)
    if model == "vae":
        return vae(root, scale, latent, seed)
    if model == "mhvae":
        return mhvae(root, scale, (latent, latent), seed)
    rng = np.random.default_rng([seed, 4])
    square = root if root.shape[1] == root.shape[2] else root @ root.mT
    data = {H: rng.standard_normal((count, 3, 3)), K: rng.standard_normal((count, len(square[0]), 3)), G: square}
    return cvae(data, scale, latent, seed)


@pytest.mark.parametrize("kind", ["", "graded", "ties", "thresholds", "rank", "collapse"])
@pytest.mark.parametrize("model", MODELS)
def test_every_instance_reaches_the_derived_minimum(model, kind):
    found = ended(model, kind)
    gap = gaps(found)
    assert gap.max() <= GAP
    assert gap.min() >= -GAP
    # Graded losses of hundreds of terms up to θ² = 1e6 cancel: the whole loss is the accurate one.
    assert np.all(
        np.abs(found.reduced - found.value) <= (1e-9 if kind == "graded" else ROUND_OFF) * (1 + np.abs(found.value))
    )


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(("n", "latent", "rows"), [(4, 2, 4), (3, 5, 3), (3, 2, 6), (12, 12, 12), (2, 1, 2), (1, 1, 1)])
def test_bottlenecks_wide_latents_and_larger_matrices(model, n, latent, rows):
    found = ended(model, n=n, latent=latent, rows=rows, count=8)
    assert np.abs(gaps(found)).max() <= GAP


@pytest.mark.parametrize("latents", [(3, 2), (2, 3), (4, 1), (1, 4)])
def test_hierarchies_of_unequal_levels(latents):
    scale = scales("mhvae", 16)
    found = mhvae(root_of(spectrum("", scale, 16, 3), 5), scale, latents)
    assert np.abs(gaps(found)).max() <= GAP
    assert np.all(np.abs(found.reduced - found.value) <= ROUND_OFF * (1 + np.abs(found.value)))


@pytest.mark.parametrize("model", MODELS)
def test_raw_descent_on_a_sample_gets_no_lower_and_finds_a_planted_error(model):
    found = ended(model, count=24)
    sample = np.arange(0, 24, 8)
    apart = raw(found, sample)
    assert apart.min() >= -GAP
    assert np.median(apart) <= 1e-6  # the raw descent arrives, so that it could have got lower
    assert raw(replace(found, value=found.value + 1e-5 * (1 + np.abs(found.value))), sample).min() < -GAP


@pytest.mark.parametrize("model", MODELS)
def test_a_wrong_reduction_cannot_lower_the_loss_and_is_seen(model, monkeypatch):
    right = ended(model, count=12)

    def wrong(M, water):
        return whitened(1.1 * M, water)  # another problem: its ends are not minima of this one

    monkeypatch.setattr(reduced, "whitened", wrong)
    found = ended(model, count=12)
    assert np.all(found.value >= right.value - ROUND_OFF * (1 + np.abs(right.value)))
    assert np.abs(found.reduced - found.value).max() > 1e-4
    assert raw(found, np.arange(3)).min() < -1e-5


@pytest.mark.parametrize("n", [3, 10])  # entry by entry, and matrix by matrix
def test_the_scaled_vae_is_the_generated_reduced_loss(n):
    count, latent = 6, 2
    scale = {s: v[:, None] for s, v in scales("vae", count).items()}
    root = root_of(np.random.default_rng(0).uniform(0.2, 3, (count, n)), n)
    water, kappa = (scale[beta] * scale[eta_dec] ** 2), scale[beta] * (scale[eta_dec] / scale[eta_enc]) ** 2
    L, C = whitened(root @ root.mT, water[:, 0])
    X = np.random.default_rng(1).standard_normal((count, n, latent))
    objective = Vae(C, latent)
    objective.at(np.arange(count))
    value, slope = objective(X.reshape(count, -1).T.copy())
    frame = np.sqrt(kappa)[:, None] * L
    point = Stack({D: n, r: n, d: latent}, n, {Z: root, U: frame @ X, **scale}, count)
    whole, pull = point.evaluate(one.reduced_learnable, gradient(one.reduced_learnable, U))
    offset = whole[:, 0] - water[:, 0] * value
    other, _ = objective(np.zeros((n * latent, count)))
    (at_zero,) = replace(point, values={**point.values, U: 0 * point.values[U]}).evaluate(one.reduced_learnable)
    assert np.allclose(offset, at_zero[:, 0] - water[:, 0] * other, rtol=ROUND_OFF, atol=1e-11)
    assert np.allclose((frame.mT @ pull).reshape(count, -1), water * slope.T, rtol=1e-10, atol=1e-10)


def test_the_whitening_identity_is_exact():
    # At 2×2, all entries symbolic: w·tr(PB⁻¹) = βc² tr(ZZᵀA⁻¹) and det A = κ² det N det B at U = √κLX.
    a, b, e = sp.symbols("a b e", positive=True)
    x = sp.Matrix(2, 2, sp.symbols("x:4", real=True))
    w, kappa = sp.symbols("w kappa", positive=True)
    L = sp.Matrix([[a, 0], [b, e]])
    C = L.inv() * L.inv().T
    M = w * (L * L.T - sp.eye(2))
    B = x * x.T + C
    A = kappa * L * x * x.T * L.T + kappa * sp.eye(2)
    assert sp.simplify(w * ((sp.eye(2) - C) * B.inv()).trace() - kappa * (M * A.inv()).trace()) == 0
    assert sp.simplify(A.det() - kappa**2 * (L * L.T).det() * B.det()) == 0


@pytest.mark.parametrize("graded", [False, True])
def test_the_scaled_hierarchy_is_the_generated_reduced_loss_at_its_best_decoder(graded):
    count, n, latents = 6, 3, (3, 3)
    scale = scales("mhvae", count)
    theta = np.tile(np.array([150.0, 1.0, 0.3]) if graded else np.array([2.0, 1.0, 0.7]), (count, 1))
    found = mhvae(root_of(theta, n), scale, latents)
    # The generated formula subtracts tr ZZᵀ = 2e4, through an inverse of that condition: (2e4)²·1e-16, and some.
    (whole,) = found.point.evaluate(two.reduced)
    assert np.allclose(whole[:, 0], found.reduced, rtol=ROUND_OFF, atol=1e-6 if graded else 1e-11)
    # The gradient: against differences, at a point that is no minimum.
    rho = np.full(count, 0.8)
    L, C = whitened(found.point.values[Z].mT @ found.point.values[Z], np.ones(count))
    objective = Hierarchy(C, L, rho, latents)
    objective.at(np.arange(count))
    assert objective.graded.all() == graded
    x = np.random.default_rng(2).standard_normal((9, count)) / 2
    p = np.random.default_rng(3).standard_normal((9, count))
    step = 1e-6
    difference = (objective(x + step * p)[0] - objective(x - step * p)[0]) / (2 * step)
    assert np.allclose(difference, (objective(x)[1] * p).sum(0), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("model", MODELS)
def test_an_instance_does_not_see_its_neighbours_or_its_chunk(model, monkeypatch):
    whole = ended(model, count=37)
    monkeypatch.setattr(columns, "CHUNK", 1)
    parts = ended(model, count=37)
    assert np.array_equal(whole.steps, parts.steps)
    assert np.allclose(whole.value, parts.value, rtol=1e-13, atol=0)
    few = (
        vae(whole.point.values[Z][:5], {s: v[:5] for s, v in scales("vae", 37).items()}, 5) if model == "vae" else None
    )
    assert few is None or np.allclose(few.value, whole.value[:5], rtol=1e-13, atol=0)


def test_a_stack_of_one_is_as_in_a_larger_one():
    whole = ended("vae", count=3)
    alone = vae(whole.point.values[Z][:1], {s: v[:1] for s, v in scales("vae", 3).items()}, 5)
    assert alone.value.shape == (1,)
    assert alone.steps[0] == whole.steps[0]
    assert np.array_equal(alone.gradient, whole.gradient[:1])


def test_layouts_agree():
    rng = np.random.default_rng(0)
    A = rng.standard_normal((7, 4, 4))
    A = A @ A.mT + np.eye(4)
    inverse, logdet = Entries.inverse(Entries.stack(A))
    assert np.allclose(Entries.matrices(inverse), np.linalg.inv(A), rtol=1e-10)
    assert np.allclose(logdet, Matrices.inverse(A)[1], rtol=1e-12)
    x = rng.standard_normal((12, 7))
    assert np.array_equal(Entries.matrices(Entries.load(x, (3, 4))), Matrices.load(x, (3, 4)))
    assert np.array_equal(Entries.columns(Entries.load(x, (3, 4))), Matrices.columns(Matrices.load(x, (3, 4))))


def test_where_the_objective_ends_or_stalls_is_told_apart():
    class Wall:
        """|x| has no gradient below 1 anywhere: its descent stalls."""

        def __call__(self, x):
            return np.abs(x).sum(0), np.sign(x)

        def at(self, rows):
            self.rows = rows

    found = minimised(Wall(), np.array([[1.0, 2.0, 3.0]]) / 7, tolerance=1e-8, max_iterations=50)
    assert found.stalled.all()

    class Nowhere(Wall):
        def __call__(self, x):
            return np.full(x.shape[1], np.nan), x

    with pytest.raises(ValueError, match="not finite at the start of row 0"):
        minimised(Nowhere(), np.ones((1, 2)), tolerance=1e-8)
