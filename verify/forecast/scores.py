"""A table's standardised scores H^{-1/2}s at complete collapse: their covariance is the score matrix S.

`derivations.models.likelihoods` says what s and H are. Outputs that never change have no finite fit and carry nothing:
they are left out. So are, where asked for, those that hardly ever do: of k outputs that change in one row out of N, S
has an eigenvalue near k which is worth at most k(1 + log N)/N nats.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from scipy.linalg import solve_triangular

from derivations.models.likelihoods import (
    CATEGORICAL,
    LIKELIHOODS,
    dispersion,
    mean,
    softmax_curvature,
    squared_scale,
    variance,
)
from verify.data.chunks import Chunked
from verify.data.data import Floats, Table, block_rows, check_finite, row_blocks
from verify.errors import InputError
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower
from verify.evaluate.plan import Plan

__all__ = ["GAUSSIAN", "KNOWN", "RARE", "Scores", "standardised"]

GAUSSIAN = "gaussian"
KNOWN = (GAUSSIAN, *LIKELIHOODS, CATEGORICAL)
RARE = 0.01
"""The share of the rows below which a value is rare."""
_MOST_CATEGORIES = 5000  # of all columns together: S has as many rows

_SUPPORT: dict[str, tuple[str, Callable[[Table], Any]]] = {
    "bernoulli": ("from 0 to 1", lambda y: (y >= 0) & (y <= 1)),
    "poisson": ("counts, whole numbers from 0", lambda y: (y >= 0) & (np.floor(y) == y)),
    "negative-binomial": ("counts, whole numbers from 0", lambda y: (y >= 0) & (np.floor(y) == y)),
    CATEGORICAL: ("labels, whole numbers", lambda y: np.floor(y) == y),
}


class Scores(NamedTuple):
    """H^{-1/2}s of every row, shape (n, kept), and what was left out."""

    rows: Chunked
    outputs: int
    """D, softmax variables counted once."""
    constant: int
    rare: int
    """How many outputs (of softmax variables, categories) are rare, left out or not."""
    freedom: int
    """R: how many directions the outputs have, D for all but softmax variables, of which K − 1 each."""
    entropy: float | None
    """Σ H(y_i), the loss at complete collapse in nats; None where y is not discrete with finitely many values."""
    grey: bool
    """Whether a Bernoulli variable is between 0 and 1."""


def standardised(table: Table | Chunked, likelihood: str, r: float | None, *, without_rare: bool = False) -> Scores:
    """The scores of a table (n, D) under a likelihood of `KNOWN` other than the Gaussian; r is the dispersion.

    Raises:
        InputError: a value that the likelihood does not have (row and column are named), or no output that changes.
    """
    found = _columns(table, likelihood)
    if not (found.least < found.most).any():
        raise InputError("every column of the output is constant: there is nothing for a latent to encode.")
    if likelihood == CATEGORICAL:
        return _categories(table, without_rare)
    return _separate(table, likelihood, found, r, without_rare)


class _Columns(NamedTuple):
    """Of each column, shape (D,)."""

    mean: Floats
    variance: Floats
    least: Floats
    most: Floats
    low: Floats
    """The share of rows above 0."""
    high: Floats
    """The share of rows below 1."""
    grey: bool


def _columns(table: Table | Chunked, likelihood: str) -> _Columns:
    n, width = table.shape
    first = np.asarray(table[0], dtype=float)
    sums, squares, above, below = (np.zeros(width) for _ in range(4))
    least, most, grey = first.copy(), first.copy(), False
    for start, block in row_blocks(table):
        if block.dtype.kind == "f":
            check_finite(block, start, "output")
        rows = block.astype(float)
        _supported(rows, start, likelihood)
        np.minimum(least, rows.min(0), out=least)
        np.maximum(most, rows.max(0), out=most)
        above += (rows > 0).sum(0)
        below += (rows < 1).sum(0)
        grey = grey or bool(((rows > 0) & (rows < 1)).any())
        rows -= first  # measured from the first row, a constant column is 0 throughout
        sums += rows.sum(0)
        squares += np.einsum("ij,ij->j", rows, rows)
    middle = sums / n
    spread = np.maximum(squares / n - middle**2, 0.0)
    return _Columns(first + middle, spread, least, most, above / n, below / n, grey)


def _supported(rows: Floats, start: int, likelihood: str) -> None:
    """Raise InputError naming the first value that the likelihood does not have."""
    if likelihood not in _SUPPORT:
        return
    words, good = _SUPPORT[likelihood]
    if len(bad := np.argwhere(~good(rows))):
        row, column = (int(k) for k in bad[0])
        raise InputError(
            f"the output has {rows[row, column]:g} at row {start + row + 1}, column {column + 1} (counted from 1), and"
            f" with ‹likelihood='{likelihood}'› its values must be {words}."
        )


def _separate(table: Table | Chunked, likelihood: str, found: _Columns, r: float | None, without_rare: bool) -> Scores:
    """Outputs that have a ξ each."""
    varies = found.least < found.most
    common = np.ones_like(varies)
    if likelihood != "gaussian-per-pixel":
        common = found.low >= RARE
    if likelihood == "bernoulli":
        common = common & (found.high >= RARE)
    kept = np.flatnonzero(varies & common if without_rare else varies)
    middle = found.mean[kept]
    values = {mean: middle, variance: found.variance[kept], dispersion: np.full(len(kept), r or 1.0)}
    rows = {symbol: value[:, None] for symbol, value in values.items()}
    squares = np.asarray(_scale(likelihood).run(Float64(), rows, {}, 1)[0])[:, 0]
    scale = np.sqrt(np.broadcast_to(squares, middle.shape))
    p = np.clip(middle, 1e-300, 1.0)
    entropy = float(-(p * np.log(p) + (1 - p) * np.log1p(-p)).sum()) if likelihood == "bernoulli" else None
    return Scores(
        _mapped(table, len(kept), lambda block, _: (block[:, kept] - middle) * scale),
        int(varies.sum()),
        int((~varies).sum()),
        int((varies & ~common).sum()),
        len(kept),
        entropy,
        likelihood == "bernoulli" and found.grey,
    )


@lru_cache(maxsize=8)
def _scale(likelihood: str) -> Plan:
    return lower(squared_scale(LIKELIHOODS[likelihood]))


def _categories(table: Table | Chunked, without_rare: bool) -> Scores:
    """Softmax variables: the logit of the commonest category of each is fixed, and H of the others is a block."""
    whole = table[0 : len(table)]
    n = len(whole)
    codes, parts, start, dropped, rare, entropy = [], [], 0, 0, 0, 0.0
    for j, column in enumerate(np.asarray(whole).T):
        labels, code, counts = np.unique(column, return_inverse=True, return_counts=True)
        if len(labels) == 1:
            dropped += 1
            continue
        if len(labels) == n:
            raise InputError(
                f"column {j + 1} of the output has another category in every row, and with"
                f" ‹likelihood='{CATEGORICAL}'› categories must return: leave it out with ‹skip_column={j + 1}›."
            )
        p = counts / n
        entropy -= float(p @ np.log(p))
        often = p >= RARE
        rare += int((~often).sum())
        used = often.copy() if without_rare else np.ones(len(p), dtype=bool)
        used[np.argmax(p)] = False
        chosen = np.flatnonzero(used)
        if start + len(chosen) > _MOST_CATEGORIES:
            raise InputError(
                f"the output has more than {_MOST_CATEGORIES} categories in its columns together, the most that"
                f" ‹likelihood='{CATEGORICAL}'› takes; join categories, or leave columns out with ‹skip_column›."
            )
        codes.append(code.reshape(-1))
        parts.append((chosen, p[chosen], np.linalg.cholesky(_softmax(p[chosen])) if len(chosen) else None, start))
        start += len(chosen)

    def scores(_: Table, where: slice) -> Floats:
        rows = len(range(*where.indices(n)))
        out = np.empty((rows, start))
        for code, (chosen, p, root, at) in zip(codes, parts, strict=True):
            if root is not None:
                hot = (code[where, None] == chosen) - p
                out[:, at : at + len(chosen)] = solve_triangular(root, hot.T, lower=True).T
        return out

    return Scores(_mapped(table, start, scores), len(codes), dropped, rare, start, entropy, False)


def _softmax(p: Floats) -> Floats:
    """H of some categories of a variable, shape (k, k)."""
    diagonal, beside, (first, second) = softmax_curvature()
    plan = lower(diagonal, beside)
    one, other = np.repeat(p, len(p))[:, None], np.tile(p, len(p))[:, None]
    on, off = (
        np.asarray(x)[:, 0].reshape(len(p), len(p)) for x in plan.run(Float64(), {first: one, second: other}, {}, 1)
    )
    return np.where(np.eye(len(p), dtype=bool), on, off)


def _mapped(table: Table | Chunked, width: int, scores: Callable[[Table, slice], Floats]) -> Chunked:
    """A table of what `scores` makes of blocks of rows, made when it is asked for."""
    step = block_rows(table)
    starts = range(0, len(table), step)
    lengths = [min(step, len(table) - start) for start in starts]

    def piece(k: int) -> Floats:
        where = slice(starts[k], starts[k] + lengths[k])
        return scores(np.asarray(table[where], dtype=float), where)

    return Chunked(lengths, width, np.float64, piece)
