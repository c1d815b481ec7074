"""A forecast for 60000 images costs at most twice one product XᵀX of the same size, one for 200 large ones XXᵀ."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.benchmarks.clocks import ratio, turns
from tests.benchmarks.figures import spread
from tests.benchmarks.recorder import Recorder
from verify.data.data import Table
from verify.data.loading import load
from verify.forecast.prediction import predict

MNIST = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "mnist"
IMAGES = MNIST / "train-images-idx3-ubyte.gz"


@pytest.fixture(scope="module", params=["random", "mnist"])
def images(request: pytest.FixtureRequest) -> Table:
    if request.param == "random":
        return np.random.default_rng(0).integers(0, 256, (60_000, 784), dtype=np.uint8)
    if not IMAGES.exists():
        pytest.skip("MNIST is not there")
    return load(IMAGES)


@pytest.mark.bench
@pytest.mark.parametrize("model", ["vae", "cvae"])
def test_a_forecast_takes_at_most_two_products(
    images: Table, model: str, benchmark: Any, figures: Recorder, request: pytest.FixtureRequest, one_thread: None
) -> None:
    converted = images.astype(np.float64)
    y, x = (images, None) if model == "vae" else (images[:, 392:], images[:, :392])
    setting: dict[str, Any] = {"model": model, "latent": 64, "beta": 1.0, "eta_dec": 30.0, "eta_enc": 1.0}
    ways = {"product": lambda: (converted.T @ converted, 0.0), "forecast": lambda: (predict(y, x, **setting), 0.0)}
    found = turns(benchmark, ways, 5)
    against = ratio(*([took.cpu for took in found[way]] for way in ("forecast", "product")))
    work = f"{model.upper()} forecast, {request.node.callspec.params['images']} images"
    figures.row("forecasts", work, spread([took.cpu for took in found["forecast"]]), against)
    figures.target(f"{work}, in XᵀX", "times", against, most=2)
    assert against.median > 0


@pytest.mark.bench
def test_a_forecast_of_few_large_images_takes_at_most_two_gram_products(
    benchmark: Any, figures: Recorder, one_thread: None
) -> None:
    y = np.random.default_rng(0).integers(0, 256, (200, 64 * 64 * 3), dtype=np.uint8)
    converted = y.astype(np.float64)
    setting: dict[str, Any] = {"model": "vae", "latent": 64, "beta": 1.0, "eta_dec": 30.0, "eta_enc": 1.0}
    ways = {"product": lambda: (converted @ converted.T, 0.0), "forecast": lambda: (predict(y, **setting), 0.0)}
    found = turns(benchmark, ways, 9)
    against = ratio(*([took.cpu for took in found[way]] for way in ("forecast", "product")))
    figures.row("forecasts", "200 × 12,288 bytes, in XXᵀ", spread([took.cpu for took in found["forecast"]]), against)
    figures.target("VAE forecast, 200 images of 64×64×3, in XXᵀ", "times", against, most=2)
    assert against.median > 0
