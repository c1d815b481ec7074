"""Exact inverses and determinants of stacks of matrices, by FLINT: of fractions, or of residues modulo a prime."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import nan
from typing import Any

import flint
import numpy as np

__all__ = ["RATIONALS", "Stacks", "residues"]


@dataclass(frozen=True)
class Stacks:
    """Stacks of square matrices (N, n, n) over one field: how FLINT reads a matrix, and how its numbers are written.

    Of a matrix with a NaN, which is no number, every entry of the inverse is NaN, and so is the determinant.
    """

    read: Callable[[Any], Any]
    write: Callable[[Any], Any]
    dtype: Any

    def inverse(self, M: Any) -> Any:
        """The inverses (N, n, n).

        Raises:
            ZeroDivisionError: some matrix is singular.
        """
        return self._each(M, lambda m: m.inv().entries(), M.shape)

    def det(self, M: Any) -> Any:
        """The determinants (N, 1); 0 where a matrix is singular."""
        return self._each(M, lambda m: [m.det()], (len(M), 1))

    def _each(self, M: Any, work: Callable[[Any], Any], shape: tuple[int, ...]) -> Any:
        out = np.empty((len(M), int(np.prod(shape[1:]))), dtype=self.dtype)
        for row, m in zip(out, M, strict=True):
            row[:] = nan if _undefined(m) else [self.write(x) for x in work(self.read(m))]
        return out.reshape(shape)


def residues(prime: int) -> Stacks:
    """Stacks of int64 residues, from 0 to `prime` − 1."""
    return Stacks(lambda m: flint.nmod_mat(*m.shape, m.ravel().tolist(), prime), int, np.int64)


def _undefined(m: Any) -> bool:
    return m.dtype == object and any(isinstance(x, float) for x in m.flat)


def _rationals(m: Any) -> Any:
    return flint.fmpq_mat(*m.shape, [flint.fmpq(int(x.numerator), int(x.denominator)) for x in m.flat])


RATIONALS = Stacks(_rationals, lambda q: Fraction(int(q.p), int(q.q)), object)
"""Stacks of Fractions."""
