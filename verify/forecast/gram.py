"""The Gram matrices of tables with fewer rows than features, which have the eigenvalues of the second moments.

YᵀY/n (D×D) and YYᵀ/n (n×n) have the same eigenvalues above 0, so that n rows of D > n features cost n²D instead of
nD² + D³. In the same way what an input explains, and what it leaves, of the rows of Y is a projection of n×n matrices.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from verify.data.chunks import Chunked
from verify.data.data import Floats, Table, check_finite, row_blocks
from verify.forecast.moments import EPSILON, check_range

__all__ = ["Gram", "gram_matrices", "spanned"]

_BLOCK_VALUES = 1 << 21  # a float64 block of 16 MiB


@dataclass(frozen=True)
class Gram:
    """Gram matrices of n rows, about the mean if `centred`; K_x of inputs of unit second moment, None without one."""

    n: int
    outputs: int
    features: int
    K: Floats
    """YYᵀ/n, shape (n, n)."""
    K_x: Floats | None
    output_mean: float
    input_mean: float
    input_power: float
    centred: bool

    @property
    def paired(self) -> bool:
        """Whether there is an input."""
        return self.K_x is not None

    @property
    def output_power(self) -> float:
        """Tr E[yyᵀ]."""
        return float(np.trace(self.K))

    @property
    def norm(self) -> float:
        """‖E[yyᵀ]‖, taken so that it overflows no sooner than its entries."""
        largest = float(np.abs(self.K).max())
        return largest * float(np.linalg.norm(self.K / largest)) if largest else 0.0

    def eigenvalues(self, *, residual: bool) -> Floats:
        """Those of E[yyᵀ], with an input of what it explains, or if `residual` of what it leaves."""
        if self.K_x is None:
            return _eigenvalues(self.K)
        vectors, rank = self._inputs
        chosen = vectors[:, : len(vectors) - rank] if residual else vectors[:, len(vectors) - rank :]
        return _eigenvalues(chosen.T @ self.K @ chosen)

    @property
    def rank(self) -> int:
        """Of the inputs."""
        return 0 if self.K_x is None else self._inputs[1]

    @cached_property
    def _inputs(self) -> tuple[Floats, int]:
        return spanned(self.K_x)


def spanned(K: Any) -> tuple[Floats, int]:
    """(Directions of rows (n, n), how many of them, the last, the columns with this Gram matrix span)."""
    values, vectors = np.linalg.eigh(K)
    # Below 10 times n·ε an eigenvalue is the rounding of a 0.
    return vectors, int(np.count_nonzero(values > 10 * len(values) * EPSILON * values[-1]))


def _eigenvalues(K: Floats) -> Floats:
    return np.asarray(np.linalg.eigvalsh(K), dtype=np.float64)


class _Side(NamedTuple):
    K: Floats
    mean: float
    power: float


def gram_matrices(output: Table | Chunked, given: Table | Chunked | None, *, centre: bool) -> Gram:
    """Gram matrices of `output` (n, D) and, if there is one, of the input `given` (n, D0).

    Tables in pieces are held whole, in their own dtype: D×D second moments would be larger.

    Raises:
        InputError: a NaN or infinity, or values whose squares overflow or underflow.
    """
    y = _side(output, "output", centre, unit=False)
    x = None if given is None else _side(given, "input", centre, unit=True)
    return Gram(
        n=len(output),
        outputs=output.shape[1],
        features=output.shape[1] + (0 if given is None else given.shape[1]),
        K=y.K,
        K_x=None if x is None else x.K,
        output_mean=y.mean,
        input_mean=0.0 if x is None else x.mean,
        input_power=0.0 if x is None else x.power,
        centred=centre,
    )


def _side(table: Table | Chunked, name: str, centre: bool, *, unit: bool) -> _Side:
    """A table's Gram matrix, in blocks of columns; with `unit`, of columns scaled to second moment 1, constants not."""
    whole: Any = table[0 : len(table)]
    if whole.dtype.kind == "f":
        for start, rows in row_blocks(whole):
            check_finite(rows, start, name)
    n, features = whole.shape
    K, product, mean, variance = np.zeros((n, n)), np.empty((n, n)), np.empty(features), np.empty(features)
    step = max(1, _BLOCK_VALUES // n)
    for start in range(0, features, step):
        here = slice(start, min(start + step, features))
        block = whole[:, here].astype(np.float64, order="C")
        origin = block[0].copy()
        block -= origin  # measured from the first row, a constant column is 0 throughout
        middle = block.mean(axis=0)
        block -= middle
        mean[here] = origin + middle
        variance[here] = np.einsum("ij,ij->j", block, block) / n
        if not centre:
            block += mean[here]
        if unit:
            moment = variance[here] + (0.0 if centre else np.square(mean[here]))
            block /= np.sqrt(np.where(moment > 0, moment, 1.0))
        K += np.matmul(block, block.T, out=product)
    check_range(table, variance, mean, name)
    power = float(variance.sum() + (0.0 if centre else mean @ mean))
    return _Side(K / n, float(np.linalg.norm(mean)), power)
