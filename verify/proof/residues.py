"""Random residues modulo a prime of every domain, and the degree of what is drawn in the numbers it is drawn from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from derivations.domain import Domain
from verify.evaluate.field import Field

__all__ = ["RESIDUES", "Residues"]


def _plain(_: int) -> tuple[int, int]:
    return 1, 0


@dataclass(frozen=True)
class Residues:
    """How the values of a domain are drawn.

    `draw(points, size, field, rng)` draws (points, …): `size` is the number of modes, or the shape of a matrix.
    `degree(n)` is that of (numerator, denominator) of its entries, n being the largest dimension.
    """

    draw: Callable[[int, Any, Field, Any], Any]
    degree: Callable[[int], tuple[int, int]] = _plain


def _entries(points: int, shape: Any, field: Field, rng: Any) -> Any:
    return rng.integers(0, field.prime, (points, *shape))


def _symmetric(points: int, shape: Any, field: Field, rng: Any) -> Any:
    M = _entries(points, shape, field, rng)
    return (M + np.swapaxes(M, 1, 2)) % field.prime


def _diagonal(points: int, shape: Any, field: Field, rng: Any) -> Any:
    return _entries(points, shape, field, rng) * np.eye(shape[0], dtype=np.int64)


def _cayley(points: int, shape: Any, field: Field, rng: Any) -> Any:
    """(I − K)(I + K)⁻¹ for skew K: orthogonal, of degree n over degree n."""
    M, eye = _entries(points, shape, field, rng), np.eye(shape[0], dtype=np.int64)
    K = (M - np.swapaxes(M, 1, 2)) % field.prime
    return field.matmul((eye - K) % field.prime, field.inverse((eye + K) % field.prime))


def _signed_permutation(points: int, shape: Any, field: Field, rng: Any) -> Any:
    signs = rng.choice([1, field.prime - 1], (points, shape[0], 1))
    return np.eye(shape[0], dtype=np.int64)[np.argsort(rng.random((points, shape[0])), axis=1)] * signs


_ONE = Residues(lambda points, _, field, rng: rng.integers(1, field.prime, (points, 1)))
_EACH = Residues(lambda points, modes, field, rng: rng.integers(1, field.prime, (points, modes)))
_SHARED = Residues(lambda points, n, field, rng: np.repeat(rng.integers(1, field.prime, (points, 1)), n, axis=1))
_MATRIX, _SYMMETRIC = Residues(_entries), Residues(_symmetric)
RESIDUES: Mapping[Domain, Residues] = {
    Domain.POSITIVE: _ONE,
    Domain.NONNEGATIVE: _ONE,
    Domain.REAL: _ONE,
    Domain.UNIT: _ONE,
    Domain.COUNT: _ONE,
    Domain.SPECTRUM: _EACH,
    Domain.DEVIATIONS: _EACH,
    Domain.EQUAL: _SHARED,
    Domain.DISTINCT: _EACH,
    Domain.MODES: _EACH,
    Domain.POSITIVE_MODES: _EACH,
    Domain.FLAGS: _EACH,
    Domain.MATRIX: _MATRIX,
    Domain.SINGULAR: _MATRIX,
    Domain.SYMMETRIC: _SYMMETRIC,
    Domain.DEFINITE: _SYMMETRIC,
    Domain.DIAGONAL: Residues(_diagonal),
    Domain.ORTHOGONAL: Residues(_cayley, degree=lambda n: (n, n)),
    Domain.SIGNED_PERMUTATION: Residues(_signed_permutation),
}
