"""Second moments of a table, or of a pair, in one pass over blocks of rows; and their eigenvalues.

Output y and input x of one row are laid side by side in a reused buffer, w = [y, x], so that one
symmetric product wᵀw per block yields E[yyᵀ], E[yxᵀ] and E[xxᵀ] together. Means are always removed
first and, where uncentred moments are asked for, added back at the end: sums of squares of data far
from zero would cancel. The data are never converted as a whole.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from verify.data.chunks import Chunked, table_of
from verify.data.data import Floats, Table, block_rows, check_finite, row_blocks
from verify.errors import InputError

__all__ = ["EPSILON", "Moments", "check_range", "check_same_rows", "second_moments"]


# Bytes less 128 are integers of at most 7 bits and a sign: a sum of 1024 of their products is at
# most 2²⁴ in size, and so is every part of it. All these integers are float32 numbers, so that a
# block of bytes may be multiplied in float32, at twice the speed, without a single rounding.
_EXACT_ROWS = 1024
_BYTE_SHIFT = {"|u1": 128.0, "|i1": 0.0, "|b1": 0.0}
EPSILON = float(np.finfo(np.float64).eps)
_VANISHING = 1e-290  # a second moment below this has lost digits to underflow


@dataclass(frozen=True)
class Moments:
    """Second moments of n rows, about the mean if `centred`.

    Without an input, A and C are None: the model reconstructs what it is given.
    """

    n: int
    B: Floats
    """E[yyᵀ], shape (D, D)."""
    A: Floats | None
    """E[xxᵀ], shape (D0, D0)."""
    C: Floats | None
    """E[yxᵀ], shape (D, D0)."""
    output_mean: float
    """Euclidean norm of E[y]."""
    input_mean: float
    """Euclidean norm of E[x]; 0 without an input."""
    centred: bool

    @property
    def outputs(self) -> int:
        """D."""
        return len(self.B)

    @property
    def features(self) -> int:
        """D + D0."""
        return len(self.B) + (0 if self.A is None else len(self.A))

    @property
    def paired(self) -> bool:
        """Whether there is an input."""
        return self.A is not None

    @property
    def output_power(self) -> float:
        """Tr B."""
        return float(np.trace(self.B))

    @property
    def input_power(self) -> float:
        """Tr A; 0 without an input."""
        return 0.0 if self.A is None else float(np.trace(self.A))

    @property
    def norm(self) -> float:
        """‖B‖, taken so that it overflows no sooner than B."""
        largest = float(np.abs(self.B).max())
        return largest * float(np.linalg.norm(self.B / largest)) if largest else 0.0

    def eigenvalues(self, *, residual: bool) -> Floats:
        """Of B without an input; else of ZZᵀ, or if `residual` of B − ZZᵀ: Z = E[y x̃ᵀ], x̃ the whitened input."""
        explained = self.paired and not residual
        squares = np.linalg.svd(self.Z, compute_uv=False) ** 2 if explained else np.linalg.eigvalsh(self.left)
        return np.asarray(squares, dtype=np.float64)

    @cached_property
    def Z(self) -> Floats:
        """E[y x̃ᵀ], shape (D, rank A); no columns without an input."""
        return np.zeros((self.outputs, 0)) if self.A is None or self.C is None else _whitened(self.A, self.C)

    @property
    def rank(self) -> int:
        """Of the inputs."""
        return self.Z.shape[1]

    @property
    def left(self) -> Floats:
        """The outputs' second moment, less what the inputs explain; shape (D, D)."""
        return self.B - self.Z @ self.Z.T if self.rank else self.B


def second_moments(output: Any, input: Any = None, *, centre: bool = True) -> Moments:  # noqa: A002
    """Moments of `output` (n, D) and, if given, `input` (n, D0), each divided by n.

    Tables may be arrays, `Chunked` or Dask arrays; of the latter two only a chunk of rows is in memory at a time.

    Integers of one byte are summed exactly; anything else is float64 with a mean and a scatter per
    block, merged as by Chan, Golub and LeVeque, so that neither offsets nor drifts cost digits.

    Raises:
        InputError: not tables of at least 2 rows, different numbers of rows, a NaN or infinity, or
            values whose squares overflow or underflow.
    """
    names = ("output", "input") if input is not None else ("output",)
    tables = [table_of(given, name) for given, name in zip((output, input), names, strict=False)]
    check_same_rows(tables)
    try:
        with np.errstate(all="ignore"):  # overflow is looked for at the end, once
            exact = all(table.dtype.str in _BYTE_SHIFT for table in tables)
            mean, covariance = _of_bytes(tables) if exact else _of_numbers(tables, names)
            return _split(tables, mean, covariance, centre)
    except MemoryError as error:
        width = sum(table.shape[1] for table in tables)
        raise InputError(
            f"the {width}×{width} second moments of {width} features do not fit into memory; use fewer features."
        ) from error


def check_same_rows(tables: Sequence[Table | Chunked]) -> None:
    """Raise InputError unless output and input have equally many rows."""
    rows = [len(table) for table in tables]
    if rows[0] != rows[-1]:
        raise InputError(f"output has {rows[0]} rows and input {rows[-1]}; they must have the same number of rows.")


