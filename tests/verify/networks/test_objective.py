"""Linear networks have the matrix losses of `derivations`; quadrature says how far off it is; bad input is refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import sqrtm
from scipy.stats import norm

from derivations.models import cvae, vae
from derivations.models.chain import build_chain
from derivations.notation import D0 as D_0
from derivations.notation import U1, U2, W1, W2, B, D, G, H, K, Sigma, U, V, Z, beta, d, eta_dec, eta_enc, r
from verify.errors import InputError
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower
from verify.networks.architecture import Architecture, init, unpack
from verify.networks.kernels import coordinate_kl, likelihood
from verify.networks.noise import gauss_hermite, noise_for, per_row, sobol
from verify.networks.objective import build_objective
from verify.networks.sample import build_sample

ETA_DEC, ETA_ENC, BETA = 0.7, 1.3, 0.9


def evaluated(expression, values, dims):
    stacked = {k: np.asarray(v)[None] if np.ndim(v) else np.full((1, 1), v) for k, v in values.items()}
    return float(lower(expression).run(Float64(), stacked, dims, max(dims.values()))[0][0, 0])


def whitened(rng, rows, n):
    x = rng.normal(size=(rows, n))
    x -= x.mean(0)
    return x @ np.linalg.inv(sqrtm(x.T @ x / rows))


def set_linear(net, **arrays):
    params = init(net, 0)
    views = unpack(net, params)
    for name, value in arrays.items():
        views[name][...] = value
    return params


@pytest.mark.parametrize("latents", [1, 2, 3])
def test_a_linear_vae_has_the_matrix_loss(latents):
    rng = np.random.default_rng(latents)
    x, noise = whitened(rng, 12, 3), rng.normal(size=(12, 2))
    y = x @ rng.normal(size=(3, 2)) + noise
    W, decoder, q = rng.normal(size=(latents, 3)), rng.normal(size=(2, latents)), rng.uniform(0.2, 2, latents)
    net = Architecture("vae", 3, 2, (latents,), (), "linear")
    params = set_linear(net, **{"enc_1.W0": W, "dec_1.W0": decoder, "log_sigma_1": np.log(q) / 2})
    values = {
        U: decoder,
        V: W,
        Sigma: np.diag(q),
        Z: y.T @ x / 12,
        B: y.T @ y / 12,
        beta: BETA,
        eta_dec: ETA_DEC,
        eta_enc: ETA_ENC,
    }
    dims = {D: 2, d: latents, r: 3}
    f = build_objective(net, build_sample(net, x, y), ETA_DEC, ETA_ENC, BETA, gauss_hermite(latents, 2))
    expected = evaluated(vae.loss / eta_dec**2 + vae.constants, values, dims)
    assert float(f.value(params)) == pytest.approx(expected, rel=1e-12)
    F = build_objective(net, build_sample(net, x, y), ETA_DEC, ETA_ENC, BETA, gauss_hermite(latents, 2), "F")
    unexplained = np.trace(y.T @ y / 12) - np.sum((y.T @ x / 12) ** 2)
    assert float(F.value(params)) == pytest.approx(evaluated(vae.loss, values, dims) + unexplained, rel=1e-12)
    assert float(f.terms(params).rates[0].sum()) == pytest.approx(evaluated(vae.rate, values, dims), rel=1e-12)
    distortion = evaluated(vae.distortion, values, dims) + unexplained
    assert float(f.terms(params).distortion) == pytest.approx(distortion, rel=1e-12)


@pytest.mark.parametrize("join", ["additive", "joint"])
def test_a_linear_cvae_has_the_matrix_loss(join):
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(9, 2)), rng.normal(size=(9, 3))
    A, C = x.T @ x / 9, y.T @ x / 9
    regression = C @ np.linalg.inv(A)
    E = y.T @ y / 9 - regression @ C.T
    w1, w2, u1, u2 = (rng.normal(size=s) for s in ((2, 2), (2, 3), (3, 2), (3, 2)))
    q = np.array([0.5, 1.7])
    net = Architecture("cvae", 2, 3, (2,), (), "linear", encoder=join, decoder=join)
    arrays = {"enc_x.W0": w1, "enc_y.W0": w2, "dec_z.W0": u1, "dec_x.W0": u2}
    if join == "joint":
        arrays = {"enc_1.W0": np.hstack([w1, w2]), "dec_1.W0": np.hstack([u1, u2])}
    params = set_linear(net, **arrays, log_sigma_1=np.log(q) / 2)
    values = {
        U1: u1,
        U2: u2,
        W1: w1,
        W2: w2,
        Sigma: np.diag(q),
        H: sqrtm(A),
        K: regression,
        G: sqrtm(E),
        beta: BETA,
        eta_dec: ETA_DEC,
        eta_enc: ETA_ENC,
    }
    f = build_objective(net, build_sample(net, x, y), ETA_DEC, ETA_ENC, BETA, gauss_hermite(2, 2))
    expected = evaluated(cvae.loss / eta_dec**2 + cvae.constants, values, {D: 3, d: 2, D_0: 2})
    assert float(f.value(params)) == pytest.approx(expected, rel=1e-12)


def test_a_linear_hierarchy_has_the_matrix_loss():
    rng = np.random.default_rng(6)
    x = whitened(rng, 10, 2)
    y = x @ rng.normal(size=(2, 3)) + 0.1 * rng.normal(size=(10, 3))
    low, top = build_chain(2).levels
    shapes = ((2, 2), (1, 2), (3, 2), (2, 1))
    v1, w2, u1, u2 = (rng.normal(size=s) for s in shapes)
    q1, q2 = np.array([0.4, 1.2]), np.array([0.8])
    net = Architecture("mhvae", 2, 3, (2, 1), (), "linear")
    params = set_linear(
        net,
        **{
            "enc_1.W0": v1,
            "enc_2.W0": w2,
            "dec_1.W0": u1,
            "dec_2.W0": u2,
            "log_sigma_1": np.log(q1) / 2,
            "log_sigma_2": np.log(q2) / 2,
        },
    )
    values = {
        low.W: v1,
        top.W: w2,
        low.U: u1,
        top.U: u2,
        low.Sigma: np.diag(q1),
        top.Sigma: np.diag(q2),
        Z: y.T @ x / 10,
        B: y.T @ y / 10,
        low.beta: 0.6,
        top.beta: 1.4,
        eta_dec: ETA_DEC,
        eta_enc: ETA_ENC,
    }
    f = build_objective(net, build_sample(net, x, y), ETA_DEC, ETA_ENC, (0.6, 1.4), gauss_hermite(3, 2))
    two = build_chain(2)
    expected = evaluated(two.loss / eta_dec**2 + two.constants, values, {D: 3, r: 2, low.d: 2, top.d: 1})
    assert float(f.value(params)) == pytest.approx(expected, rel=1e-12)
    F = build_objective(net, build_sample(net, x, y), ETA_DEC, ETA_ENC, (0.6, 1.4), gauss_hermite(3, 2), "F")
    unexplained = np.trace(y.T @ y / 10) - np.sum((y.T @ x / 10) ** 2)
    matrix = evaluated(build_chain(2).loss, values, {D: 3, r: 2, low.d: 2, top.d: 1})
    assert float(F.value(params)) == pytest.approx(matrix + unexplained, rel=1e-11)


def test_kernels_are_the_gaussian_formulas():
    """Against SciPy's densities, which know nothing of this project."""
    rng = np.random.default_rng(0)
    m, q, v = rng.normal(size=(1, 50)), rng.uniform(0.1, 3, (1, 50)), 1.7
    z = m + np.sqrt(q) * norm.ppf((np.arange(20000)[:, None] + 0.5) / 20000)
    drawn = (norm.logpdf(z, m, np.sqrt(q)) - norm.logpdf(z, 0, np.sqrt(v))).mean(0)
    np.testing.assert_allclose(coordinate_kl(m**2 + q, q, v)[0][0], drawn, atol=2e-3)
    assert float(likelihood(2.5, 0.3, 4)[0]) == pytest.approx(2.5 / 0.3 + 4 * np.log(2 * np.pi * 0.3))


