"""What a minimiser of a stack is given, what it returns, and how "small" is measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

__all__ = ["Descent", "End", "Objective", "checked_start", "scaled_gradient"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]

Objective = Callable[[Floats, Ints], tuple[Floats, Floats]]
"""(points (b, n), rows (b,)) ↦ (values (b,), gradients (b, n)), neither of which is kept or changed.

``rows`` says which instances of the original stack the points belong to: finished instances leave
and waiting ones enter. It is the *same, read-only array object* from call to call until the
working stack changes, so an objective may keep what it gathered for it (``rows is last``).
"""

ROUND_OFF = 8 * float(np.finfo(np.float64).eps)
"""A value is a sum of tens of rounded terms of order 1 + |f|: changes below this are noise."""

STALL_GAP = 1e-12
"""A stalled descent counts as converged only if its model promises less than this: a hundredth of
the 1e-10 that values are accepted to, since the model's curvature may be wrong by a factor."""

STALL_GRADIENT = 1e-5
"""… and only if the scaled gradient is below this: at a curvature of order 1 values are flat to
round-off (1e-15) where the gradient is below 3e-8; the scaling by ‖x‖ of graded spectra (1e3)
costs two digits and a half."""


FALL = -1e12
"""A descent fell when its value is below this times 1 + |value at the start|. The terms of a loss are of the start's
size, and what is bounded below is so by its terms: 1e12 of them leaves room for starts where they cancel to the last
four of sixteen digits, and is out of every bounded loss's reach. A tenfold step at a time it is reached in a dozen."""


class End(IntEnum):
    """How a descent ended."""

    CONVERGED = 0
    """The scaled gradient is within the tolerance, or no step lowers the value by more than round-off, with an
    ``estimate`` below ``STALL_GAP`` at a scaled gradient below ``STALL_GRADIENT``."""
    STALLED = 1
    """No step was found that lowers the value by more than round-off, though there is a gradient."""
    CUT_OFF = 2
    """There were as many steps as allowed."""
    FELL = 3
    """The value fell so far that the loss must be unbounded below (see ``FALL``)."""


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
    """(B,): accepted steps (trial points that were refused are not counted)."""
    ended: Ints
    """(B,): how, each an ``End``."""
    floor: Floats
    """(B,): the values below which they would have been FELL."""
    estimate: Floats
    """(B,): ½gᵀHg/(1 + |f|), the relative decrease that the last quasi-Newton model promised
    (H its inverse Hessian); infinite if there was no such model. An estimate, not a bound."""


def largest(A: Floats) -> Floats:
    """‖·‖_∞ of each row of (b, n), (b,); taken along the stack, which is four times as fast as along short rows."""
    found: Floats = np.abs(A.T, order="C").max(axis=0, initial=0.0)
    return found


def scaled_gradient(x: Floats, value: Floats, gradient: Floats) -> Floats:
    """‖g‖_∞ · max(1, ‖x‖_∞) / (1 + |f|), (b,).

    Invariant under f ↦ af and x ↦ ax once both are large, so that one tolerance serves instances
    of any size.
    """
    norm: Floats = largest(gradient) * np.maximum(1.0, largest(x)) / (1.0 + np.abs(value))
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


def blank(x0: Floats) -> Descent:
    """An outcome to be filled in row by row."""
    count = x0.shape[0]
    return Descent(
        x=x0.copy(),
        value=np.full(count, np.nan),
        gradient_norm=np.full(count, np.nan),
        iterations=np.zeros(count, dtype=np.intp),
        ended=np.full(count, End.CUT_OFF, dtype=np.intp),
        floor=np.full(count, np.nan),
        estimate=np.full(count, np.inf),
    )
