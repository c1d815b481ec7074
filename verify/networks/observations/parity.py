"""A VAE with a decoder of tanh units on triples of bits of even parity: its collapsed point, and a better one.

The three bits are pairwise independent, so that their correlation matrix is I; together they have 2 log 2 nats.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from derivations.models.networks import divergence, error, least, loss
from derivations.notation import beta
from derivations.statements.observed import Observation
from verify.draw.instances import Instances
from verify.evaluate.stack import Stack
from verify.networks.noise import trapezoid

__all__ = ["observe_parity"]

BITS = np.array([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]], dtype=float)
WEIGHT = 1.1  # β
STEEP = 2.5
DECODER, MEAN, DEVIATION = np.diag([4.17, 4.17, -3.72]), 0.835, 0.522  # by search
_POINTS = 85  # a step of 0.2: a tanh of slope 2.5 needs it


def observe_parity(_: Observation, seed: int, examples: int) -> tuple[Instances, ...]:  # noqa: ARG001
    """One row: the loss of the model found, its KL, and the least eigenvalue of the Hessian at the collapsed point."""
    there = np.concatenate([np.zeros(3), DECODER.ravel(), [MEAN, np.log(DEVIATION)]])
    value, kl = _terms(there)
    values = {loss: value + WEIGHT * kl, error: value, divergence: kl, least: _least(), beta: WEIGHT}
    stacked = {symbol: np.full((1, 1), float(number)) for symbol, number in values.items()}
    return (Instances(Stack({}, 1, stacked, 1), np.array([0]), np.array(["parity"])),)


def _terms(params: Any) -> tuple[float, float]:
    """(E[−log p(y|z)], KL) with logits a + N(t_1, t_2, t_1t_2), t = tanh(2.5z), z_i ~ N(m(2y_i − 1), s²)."""
    a, N, m, s = params[:3], params[3:12].reshape(3, 3), params[12], np.exp(params[13])
    rule = trapezoid(_POINTS)
    e, w = rule.nodes[:, 0, 0], rule.weights
    units = [np.tanh(STEEP * (m * (2 * BITS[:, i, None] - 1) + s * e)) for i in (0, 1)]
    first, second = np.broadcast_arrays(units[0][:, :, None], units[1][:, None, :])
    xi = a + np.stack([first, second, first * second], axis=-1) @ N.T
    each = (np.logaddexp(0.0, xi) - BITS[:, None, None] * xi).sum(-1)
    return float(np.einsum("nij,i,j->", each, w, w) / len(BITS)), float(m**2 + s**2 - 1 - 2 * np.log(s))


def _least() -> float:
    """The least eigenvalue of the Hessian over a, N, m and log s, from second differences."""
    h, size = 1e-3, 14

    def f(*steps: Any) -> float:
        value, kl = _terms(sum(steps))
        return value + WEIGHT * kl

    e = h * np.eye(size)
    H = np.zeros((size, size))
    for i in range(size):
        for j in range(i, size):
            corners = f(e[i], e[j]) - f(e[i], -e[j]) - f(-e[i], e[j]) + f(-e[i], -e[j])
            H[i, j] = H[j, i] = corners / (4 * h * h)
    return float(np.linalg.eigvalsh(H)[0])
