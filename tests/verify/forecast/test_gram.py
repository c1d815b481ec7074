"""Fewer rows than features: the smaller Gram matrices give the spectrum that the second moments give."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from verify.data.chunks import Chunked
from verify.errors import InputError
from verify.forecast.gram import Gram
from verify.forecast.moments import second_moments
from verify.forecast.prediction import predict
from verify.forecast.spectra import caveats, spectrum, summarise

SETTING = {"model": "vae", "latent": 8, "beta": 1.0, "eta_dec": 1.0, "eta_enc": 1.0}


def tables(dtype, D, D0, n=30):
    rng = np.random.default_rng(D)
    y = (40 * rng.random((n, 4)) @ rng.random((4, D)) + 9 * rng.random((n, D))).astype(dtype)
    x = y[:, :1] * np.array([1e-3, 50]) if D0 == 2 else 7 * rng.random((n, D0)).astype(dtype)
    y[:, 3] = 5
    return y, np.c_[x, np.full(n, 2.0)] if D0 > 2 else x


@pytest.mark.parametrize("centre", [True, False])
@pytest.mark.parametrize("dtype", ["float64", "float32", "uint8"])
@pytest.mark.parametrize(("D", "D0"), [(70, None), (70, 2), (70, 90), (8, 90), (30, None)])
@pytest.mark.parametrize("model", ["vae", "cvae"])
def test_both_ways_give_the_same_spectrum(model, D, D0, dtype, centre):
    y, x = tables(dtype, D, D0 or 0)
    x = None if D0 is None else x
    short, long = summarise(y, x, centre=centre), second_moments(y, x, centre=centre)
    assert isinstance(short, Gram)
    mine, theirs = spectrum(short, model), spectrum(long, model)
    # An eigenvalue is found to within rounding of the largest; whitening loses digits where inputs are dependent.
    scale = theirs.theta[0] ** 2 or 1.0
    np.testing.assert_allclose(mine.theta**2, theirs.theta**2, atol=1e-9 * scale)
    assert mine.unexplained == pytest.approx(theirs.unexplained, abs=1e-9 * long.output_power)
    assert mine.resolution == pytest.approx(theirs.resolution, rel=1e-9)
    for name in ("n", "outputs", "features", "paired", "centred"):
        assert getattr(short, name) == getattr(long, name)
    for name in ("output_mean", "input_mean", "output_power", "input_power", "norm"):
        assert getattr(short, name) == pytest.approx(getattr(long, name), rel=1e-10)
    assert list(caveats(short)) == list(caveats(long))


def test_an_input_that_spans_all_rows_leaves_nothing():
    y, x = tables("float64", 70, 90)
    found = predict(y, x, **SETTING | {"model": "cvae"})
    assert found.active == 0
    assert "is a linear function of the input" in " ".join(found.warnings)
    constant = np.ones((30, 40))
    assert predict(y, constant, **SETTING | {"model": "cvae"}).latents[0].theta == pytest.approx(
        predict(y, **SETTING).latents[0].theta, rel=1e-12
    )


def test_pieces_are_put_together():
    y, _ = tables("uint8", 70, 0)
    cut = Chunked([10, 20], 70, np.uint8, lambda k: y[10 * k : 10 + 20 * k])
    assert predict(cut, **SETTING) == predict(y, **SETTING)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda y: y.__setitem__((3, 4), np.nan), "output has NaN at row 4, column 5"),
        (lambda y: y.__imul__(1e200), "output has values whose squares overflow"),
        (lambda y: y.__imul__(1e-200), "output varies so little"),
    ],
)
def test_bad_values_are_named(change, said):
    y = np.random.default_rng(0).normal(size=(10, 20))
    change(y)
    with pytest.raises(InputError, match=said):
        summarise(y)


def test_two_hundred_images_take_little_memory():
    """200 images of 64×64×3, whose second moments take 3.7 GB."""
    y = np.random.default_rng(0).integers(0, 256, (200, 64 * 64 * 3)).astype(np.uint8)
    tracemalloc.start()
    try:
        predict(y, **SETTING)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3 * y.size * 8  # three times the table as float64
