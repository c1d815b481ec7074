"""Logit-linear VAEs, collapsed or trained with one latent: the β at which a dead latent has no negative direction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from derivations.models import collapsed as at
from derivations.models.likelihoods import LIKELIHOODS, mean, squared_scale
from derivations.notation import D
from derivations.statements.observed import Observation
from verify.draw.instances import Instances
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower
from verify.evaluate.stack import Stack
from verify.networks.logits import LogitLinear
from verify.networks.observations.count import many

__all__ = ["observe_likelihoods", "observe_trained"]

NETWORKS = 6  # at a thousand examples
ROWS, OUTPUTS, INPUTS = 60, 4, 3
BELOW, STEPS = 0.6, 3000  # of the onset: one latent is active; steps after which gradients are below 1e-7
_NAMES = {
    Observation.BERNOULLI: "bernoulli",
    Observation.POISSON: "poisson",
    Observation.NEXT_BERNOULLI: "bernoulli",
    Observation.NEXT_POISSON: "poisson",
}


def observe_likelihoods(observation: Observation, seed: int, examples: int) -> tuple[Instances, ...]:
    """One row for each network: E[sφᵀ] standardised, E[φφᵀ], and the measured crossing."""
    count = many(NETWORKS, examples, least=2)
    return tuple(_measured(_NAMES[observation], k, np.random.default_rng([seed, 61, k])) for k in range(count))


def observe_trained(observation: Observation, seed: int, examples: int) -> tuple[Instances, ...]:
    """The same of a latent that is dead in a model trained with another one, and how the two blocks couple."""
    count = many(NETWORKS, examples, least=2)
    return tuple(_trained(_NAMES[observation], k, np.random.default_rng([seed, 62, k])) for k in range(count))


def _measured(likelihood: str, k: int, rng: np.random.Generator) -> Instances:
    phi, y = _drawn(likelihood, k, rng)
    net = LogitLinear(likelihood, y, phi, 1 + k % 2, 1.0)
    plan = lower(squared_scale(LIKELIHOODS[likelihood]))
    scale = np.sqrt(np.asarray(plan.run(Float64(), {mean: y.mean(0)[:, None]}, {}, 1)[0])[:, 0])
    return _row(k, likelihood, phi, (y - y.mean(0)) * scale, net.latents, net.onset(), 0.0)


def _trained(likelihood: str, k: int, rng: np.random.Generator) -> Instances:
    phi, y = _drawn(likelihood, k, rng)
    alone = LogitLinear(likelihood, y, phi, 1, 1.0)
    alone = replace(alone, beta=BELOW * alone.onset())
    here = alone.collapsed()
    here = alone.trained(here + 0.3 * rng.normal(size=here.size), STEPS)
    s, H = alone.scores(here)
    net, params, dead = alone.with_dead_latent(here)
    whole = net.hessian(params)
    coupling = float(np.abs(whole[dead][:, ~dead]).max() / np.abs(whole).max())
    return _row(k, likelihood, phi, s / np.sqrt(H), 1, net.crossing(params, dead), coupling)


def _row(k: int, likelihood: str, phi: Any, scores: Any, d: int, crossing: float, coupling: float) -> Instances:
    """One network: moments of its features and standardised scores, and what its Hessians show."""
    values: dict[Any, Any] = {
        at.G: scores.T @ phi / ROWS,
        at.Phi: phi.T @ phi / ROWS,
        at.K: np.eye(d + 1),  # of ψ = (z, 1), z ~ N(0, I)
        at.P: np.eye(d + 1, d),
        at.crossing: crossing,
        at.coupling: coupling,
        at.redrawn: 0.0,
    }
    dims = {D: OUTPUTS, at.m: phi.shape[1], at.n: d + 1, at.k: d}
    stacked = {s: np.asarray(v)[None] if np.ndim(v) else np.full((1, 1), v) for s, v in values.items()}
    return Instances(Stack(dims, max(dims.values()), stacked, 1), np.array([k]), np.array([likelihood]))


def _drawn(likelihood: str, k: int, rng: np.random.Generator) -> tuple[Any, Any]:
    """Centred features (an input, tanh units of it, or the output itself), and outputs, none of them constant."""
    while True:
        x = rng.normal(size=(ROWS, INPUTS))
        xi = x @ rng.normal(size=(INPUTS, OUTPUTS))
        y = rng.poisson(np.exp(xi / 3)) if likelihood == "poisson" else rng.random(xi.shape) < 1 / (1 + np.exp(-xi))
        y = y.astype(float)
        if (y.var(0) > 0).all():
            phi = (x, np.tanh(x @ rng.normal(size=(INPUTS, 2))), y)[k % 3]
            return phi - phi.mean(0), y
