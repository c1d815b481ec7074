"""Where expectations over the noise ε ~ N(0, I) are taken: fixed points and weights, so that a loss is a function.

`gauss_hermite` is exact for polynomials of degree < 2·order in each coordinate (a linear network's loss has degree 2);
`sobol` are scrambled Sobol points through the normal inverse, the same for every row of data (common random numbers);
`trapezoid`, for one latent, is the rule that a steep decoder cannot fool between its points; `per_row` has one draw for
each row, which is what a minibatch needs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from verify.errors import InputError

__all__ = ["Noise", "gauss_hermite", "noise_for", "per_row", "scrambled", "sobol", "trapezoid"]


@dataclass(frozen=True)
class Noise:
    """ε of shape (M, rows or 1, Σ d_l) and the weights (M,) of its M points; `rule` says how they were made."""

    nodes: Any
    weights: Any
    rule: str

    def __len__(self) -> int:
        return len(self.weights)


def gauss_hermite(d: int, order: int) -> Noise:
    """The product rule with `order` points in each of d coordinates.

    Raises:
        InputError: more than a million points.
    """
    if order < 1 or order**d > 1_000_000:
        raise InputError(f"a Gauss–Hermite rule of order {order} in {d} coordinates has {order**d} points; use sobol")
    x, w = np.polynomial.hermite_e.hermegauss(order)
    grids = np.meshgrid(*[x] * d, indexing="ij")
    weights = math.prod(np.meshgrid(*[w / w.sum()] * d, indexing="ij"), start=np.ones(()))
    nodes = np.stack([g.ravel() for g in grids], axis=-1)
    return Noise(nodes[:, None, :], np.asarray(weights).ravel(), f"Gauss–Hermite, order {order}")


def sobol(d: int, points: int, seed: int) -> Noise:
    """`points` (a power of two) scrambled Sobol points in d coordinates.

    Raises:
        InputError: the number of points is not a power of two.
    """
    if points < 1 or points & (points - 1):
        raise InputError(f"Sobol points come in powers of two, not {points}")
    nodes = scrambled(d, points, np.random.default_rng([seed, 1]))
    return Noise(nodes[:, None, :], np.full(points, 1 / points), f"Sobol, {points} points, scrambling {seed}")


def scrambled(d: int, points: int, rng: np.random.Generator) -> Any:
    """(points, d) of N(0, I): scrambled Sobol points through the normal inverse; an average over them is unbiased."""
    from scipy.special import ndtri
    from scipy.stats import qmc

    u = qmc.Sobol(d, rng=rng).random_base2(points.bit_length() - 1)
    return ndtri(np.clip(u, 2.0**-40, 1 - 2.0**-40))


def trapezoid(points: int) -> Noise:
    """Equally spaced points on ±8.5 standard deviations of one coordinate: the error falls exponentially."""
    x = np.linspace(-8.5, 8.5, points)
    w = np.exp(-x * x / 2)
    return Noise(x[:, None, None], w / w.sum(), f"trapezoid, {points} points")


def per_row(rows: int, d: int, rng: np.random.Generator, dtype: Any = np.float64) -> Noise:
    """One draw of ε ~ N(0, I) for each row of data."""
    return Noise(rng.standard_normal((1, rows, d), dtype=dtype), np.ones(1, dtype=dtype), "one draw for each row")


def noise_for(d: int, seed: int = 0, budget: int = 64) -> Noise:
    """Gauss–Hermite if at least 6 points a coordinate fit into the budget, else `budget` Sobol points."""
    order = int(budget ** (1 / d) + 1e-9)
    return gauss_hermite(d, min(order, 32)) if order >= 6 else sobol(d, budget, seed)
