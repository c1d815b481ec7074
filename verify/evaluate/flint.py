"""Inverses and determinants of stacks of matrices of residues modulo a prime, by FLINT."""

from __future__ import annotations

from typing import Any

import flint
import numpy as np

__all__ = ["det", "inverse"]


def inverse(M: Any, prime: int) -> Any:
    """The inverses (N, n, n) of a stack of int64 residues, from 0 to `prime` − 1.

    Raises:
        ZeroDivisionError: some matrix is singular.
    """
    return np.array([[int(x) for x in _read(m, prime).inv().entries()] for m in M], np.int64).reshape(M.shape)


def det(M: Any, prime: int) -> Any:
    """The determinants (N, 1); 0 where a matrix is singular."""
    return np.array([int(_read(m, prime).det()) for m in M], np.int64).reshape(len(M), 1)


def _read(m: Any, prime: int) -> Any:
    return flint.nmod_mat(*m.shape, m.ravel().tolist(), prime)
