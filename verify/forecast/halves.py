"""Directions found in every other row, and how much the rows between vary along them.

A sample's own eigenvalues flatter it: of pure noise the first is above the noise. What one half of the rows found and
the other confirms is none of that. Of fewer rows than features their products hold all that is needed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from verify.data.data import Floats
from verify.forecast.gram import Gram, spanned

__all__ = ["confirmed"]


def confirmed(found: Gram, count: int) -> tuple[Floats, int] | None:
    """(moment of the second half along the first `count` directions of the first, its degrees of freedom).

    The moment has those degrees of freedom as its divisor. None where too few rows are left. With Y_1, Y_2 the halves
    without mean and inputs, the directions are Y_1ᵀu/√λ for eigenvectors u of Y_1Y_1ᵀ.
    """
    first, second = np.arange(0, found.n, 2), np.arange(1, found.n, 2)
    (one, rank_one), (two, rank_two) = (_without(found.K_x, rows) for rows in (first, second))
    freedom = len(second) - 1 - rank_two
    if min(freedom, len(first) - 1 - rank_one) < 1:
        return None
    values, vectors = np.linalg.eigh(one @ found.K[np.ix_(first, first)] @ one)
    kept = slice(None, -1 - min(count, len(first) - 1 - rank_one, freedom), -1)
    values, vectors = values[kept], vectors[:, kept]
    positive = values > len(values) * np.finfo(float).eps * values[0]
    along = two @ found.K[np.ix_(second, first)] @ one @ (vectors[:, positive] / np.sqrt(values[positive]))
    return along.T @ along * found.n / freedom, freedom


def _without(K: Any, rows: Any) -> tuple[Floats, int]:
    """(The projection of these rows that takes out their mean and what the inputs span, the rank of that)."""
    centre = np.eye(len(rows)) - 1 / len(rows)
    if K is None:
        return centre, 0
    vectors, rank = spanned(centre @ K[np.ix_(rows, rows)] @ centre)
    inputs = vectors[:, len(vectors) - rank :]
    return centre - inputs @ inputs.T, rank
