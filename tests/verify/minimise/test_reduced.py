"""Reduced descent: the losses it descends on are those generated, its ends the derived minima, its errors caught."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import sympy as sp

from derivations.algebra.calculus import gradient
from derivations.models.chain import build_chain
from derivations.notation import D, G, H, K, U, Z, beta, d, eta_dec, eta_enc, r
from derivations.statements.claim import Optimum
from derivations.theorems.lemmas import hierarchy_projection as two
from derivations.theorems.lemmas import variable_projection as one
from tests.benchmarks.gaps import gaps
from verify.evaluate.stack import Stack
from verify.minimise import descend, lbfgs, reduced
from verify.minimise.layouts import Entries, Matrices
from verify.minimise.objective import raw_objective
from verify.minimise.reduced import LOWER, UPPER, WIDE, cvae, flatness, mhvae, vae
from verify.minimise.whitened import Hierarchy, Vae, whiten

MODELS = ["vae", "cvae", "mhvae", "mhvae-fixed"]
GAP = 1e-10  # to which values are good, relative to 1 + |F|
ROUND_OFF = 1e-12  # some thousand operations of relative error 1e-16, in units of 1 + |F|


def scales(model, count, seed=0):
    rng = np.random.default_rng([seed, 1])
    both = dict(zip((eta_dec, eta_enc), rng.uniform(0.5, 1.5, (2, count)), strict=True))
    if "mhvae" not in model:
        return both | {beta: rng.uniform(0.4, 1.8, count)}
    weights = dict(zip((LOWER.beta, UPPER.beta), rng.uniform(0.4, 1.8, (2, count)), strict=True))
    fixed = {UPPER.sigma: rng.uniform(0.4, 1.5, count)} if model == "mhvae-fixed" else {}
    return both | weights | {LOWER.sigma: rng.uniform(0.4, 1.5, count)} | fixed


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
    if "mhvae" in model:
        return mhvae(root, scale, (latent, latent), seed)
    rng = np.random.default_rng([seed, 4])
    square = root if root.shape[1] == root.shape[2] else root @ root.mT
    data = {H: rng.standard_normal((count, 3, 3)), K: rng.standard_normal((count, len(square[0]), 3)), G: square}
    return cvae(data, scale, latent, seed)


@pytest.mark.slow
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
@pytest.mark.parametrize("model", MODELS[2:])
def test_hierarchies_of_unequal_levels(model, latents):
    scale = scales(model, 16)
    found = mhvae(root_of(spectrum("", scale, 16, 3), 5), scale, latents)
    assert np.abs(gaps(found)).max() <= GAP
    assert np.all(np.abs(found.reduced - found.value) <= ROUND_OFF * (1 + np.abs(found.value)))


def raw(found, rows, seed=0):
    """(F by descent of the raw loss − `value`)/(1 + |value|) of these rows, (len(rows),).

    From starts of its own, in every entry of every unknown: nothing of the reduction is used. Below −GAP the reduction
    misses the minimum; far above 0 the raw descent, which is slow, had not arrived.
    """
    point = found.point.take(np.asarray(rows))
    given = replace(point, values={X: v for X, v in point.values.items() if X not in found.domains})
    objective, width = raw_objective(given, Optimum("", found.loss, dict(found.domains), sp.S.Zero))
    start = np.random.default_rng([seed, 41]).standard_normal((len(point), width)) / np.sqrt(point.modes)
    value = found.value[rows]
    return (descend(objective, start, max_iterations=3000).value - value) / (1 + np.abs(value))


@pytest.mark.parametrize("model", MODELS)
def test_the_whole_loss_is_flat_at_the_point_and_flatter_if_asked(model):
    scale, root = scales(model, 12), root_of(spectrum("", scales(model, 12), 12, 4), 4)
    if model == "cvae":
        data = {H: np.tile(np.eye(2), (12, 1, 1)), K: np.ones((12, 4, 2)), G: root}
        solve = partial(cvae, data, scale, 3)
    else:
        solve = partial(vae, root, scale, 3) if model == "vae" else partial(mhvae, root, scale, (3, 3))
    loose, tight = solve(tolerance=1e-4), solve(tolerance=1e-12)
    assert np.median(flatness(tight)) <= 1e-10
    assert np.all(flatness(tight) <= 1e-7)  # at thresholds descents stall: values are flat there to round-off
    assert np.median(flatness(loose)) > 1e3 * np.median(flatness(tight))
    moved = {X: v + 0.01 for X, v in tight.point.values.items() if X in (U, LOWER.W)}
    if moved:
        elsewhere = tight.point.with_values(moved)
        assert flatness(replace(tight, point=elsewhere)).min() > 1e-4


@pytest.mark.slow
@pytest.mark.parametrize("model", ["vae", "mhvae", "mhvae-fixed"])
def test_wide_data_are_descended_on_in_their_leading_directions_and_judged_whole(model):
    theta = np.concatenate([np.array([3.0, 2, 1.5, 0.1]), np.geomspace(0.05, 1e-4, WIDE)])[None]
    found = (vae if model == "vae" else mhvae)(
        root_of(theta, theta.size), scales(model, 1), 3 if model == "vae" else (3, 3)
    )
    assert np.abs(gaps(found)).max() <= GAP
    assert np.all(np.abs(found.reduced - found.value) <= 1e-9 * (1 + np.abs(found.value)))
    assert flatness(found).max() < 1e-6


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
        return whiten(1.1 * M, water)  # another problem: its ends are not minima of this one

    monkeypatch.setattr(reduced, "whiten", wrong)
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
    L, C = whiten(root @ root.mT, water[:, 0])
    X = np.random.default_rng(1).standard_normal((count, n, latent))
    objective, rows = Vae(C, latent), np.arange(count)
    value, slope = objective(X.reshape(count, -1), rows)
    frame = np.sqrt(kappa)[:, None] * L
    point = Stack({D: n, r: n, d: latent}, n, {Z: root, U: frame @ X, **scale}, count)
    whole, pull = point.evaluate(one.reduced_learnable, gradient(one.reduced_learnable, U))
    offset = whole[:, 0] - water[:, 0] * value
    other, _ = objective(np.zeros((count, n * latent)), rows)
    (at_zero,) = replace(point, values={**point.values, U: 0 * point.values[U]}).evaluate(one.reduced_learnable)
    assert np.allclose(offset, at_zero[:, 0] - water[:, 0] * other, rtol=ROUND_OFF, atol=1e-11)
    assert np.allclose((frame.mT @ pull).reshape(count, -1), water * slope, rtol=1e-10, atol=1e-10)


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


@pytest.mark.parametrize("fixed", [False, True])
@pytest.mark.parametrize("graded", [False, True])
def test_the_scaled_hierarchy_is_the_generated_reduced_loss_at_its_best_decoder(graded, fixed):
    count, n, latents = 6, 3, (3, 3)
    scale = scales("mhvae-fixed" if fixed else "mhvae", count)
    theta = np.tile(np.array([150.0, 1.0, 0.3]) if graded else np.array([2.0, 1.0, 0.7]), (count, 1))
    found = mhvae(root_of(theta, n), scale, latents)
    # The generated formula subtracts tr ZZᵀ = 2e4, through an inverse of that condition: (2e4)²·1e-16, and some.
    best = {X: formula for X, formula in two.best.items() if not (fixed and UPPER.Sigma == X)}
    (whole,) = found.point.evaluate(build_chain(2).loss.xreplace(best) if fixed else two.reduced)
    assert np.allclose(whole[:, 0], found.reduced, rtol=ROUND_OFF, atol=1e-6 if graded else 1e-11)
    # The gradient: against differences, at a point that is no minimum.
    rho = np.full(count, 0.8)
    L, C = whiten(found.point.values[Z].mT @ found.point.values[Z], np.ones(count))
    objective, rows = Hierarchy(C, L, rho, np.full(count, 0.6) if fixed else None, latents), np.arange(count)
    x = np.random.default_rng(2).standard_normal((count, 9)) / 2
    p = np.random.default_rng(3).standard_normal((count, 9))
    value, slope = objective(x, rows)
    assert objective.graded.all() == graded
    step = 1e-6
    difference = (objective(x + step * p, rows)[0] - objective(x - step * p, rows)[0]) / (2 * step)
    assert np.isfinite(value).all()
    assert np.allclose(difference, (slope * p).sum(1), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("model", MODELS)
def test_an_instance_does_not_see_its_neighbours_or_its_chunk(model, monkeypatch):
    whole = ended(model, count=37)
    monkeypatch.setattr(reduced, "lbfgs", partial(lbfgs, chunk=1))
    parts = ended(model, count=37)
    assert np.array_equal(whole.descent.iterations, parts.descent.iterations)
    assert np.allclose(whole.value, parts.value, rtol=1e-13, atol=0)
    few = (
        vae(whole.point.values[Z][:5], {s: v[:5] for s, v in scales("vae", 37).items()}, 5) if model == "vae" else None
    )
    assert few is None or np.allclose(few.value, whole.value[:5], rtol=1e-13, atol=0)


def test_a_stack_of_one_is_as_in_a_larger_one():
    whole = ended("vae", count=3)
    alone = vae(whole.point.values[Z][:1], {s: v[:1] for s, v in scales("vae", 3).items()}, 5)
    assert alone.value.shape == (1,)
    assert alone.descent.iterations[0] == whole.descent.iterations[0]
    assert np.array_equal(alone.descent.gradient_norm, whole.descent.gradient_norm[:1])


def test_layouts_agree():
    rng = np.random.default_rng(0)
    A = rng.standard_normal((7, 4, 4))
    A = A @ A.mT + np.eye(4)
    inverse, logdet = Entries.inverse(Entries.stack(A))
    assert np.allclose(Entries.matrices(inverse), np.linalg.inv(A), rtol=1e-10)
    assert np.allclose(logdet, Matrices.inverse(A)[1], rtol=1e-12)
    x = rng.standard_normal((7, 12))
    assert np.array_equal(Entries.matrices(Entries.load(x, (3, 4))), Matrices.load(x, (3, 4)))
    for kind in (Entries, Matrices):
        assert np.array_equal(kind.points(kind.load(x, (3, 4))), x)
