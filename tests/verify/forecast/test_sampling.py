"""What a sample says of its population: intervals that cover, noise that is told from structure, by simulation."""

from __future__ import annotations

import numpy as np
import pytest

import verify
from verify.forecast.halves import confirmed
from verify.forecast.sampling import _quantiles, noise_share, split
from verify.forecast.spectra import summarise


@pytest.mark.parametrize(
    ("rows", "features", "level", "active"), [(20, 200, 1.0, 19), (300, 100, 1.5, 21), (300, 100, 1.2, 30)]
)
def test_noise_is_called_noise(rows, features, level, active):
    """Active in training, none of them in the population: as many as noise alone has, and a warning says so."""
    y = np.random.default_rng(1).normal(size=(rows, features))
    found = verify.predict(y, latent=features, beta=level)
    assert found.active == pytest.approx(active, abs=3)
    assert found.sampling.at_least == 0
    assert found.sampling.noise_active == pytest.approx(found.active, abs=2)
    assert found.sampling.noise_edge == pytest.approx(1 + (features / (rows - 1)) ** 0.5, rel=0.05)
    (warning,) = [w for w in found.warnings if "confirmed" in w]
    assert warning.startswith(
        f"only 0 of {found.active} active latents are confirmed beyond these rows; on noise alone"
    )
    assert not any("look collapsed" in w for w in found.warnings)
    text = " ".join(str(found).split())
    assert f"{found.active} will be active in training; at least 0 and at most" in text
    assert "Gaussian data only" in text


def test_structure_is_confirmed_and_not_warned_about():
    rng = np.random.default_rng(0)
    y = rng.normal(size=(500, 5)) * [5, 4, 3, 3, 2] @ np.linalg.qr(rng.normal(size=(40, 40)))[0][:5]
    found = verify.predict(y + 0.3 * rng.normal(size=y.shape), latent=12, beta=0.5)
    assert (found.active, found.sampling.at_least, found.sampling.at_most) == (5, 5, 5)
    assert found.sampling.noise_active == 0
    assert found.sampling.noise_edge == pytest.approx(0.3 * (1 + (40 / 499) ** 0.5), rel=0.05)
    assert found.warnings == ()


@pytest.mark.parametrize(("ratio", "share"), [(0.01, 0.49), (0.1, 0.47), (0.25, 0.45), (1, 0.39), (2, 0.34), (4, 0.25)])
def test_the_share_of_noise_above_its_own_variance(ratio, share):
    """Marchenko and Pastur's law, against published values and against eigenvalues of a large sample."""
    assert noise_share(ratio, 1.0) == pytest.approx(share, abs=0.005)
    noise = np.random.default_rng(0).normal(size=(400, round(400 * ratio)))
    values = np.linalg.svd(noise, compute_uv=False) ** 2 / 400
    for least in (0.3, 1.0, 1.7):
        assert noise_share(ratio, least) == pytest.approx((values > least).sum() / noise.shape[1], abs=0.06)


DESIGNS = {
    "modes far above and at the level": (60, [4, 2, 1.5, *[0.999] * 5], 0),
    "all at the level": (30, [1.01] * 10, 0),
    "fewer rows than features": (40, [5, 3, 2, *[0.9] * 57], 0),
    "given inputs": (60, [4, 2, 1.5, *[0.999] * 5], 3),
    "fewer rows than features, given inputs": (40, [5, 3, *[0.95] * 58], 3),
}


@pytest.mark.slow
@pytest.mark.parametrize("design", DESIGNS)
def test_the_interval_covers_the_population(design):
    """Each end misses at most 5 % of Gaussian samples: of 200, more than 20 would be met once in 1000."""
    rows, deviations, inputs = DESIGNS[design]
    scales, rng = np.array(deviations), np.random.default_rng(3)
    true, missed = int((scales > 1).sum()), np.zeros(2)
    for _ in range(200):
        y, x = rng.normal(size=(rows, len(scales))) * scales, None
        if inputs:
            x = rng.normal(size=(rows, inputs))
            y = y + x @ rng.normal(size=(inputs, len(scales)))
        found = verify.predict(y, x, latent=len(scales)).sampling
        missed += found.at_least > true, found.at_most < true
    assert (missed <= 20).all()


def test_few_rows_never_bound_the_population_by_their_number():
    """Ten rows of thirty features, all of variance 5: 30 modes are above the level, and 9 in the sample."""
    rng = np.random.default_rng(5)
    for _ in range(20):
        found = verify.predict(5**0.5 * rng.normal(size=(10, 30)), latent=30)
        assert found.active == 9
        assert found.sampling.at_most == 30


@pytest.mark.parametrize("inputs", [0, 2])
def test_what_one_half_found_and_the_other_confirms(inputs):
    """Every other row against the rows between, by singular vectors and least squares."""
    rng, level, count = np.random.default_rng(8), 1.0, 6
    y = rng.normal(size=(41, 50)) * np.r_[6, 4, 3, np.full(47, 0.7)]
    x = rng.normal(size=(41, inputs)) if inputs else None
    halves = []
    for rows in (slice(0, None, 2), slice(1, None, 2)):
        design = np.ones((len(y[rows]), 1)) if x is None else np.c_[np.ones(len(y[rows])), x[rows]]
        halves.append(y[rows] - design @ np.linalg.lstsq(design, y[rows])[0])
    frame = np.linalg.svd(halves[0], full_matrices=False)[2][:count].T
    moment, freedom = confirmed(summarise(y, x), count)
    assert freedom == 20 - 1 - inputs
    expected = (halves[1] @ frame).T @ (halves[1] @ frame) / freedom
    signs = np.sign(np.sum(moment * expected, axis=1))  # a direction has no sign
    np.testing.assert_allclose(np.linalg.eigvalsh(moment), np.linalg.eigvalsh(expected), rtol=1e-8)
    np.testing.assert_allclose(np.diag(moment), np.diag(expected), rtol=1e-8)
    assert (abs(signs) == 1).all()
    draws = rng.chisquare(freedom, 400_000) / freedom
    least = [np.linalg.eigvalsh(expected[:k, :k])[0] for k in range(1, count + 1)]
    assert split(moment, freedom, level) == int(np.argmax(np.array(least) <= level * np.quantile(draws, 0.95)))


@pytest.mark.parametrize(("freedom", "count"), [(9, 6), (50, 20), (200, 50)])
def test_quantiles_of_products_of_chi_squares(freedom, count):
    """Against draws; where the expansion errs it is on the side that bounds less."""
    draws = np.log(np.random.default_rng(0).chisquare(freedom - np.arange(count), size=(100_000, count)) / freedom)
    exact = np.quantile(draws.cumsum(1), 0.025, axis=0)
    found = _quantiles(freedom, count)
    np.testing.assert_allclose(found, exact, atol=0.03)


def test_nothing_is_said_where_nothing_is_known():
    y = np.random.default_rng(0).normal(size=(50, 4))
    assert verify.predict(y, latent=2, sigma=[0.5, 0.5]).sampling is None
    assert verify.predict(y, latent=2, centre=False).sampling is None
    assert verify.predict(np.ones((5, 3)), latent=2).sampling is None
