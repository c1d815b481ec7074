"""A forecast for 60000 images costs at most twice one product XᵀX of the same size."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from verify.practice.data import Table, load
from verify.practice.predict import predict

MNIST = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "mnist"
IMAGES = MNIST / "train-images-idx3-ubyte.gz"


@pytest.fixture(scope="module", params=["random", "mnist"])
def images(request: pytest.FixtureRequest) -> Table:
    if request.param == "random":
        return np.random.default_rng(0).integers(0, 256, (60_000, 784), dtype=np.uint8)
    if not IMAGES.exists():
        pytest.skip("MNIST is not there")
    return load(IMAGES)


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


@pytest.mark.bench
@pytest.mark.parametrize("model", ["vae", "cvae"])
def test_a_forecast_takes_at_most_two_products(images: Table, model: str, capsys: pytest.CaptureFixture[str]) -> None:
    converted = images.astype(np.float64)
    y, x = (images, None) if model == "vae" else (images[:, 392:], images[:, :392])
    product, forecast = [], []
    for _ in range(5):  # interleaved, so that both meet the same machine
        product.append(seconds(lambda: converted.T @ converted))
        forecast.append(seconds(lambda: predict(y, x, model=model, latent=64, beta=1.0, eta_dec=30.0, eta_enc=1.0)))
    ratio = float(np.median(forecast) / np.median(product))
    with capsys.disabled():
        print(f"\n{model}: {np.median(forecast):.3f} s, {ratio:.2f} × XᵀX")  # noqa: T201
    assert ratio <= 2.0
