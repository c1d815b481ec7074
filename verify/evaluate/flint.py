"""Inverses and determinants by FLINT where it is installed (extra `rigor`), else by `gauss_jordan`: the same answers.

A reduced fraction and a residue have one form each, so exact results cannot differ; what differs is the time.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

try:
    import flint
except ImportError:
    flint = None

__all__ = ["available", "rational", "residues"]


def available() -> bool:
    """Whether FLINT is there."""
    return flint is not None


def rational(M: Any, inverse: bool) -> Any:
    """Inverses (N, n, n) or determinants (N, 1) of a stack of Fractions; None where an entry is no number.

    Raises:
        ZeroDivisionError: some matrix to be inverted is singular.
    """
    if any(isinstance(x, float) for x in M.ravel()):
        return None
    n = M.shape[1]

    def read(m: Any) -> Any:
        return flint.fmpq_mat(n, n, [flint.fmpq(int(x.numerator), int(x.denominator)) for x in m.ravel()])

    def fraction(q: Any) -> Fraction:
        return Fraction(int(q.p), int(q.q))

    return _stacked(M, read, fraction, inverse, object)


def residues(M: Any, prime: int, inverse: bool) -> Any:
    """The same for a stack of residues modulo a prime."""
    n = M.shape[1]
    return _stacked(M, lambda m: flint.nmod_mat(n, n, m.ravel().tolist(), prime), int, inverse, np.int64)


def _stacked(M: Any, read: Callable[[Any], Any], write: Callable[[Any], Any], inverse: bool, dtype: Any) -> Any:
    found = [[write(x) for x in read(m).inv().entries()] if inverse else [write(read(m).det())] for m in M]
    out = np.empty((len(M), M.shape[1] ** 2 if inverse else 1), dtype=dtype)
    for row, entries in zip(out, found, strict=True):
        row[:] = entries
    return out.reshape(M.shape) if inverse else out
