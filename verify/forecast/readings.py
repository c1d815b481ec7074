"""What an array of a posterior holds: what its name says, how its values become variances, and whether that fits.

Scripts store variances, log-variances, standard deviations or their logarithms. What is stated counts, then what the
array's name says, and nothing overrides either; only an array without a telling name is guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from verify.data.data import Floats, Table, row_blocks
from verify.errors import InputError

__all__ = ["KINDS", "MEAN", "NAMES", "READINGS", "Reading", "checked", "guessed", "named", "off_prior"]

MEAN = "mean"


class Reading(NamedTuple):
    """One way to store a spread."""

    words: str
    variance: Callable[[Floats], Floats]
    positive: bool  # its values must be; a logarithm may be anything, but no variance may be 0 or infinite


def _log_deviation(values: Floats) -> Floats:
    return np.exp(2 * values)


READINGS = {
    "variance": Reading("variances", np.positive, True),
    "log-variance": Reading("log-variances", np.exp, False),
    "deviation": Reading("standard deviations", np.square, True),
    "log-deviation": Reading("logarithms of standard deviations", _log_deviation, False),
}
KINDS = ("auto", *READINGS)

NAMES: dict[str, tuple[str, ...]] = {
    MEAN: ("mean", "means", "mu", "mus", "loc", "locs", "embedding", "embeddings", "qz_m"),
    "variance": ("variance", "variances", "var", "vars", "sigma2", "sigma_sq", "sigma_squared", "qz_v"),
    "log-variance": (
        *("logvar", "log_vars", "log_variance", "log_variances", "ln_var", "log_covariance"),
        *("log_sigma2", "log_sigma_sq", "log_sigma_squared"),
    ),
    "deviation": (
        "std",
        "stds",
        "stddev",
        "stdev",
        "sd",
        "sigma",
        "sigmas",
        "scale",
        "scales",
        "deviation",
        "deviations",
    ),
    "log-deviation": ("log_std", "log_stddev", "log_sd", "log_sigma", "log_scale"),
}
"""What arrays are called in public scripts; case, separators and words like `z`, `q` and `posterior` do not count."""

_ABOUT = {"z", "q", "qz", "enc", "encoder", "posterior", "latent", "latents", "train", "test", "val", "all"}
_EXTENSIONS = re.compile(r"(\.(npy|npz|csv|tsv|txt|gz|parquet|h5|h5ad|mat|safetensors))+$")
_ROUNDING = 1e-6  # of the largest value: a "logarithm" less negative than that is a variance rounded below 0


def named(name: str) -> str | None:
    """What the name of an array (`FILE:key`, or a file's) says that it holds: a mean, a kind of spread, or None."""
    own = _EXTENSIONS.sub("", re.split(r"[:/\\]", name.lower())[-1])
    parts = re.findall(r"[a-z0-9]+", own)
    for tried in ("".join(parts), "".join(part for part in parts if part not in _ABOUT)):
        for role, known in NAMES.items():
            if any(tried == one.replace("_", "") for one in known):
                return role
    return None


def guessed(spread: Table, name: str) -> tuple[str, str]:
    """(the kind, why) of an array whose name says nothing: only a logarithm is negative.

    Raises:
        InputError: the negative values are so small that they may as well be rounding.
    """
    least, largest = 0.0, 0.0
    for _, block in row_blocks(spread):
        least, largest = min(least, float(block.min())), max(largest, float(np.abs(block).max()))
    if least >= 0:
        return "variance", "because none is negative"
    if least > -_ROUNDING * largest:
        where = _first(spread, lambda block: block >= 0)
        raise InputError(
            f"{name} is {where}: a variance rounded below 0, or a logarithm? Clip it, or say which with ‹kind›."
        )
    return "log-variance", "because some are negative"


def checked(spread: Table, name: str, kind: str, why: str) -> Callable[[Floats], Floats]:
    """What makes variances of a spread, all of whose values can be what they are read as.

    Raises:
        InputError: one cannot; the message says where it is.
    """
    reading = READINGS[kind]

    def good(block: Floats) -> Any:
        values = reading.variance(block)
        return np.isfinite(values) & (values > 0) & ((block > 0) | (not reading.positive))

    with np.errstate(over="ignore", under="ignore"):
        bad = _first(spread, good)
    if not bad:
        return reading.variance
    one = reading.words.removesuffix("s") if reading.words.endswith("variances") else "standard deviation"
    read = f"{name} is {bad}, and was read as {reading.words}, {why}"
    if reading.positive:
        raise InputError(f"{read}; a {one} must be positive (‹kind='log-variance'› reads logarithms).")
    raise InputError(f"{read}; that is no log-{one.removeprefix('log-')}.")


def _first(spread: Table, good: Callable[[Floats], Any]) -> str:
    """The first value that is not good, and where it is; empty if all are."""
    for start, block in row_blocks(spread):
        fine = good(block.astype(float))
        if not fine.all():
            row, column = np.argwhere(~fine)[0]
            return f"{block[row, column]:g} at row {start + row + 1}, latent {column + 1}"
    return ""


def off_prior(mean: Any, variance: Floats, prior: float) -> float:
    """How far E σ² + Var μ is from the prior's variance, which it equals at an optimum: root mean square of logarithms.

    Infinite if the values cannot be variances.
    """
    with np.errstate(all="ignore"):
        total = (variance.mean(0) + mean.astype(float).var(0)) / prior**2
        off = float(np.sqrt(np.mean(np.log(total) ** 2)))
    return off if np.isfinite(off) and (variance > 0).all() else float("inf")
