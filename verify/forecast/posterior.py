"""Posterior means and variances of a trained model, from any framework: one array each, read and understood.

Scripts store variances, log-variances or standard deviations under many names. The name decides where it says so; a
negative "variance" can only be a log-variance. What was assumed is said.
"""

from __future__ import annotations

import zipfile
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from verify.data.data import Table, as_table, check_finite, load
from verify.data.readers import DAMAGE
from verify.errors import InputError, choice, shown

__all__ = ["KINDS", "Posterior", "read_posterior", "understood"]

KINDS = ("auto", "variance", "log-variance", "deviation")
_MEANS = ("mean", "means", "mu", "loc", "z_mean")
_SPREADS = {
    "variance": ("variance", "variances", "var", "sigma2"),
    "log-variance": ("logvar", "log_var", "log_variance", "logvariance", "z_log_var"),
    "deviation": ("sigma", "std", "scale", "deviation"),
}


class Posterior(NamedTuple):
    """Means and variances, both (N, d), and how the variances were read."""

    mean: Table
    variance: Table
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
        return load(given), str(given)
    table = as_table(given, parameter)
    check_finite(table, 0, parameter)
    return table, parameter


def understood(mean: Table, spread: Table, name: str, kind: str, mean_name: str = "mean") -> Posterior:
    """Arrays as a posterior, `spread` (N, d), or (1, d) for all rows, read as `kind` says; names are for messages.

    Raises:
        InputError: the arrays do not fit together, or a variance is not positive.
    """
    means, spread = mean.astype(float), spread.astype(float)
    if spread.shape == (means.shape[1], 1):  # a vector was read as a column
        spread = spread.T
    if spread.shape[1] != means.shape[1] or len(spread) not in (1, len(means)):
        shapes = f"{mean_name} has shape {means.shape} and {name} {spread.shape}"
        raise InputError(f"{shapes}; they must be the same, or the variances one row.")
    values, assumed = _understood(spread, name, kind)
    return Posterior(means, np.broadcast_to(values, means.shape), assumed)


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


def _understood(spread: Table, name: str, kind: str) -> tuple[Table, str]:
    """Variances, and in words how they were read."""
    if kind == "log-variance":
        return _exponential(spread, name), "log-variances, as named"
    if kind in ("auto", "variance") and np.any(spread < 0):
        # Only logarithms are negative; a file that says "variance" is believed less than its values.
        return _exponential(spread, name), "log-variances, because some are negative"
    if not np.all(spread > 0):
        row, column = np.argwhere(~(spread > 0))[0]
        value = f"{name} is {spread[row, column]:g} at row {row + 1}, latent {column + 1}"
        raise InputError(f"{value}; a variance or deviation must be positive (‹kind='log-variance'› reads logarithms).")
    if kind == "deviation":
        return spread**2, "standard deviations, as named"
    return spread, "variances, as named" if kind == "variance" else "variances, because none is negative"


def _exponential(spread: Table, name: str) -> Table:
    with np.errstate(over="ignore"):
        values = np.exp(spread)
    if not (np.isfinite(values) & (values > 0)).all():
        row, column = np.argwhere(~(np.isfinite(values) & (values > 0)))[0]
        raise InputError(
            f"{name} is {spread[row, column]:g} at row {row + 1}, latent {column + 1}; that is no log-variance."
        )
    return values
