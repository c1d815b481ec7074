"""Many networks of one architecture, trained at once, each on its own sample.

Small networks spend most of their time in the overhead of NumPy's calls, which a stack pays only once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from verify.networks.adam import update
from verify.networks.noise import per_row
from verify.networks.objective import Objective

__all__ = ["adam_stack"]


def adam_stack(f: Objective, start: Any, steps: int, batch: int, rate: float, seed: int) -> Any:
    """Parameters (networks, size) after so many steps of Adam, the step falling to 0 along a cosine.

    `f.data` holds each network's sample, (networks, rows, width); rows and noise are drawn anew for every step.
    """
    params, first, second = start.copy(), np.zeros_like(start), np.zeros_like(start)
    rng, d = np.random.default_rng([seed, 40]), sum(f.architecture.latents)
    for step in range(1, steps + 1):
        rows = rng.choice(len(f.data), batch, replace=False)
        _, gradient = replace(f, data=f.data.rows(rows), noise=per_row(batch, d, rng))(params)
        update(params, gradient, first, second, step, rate * 0.5 * (1 + np.cos(np.pi * step / steps)))
    return params
