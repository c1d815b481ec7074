"""A few steps of gradient descent, then BFGS: with whole matrices for few variables, with a limited memory for many."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from verify.minimise.dense import bfgs
from verify.minimise.engine import CHUNK
from verify.minimise.gradient import gradient_descent
from verify.minimise.limited_memory import lbfgs
from verify.minimise.result import Descent, Floats, Objective

__all__ = ["descend"]

WARM_UP = 5
"""Enough to leave a bad start; a quasi-Newton step is better from then on."""


WHOLE = 256
"""Up to so many variables whole matrices are kept: half a megabyte an instance at most."""


def descend(
    objective: Objective,
    x0: Floats,
    *,
    warm_up: int = WARM_UP,
    memory: int = 10,
    max_iterations: int = 5000,
    tolerance: float = 1e-9,
    chunk: int = CHUNK,
) -> Descent:
    """Minimise B independent smooth functions of n variables from ``x0`` (B, n).

    The first ``min(warm_up, max_iterations)`` steps at most go along −g, the others are those of BFGS or, for more than
    ``WHOLE`` variables, of L-BFGS with ``memory`` pairs. Values never rise, and ``iterations`` counts all steps. Errors
    are raised as by ``lbfgs``.
    """
    first = gradient_descent(
        objective, x0, max_iterations=min(warm_up, max_iterations), tolerance=tolerance, chunk=chunk
    )
    rest = max_iterations - min(warm_up, max_iterations)
    second = bfgs if first.x.shape[1] <= WHOLE else partial(lbfgs, memory=memory)
    last = second(objective, first.x, max_iterations=rest, tolerance=tolerance, chunk=chunk, floor=first.floor)
    return replace(last, iterations=first.iterations + last.iterations)
