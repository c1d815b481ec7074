"""A loss as a landscape: its Hessians, and whether a point is a local minimum that traps descents."""

from __future__ import annotations

from typing import Any

import numpy as np

from derivations.statements.claim import LocalMinimum, Optimum
from verify.evaluate.stack import Values
from verify.minimise import descend
from verify.minimise.objective import raw_objective

__all__ = ["ABOVE", "FLAT", "hessian", "stacked", "trapped"]

ABOVE = 1e-5  # a descent this far above, relative, is not just slow
FLAT = 1e-6  # of the largest curvature: central differences of gradients are good to 1e-8
_KICKS = 4


def stacked(one: Values, statement: Optimum | LocalMinimum) -> Any:
    """The objective of a batch of one row, for any number of points."""
    objective, _ = raw_objective(one, statement)
    return lambda x, _: objective(x, np.zeros(len(x), dtype=int))


def trapped(objective: Any, x: Any, value: float, size: float) -> bool:
    """Whether descents from kicked starts all come back, to a point whose Hessian has no negative eigenvalue."""
    rng = np.random.default_rng(0)
    kicked = x + 0.03 * (1 + np.abs(x).max()) * rng.normal(size=(_KICKS, x.size))
    back = descend(objective, kicked, max_iterations=800)
    if back.value.min() < value - ABOVE * size:
        return False
    curvature = np.linalg.eigvalsh(hessian(objective, back.x[int(np.argmin(back.value))]))
    return bool(curvature[0] >= -FLAT * np.abs(curvature).max())


def hessian(objective: Any, x: Any) -> Any:
    """Central differences of gradients."""
    step = 1e-5 * (1 + np.abs(x).max())
    shifts = step * np.eye(x.size)
    H = (objective(x + shifts, None)[1] - objective(x - shifts, None)[1]) / (2 * step)
    return (H + H.T) / 2
