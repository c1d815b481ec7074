"""How many latents, which β: each number that is given is tried in a forecast of its own."""

from __future__ import annotations

import numpy as np
import pytest

import verify

SQUARES = np.array([30.0, 12.0, 5.0, 2.0, 0.4, 0.0])


def data() -> np.ndarray:
    """Rows whose covariance is diagonal, with these eigenvalues."""
    raw = np.random.default_rng(0).normal(size=(50, 6))
    raw -= raw.mean(0)
    return raw @ np.linalg.inv(np.linalg.cholesky(raw.T @ raw / 50)).T * np.sqrt(SQUARES)


@pytest.mark.parametrize("kl", ["sum", "mean"])
@pytest.mark.parametrize("loss", ["half-mse-sum", "mse-mean"])
@pytest.mark.parametrize("level", [0.1, 1.0, 4.0, 20.0, 50.0])
@pytest.mark.parametrize("latents", [1, 3, 6])
def test_the_count_holds_in_the_interval_and_nowhere_else(latents, level, loss, kl):
    unit = (3.0 if loss == "mse-mean" else 1.0) / (latents if kl == "mean" else 1)  # βη_dec² per unit of β

    def active(beta, latents=latents):
        return verify.predict(data(), latent=latents, beta=beta, loss=loss, kl=kl).active

    found = verify.predict(data(), latent=latents, beta=level / unit, loss=loss, kl=kl)
    advice = found.advice
    assert advice.modes == int((level < SQUARES).sum())
    assert found.active == min(latents, advice.modes)
    if advice.beta_below is None:
        assert found.active == 0
        assert active(1e6 * advice.beta_from) == 0
    else:
        assert active(0.999 * advice.beta_below) == found.active
        assert active(1.001 * advice.beta_below) == found.active - 1
    if advice.beta_from:
        assert active(1.001 * advice.beta_from) == found.active
        assert active(0.999 * advice.beta_from) == found.active + 1
    else:
        assert active(1e-6) == found.active
    assert advice.sentence in " ".join(str(found).split())


@pytest.mark.parametrize(
    ("latents", "beta", "kl", "sentence"),
    [
        (2, 1, "sum", "Take 4 latents to carry all modes above the level; 2 latents are enough from β = 5."),
        (2, 1, "mean", "Take 4 latents to carry all modes above the level (with β = 2, as the weight of the KL"),
        (1, 1, "sum", "Take 4 latents to carry all modes above the level; 1 latent is enough from β = 12."),
        (4, 1, "sum", "4 latents are as many as there are modes above the level: nothing to change."),
        (5, 4, "sum", "3 latents are enough; for 5 latents to be active take β < 0.4."),
        (6, 0.1, "sum", "5 latents are enough; the data have no more than 5 modes above 0."),
        (6, 20, "sum", "1 latent is enough; for 5 latents to be active take β < 0.4."),
        (3, 90, "sum", "Everything collapses: take β < 30."),
    ],
)
def test_one_sentence_says_what_to_do(latents, beta, kl, sentence):
    found = verify.predict(data(), latent=latents, beta=beta, loss="half-mse-sum", kl=kl)
    assert found.advice.sentence.startswith(sentence)


def test_where_latents_are_taken_as_advised_they_carry_all_modes():
    """With the KL averaged the β that is named keeps the level, so that as many modes are above it as before."""
    before = verify.predict(data(), latent=2, beta=1, loss="half-mse-sum", kl="mean")
    after = verify.predict(data(), latent=4, beta=2, loss="half-mse-sum", kl="mean")
    assert after.water_level == before.water_level
    assert after.active == before.advice.modes == 4


def test_of_data_that_do_not_vary_nothing_is_to_be_encoded():
    found = verify.predict(np.ones((5, 3)), latent=2)
    assert found.advice.sentence == "There is nothing to encode."
    assert "0 active at any β; the data have 0 modes" in str(found)
    assert verify.predict(data(), latent=2, sigma=[0.5, 0.5]).advice is None
