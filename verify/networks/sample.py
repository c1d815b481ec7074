"""The rows that a network is trained or tested on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from verify.errors import InputError
from verify.networks.architecture import Architecture

__all__ = ["Sample", "build_sample"]


@dataclass(frozen=True)
class Sample:
    """Inputs x (…, rows, D_0), outputs y (…, rows, D), and the probability of each row (rows,)."""

    x: Any
    y: Any
    weights: Any

    def __len__(self) -> int:
        return self.x.shape[-2]

    def rows(self, index: Any) -> Sample:
        """The sample of some of the rows, equally likely."""
        x, y = self.x[..., index, :], self.y[..., index, :]
        return Sample(x, y, np.full(x.shape[-2], 1 / x.shape[-2], dtype=self.weights.dtype))

    def astype(self, dtype: Any) -> Sample:
        """The sample in another precision; a number that is too large for it becomes infinite."""
        with np.errstate(over="ignore"):
            return Sample(*(np.ascontiguousarray(a, dtype=dtype) for a in (self.x, self.y, self.weights)))


def build_sample(architecture: Architecture, x: Any, y: Any = None, weights: Any = None) -> Sample:
    """The sample of an architecture, checked: y = x if it is not given, rows equally likely if no weights are.

    Raises:
        InputError: wrong shapes, NaN or infinite values, weights that are no probabilities, fewer rows than latents.
    """
    x = np.asarray(x, dtype=float)
    y = x if y is None else np.asarray(y, dtype=float)
    for name, array, width in (("x", x, architecture.inputs), ("y", y, architecture.outputs)):
        if array.ndim < 2 or array.shape[-1] != width:
            raise InputError(f"{name} has shape {array.shape}; the architecture wants (rows, {width})")
        if not np.isfinite(array).all():
            bad = int(np.argwhere(~np.isfinite(array))[0][-2])
            raise InputError(f"row {bad} of {name} holds NaN or infinite values; only finite numbers can be encoded")
    if x.shape[:-1] != y.shape[:-1]:
        raise InputError(f"x has {x.shape[-2]} rows and y {y.shape[-2]}; each row of x needs its row of y")
    rows = x.shape[-2]
    if weights is None and rows < max(architecture.latents):
        raise InputError(f"{rows} rows cannot train {max(architecture.latents)} latents: give at least as many rows")
    p = np.full(rows, 1 / rows) if weights is None else np.asarray(weights, dtype=float)
    if p.shape != (rows,) or not (p >= 0).all() or not abs(p.sum() - 1) < 1e-9:
        raise InputError(f"weights must be {rows} probabilities that add up to 1")
    return Sample(x, y, p)
