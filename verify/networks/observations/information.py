"""I(x; z_1) and I(x; z_2) of two-level networks with one latent a level, for an x of a few equally likely values.

Both latents are put on grids that are so fine that densities lose nothing. (A very narrow density loses what a rounded
latent loses, and the claim holds for rounded latents.) p(z_1|x) is a row of probabilities and p(z_2|z_1, x) a matrix of
them, taken from the network's own encoders for each x separately: if it depended on x, as in a network with a skip
connection, z_2 could know more than z_1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from derivations.models.networks import first, second
from derivations.statements.observed import Observation
from verify.draw.instances import Instances
from verify.evaluate.stack import Stack
from verify.networks.architecture import Architecture, init, unpack
from verify.networks.noise import Noise, gauss_hermite
from verify.networks.observations.count import many
from verify.networks.sample import Sample, build_sample
from verify.networks.sweep import encode
from verify.networks.training import Settings, train

__all__ = ["mutual_information", "observe_information", "of_levels", "probabilities"]

VALUES = 5  # of x
GRID = 401
NETWORKS = 12  # at a thousand examples; every third one is trained, at small β and at one where z_1 collapses


def observe_information(observation: Observation, seed: int, examples: int) -> tuple[Instances, ...]:
    """One row for each network; SILENT ones have an encoder of z_1 that ignores x."""
    count = many(NETWORKS, examples, least=3)
    return (
        _rows(observation, [_measured(observation, np.random.default_rng([seed, 70, k]), k) for k in range(count)]),
    )


def _rows(observation: Observation, found: list[tuple[float, float]]) -> Instances:
    values = {
        symbol: np.array(column)[:, None]
        for symbol, column in zip((first, second), zip(*found, strict=True), strict=True)
    }
    return Instances(
        Stack({}, 1, values, len(found)), np.arange(len(found)), np.full(len(found), str(observation.name).lower())
    )


def _measured(observation: Observation, rng: np.random.Generator, k: int) -> tuple[float, float]:
    activation, variance = ("tanh", "softplus")[k % 2], ("learnable", "head")[(k // 2) % 2]
    net = Architecture("mhvae", 2, 2, (1, 1), (4,), activation, variance, (0.5, 0.4))
    data = build_sample(net, rng.normal(size=(VALUES, 2)))
    params = init(net, int(rng.integers(1 << 31)))
    params *= np.array([2.0 if ".W" in b.name else 1.0 for b in net.layout for _ in range(b.stop - b.start)])
    views = unpack(net, params)
    if observation is Observation.SILENT:
        for name in ("enc_1.W1", "enc_1.b1"):
            views[name][...] = 0.0
        views["enc_1.b1"][...] = rng.normal(scale=0.3, size=views["enc_1.b1"].shape)
    elif k % 3 == 0:
        betas = (0.3, 0.3) if k % 2 else (40.0, 1.0)  # at 40 times the data's variance z_1 says nothing of x
        settings = Settings("lbfgs", epochs=1, iterations=60)
        params = train(net, data, 1.0, 1.0, betas, settings, start=params, noise=gauss_hermite(2, 10)).params
    return of_levels(net, params, data)


def of_levels(net: Architecture, params: Any, data: Sample) -> tuple[float, float]:
    """(I(x; z_1), I(x; z_2)), nats."""
    views = unpack(net, params)
    (low, _) = encode(net, views, data, Noise(np.zeros((1, 1, 2)), np.ones(1), "none"))
    mean, deviation = low.mean[0, :, 0], np.broadcast_to(low.deviation, low.mean.shape)[0, :, 0]
    below = _grid(mean, deviation)
    first_row = probabilities(below, mean, deviation)  # (x, z_1)
    nodes = np.zeros((GRID, len(data), 2))  # the noise that puts z_1 on its grid, whatever x
    nodes[..., 0] = (below[:, None] - mean) / deviation
    (_, top) = encode(net, views, data, Noise(nodes, np.full(GRID, 1 / GRID), "grid"))
    mean, deviation = top.mean[..., 0].T, np.broadcast_to(top.deviation, top.mean.shape)[..., 0].T  # (x, z_1)
    onwards = probabilities(_grid(mean, deviation), mean, deviation)  # (x, z_1, z_2)
    return mutual_information(first_row), mutual_information(np.einsum("xj,xjl->xl", first_row, onwards))


def _grid(mean: Any, deviation: Any) -> Any:
    return np.linspace((mean - 8 * deviation).min(), (mean + 8 * deviation).max(), GRID)


def probabilities(grid: Any, mean: Any, deviation: Any) -> Any:
    """(…, GRID): normal densities on the grid, made to add up to 1; one between two points is on the nearer."""
    exponent = -(((grid - mean[..., None]) / deviation[..., None]) ** 2) / 2
    p = np.exp(exponent - exponent.max(-1, keepdims=True))
    return p / p.sum(-1, keepdims=True)


def mutual_information(p: Any) -> float:
    """I(x; z) for equally likely rows of probabilities."""
    ratio = np.divide(p, p.mean(0), out=np.ones_like(p), where=p > 0)
    return float((p * np.log(ratio)).sum(1).mean())
