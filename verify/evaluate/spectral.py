"""The steps of a plan that need eigenvalues, or a best pairing; signatures and shapes as in `operations`."""

from __future__ import annotations

from typing import Any

import numpy as np

from derivations.notation import theta
from verify.evaluate.operations import Direct, Run


def eigenvalues(run: Run, _: Any, M: Any) -> Any:
    """The eigenvalues (N, modes) of symmetric matrices, descending, padded with 0 to one per mode."""

    def pad(x: Any) -> Any:
        return np.concatenate([x, np.zeros((len(x), run.modes - x.shape[1]), dtype=x.dtype)], axis=1)

    return run.arithmetic.linear(pad, run.arithmetic.eigenvalues(M))


def spectrum(run: Run, _: Any, pair: Any) -> Any:
    """The eigenvalues (N, modes) of an eigendecomposition, padded with 0 to one per mode."""
    values = pair[0]
    return np.concatenate([values, np.zeros((len(values), run.modes - values.shape[1]), dtype=values.dtype)], axis=1)


eigh = Direct("eigh")
"""Eigenvalues and eigenvectors, shared by a pairing and its gradient."""


def paired(run: Run, _: Any, pair: Any, f: Any) -> Any:
    """Σ λ_i f_i."""
    return (pair[0] * f[:, : pair[0].shape[1]]).sum(1)[:, None]


def aligned(run: Run, _: Any, pair: Any, f: Any) -> Any:
    """Q diag(f) Qᵀ."""
    vectors = pair[1]
    return (vectors * f[:, None, : vectors.shape[2]]) @ np.swapaxes(vectors, 1, 2)


def matching(run: Run, payload: Any, *arguments: Any) -> Any:
    """The best assignment of modes (rows) to latents (columns) by a gain of both."""
    from scipy.optimize import linear_sum_assignment  # SciPy takes half a second, and few audits need it

    plan, width, symbols = payload
    m, d = run.modes, run.size(width)
    values = {}
    for s, v in zip(symbols, arguments, strict=True):
        values[s] = v if v.ndim > 2 or v.shape[1] < m else np.repeat(v, m, axis=1) if s == theta else np.tile(v, (1, m))
    gains = plan.run(run.arithmetic, values, run.dims, m * m)[0]
    table = np.broadcast_to(gains, (len(gains), m * m)).reshape(-1, m, m)[:, :, :d]
    return np.array([[row[linear_sum_assignment(row, maximize=True)].sum()] for row in table])
