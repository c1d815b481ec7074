"""A decoder noise that is learnt: against forecasts at fixed noises, probabilistic PCA, and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

import verify
from verify.data.data import digits
from verify.errors import InputError


def data(seed: int, scales: list[float], rows: int = 80) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(rows, len(scales))) * scales @ np.linalg.qr(rng.normal(size=(len(scales),) * 2))[0]


SCALES = [4.0, 2.0, 1.5, 1.0, 0.5, 0.3]


@pytest.mark.parametrize("kl", ["sum", "mean"])
@pytest.mark.parametrize("conditional", [False, True])
@pytest.mark.parametrize(("latent", "beta"), [(2, 0.5), (4, 1.0), (4, 2.3), (5, 1.4), (3, 30.0)])
def test_no_other_noise_is_better(latent, beta, conditional, kl):
    """The best of forecasts at fixed noises, found by a line search, is the one that is said to be learnt."""
    y = data(1, SCALES)
    x = np.random.default_rng(2).normal(size=(80, 2)) if conditional else None
    y = y if x is None else y + x @ np.ones((2, 6))
    found = verify.predict(y, x, latent=latent, beta=beta, eta_dec="learnable", kl=kl)

    def loss(log_noise):
        return -verify.predict(y, x, latent=latent, beta=beta, eta_dec=float(np.exp(log_noise)), kl=kl).elbo

    best = minimize_scalar(loss, bounds=(-4, 4), method="bounded", options={"xatol": 1e-9})
    assert found.eta_dec == pytest.approx(np.exp(best.x), rel=1e-5)
    assert -found.elbo == pytest.approx(best.fun, rel=1e-9)
    assert found.script.total == pytest.approx(best.fun, rel=1e-9)  # constants and all: training changes them
    fixed = verify.predict(y, x, latent=latent, beta=beta, eta_dec=found.eta_dec, kl=kl)
    assert [one.status for one in found.latents] == [one.status for one in fixed.latents]
    assert (found.sampling, found.advice) == (None, None)


@pytest.mark.parametrize("kl", ["sum", "mean"])
def test_each_latent_collapses_at_the_beta_that_is_said(kl):
    """The noise moves with β, so that this is not θ²/η_dec² at the noise of now."""

    def active(beta):
        return verify.predict(data(3, SCALES), latent=4, beta=beta, eta_dec="learnable", kl=kl).active

    edges = [one.beta_collapse for one in verify.predict(data(3, SCALES), latent=4, eta_dec="learnable", kl=kl).latents]
    assert edges == sorted(edges, reverse=True)
    assert [active(0.999 * edge) for edge in edges] == [1, 2, 3, 4]
    assert [active(1.001 * edge) for edge in edges] == [0, 1, 2, 3]


def test_at_beta_one_it_is_that_of_probabilistic_pca():
    y = digits("vae")[0]
    values = np.linalg.eigvalsh(np.cov(y.T, bias=True))[::-1]
    found = verify.predict(y, latent=10, eta_dec="learnable")
    assert found.active == 10
    assert found.eta_dec**2 == pytest.approx(values[10:].mean())
    assert "η_dec learnt" in str(found)
    assert "with its constants" in str(found)


def test_without_anything_left_the_loss_has_no_minimum():
    """Rank 3 and three latents: below β = D/3 the noise goes to 0, above it there is an optimum."""
    y = data(4, [3.0, 2.0, 1.0, 0.0, 0.0, 0.0])
    with pytest.raises(InputError, match="goes to 0 and the loss to −∞"):
        verify.predict(y, latent=3, beta=1.9, eta_dec="learnable")
    assert verify.predict(y, latent=3, beta=2.1, eta_dec="learnable").active < 3
    assert verify.predict(y, latent=2, beta=1.9, eta_dec="learnable").active == 2


def test_with_a_learnt_noise_the_correlation_of_input_and_output_does_not_matter():
    """x = ρy + √(1 − ρ²)n: with a fixed noise a stronger correlation collapses latents, with a learnt one none."""
    rng = np.random.default_rng(0)
    y = data(5, SCALES, rows=20_000)
    n = rng.normal(size=y.shape)
    n -= y @ np.linalg.lstsq(y, n)[0]  # exactly uncorrelated, with the covariance of y
    n = n @ np.linalg.inv(np.linalg.cholesky(np.cov(n.T))).T @ np.linalg.cholesky(np.cov(y.T)).T
    learnt, fixed = [], []
    for rho in (0.0, 0.6, 0.95):
        x = rho * y + (1 - rho**2) ** 0.5 * n
        found = verify.predict(y, x, latent=4, beta=1.3, eta_dec="learnable")
        learnt.append(found.active)
        fixed.append(verify.predict(y, x, latent=4, beta=1.3).active)
        assert any("does not matter for collapse how much" in w for w in found.warnings)
    assert len(set(learnt)) == 1
    assert fixed[0] > fixed[-1]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda y: verify.predict(y, latent=2, loss="mse-sum", eta_dec="learnable"), "has no decoder noise"),
        (lambda y: verify.predict(y, latent=2, sigma=[1, 1], eta_dec="learnable"), "sigma must be learnable too"),
        (lambda y: verify.predict(y, latent=2, eta_dec="learned"), "eta_dec must be a finite number above 0"),
        (lambda y: verify.sweep(y, latents=[2], betas=[1], deviations=["learnable"]), "deviations must be"),
        (lambda y: verify.convert("gaussian", 1, eta_dec="learnable"), "eta_dec must be a finite number above 0"),
        (lambda y: verify.predict(np.ones((9, 3)), latent=2, eta_dec="learnable"), "nothing of the output is left"),
    ],
)
def test_where_no_noise_can_be_learnt_one_sentence_says_so(call, message):
    with pytest.raises(InputError, match=message):
        call(data(6, SCALES))


def test_a_diagnosis_takes_the_level_of_the_learnt_noise():
    y = data(7, SCALES)
    mean, variance = np.zeros((80, 2)), np.ones((80, 2))
    found = verify.diagnose(mean, variance, y, eta_dec="learnable")
    best = verify.predict(y, latent=2, eta_dec="learnable")
    assert found.best.water_level == best.water_level
    assert found.best.active == best.active == 2
    assert "with its constants" in str(found)
