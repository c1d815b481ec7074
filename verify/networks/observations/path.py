"""The best of many starts at each β, compared with the best at neighbouring β.

Minima at β and β' must not be exchangeable to advantage. Where they are, one of the two is a local minimum only: it is
descended again from the other's parameters, which are better, and counted. All β descend together, as a stack.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from derivations.models.networks import repaired
from derivations.notation import beta, eta_dec
from derivations.statements.observed import Observation
from derivations.theorems.vae.exchange_in_beta import D_, K_, D, K, later
from verify.draw.instances import Instances
from verify.evaluate.stack import Stack
from verify.minimise import descend
from verify.networks.architecture import Architecture, init
from verify.networks.noise import gauss_hermite
from verify.networks.objective import Objective, build_objective
from verify.networks.observations.count import many
from verify.networks.sample import build_sample

__all__ = ["observe_path"]

BETAS = np.array([0.1, 0.2, 0.4, 0.8, 1.6, 3.2])
STARTS, FIRST, AGAIN = 5, 200, 300  # random starts at each β, iterations from them, and from the best
ROUNDS = 6
LAWS = 2  # at a thousand examples
CLOSE = 1e-7  # of ℓ: less of an advantage is where a descent stopped


def observe_path(_: Observation, seed: int, examples: int) -> tuple[Instances, ...]:
    """One row for each pair of neighbouring β on each of a few laws."""
    laws = range(many(LAWS, examples, least=1))
    return tuple(_followed(k, np.random.default_rng([seed, 60, k])) for k in laws)


def _followed(k: int, rng: np.random.Generator) -> Instances:
    net = Architecture("vae", 2, 2, (1,), (4,), ("tanh", "softplus")[k % 2])
    centres = np.array([[1.5, 0.0], [-1.0, 1.0], [-0.5, -1.2]])
    x = centres[rng.integers(0, 3, 24)] + 0.25 * rng.normal(size=(24, 2))
    f = build_objective(net, build_sample(net, x - x.mean(0)), 0.6, 1.0, 1.0, gauss_hermite(1, 12))
    starts = np.stack([init(net, int(rng.integers(1 << 31))) for _ in range(STARTS)])
    ends = _descended(f, np.tile(starts, (len(BETAS), 1)), np.repeat(BETAS, STARTS), FIRST)
    values = _values(f, ends, np.repeat(BETAS, STARTS)).reshape(len(BETAS), STARTS)
    best = ends.reshape(len(BETAS), STARTS, -1)[np.arange(len(BETAS)), values.argmin(1)]
    best = _descended(f, best, BETAS, AGAIN)
    again = 0
    for left in reversed(range(ROUNDS)):
        table = np.stack([_values(f, np.tile(p, (len(BETAS), 1)), BETAS) for p in best], 1)  # (β, whose parameters)
        better = table.argmin(1)
        moved = table.min(1) < table.diagonal() - CLOSE * (1 + np.abs(table.diagonal()))
        if not moved.any():
            break
        again += int(moved.sum())
        best = np.where(moved[:, None], best[better], best)
        if left:  # the last exchange is the end: a descent that was cut off may have found one more
            best = _descended(f, best, BETAS, AGAIN)
    terms = f.terms(best)
    D_found, K_found = terms.distortion[:, None], terms.rates[0].sum(-1)[:, None]
    pairs = len(BETAS) - 1
    found = {
        D: D_found[:-1],
        K: K_found[:-1],
        D_: D_found[1:],
        K_: K_found[1:],
        beta: BETAS[:-1, None],
        later: BETAS[1:, None],
        eta_dec: np.full((pairs, 1), 0.6),
        repaired: np.full((pairs, 1), float(again)),
    }
    return Instances(
        Stack({}, 1, found, pairs), 10 * k + np.arange(pairs), np.full(pairs, f"{net.activation}, law {k + 1}")
    )


def _at(f: Objective, betas: Any) -> Objective:
    """The loss ℓ of a stack of networks, each at its own β."""
    return replace(f, scales=replace(f.scales, betas=(betas,)))


def _values(f: Objective, params: Any, betas: Any) -> Any:
    return _at(f, betas).value(params)


def _descended(f: Objective, start: Any, betas: Any, iterations: int) -> Any:
    return descend(lambda x, rows: _at(f, betas[rows])(x), start, max_iterations=iterations).x
