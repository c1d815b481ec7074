"""Posterior means and variances of a trained model, from any framework: one array each, read and understood.

How a spread is read is stated, or its name says it, or it is guessed (`verify.forecast.readings`); which, is said.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from verify.data.chunks import table_of
from verify.data.data import Floats, Table, check_finite, row_blocks
from verify.data.loading import load
from verify.data.readers import DAMAGE
from verify.errors import InputError, choice, shown
from verify.forecast.readings import KINDS, MEAN, NAMES, READINGS, checked, guessed, named, off_prior

__all__ = ["Posterior", "Variances", "read_posterior"]

_SAMPLE = 10_000  # rows that tell one reading from another


_OFF = 0.1  # E σ² + Var μ of a trained posterior is within about a tenth of the prior's variance
_NEARER = 3  # times nearer must another reading be, before it is worth a warning


class Variances:
    """Variances (N, d), made of what is stored, (N, d) or (1, d), for the rows that are asked for.

    Whole they would take as much memory again as the posterior.
    """

    def __init__(self, stored: Table, rows: int, convert: Callable[[Floats], Floats]) -> None:
        self.shape = (rows, stored.shape[1])
        self._stored, self._convert = stored, convert

    def __getitem__(self, rows: slice) -> Floats:
        """Rows as (n, d)."""
        part = self._stored if len(self._stored) == 1 else self._stored[rows]
        count = len(range(*rows.indices(self.shape[0])))
        return np.broadcast_to(self._convert(part.astype(float)), (count, self.shape[1]))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Floats:
        return np.array(self[:], dtype=dtype)


class Posterior(NamedTuple):
    """Means and variances, both (N, d), how the variances were read, and what other readings would make of them."""

    mean: Table
    variance: Table | Variances
    assumed: str
    others: tuple[tuple[str, Variances], ...] = ()

    def doubts(self, prior: float) -> Iterator[str]:
        """A sentence if another reading is much nearer to what a trained posterior is like: E σ² + Var μ ≈ η_enc²."""
        some = slice(None, None, -(-len(self.mean) // _SAMPLE))
        mean, off = self.mean[some], {}
        ours = off_prior(mean, self.variance[some], prior)
        if ours <= _OFF:
            return
        with np.errstate(all="ignore"):
            off = {words: off_prior(mean, variance[some], prior) for words, variance in self.others}
        words = min(off, key=off.__getitem__, default="")
        if words and off[words] < ours / _NEARER:
            yield (
                f"the spread was read as {self.assumed}, but E σ² + Var μ is off the prior's variance by"
                f" {np.expm1(ours):.0%}; read as {words} by {np.expm1(off[words]):.0%}. Is that what it is?"
            )


def read_posterior(file: str | None = None, *, mean: Any = None, variance: Any = None, kind: str = "auto") -> Posterior:
    """Read `file` (.npz with a mean and a variance), or a mean and a variance, arrays or names of files.

    A single row of variances serves all rows.

    Raises:
        InputError: a file cannot be read, arrays are missing or do not fit together, or a variance is not positive.
    """
    choice("kind", kind, KINDS, "kind")
    given = [one is not None for one in (file, mean, variance)]
    if given not in ([True, False, False], [False, True, True]):
        raise InputError("give either ‹posterior› or both ‹mean› and ‹variance›.")
    if file is not None and not isinstance(file, str | PathLike):
        raise InputError(f"‹posterior› must be the name of an .npz file, not {shown(file)}.")
    if file is not None:
        mean, variance = _members(str(file))
    return _understood(_given(mean, "mean"), _given(variance, "variance"), kind)


class _Given(NamedTuple):
    table: Table
    name: str  # in messages
    role: str | None  # what a file's name says it holds


def _given(value: Any, parameter: str) -> _Given:
    """The table given, or read from the file named."""
    if isinstance(value, str | PathLike):
        return _Given(load(value)[:], str(value), named(str(value)))
    table = table_of(value, parameter)[:]
    for start, block in row_blocks(table):
        check_finite(block, start, parameter)
    return _Given(table, parameter, None)


def _understood(mean: _Given, given: _Given, kind: str) -> Posterior:
    """Arrays as a posterior, the spread (N, d), or (1, d) for all rows, read as stated, or as its name says.

    Raises:
        InputError: the arrays do not fit together, or a variance is not positive.
    """
    spread, rows = given.table, len(mean.table)
    if spread.shape == (mean.table.shape[1], 1):  # a vector was read as a column
        spread = spread.T
    if spread.shape[1] != mean.table.shape[1] or len(spread) not in (1, rows):
        shapes = f"{mean.name} has shape {mean.table.shape} and {given.name} {spread.shape}"
        raise InputError(f"{shapes}; they must be the same, or the variances one row.")
    if given.role == MEAN or mean.role in READINGS:
        raise InputError(
            f"{mean.name} was given as the mean and {given.name} as the spread; going by the names swap them."
        )
    if kind != "auto":
        why = "as stated"
    elif given.role is not None:
        kind, why = given.role, "as named"
    else:
        kind, why = guessed(spread, given.name)
    convert = checked(spread, given.name, kind, why)
    others = tuple((one.words, Variances(spread, rows, one.variance)) for k, one in READINGS.items() if k != kind)
    return Posterior(mean.table, Variances(spread, rows, convert), f"{READINGS[kind].words}, {why}", others)


def _members(file: str) -> tuple[str, str]:
    """(mean, variance) as FILE:key, by the names of the arrays."""
    path = Path(file)
    if not path.is_file():
        raise InputError(f"there is no file {file}; give an .npz file with a mean and a variance.")
    if not zipfile.is_zipfile(path):
        raise InputError(f"{file} is no .npz file; give one with a mean and a variance, or use ‹mean› and ‹variance›.")
    try:
        with zipfile.ZipFile(path) as archive:
            keys = [name.removesuffix(".npy") for name in archive.namelist()]
    except DAMAGE as error:
        raise InputError(f"{file} is truncated or damaged; write it again with numpy.savez.") from error
    roles = {key: named(key) for key in keys}
    mean = next((key for key, role in roles.items() if role == MEAN), None)
    spread = next((key for kind in READINGS for key, role in roles.items() if role == kind), None)
    if mean is None or spread is None:
        raise InputError(
            f"{file} has the arrays {', '.join(keys) or 'none'}; needed are a mean, by a name like"
            f" {', '.join(NAMES[MEAN])}, and a spread, like {', '.join(NAMES[kind][0] for kind in READINGS)}"
            " (or name them yourself, as ‹mean› and ‹variance›)."
        )
    return f"{file}:{mean}", f"{file}:{spread}"
