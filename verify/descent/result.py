"""What a minimiser of a stack is given, what it returns, and how "small" is measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]

Objective = Callable[[Floats, Ints], tuple[Floats, Floats]]
"""(points (b, n), rows (b,)) ↦ (values (b,), gradients (b, n)).

``rows`` says which instances of the original stack the points belong to: finished instances leave
and waiting ones enter. It is the *same, read-only array object* from call to call until the
working stack changes, so an objective may keep what it gathered for it (``rows is last``).
"""

EPS = float(np.finfo(np.float64).eps)

ROUND_OFF = 8 * EPS
"""A value is a sum of tens of rounded terms of order 1 + |f|: changes below this are noise."""


@dataclass(frozen=True)
class Descent:
    """The outcome of B independent minimisations in n variables."""

    x: Floats
    """(B, n): the last accepted points."""
    value: Floats
    """(B,): the objective there."""
    gradient_norm: Floats
    """(B,): *scaled*, ‖g‖_∞ · max(1, ‖x‖_∞) / (1 + |f|), the number that tolerances bound."""
    iterations: Ints
    """(B,): accepted steps (trial points that were rejected are not counted)."""
    converged: Bools
    """(B,): the scaled gradient is within the tolerance, or the descent stalled at round-off with
    an estimate of what is left below ``STALL_GAP``."""
    stalled: Bools
    """(B,): stopped because no step lowered the value by more than round-off."""
    estimate: Floats
    """(B,): ½gᵀHg/(1 + |f|), the relative decrease the last local model still promised."""


def scaled_gradient(x: Floats, value: Floats, gradient: Floats) -> Floats:
    """‖g‖_∞ · max(1, ‖x‖_∞) / (1 + |f|), (b,): invariant under f ↦ af and x ↦ ax once both are
    large, so that a graded spectrum needs no tolerance of its own.
    """
    size = np.maximum(1.0, np.abs(x).max(axis=1, initial=0.0))
    norm: Floats = np.abs(gradient).max(axis=1, initial=0.0) * size / (1.0 + np.abs(value))
    return norm


def checked_start(x0: Floats) -> Floats:
    """A private float64 copy of (B, n) finite starting points."""
    start = np.array(x0, dtype=np.float64, order="C")
    if start.ndim != 2:
        raise ValueError(f"x0 must be a stack of vectors (B, n), not of shape {start.shape}")
    bad = np.flatnonzero(~np.isfinite(start).all(axis=1))
    if bad.size:
        raise ValueError(f"x0 is not finite in row {bad[0]}")
    return start
