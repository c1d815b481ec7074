"""Random values of every domain, whole stacks at a time, edge cases always among them.

A block is a stack of instances of the same dimensions; row k of a block is of kind KINDS[k mod …], so
that ties, zeros, exact thresholds, rank deficiency and scales from 1e-3 to 1e3 are never left to luck.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from derivations.statements.claim import Domain

__all__ = ["KINDS", "SAMPLES", "Sampler"]

KINDS = ("simple", "random", "ties", "zeros", "threshold", "small", "large", "random")
# Dyadic squares: their roots and products are exact in float64, so thresholds can be met exactly.
_SQUARES = np.array([0.25, 0.5625, 1.0, 2.25, 4.0])
_ROOTS = np.array([0.5, 0.75, 1.0, 1.5, 2.0])
_SCALE = 1e3


class Sampler:
    """Draws one block: `rows` instances with `modes` values per mode symbol."""

    def __init__(self, rng: np.random.Generator, rows: int, modes: int) -> None:
        self.rng, self.rows, self.modes = rng, rows, modes
        kinds = np.array([KINDS[k % len(KINDS)] for k in range(rows)])
        self.exact = np.isin(kinds, ("simple", "ties", "zeros", "threshold"))
        self.kind = kinds
        # A scale applies to a whole instance and to some of its scalars at random.
        self.scale = np.where(kinds == "small", 1 / _SCALE, np.where(kinds == "large", _SCALE, 1.0))

    def draw(self, domain: Domain, shape: tuple[int, int] | None, squared: bool) -> Any:
        """Values of a domain: (rows, 1), (rows, modes) or (rows, *shape); `squared` asks for a grid of squares."""
        return SAMPLES[domain](self, shape, squared)

    def _positive(self, columns: int, squared: bool) -> Any:
        """A grid value for exact kinds, log-uniform otherwise; extreme scales hit half the symbols."""
        shape = (self.rows, columns)
        grid = self.rng.choice(_SQUARES if squared else _ROOTS, shape)
        smooth = np.exp(self.rng.uniform(-1.2, 1.2, shape))
        scaled = smooth * self.scale[:, None] ** self.rng.integers(0, 2, (self.rows, 1))
        return np.where(self.exact[:, None], grid, scaled)

    def _unit(self) -> Any:
        grid = self.rng.choice([-0.75, -0.5, 0.0, 0.5, 0.75], (self.rows, 1))
        return np.where(self.exact[:, None], grid, self.rng.uniform(-1, 1, (self.rows, 1)))

    def _spectrum(self) -> Any:
        theta = self._positive(self.modes, False) * self.rng.choice([0.5, 1.0, 2.0], (self.rows, self.modes))
        theta = np.where((self.kind == "ties")[:, None], theta[:, :1], theta)
        zero = (self.kind == "zeros")[:, None] & (self.rng.random(theta.shape) < 0.5)
        return -np.sort(-np.where(zero, 0.0, theta), axis=1)

    def _distinct(self) -> Any:
        start = self._positive(1, False)
        steps = self.rng.choice([0.25, 0.5, 1.0], (self.rows, self.modes)) * start
        return start + np.cumsum(steps, axis=1) - steps[:, :1]

    def _maybe_zero(self, values: Any) -> Any:
        return np.where(self.rng.random(values.shape) < 0.2, 0.0, values)

    def _real(self) -> Any:
        return self._maybe_zero(self._positive(1, False)) * self.rng.choice([-1.0, 1.0], (self.rows, 1))

    def _singular(self, shape: tuple[int, int]) -> Any:
        M = self._entries(shape)
        dead = self.rng.random((self.rows, 1, shape[1])) < np.where(self.exact, 0.5, 0.1)[:, None, None]
        return np.where(dead, 0.0, M)

    def _symmetric(self, shape: tuple[int, int]) -> Any:
        M = self._entries(shape)
        return M + np.swapaxes(M, 1, 2)

    def _definite(self, shape: tuple[int, int]) -> Any:
        M = self._entries(shape)
        return M @ np.swapaxes(M, 1, 2) + 0.25 * np.eye(shape[0])

    def _diagonal(self, shape: tuple[int, int]) -> Any:
        self._entries(shape)  # drawn and dropped, so that what is drawn after it stays what it was
        root = self._positive(shape[0], False)
        return np.eye(shape[0]) * (root * root)[:, None, :]

    def _entries(self, shape: tuple[int, int]) -> Any:
        grid = self.rng.integers(-2, 3, (self.rows, *shape)) / 2
        return np.where(self.exact[:, None, None], grid, self.rng.normal(size=(self.rows, *shape)))

    def _orthogonal(self, n: int) -> Any:
        Q = np.linalg.qr(self.rng.normal(size=(self.rows, n, n)))[0]
        simple = (self.kind == "simple")[:, None, None]
        return np.where(simple, np.eye(n), np.where(self.exact[:, None, None], self._signed_permutation(n), Q))

    def _signed_permutation(self, n: int) -> Any:
        order = np.argsort(self.rng.random((self.rows, n)), axis=1)
        signs = self.rng.choice([-1.0, 1.0], (self.rows, n, 1))
        return np.where((self.kind == "simple")[:, None, None], np.eye(n), np.eye(n)[order] * signs)


_Sample = Callable[[Sampler, Any, bool], Any]  # the sampler, the shape of a matrix, whether a grid is one of squares
SAMPLES: Mapping[Domain, _Sample] = {
    Domain.POSITIVE: lambda s, _, squared: s._positive(1, squared),
    Domain.NONNEGATIVE: lambda s, _, squared: s._maybe_zero(s._positive(1, squared)),
    Domain.REAL: lambda s, *_: s._real(),
    Domain.UNIT: lambda s, *_: s._unit(),
    Domain.COUNT: lambda s, *_: s.rng.integers(1, 5, (s.rows, 1)).astype(float),
    Domain.SPECTRUM: lambda s, *_: s._spectrum(),
    Domain.DEVIATIONS: lambda s, *_: np.sort(s._positive(s.modes, False), axis=1),
    Domain.EQUAL: lambda s, *_: np.repeat(s._positive(1, False), s.modes, axis=1),
    Domain.DISTINCT: lambda s, *_: s._distinct(),
    Domain.MODES: lambda s, *_: s._maybe_zero(s._positive(s.modes, False)),
    Domain.POSITIVE_MODES: lambda s, *_: s._positive(s.modes, False),
    Domain.FLAGS: lambda s, *_: s.rng.integers(0, 2, (s.rows, s.modes)).astype(float),
    Domain.MATRIX: lambda s, shape, _: s._entries(shape),
    Domain.SINGULAR: lambda s, shape, _: s._singular(shape),
    Domain.SYMMETRIC: lambda s, shape, _: s._symmetric(shape),
    Domain.DEFINITE: lambda s, shape, _: s._definite(shape),
    Domain.DIAGONAL: lambda s, shape, _: s._diagonal(shape),
    Domain.ORTHOGONAL: lambda s, shape, _: s._orthogonal(shape[0]),
    Domain.SIGNED_PERMUTATION: lambda s, shape, _: s._signed_permutation(shape[0]),
}
