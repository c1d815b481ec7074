"""Training against the matrix products that bound it: a ratio in one process, one thread."""

from __future__ import annotations

import os
import time
from itertools import pairwise

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from tests.benchmarks.clocks import ratio, turns
from tests.benchmarks.figures import spread
from verify.data.datasets import Source, open_images
from verify.networks.adam import epoch_of_adam
from verify.networks.architecture import Architecture, init
from verify.networks.checkpoint import State
from verify.networks.noise import noise_for, per_row
from verify.networks.objective import build_objective
from verify.networks.posterior import rates
from verify.networks.sample import build_sample
from verify.networks.training import Settings, train

BATCH, BATCHES = 256, 8
HALF, HIDDEN, LATENT = 392, 400, 16  # a CVAE that completes an image of 28 × 28 from its other half


def products(net):
    """The products of one step, as shapes: forward, gradient of the weights, gradient of the input.

    For every layer (n → m): (B×n)(n×m) forward and (m×B)(B×n) for the weights; for every layer but the first of a map
    that reads data also (B×m)(m×n) for what is below.
    """
    found = []
    for name, widths in net.maps.items():
        for k, (n, m) in enumerate(pairwise(widths)):
            found += [(BATCH, n, m), (m, BATCH, n)]
            if k > 0 or name == "dec_z":
                found.append((BATCH, m, n))
    return found


@pytest.mark.bench
def test_training_within_twice_its_matrix_products(benchmark, figures, one_thread):
    net = Architecture("cvae", HALF, HALF, (LATENT,), (HIDDEN,), "relu")
    rng = np.random.default_rng(0)
    x, y = rng.random((2, BATCH * BATCHES, HALF))
    data = build_sample(net, x, y).astype(np.float32)
    params = init(net, 0, np.float32)
    f = build_objective(net, data, 1.0, 1.0, 1.0, per_row(len(data), LATENT, rng, np.float32))
    state = State(params, np.zeros_like(params), np.zeros_like(params), 0, 0, 1e-3, 0, (), "")
    settings = Settings(batch=BATCH)
    operands = [
        (rng.random((a, b), dtype=np.float32), rng.random((b, c), dtype=np.float32)) for a, b, c in products(net)
    ]

    def multiply():
        for _ in range(BATCHES):
            for left, right in operands:
                left @ right

    ways = {"products": lambda: (multiply(), 0.0), "training": lambda: (epoch_of_adam(f, state, settings), 0.0)}
    epoch_of_adam(f, state, settings)
    found = turns(benchmark, ways, 7)
    against = ratio(*([took.cpu for took in found[way]] for way in ("training", "products")))
    step = spread([took.cpu / BATCHES for took in found["training"]])
    flops = 2 * sum(a * b * c for a, b, c in products(net))
    work = f"a step on {BATCH} rows: {len(operands)} products, {flops / 1e9:.2f} GFLOP"
    figures.row("forecasts", work, step, against)
    figures.target("training, in its matrix products", "times", against, most=2)
    assert against.median > 0


@pytest.mark.bench
@pytest.mark.skipif("COLLAPSE_AUDIT_DATA" not in os.environ, reason="COLLAPSE_AUDIT_DATA=FOLDER says where MNIST is")
def test_a_relu_cvae_on_all_of_mnist_within_six_minutes():
    """60,000 rows, hidden 400, latent 16, 20 epochs: processor time of one thread, so a loaded machine does not count.

    On an idle machine that is the time on the clock; with two threads it is less.
    """
    images = open_images(Source("mnist", os.environ["COLLAPSE_AUDIT_DATA"], 60_000))
    y, x = images.varying(~images.quarter()), images.varying(images.quarter())
    net = Architecture("cvae", x.shape[1], y.shape[1], (LATENT,), (HIDDEN,), "relu")
    data = build_sample(net, x, y)
    with threadpool_limits(limits=1):
        clock, start = time.perf_counter(), time.process_time()
        found = train(net, data, 1.0, 1.0, 1.0, Settings(epochs=20, batch=BATCH))
        spent, clock = time.process_time() - start, time.perf_counter() - clock
    active = int((rates(net, found.params, data, 1.0, 1.0, noise_for(LATENT, budget=1))[0] > 0.05).sum())
    print(  # noqa: T201
        f"\n{len(data):,} rows of {x.shape[1]} + {y.shape[1]} pixels: {spent:.0f} s of one processor "
        f"({clock:.0f} s on the clock); −2·ELBO from {found.history[0]:.2f} to {found.history[-1]:.2f} nats, "
        f"{active} of {LATENT} active"
    )
    assert len(data) == 60_000
    assert found.history[-1] < found.history[0]
    assert spent <= 360
