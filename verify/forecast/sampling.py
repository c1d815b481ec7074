"""How many of the active latents are the population's, and how many may be noise of a finite sample.

Training sees the sample's eigenvalues, and a latent is active or not by them. Of the population's count this gives an
interval that holds with confidence 1 − α on each side, for Gaussian rows, a level that was fixed beforehand, and data
about their mean. Its lower end rests on directions that one half of the rows found and the other confirmed, where there
are fewer rows than features, and else on how far noise reaches.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

import numpy as np
from pydantic import Field
from scipy.special import gammaincinv, ndtri, polygamma, psi

from derivations.models.sampling import alpha, density, deviation, gamma, half_width, middle, n, order, p, share, x
from verify.data.data import Floats
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower
from verify.evaluate.plan import Plan
from verify.records.record import Record

__all__ = ["ALPHA", "Sampling", "infer", "noise_share", "split"]

ALPHA = 0.05
_NODES = 64  # of a smooth integrand
_HALVINGS = 20  # to a millionth
_LEAST = 10  # features: the law of noise is that of many


class Sampling(Record):
    """What the modes of a sample say of the population, if the rows are Gaussian."""

    at_least: int = Field(ge=0, description="active in the population, with 95 % confidence")
    at_most: int = Field(ge=0, description="active in the population, with 95 % confidence")
    noise_edge: float | None = Field(description="θ that noise with the median of the modes reaches in so few rows")
    noise_active: float | None = Field(description="how many latents would be active on that noise alone")


def infer(squares: Floats, rows: int, freedom: int, level: float, latents: int, halves: int | None) -> Sampling:
    """The interval for the modes θ² (D,), descending, of so many rows; `halves` is what `split` found."""
    values = squares * rows / freedom / level  # λ̂_i/τ with divisor n
    at_least = _at_least(values, freedom) if halves is None else halves
    at_most = min(_by_products(values, freedom), _one_by_one(values, freedom))
    edge, active = None, None
    if len(values) >= _LEAST:
        ratio = len(values) / freedom
        noise = _noise(values, ratio)
        edge = float(np.sqrt(noise * _support(ratio)[1] * level * freedom / rows))
        active = min(len(values) * noise_share(ratio, 1 / noise), latents) if noise > 0 else 0.0
    return Sampling(
        at_least=min(at_least, latents), at_most=min(at_most, latents), noise_edge=edge, noise_active=active
    )


def _noise(values: Floats, ratio: float) -> float:
    """The variance of noise whose modes above 0 would have the median that these have."""
    most = min(1.0, 1 / ratio)
    low, high = _support(ratio)
    for _ in range(_HALVINGS):  # of the interval that holds the median of the law
        middle = (low + high) / 2
        low, high = (middle, high) if noise_share(ratio, middle) > most / 2 else (low, middle)
    return float(np.median(values[: max(1, round(most * len(values)))])) / high


def _at_least(values: Floats, freedom: int) -> int:
    """Nested tests: the k-th is passed if λ̂_k/τ is above what noise of variance 1 reaches in D − k + 1 dimensions."""
    many = len(values) - np.arange(len(values))
    passed = values > (1 + _deviation(many, freedom, np.full(len(values), ALPHA))) ** 2
    return _leading(passed)


def _one_by_one(values: Floats, freedom: int) -> int:
    """The first k at which λ̂_{k+1} is too small for a mode at the level; D if there is none."""
    ks = np.arange(1, len(values) + 1)
    levels = _run(share, {order: ks[:, None], alpha: [[ALPHA]]})
    least = np.square(np.maximum(0.0, 1 - _deviation(ks, freedom, levels)))
    least[0] = _chi_squared(float(levels[0]), freedom)  # of one mode: exactly
    return _leading(values >= least)


def _by_products(values: Floats, freedom: int) -> int:
    """The largest m for which the product of the first m is not too small for m modes at the level."""
    most = min(freedom, len(values))
    if most == freedom < len(values):
        most -= 1  # all n directions of fewer rows than features say nothing of the D − n others
    with np.errstate(divide="ignore"):
        sums = np.cumsum(np.log(values[: min(freedom, len(values))]))
    least = _quantiles(freedom, len(sums))
    possible = np.flatnonzero(sums >= least)
    found = int(possible[-1]) + 1 if len(possible) else 0
    return len(values) if found > most else found


def _quantiles(freedom: int, count: int) -> Floats:
    """The α/2-quantile of Σ_{j≤m} log(χ²_{n−j+1}/n) for m = 1, 2, …: exact for m = 1, then by Cornish and Fisher."""
    half = (freedom - np.arange(count)) / 2
    mean = np.cumsum(psi(half) + np.log(2 / freedom))
    second, third, fourth = (np.cumsum(polygamma(k, half)) for k in (1, 2, 3))
    skew, excess, z = third / second**1.5, fourth / second**2, ndtri(ALPHA / 2)
    quantile = z + (z**2 - 1) * skew / 6 + (z**3 - 3 * z) * excess / 24 - (2 * z**3 - 5 * z) * skew**2 / 36
    found = mean + np.sqrt(second) * quantile
    found[0] = np.log(_chi_squared(ALPHA / 2, freedom))
    return np.asarray(found)


def split(second: Floats, freedom: int, level: float) -> int:
    """How many directions found in one half of the rows have a variance above the level in the other.

    `second` is the other half's moment along them with divisor `freedom`: V_kᵀΣ̂_2V_k ≻ c for c = τχ²_{n,1−α}/n is a
    test of the k-th, and the tests are nested.
    """
    left = second - level * _chi_squared(1 - ALPHA, freedom) * np.eye(len(second))
    for k in range(len(left)):  # a matrix is positive definite up to where the pivots of its elimination are positive
        if not left[k, k] > 0:
            return k
        left[k + 1 :, k + 1 :] -= np.outer(left[k + 1 :, k], left[k, k + 1 :]) / left[k, k]
    return len(left)


def _chi_squared(quantile: float, freedom: int) -> float:
    """The quantile of χ²_n/n."""
    return float(2 * gammaincinv(freedom / 2, quantile) / freedom)


def noise_share(ratio: float, least: float) -> float:
    """The share of the spectrum of noise of variance 1 that is above `least`, for D/n = `ratio`."""
    low, high = _support(ratio)
    centre, width = (low + high) / 2, (high - low) / 2
    start = np.arccos(np.clip((least - centre) / width, -1, 1))  # x = centre + width·cos φ: no root at the ends

    nodes, weights = _rule()
    angles, weights = start * (nodes + 1) / 2, start * weights / 2
    points = (centre + width * np.cos(angles))[:, None]
    heights = _run(density, {gamma: np.full_like(points, ratio), x: points})
    # At an end of the interval, where the density is 0, round-off may make its root imaginary.
    heights = np.where(heights > 0, heights, 0.0)
    return float(weights @ (heights * width * np.sin(angles)))


@cache
def _rule() -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return nodes, weights


def _support(ratio: float) -> tuple[float, float]:
    centre, width = (float(_run(e, {gamma: [[ratio]]})[0]) for e in (middle, half_width))
    return centre - width, centre + width


def _leading(passed: Any) -> int:
    """How many of the first are passed without a gap."""
    return len(passed) if passed.all() else int(np.argmin(passed))


def _deviation(dimensions: Any, freedom: int, levels: Any) -> Floats:
    return _run(deviation, {p: dimensions[:, None], n: [[freedom]], alpha: levels[:, None]})


def _run(expression: Any, values: Any) -> Floats:
    """A formula at columns of values."""
    arrays = {symbol: np.asarray(value, dtype=float) for symbol, value in values.items()}
    return np.asarray(_plan(expression).run(Float64(), arrays, {}, 1)[0])[:, 0]


@lru_cache(maxsize=8)
def _plan(expression: Any) -> Plan:
    return lower(expression)
