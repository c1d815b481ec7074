"""The eigenvalues of the score matrix of a table, and how many outputs and rows the first one rests on."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

import numpy as np
from scipy.linalg import eigh

from verify.data.chunks import Chunked
from verify.data.data import Floats, Table, row_blocks
from verify.forecast.gram import Gram
from verify.forecast.moments import EPSILON
from verify.forecast.scores import Scores, standardised
from verify.forecast.spectra import spectrum, summarise

__all__ = ["ScoreSpectrum", "measured_spectrum"]


class ScoreSpectrum(NamedTuple):
    """The eigenvalues of S, and what its first one rests on."""

    scores: Scores
    values: Floats
    """λ_1 ≥ λ_2 ≥ …, of S."""
    filtered: float
    """λ_1 without rare outputs."""
    outputs: float
    """1/Σv⁴, v the first eigenvector: how many outputs it rests on."""
    samples: float
    """(Σc²)²/Σc⁴, c a row's part in it: how many rows."""
    rows_entropy: float
    """Entropy of a row, nats."""
    n: int


def measured_spectrum(table: Table | Chunked, likelihood: str, r: float | None) -> ScoreSpectrum:
    """Those of a table (n, D) under a likelihood; r is the dispersion.

    Raises:
        InputError: as `standardised`.
    """
    scores = standardised(table, likelihood, r)
    moments = summarise(scores.rows)
    values = np.square(spectrum(moments, "vae").theta)
    # As is θ of a forecast: an eigenvalue is found to within a multiple of ε of the largest.
    values = np.where(values > len(values) * EPSILON * values[0], values, 0.0)
    direction = _direction(moments, scores.rows)
    part = np.concatenate([block @ direction for _, block in row_blocks(scores.rows)])
    filtered = float(values[0])
    if scores.rare:
        often = standardised(table, likelihood, r, without_rare=True)
        filtered = float(spectrum(summarise(often.rows), "vae").theta[0]) ** 2 if often.freedom else 0.0
    many = Counter(row.tobytes() for _, block in row_blocks(table) for row in block)
    shares = np.array([*many.values()]) / len(table)
    return ScoreSpectrum(
        scores,
        values,
        filtered,
        float(1 / (direction**4).sum()),
        float((part**2).sum() ** 2 / (part**4).sum()),
        float(-(shares * np.log(shares)).sum()),
        len(table),
    )


def _direction(moments: Any, rows: Chunked) -> Floats:
    """The first eigenvector of S, shape (kept,)."""
    matrix = moments.K if isinstance(moments, Gram) else moments.B
    vector = eigh(matrix, subset_by_index=[len(matrix) - 1, len(matrix) - 1])[1][:, 0]
    if isinstance(moments, Gram):
        vector = sum(vector[at : at + len(block)] @ block for at, block in row_blocks(rows))
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float64)
