"""One epoch of Adam (Kingma & Ba 2015), in place and in blocks that stay in the cache."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from verify.networks.checkpoint import State
from verify.networks.noise import Noise, per_row

__all__ = ["epoch_of_adam", "update"]

FIRST, SECOND, EPSILON = 0.9, 0.999, 1e-8
EXPLODED = 1e3  # times the epoch's first loss: no batch of the same data differs so much
BLOCK = 1 << 15  # four arrays of this length, float32: half a megabyte


def update(params: Any, gradient: Any, first: Any, second: Any, steps: int, rate: float) -> None:
    """One step of Adam, in place. All arrays (…, size) are contiguous; `steps` is the number of this step, from 1."""
    lower = 1 - SECOND**steps
    size = rate * math.sqrt(lower) / (1 - FIRST**steps)
    p, g, m, v = (a.reshape(-1) for a in (params, gradient, first, second))
    for start in range(0, p.size, BLOCK):
        at = slice(start, start + BLOCK)
        slope = g[at]
        m[at] += (1 - FIRST) * (slope - m[at])
        v[at] += (1 - SECOND) * (slope * slope - v[at])
        p[at] -= size * m[at] / (np.sqrt(v[at]) + EPSILON * math.sqrt(lower))


def epoch_of_adam(f: Any, state: State, settings: Any) -> State:
    """The state after one pass over all rows, or at the batch where the loss explodes.

    The order of the rows and the noise are drawn from (seed, epoch, batch).
    """
    data, dtype = f.data, state.params.dtype
    rows, d = len(data), sum(f.architecture.latents)
    order = np.random.default_rng([settings.seed, 10, state.epoch]).permutation(rows)
    params, first, second = state.params.copy(), state.first.copy(), state.second.copy()
    kept = None if settings.redraw else per_row(rows, d, np.random.default_rng([settings.seed, 11]), dtype)
    steps, total, usual, batches = state.steps, 0.0, 0.0, -(-rows // settings.batch)
    for k in range(batches):
        chosen = np.sort(order[k * settings.batch : (k + 1) * settings.batch])
        if kept is None:
            noise = per_row(len(chosen), d, np.random.default_rng([settings.seed, 12, state.epoch, k]), dtype)
        else:
            noise = Noise(kept.nodes[:, chosen], kept.weights, kept.rule)
        loss, gradient = replace(f, data=data.rows(chosen), noise=noise)(params)
        total += float(loss) * len(chosen) / rows
        usual = abs(float(loss)) if k == 0 else usual
        if not math.isfinite(total) or loss > EXPLODED * (1 + usual):
            total = math.inf
            break
        steps += 1
        done = (state.epoch + k / batches) / settings.epochs
        rate = state.rate * (0.5 * (1 + math.cos(math.pi * done)) if settings.anneal else 1.0)
        with np.errstate(over="ignore", invalid="ignore"):  # the next loss shows it
            update(params, gradient, first, second, steps, rate)
    return replace(
        state,
        params=params,
        first=first,
        second=second,
        steps=steps,
        epoch=state.epoch + 1,
        losses=(*state.losses, total),
    )
