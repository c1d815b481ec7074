"""Hessians of a network's loss, from central differences of its gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from verify.networks.objective import Objective

__all__ = ["hessian", "hessian_vector"]


def hessian_vector(f: Objective, params: Any, v: Any) -> Any:
    """Hv by central differences of gradients, for one v (size,) or several (n, size); relative error about 1e-9.

    Parameters that are held fixed take no part: their entries of v count as 0.
    """
    v = np.asarray(v, dtype=float) * f.architecture.free
    length = np.linalg.norm(v, axis=-1, keepdims=True)
    h = 1e-5 * (1 + np.abs(params).max()) / np.where(length > 0, length, 1.0)
    return (f(params + h * v)[1] - f(params - h * v)[1]) / (2 * h)


def hessian(f: Objective, params: Any) -> tuple[Any, float]:
    """(the symmetrised Hessian over the free parameters, the largest entry of its antisymmetric part).

    The second number measures the error of the first.
    """
    free = f.architecture.free
    H = hessian_vector(f, params, np.eye(params.size)[free])[:, free]
    return (H + H.T) / 2, float(np.abs(H - H.T).max() / 2)
