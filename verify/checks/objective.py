"""The raw matrix loss of a claim as an objective for descent, generated from its SymPy expression.

The parameters are all entries of the matrices the claim minimises over, laid out one after another; a
learnable Σ (or Σ_l) is diag(exp x), which keeps it positive definite.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp

from derivations.calculus import gradient
from derivations.claim import Minimiser
from derivations.notation import Sigma
from verify.arithmetic.float64 import Float64
from verify.instances import Batch
from verify.lower import lower

__all__ = ["raw_objective"]

Objective = Callable[[Any, Any], tuple[Any, Any]]


def raw_objective(batch: Batch, statement: Minimiser) -> tuple[Objective, int]:
    """(objective(x: (b, n), rows: (b,)) → (values, gradients), n)."""
    unknowns = tuple(statement.at)
    variances = {X for X in unknowns if X.name.startswith(Sigma.name)}  # Σ, Σ_1, Σ_2, …: diagonal, positive
    shapes = [tuple(int(sp.S(n).subs(batch.dims)) for n in X.shape) for X in unknowns]
    widths = [rows if X in variances else rows * cols for X, (rows, cols) in zip(unknowns, shapes, strict=True)]
    plan = lower(statement.loss, *(gradient(statement.loss, X) for X in unknowns))
    used = statement.loss.free_symbols
    fixed = {k: v for k, v in batch.values.items() if k in used and k not in unknowns}
    arithmetic = Float64()

    def objective(x: Any, rows: Any) -> tuple[Any, Any]:
        values = {k: v[rows] for k, v in fixed.items()}
        parts = np.split(x, np.cumsum(widths)[:-1], axis=1)
        for X, part, shape in zip(unknowns, parts, shapes, strict=True):
            values[X] = _embed(part) if X in variances else part.reshape(-1, *shape)
        with np.errstate(all="ignore"):  # a trial step may overflow; descent rejects what is not finite
            value, *gradients = plan.run(arithmetic, values, batch.dims, batch.modes)
        columns = [
            _diagonal(g) * np.exp(part) if X in variances else np.broadcast_to(g, values[X].shape).reshape(len(x), -1)
            for X, part, g in zip(unknowns, parts, gradients, strict=True)
        ]
        return np.broadcast_to(value[:, 0], len(x)).copy(), np.concatenate(columns, axis=1)

    return objective, sum(widths)


def _embed(logs: Any) -> Any:
    with np.errstate(all="ignore"):
        return np.where(np.eye(logs.shape[1], dtype=bool), np.exp(logs)[:, :, None], 0.0)


def _diagonal(M: Any) -> Any:
    return np.diagonal(M, axis1=1, axis2=2)