def test_the_integration_error_is_estimated():
    net = Architecture("vae", 2, 2, (2,), (8,), "tanh")
    rng = np.random.default_rng(0)
    data = build_sample(net, rng.normal(size=(20, 2)))
    params = 2 * init(net, 1)
    exact = build_objective(net, data, 0.5, 1.0, 1.0, gauss_hermite(2, 40)).value(params)
    for noise, closer in ((gauss_hermite(2, 6), 0.1), (sobol(2, 256, 0), 0.1), (per_row(20, 2, rng), 10.0)):
        f = build_objective(net, data, 0.5, 1.0, 1.0, noise)
        error = f.integration_error(params)
        assert 0 < error < closer
        assert abs(f.value(params) - exact) <= 6 * error
    objectives = [build_objective(net, data, 0.5, 1.0, 1.0, sobol(2, n, 0)) for n in (16, 1024)]
    rough, fine = (f.integration_error(params) for f in objectives)
    assert fine < rough / 8  # the points converge faster than draws would: by 8 for 64 times as many


def test_rules_are_deterministic_and_chosen_by_dimension():
    assert np.array_equal(sobol(3, 8, 1).nodes, sobol(3, 8, 1).nodes)
    assert not np.array_equal(sobol(3, 8, 1).nodes, sobol(3, 8, 2).nodes)
    assert noise_for(1).rule.startswith("Gauss")
    assert noise_for(8).rule.startswith("Sobol")
    nodes, weights = gauss_hermite(2, 5).nodes[:, 0], gauss_hermite(2, 5).weights
    np.testing.assert_allclose(weights @ (nodes[:, 0] ** 4 * nodes[:, 1] ** 2), 3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"activation": "swish"}, "there is no activation 'swish': choose one of relu, tanh, softplus, linear"),
        ({"latents": (0,)}, "latents must be whole numbers of at least 1"),
        ({"latents": (1, 1)}, "a vae has 1 latent level"),
        ({"kind": "gan"}, "there is no kind 'gan': choose one of vae, cvae, mhvae"),
        ({"variance": "free"}, "there is no variance 'free'"),
        ({"deviation": 0.0}, "is not one positive number"),
        ({"hidden": (4, -1)}, "hidden must be whole numbers"),
        ({"learnable": ((True, False, True),)}, "is not one truth value for each latent"),
        ({"encoder": "skip"}, "there is no encoder 'skip'"),
    ],
)
def test_bad_architectures_are_refused(arguments, message):
    with pytest.raises(InputError, match=message.replace("(", r"\(")):
        Architecture(**{"kind": "vae", "inputs": 2, "outputs": 2, "latents": (2,), **arguments})


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([[1.0, np.nan]] * 3, None, "row 0 of x holds NaN"),
        ([[1.0, 2.0]] * 3, [[1.0, 2.0]] * 2 + [[np.inf, 0]], "row 2 of y holds NaN or infinite"),
        ([[1.0, 2.0]], None, "1 rows cannot train 2 latents"),
        ([[1.0]] * 3, None, r"x has shape \(3, 1\); the architecture wants \(rows, 2\)"),
        ([[1.0, 2.0]] * 3, [[1.0, 2.0]] * 4, "x has 3 rows and y 4"),
    ],
)
def test_bad_samples_are_refused(x, y, message):
    with pytest.raises(InputError, match=message):
        build_sample(Architecture("vae", 2, 2, (2,)), x, y)


def test_bad_scales_and_rules_are_refused():
    net = Architecture("vae", 2, 2, (2,))
    data = build_sample(net, np.eye(2))
    cases = (
        (lambda: build_objective(net, data, 0, 1, 1, gauss_hermite(2, 2)), "eta_dec must be a positive number"),
        (lambda: build_objective(net, data, 1, 1, (1, 1), gauss_hermite(2, 2)), "2 values of beta given for 1"),
        (lambda: build_objective(net, data, 1, 1, 1, gauss_hermite(3, 2)), "noise in 3 coordinates for 2 latents"),
        (lambda: build_objective(net, data, 1, 1, 1, gauss_hermite(2, 2), "bits"), "units are 'l'"),
        (lambda: gauss_hermite(9, 8), "use sobol"),
        (lambda: sobol(2, 100, 0), "powers of two"),
        (lambda: unpack(net, np.zeros(3)), "3 parameters given"),
    )
    for make, message in cases:
        with pytest.raises(InputError, match=message):
            make()
