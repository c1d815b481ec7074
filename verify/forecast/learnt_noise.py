"""The decoder noise that is learnt with everything else, and the β at which each latent then collapses."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from derivations.notation import D, beta, theta
from derivations.program.learnt_noise import S, i, k, latent_edge, variance
from verify.data.data import Floats
from verify.errors import InputError
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower
from verify.evaluate.plan import Plan

__all__ = ["LearntNoise", "learn_noise"]


class LearntNoise(NamedTuple):
    """The optimum of η_dec, and the β (of KL in nats) from which on each of the d latents is collapsed."""

    eta_dec: float
    edges: Floats


def learn_noise(squares: Floats, latents: int, unexplained: float, outputs: int, weight: float) -> LearntNoise:
    """For modes θ² (D,), descending, and the KL weight β.

    Raises:
        InputError: the loss has no minimum, because nothing is left to be noise.
    """
    served = squares[:latents]
    tails = unexplained + float(squares[latents:].sum()) + np.append(np.cumsum(served[::-1])[::-1], 0.0)  # Σ_{j≥i}
    positive = served > 0
    values = {theta: np.sqrt(served), S: tails[:-1], i: np.arange(1, len(served) + 1)}
    edges = np.zeros(latents)
    edges[: len(served)][positive] = _run(latent_edge(), {s: v[positive] for s, v in values.items()}, outputs)
    active = int((edges > weight).sum())
    if not tails[active] > 0:
        raise InputError(
            f"with {latents} latents nothing of the output is left to be noise: a learnt ‹eta_dec› goes to 0 and the"
            " loss to −∞; take fewer latents, or a larger β."
        )
    noise = _run(variance(), {S: tails[[active]], k: np.array([active]), beta: np.array([weight])}, outputs)
    return LearntNoise(float(np.sqrt(noise[0])), edges)


def _run(expression: Any, values: dict[Any, Any], outputs: int) -> Floats:
    rows = {symbol: np.asarray(value, dtype=float)[:, None] for symbol, value in values.items()}
    return np.asarray(_plan(expression).run(Float64(), rows, {D: outputs}, 1)[0])[:, 0]


@lru_cache(maxsize=2)
def _plan(expression: Any) -> Plan:
    return lower(expression)
