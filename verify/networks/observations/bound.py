"""The loss of networks trained on samples of a Gaussian population, measured on fresh rows, and of one on y = ±1.

The population's θ_i² are the eigenvalues of E[yyᵀ] (VAE and hierarchy, y = x) or, in a CVAE, of E[rrᵀ], r what x leaves
of y. A hierarchy has equal β on its levels: only their sum is a KL.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from derivations.models.networks import error, loss
from derivations.notation import beta, eta_dec, theta
from derivations.statements.observed import Observation
from verify.draw.instances import Instances
from verify.evaluate.stack import Stack
from verify.networks.architecture import Architecture, init
from verify.networks.noise import Noise, gauss_hermite, scrambled, trapezoid
from verify.networks.objective import Objective, build_objective
from verify.networks.observations.count import many
from verify.networks.sample import build_sample
from verify.networks.stack import adam_stack
from verify.networks.training import Settings, train

__all__ = ["gaussian", "signs"]

EACH = 26  # networks of each of the eight architectures: 208
STEPS, BATCH, RATE = 400, 64, 0.02
SAMPLE = 512  # rows that a network is trained on
BLOCKS, ROWS = (
    16,
    512,
)  # fresh blocks that it is judged on, each scrambled by itself: their spread is the standard error
COARSE, FINE = 128, 1024  # points that the networks on ±1 are trained and judged on

ARCHITECTURES = (
    Architecture("vae", 2, 2, (1,), (8,), "tanh", "learnable", 0.5),
    Architecture("vae", 2, 2, (2,), (6, 6), "tanh", "head", 0.5),
    Architecture("vae", 3, 3, (2,), (12,), "relu", "learnable", 0.5),
    Architecture("vae", 3, 3, (4,), (8,), "softplus", "head", 0.5),
    Architecture("vae", 3, 3, (3,), (), "linear", "learnable", 0.5),
    Architecture("cvae", 2, 2, (2,), (8,), "tanh", "learnable", 0.5),
    Architecture("cvae", 2, 2, (2,), (10,), "relu", "head", 0.5, encoder="joint", decoder="joint"),
    Architecture("mhvae", 2, 2, (2, 1), (8,), "tanh", "learnable", 0.5),
)


def gaussian(_: Observation, seed: int, examples: int) -> tuple[Instances, ...]:
    """For each architecture a batch of networks: their loss on fresh rows, its standard error, the population's θ."""
    each = many(EACH, examples, least=2)
    return tuple(_trained(net, k, each, seed) for k, net in enumerate(ARCHITECTURES))


def _trained(net: Architecture, number: int, each: int, seed: int) -> Instances:
    rng = np.random.default_rng([seed, 42, number])
    b, dec = float(rng.choice([0.25, 0.5, 1.0, 2.0])), float(rng.choice([0.3, 0.5]))
    # One mode well above the water level βη_dec², one just above it, one below.
    spectrum = np.sqrt(b * dec**2 * np.array([rng.uniform(3, 6), rng.uniform(1.2, 1.8), rng.uniform(0.3, 0.9)]))
    spectrum = spectrum[: net.outputs]
    x, y = _population(net, spectrum, rng.normal(size=(each, SAMPLE, _width(net))))
    f = build_objective(net, build_sample(net, x, y), dec, 1.0, b, gauss_hermite(sum(net.latents), 1))
    start = np.stack([init(net, seed + 1000 * number + k) for k in range(each)])
    params = adam_stack(f, start, STEPS, BATCH, RATE, seed + number)
    mean, spread = _fresh(f, params, spectrum, np.random.default_rng([seed, 43, number]))
    values = {
        loss: mean[:, None],
        error: spread[:, None],
        theta: np.tile(spectrum, (each, 1)),
        beta: np.full((each, 1), b),
        eta_dec: np.full((each, 1), dec),
    }
    name = f"{net.kind}, {net.activation}, hidden {net.hidden}, latents {net.latents}, β = {b}, η_dec = {dec}"
    return Instances(Stack({}, net.outputs, values, each), number * each + np.arange(each), np.full(each, name))


def _width(net: Architecture) -> int:
    return net.outputs + (net.inputs if net.kind == "cvae" else 0)


def _population(net: Architecture, spectrum: Any, normal: Any) -> tuple[Any, Any]:
    """(x, y) of a Gaussian law whose (conditional) second moment has these θ_i², in a fixed frame, from N(0, I)."""
    D = net.outputs
    frame = np.linalg.qr(np.random.default_rng(D).normal(size=(D, D)))[0]
    r, x = normal[..., :D] * spectrum @ frame.T, normal[..., D:]
    return (x, r + x @ np.array([[0.8, -0.3], [0.2, 0.5]])) if net.kind == "cvae" else (r, r)


def _fresh(f: Objective, params: Any, spectrum: Any, rng: np.random.Generator) -> tuple[Any, Any]:
    """(mean, standard error) (networks,) of distortion + 2 Σ_l β_lη_dec² KL_l over fresh blocks, noise included.

    Each block is an independent scrambling of Sobol points of (data, noise) together, so its mean is unbiased.
    """
    net, width, found = f.architecture, _width(f.architecture), []
    for _ in range(BLOCKS):
        points = scrambled(width + sum(net.latents), ROWS, rng)
        data = build_sample(net, *_population(net, spectrum, points[:, :width]))
        noise = Noise(points[None, :, width:], np.ones(1), "one point for each row")
        terms = replace(f, data=data, noise=noise).terms(params)
        rates = sum(b * kl.sum(-1) for b, kl in zip(f.scales.betas, terms.rates, strict=True))
        found.append(terms.distortion + 2 * f.scales.eta_dec**2 * rates)
    values = np.stack(found)
    return values.mean(0), values.std(0, ddof=1) / np.sqrt(BLOCKS)


def signs(_: Observation, seed: int, examples: int) -> tuple[Instances, ...]:
    """The best of a few tanh networks on y = x = ±1 at βη_dec² = 0.1: no sampling, the law has two points."""
    del examples
    net = Architecture("vae", 1, 1, (1,), (4,), "tanh", "learnable", 0.5)
    data, dec, b = build_sample(net, [[1.0], [-1.0]]), 0.5, 0.4
    settings = [Settings("lbfgs", epochs=3, iterations=200, seed=seed + k) for k in range(4)]
    found = [train(net, data, dec, 1.0, b, s, noise=trapezoid(COARSE)).params for s in settings]
    fine = build_objective(net, data, dec, 1.0, b, trapezoid(FINE))
    values = []
    for params in found:
        terms = fine.terms(params)
        values.append(float(terms.distortion + 2 * b * dec**2 * terms.rates[0].sum()))
    one = {
        loss: min(values),
        error: fine.integration_error(found[int(np.argmin(values))]),
        theta: 1.0,
        beta: b,
        eta_dec: dec,
    }
    return (
        Instances(
            Stack({}, 1, {s: np.full((1, 1), v) for s, v in one.items()}, 1), np.array([0]), np.array(["tanh decoder"])
        ),
    )
