"""Training reaches the linear optimum, resumes exactly, halves its step when it diverges; what a network then does."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from derivations.nodes import SumModes
from derivations.notation import beta, eta_dec, eta_enc, theta
from derivations.program.mode_program import vae
from verify.errors import InputError
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower
from verify.networks.architecture import Architecture, init, unpack
from verify.networks.noise import gauss_hermite, noise_for
from verify.networks.objective import build_objective
from verify.networks.posterior import decode, infer, log_likelihood, rates, reconstruct
from verify.networks.sample import build_sample
from verify.networks.training import Settings, train

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 3)) * [2.0, 1.0, 0.3]
X -= X.mean(0)
THETA = np.sqrt(np.linalg.eigvalsh(X.T @ X / len(X))[::-1])


def linear_optimum(b, dec, enc):
    """The derived optimum of F, in modes."""
    values = {theta: THETA[None], **{k: np.full((1, 1), v) for k, v in ((beta, b), (eta_dec, dec), (eta_enc, enc))}}
    return float(lower(SumModes(vae(learnable=True).optimum)).run(Float64(), values, {}, 3)[0][0, 0])


def test_lbfgs_reaches_the_linear_optimum_and_its_rates():
    net = Architecture("vae", 3, 3, (3,), (), "linear")
    found = train(
        net, build_sample(net, X), 0.8, 1.2, 0.9, Settings("lbfgs", epochs=4, iterations=200), noise=gauss_hermite(3, 2)
    )
    F = build_objective(net, build_sample(net, X), 0.8, 1.2, 0.9, gauss_hermite(3, 2), "F")
    assert float(F.value(found.params)) == pytest.approx(linear_optimum(0.9, 0.8, 1.2), rel=1e-7)
    (kl,) = rates(net, found.params, build_sample(net, X), 0.8, 1.2)
    expected = np.maximum(0, 0.5 * np.log(THETA**2 / (0.9 * 0.8**2)))
    np.testing.assert_allclose(np.sort(kl)[::-1], expected, atol=1e-4)
    assert list(found.history) == sorted(found.history, reverse=True)


def test_adam_comes_close_and_is_the_same_for_a_seed():
    net = Architecture("vae", 3, 3, (2,), (16,), "tanh", "head")
    settings = Settings(epochs=30, batch=20, rate=1e-2)
    first, second = (train(net, build_sample(net, X), 0.8, 1.0, 1.0, settings) for _ in range(2))
    assert np.array_equal(first.params, second.params)
    start = build_objective(net, build_sample(net, X), 0.8, 1.0, 1.0, noise_for(2)).value(init(net, 0))
    assert first.history[-1] < 0.8 * float(start)
    assert first.notes == ("adam: 300 steps in 30 epochs",)


@pytest.mark.parametrize("method", ["adam", "lbfgs"])
def test_an_interrupted_run_resumes_exactly(tmp_path, method):
    net = Architecture("cvae", 2, 1, (1,), (4,), "softplus", "learnable", 0.5)
    data, place = build_sample(net, X[:, :2], X[:, 2:]), tmp_path / "run" / "state.npz"
    settings = Settings(method, epochs=5, batch=50, iterations=5, redraw=method == "adam")
    whole = train(net, data, 0.5, 1.0, 1.0, settings)

    def stop(progress):
        if progress.epoch == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(net, data, 0.5, 1.0, 1.0, settings, checkpoint=place, on_progress=stop)
    seen = []
    resumed = train(net, data, 0.5, 1.0, 1.0, settings, checkpoint=place, on_progress=lambda p: seen.append(p.epoch))
    assert seen == [3, 4, 5]
    assert np.array_equal(whole.params, resumed.params)
    assert whole.history == resumed.history
    assert [p.name for p in place.parent.iterdir()] == ["state.npz"]
    with pytest.raises(InputError, match="belongs to a run with other data or settings"):
        train(net, data, 0.6, 1.0, 1.0, settings, checkpoint=place)


def test_a_damaged_checkpoint_is_refused(tmp_path):
    net = Architecture("vae", 3, 3, (1,))
    place = tmp_path / "state.npz"
    place.write_bytes(b"PK nothing")
    with pytest.raises(InputError, match=r"state.npz is not a checkpoint"):
        train(net, build_sample(net, X), 1.0, 1.0, 1.0, checkpoint=place)
    np.savez(place, params=np.array([{}], dtype=object))
    with pytest.raises(InputError, match=r"state.npz is not a checkpoint"):
        train(net, build_sample(net, X), 1.0, 1.0, 1.0, checkpoint=place)


def test_a_diverging_run_halves_its_step_and_says_so():
    net = Architecture("vae", 3, 3, (2,), (8,), "relu", "head")
    found = train(net, build_sample(net, 30 * X), 1.0, 1.0, 1.0, Settings(epochs=3, batch=20, rate=3.0))
    assert np.isfinite(found.params).all()
    assert any("the step was halved from 3.0 to" in note for note in found.notes)
    with pytest.raises(InputError, match="training diverges even with steps of"):
        train(net, build_sample(net, 1e200 * X), 1.0, 1.0, 1.0, Settings(epochs=1, rate=1.0))


def test_what_is_fixed_stays_fixed():
    net = Architecture("vae", 3, 3, (3,), (4,), "tanh", "learnable", ((0.5, 0.7, 0.9),), ((True, False, True),))
    found = train(net, build_sample(net, X), 1.0, 1.0, 1.0, Settings("lbfgs", epochs=1, iterations=30))
    log = unpack(net, found.params)["log_sigma_1"]
    assert log[1] == np.log(0.7)
    assert not np.isclose(log[[0, 2]], np.log([0.5, 0.9])).any()
    assert (~net.free).sum() == 1


def test_importance_weights_give_the_exact_likelihood_of_a_linear_model():
    """A linear decoder's marginal is Gaussian: log N(y; 0, η_enc²UUᵀ + η_dec²I)."""
    net = Architecture("vae", 3, 3, (2,), (), "linear", deviation=0.5)
    data = build_sample(net, X[:40])
    found = train(net, data, 0.8, 1.2, 1.0, Settings("lbfgs", epochs=2), noise=gauss_hermite(2, 2))
    P = unpack(net, found.params)
    U, bias = P["dec_1.W0"], P["dec_1.b0"]
    exact = multivariate_normal.logpdf(data.y - bias, cov=1.2**2 * U @ U.T + 0.64 * np.eye(3)).mean()
    estimate = log_likelihood(net, found.params, data, 0.8, 1.2, samples=2000)
    assert abs(estimate.value - exact) < 5 * estimate.standard_error + 1e-3
    assert 0 < estimate.standard_error < 0.05
    assert estimate.row_error > 0
    assert 1 < estimate.effective <= 2000
    elbo = -float(build_objective(net, data, 0.8, 1.2, 1.0, gauss_hermite(2, 2)).value(found.params)) / 2
    assert elbo <= estimate.value + 5 * estimate.standard_error


