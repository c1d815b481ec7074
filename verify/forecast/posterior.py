"""Posterior means and variances of a trained model, from any framework: one array each, read and understood.

Scripts store variances, log-variances or standard deviations under many names. The name decides where it says so; a
negative "variance" can only be a log-variance. What was assumed is said.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from verify.data.chunks import table_of
from verify.data.data import Floats, Table, check_finite, row_blocks
from verify.data.loading import load
from verify.data.readers import DAMAGE
from verify.errors import InputError, choice, shown

__all__ = ["KINDS", "Posterior", "Variances", "read_posterior", "understood"]

KINDS = ("auto", "variance", "log-variance", "deviation")
_MEANS = ("mean", "means", "mu", "loc", "z_mean")
_SPREADS = {
    "variance": ("variance", "variances", "var", "sigma2"),
    "log-variance": ("logvar", "log_var", "log_variance", "logvariance", "z_log_var"),
    "deviation": ("sigma", "std", "scale", "deviation"),
}


class Variances:
    """Variances (N, d), made of what is stored, (N, d) or (1, d), for the rows that are asked for.

    Whole they would take as much memory again as the posterior.
    """

    def __init__(self, stored: Table, rows: int, convert: Callable[[Floats], Floats]) -> None:
        self.shape = (rows, stored.shape[1])
        self._stored, self._convert = stored, convert

    def __getitem__(self, rows: slice) -> Floats:
        """Consecutive rows as (n, d)."""
        part = self._stored if len(self._stored) == 1 else self._stored[rows]
        count = len(range(*rows.indices(self.shape[0])))
        return np.broadcast_to(self._convert(part.astype(float)), (count, self.shape[1]))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Floats:
        return np.array(self[:], dtype=dtype)


class Posterior(NamedTuple):
    """Means and variances, both (N, d), and how the variances were read."""

    mean: Table
    variance: Table | Variances
    assumed: str


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
        mean, variance, named = _members(str(file))
        kind = named if kind == "auto" else kind
    (means, mean_name), (spread, name) = _named(mean, "mean"), _named(variance, "variance")
    return understood(means, spread, name, kind, mean_name)


def _named(given: Any, parameter: str) -> tuple[Table, str]:
    """(the table given, or read from the file named; what messages call it)."""
    if isinstance(given, str | PathLike):
        return load(given)[:], str(given)
    table = table_of(given, parameter)[:]
    for start, block in row_blocks(table):
        check_finite(block, start, parameter)
    return table, parameter


def understood(mean: Table, spread: Table, name: str, kind: str, mean_name: str = "mean") -> Posterior:
    """Arrays as a posterior, `spread` (N, d), or (1, d) for all rows, read as `kind` says; names are for messages.

    Raises:
        InputError: the arrays do not fit together, or a variance is not positive.
    """
    if spread.shape == (mean.shape[1], 1):  # a vector was read as a column
        spread = spread.T
    if spread.shape[1] != mean.shape[1] or len(spread) not in (1, len(mean)):
        shapes = f"{mean_name} has shape {mean.shape} and {name} {spread.shape}"
        raise InputError(f"{shapes}; they must be the same, or the variances one row.")
    convert, assumed = _understood(spread, name, kind)
    return Posterior(mean, Variances(spread, len(mean), convert), assumed)


def _members(file: str) -> tuple[str, str, str]:
    """(mean, variance, kind) as FILE:key, by the names of the arrays."""
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
    lower = {key.lower(): key for key in keys}
    mean = next((lower[name] for name in _MEANS if name in lower), None)
    spread = next(((lower[name], kind) for kind, names in _SPREADS.items() for name in names if name in lower), None)
    if mean is None or spread is None:
        known = ", ".join(name for names in _SPREADS.values() for name in names)
        listed = ", ".join(keys) or "none"
        raise InputError(
            f"{file} has the arrays {listed}; a mean ({', '.join(_MEANS)}) and a spread ({known}) are needed."
        )
    return f"{file}:{mean}", f"{file}:{spread[0]}", spread[1]


def _understood(spread: Table, name: str, kind: str) -> tuple[Callable[[Floats], Floats], str]:
    """What makes variances of it, and in words how it was read."""
    if kind == "log-variance":
        return _exponential(spread, name), "log-variances, as named"
    if kind in ("auto", "variance") and any((block < 0).any() for _, block in row_blocks(spread)):
        # Only logarithms are negative; a file that says "variance" is believed less than its values.
        return _exponential(spread, name), "log-variances, because some are negative"
    if bad := _first(spread, lambda block: block > 0):
        value = f"{name} is {bad}; a variance or deviation must be positive"
        raise InputError(f"{value} (‹kind='log-variance'› reads logarithms).")
    if kind == "deviation":
        return np.square, "standard deviations, as named"
    return np.positive, "variances, as named" if kind == "variance" else "variances, because none is negative"


def _exponential(spread: Table, name: str) -> Callable[[Floats], Floats]:
    with np.errstate(over="ignore"):
        bad = _first(spread, lambda block: np.isfinite(values := np.exp(block)) & (values > 0))
    if bad:
        raise InputError(f"{name} is {bad}; that is no log-variance.")
    return np.exp


def _first(spread: Table, good: Callable[[Floats], Any]) -> str:
    """The first value that is not good, and where it is; empty if all are."""
    for start, block in row_blocks(spread):
        fine = good(block.astype(float))
        if not fine.all():
            row, column = np.argwhere(~fine)[0]
            return f"{block[row, column]:g} at row {start + row + 1}, latent {column + 1}"
    return ""