def _columns(tables: Sequence[Table | Chunked]) -> list[slice]:
    """Where each table lies in w."""
    edges = np.cumsum([0, *(table.shape[1] for table in tables)]).tolist()
    return [slice(*edge) for edge in itertools.pairwise(edges)]


def _of_bytes(tables: Sequence[Table | Chunked]) -> tuple[Floats, Floats]:
    """Mean and covariance (divisor n) of w."""
    n, places = len(tables[0]), _columns(tables)
    width = places[-1].stop
    shift = np.concatenate([np.full(t.shape[1], _BYTE_SHIFT[t.dtype.str]) for t in tables])
    buffer = np.empty((min(n, _EXACT_ROWS), width), dtype=np.float32)
    product = np.empty((width, width), dtype=np.float32)
    squares, sums = np.zeros((width, width)), np.zeros(width)
    for start in range(0, n, _EXACT_ROWS):
        rows = buffer[: min(_EXACT_ROWS, n - start)]
        for table, place in zip(tables, places, strict=True):
            block = table[start : start + len(rows)]
            np.subtract(block, np.float32(shift[place.start]), out=rows[:, place])
        squares += np.matmul(rows.T, rows, out=product)
        sums += rows.sum(axis=0)
    # Both products are integers, exact up to 2⁵³, so that the variance of a constant column is 0.
    covariance = (n * squares - np.outer(sums, sums)) / float(n) ** 2
    return shift + sums / n, covariance


def _of_numbers(tables: Sequence[Table | Chunked], names: Sequence[str]) -> tuple[Floats, Floats]:
    """Mean and covariance (divisor n) of w."""
    places = _columns(tables)
    # Measured from the first row, a constant column is 0 throughout and its variance exactly 0.
    origin = np.concatenate([table[0].astype(np.float64) for table in tables])
    width = len(origin)
    mean, scatter, seen = np.zeros(width), np.zeros((width, width)), 0
    n, step = len(tables[0]), block_rows(max(tables, key=lambda table: table.size))
    blocks = [(start, min(step, n - start)) for start in range(0, n, step)]
    buffer, product = np.empty((blocks[0][1], width)), np.empty((width, width))
    for start, count in blocks:
        rows = buffer[:count]
        for table, place, name in zip(tables, places, names, strict=True):
            block = table[start : start + count]
            if block.dtype.kind == "f":
                check_finite(block, start, name)
            np.subtract(block, origin[place], out=rows[:, place])
        block_mean = rows.mean(axis=0)
        rows -= block_mean
        step = block_mean - mean
        scatter += np.matmul(rows.T, rows, out=product)
        np.multiply(step[:, None], step * (seen * count / (seen + count)), out=product)
        scatter += product
        seen += count
        mean += step * (count / seen)
    return origin + mean, scatter / seen


def _split(tables: Sequence[Table | Chunked], mean: Floats, moment: Floats, centre: bool) -> Moments:
    places = _columns(tables)
    for table, place, name in zip(tables, places, ("output", "input"), strict=False):
        check_range(table, np.diagonal(moment)[place], mean[place], name)
    if not centre:
        moment = moment + np.outer(mean, mean)
    y, x = places[0], places[-1]
    paired = len(tables) == 2
    return Moments(
        n=len(tables[0]),
        B=moment[y, y],
        A=moment[x, x] if paired else None,
        C=moment[y, x] if paired else None,
        output_mean=float(np.linalg.norm(mean[y])),
        input_mean=float(np.linalg.norm(mean[x])) if paired else 0.0,
        centred=centre,
    )


def check_range(table: Table | Chunked, variances: Floats, mean: Floats, name: str) -> None:
    """Raise InputError unless the squares of a table's values, and their sum, are ordinary float64 numbers."""
    if not np.isfinite(variances.sum() + mean @ mean):
        raise InputError(f"{name} has values whose squares overflow; divide it by a constant.")
    if variances.max() < _VANISHING and any((block != table[0]).any() for _, block in row_blocks(table)):
        raise InputError(f"{name} varies so little that squares underflow; multiply it by a constant.")


def _whitened(A: Floats, C: Floats) -> Floats:
    """Z = C A^{-1/2}, up to a rotation of its columns, with a pseudo-inverse; shape (D, rank A).

    Inputs are first scaled to unit second moment. C A⁺ Cᵀ does not change, because the span of the
    inputs does not, but "singular" no longer depends on units: a faint input counts as much as a
    strong one. A constant input has moment exactly 0 and is left out.
    """
    scale = np.sqrt(np.diagonal(A))
    varying = scale > 0
    scale = scale[varying]
    if not len(scale):
        return np.zeros((len(C), 0))
    values, vectors = np.linalg.eigh(A[np.ix_(varying, varying)] / scale / scale[:, None])
    # Dependent inputs leave eigenvalues of a few D0·ε of the largest instead of 0. Below 10 times
    # that, dividing by them would only turn rounding into explanation; a true direction so faint
    # would have to be collinear with the others to about 6 digits.
    kept = values > 10 * len(values) * EPSILON * values[-1]
    return (C[:, varying] / scale) @ (vectors[:, kept] / np.sqrt(values[kept]))