def test_a_proposal_of_an_encoder_that_trusts_the_data_too_much_is_widened():
    """At β = 0.2 the encoder's variance is a fifth of the posterior's: p/q has no second moment, and misses mass."""
    d, beta = 8, 0.2
    y = np.random.default_rng(4).normal(size=(60, d)) * 3.0
    net = Architecture("vae", d, d, (d,), (), "linear")
    params = init(net, 0)
    P = unpack(net, params)
    w = 9.0 - beta  # ω² at θ² = 9, η_dec = η_enc = 1; the encoder of the optimum, typed here by hand
    P["dec_1.W0"][...] = np.sqrt(w) * np.eye(d)
    P["enc_1.W0"][...] = np.sqrt(w) / (w + beta) * np.eye(d)
    P["log_sigma_1"][...] = np.log(beta / (w + beta)) / 2
    exact = multivariate_normal.logpdf(y, cov=(1 + w) * np.eye(d)).mean()
    data = build_sample(net, y)
    narrow, widened = (log_likelihood(net, params, data, 1.0, 1.0, 256, 0, temper=t) for t in (1.0, beta))
    assert narrow.value < exact - 0.5
    assert abs(narrow.value - exact) > 10 * narrow.standard_error
    assert abs(widened.value - exact) < 0.02
    assert widened.effective > 5 * narrow.effective
    with pytest.raises(InputError, match="temper is in"):
        log_likelihood(net, params, data, 1.0, 1.0, temper=2.0)
    two = Architecture("mhvae", d, d, (2, 1), (), "linear")
    with pytest.raises(InputError, match="1 for a hierarchy"):
        log_likelihood(two, init(two, 0), data, 1.0, 1.0, temper=0.5)


def test_importance_weights_of_a_hierarchy():
    """Both levels linear: y ~ N(0, U_1(η_enc²U_2U_2ᵀ + η_dec²I)U_1ᵀ + η_dec²I)."""
    net = Architecture("mhvae", 3, 3, (2, 1), (), "linear", deviation=0.6)
    data = build_sample(net, X[:30])
    found = train(net, data, 0.8, 1.2, 1.0, Settings("lbfgs", epochs=2), noise=gauss_hermite(3, 2))
    P = unpack(net, found.params)
    U1, U2 = P["dec_1.W0"], P["dec_2.W0"]
    mean = P["dec_2.b0"] @ U1.T + P["dec_1.b0"]
    inner = 1.2**2 * U2 @ U2.T + 0.64 * np.eye(2)
    exact = multivariate_normal.logpdf(data.y - mean, cov=U1 @ inner @ U1.T + 0.64 * np.eye(3)).mean()
    estimate = log_likelihood(net, found.params, data, 0.8, 1.2, samples=4000)
    assert abs(estimate.value - exact) < 5 * estimate.standard_error + 1e-3


def test_posteriors_and_reconstructions():
    net = Architecture("mhvae", 3, 3, (2, 1), (), "linear", deviation=0.6)
    data, params = build_sample(net, X), init(net, 3)
    P = unpack(net, params)
    (m1, q1), (m2, q2) = infer(net, params, data, gauss_hermite(3, 3))
    np.testing.assert_allclose(m1, X @ P["enc_1.W0"].T)
    np.testing.assert_allclose(q1, 0.36)
    np.testing.assert_allclose(m2, m1 @ P["enc_2.W0"].T, atol=1e-12)
    np.testing.assert_allclose(q2, 0.36 * (1 + (P["enc_2.W0"] ** 2).sum()))
    np.testing.assert_allclose(reconstruct(net, params, data), m1 @ P["dec_1.W0"].T)
    top = reconstruct(net, params, data, level=2)
    np.testing.assert_allclose(top, m2 @ P["dec_2.W0"].T @ P["dec_1.W0"].T, atol=1e-12)
    np.testing.assert_allclose(decode(net, params, m2, level=2), top, atol=1e-12)
    assert [k.shape for k in rates(net, params, data, 1.0, 1.0)] == [(2,), (1,)]
    with pytest.raises(InputError, match="the levels of a mhvae are 1 to 2, not 3"):
        reconstruct(net, params, data, level=3)


def test_bad_settings_are_refused():
    for wrong, message in (
        ({"method": "sgd"}, "choose one of adam, lbfgs"),
        ({"dtype": "float16"}, "dtype is float32"),
        ({"epochs": 0}, "must be at least 1"),
    ):
        with pytest.raises(InputError, match=message):
            Settings(**wrong)
