"""Linear algebra on stacks of matrices in two layouts: small ones entry by entry, larger ones matrix by matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["Entries", "Matrices", "layout"]

NARROW = 8
"""Up to this size a vectorised loop over entries is faster than a call of LAPACK per matrix."""


class Entries:
    """(rows, columns, k): an operation on one entry is one on the whole stack, contiguous in memory."""

    @staticmethod
    def stack(A: Any) -> Any:
        """From (k, rows, columns)."""
        return np.ascontiguousarray(A.transpose(1, 2, 0))

    @staticmethod
    def matrices(A: Any) -> Any:
        """To (k, rows, columns)."""
        return np.ascontiguousarray(A.transpose(2, 0, 1))

    @staticmethod
    def load(x: Any, shape: tuple[int, int]) -> Any:
        """From points (k, rows·columns)."""
        return np.ascontiguousarray(x.T).reshape(*shape, len(x))

    @staticmethod
    def points(A: Any) -> Any:
        """To points (k, rows·columns)."""
        return np.ascontiguousarray(A.reshape(-1, A.shape[2]).T)

    @staticmethod
    def transposed(A: Any) -> Any:
        """Aᵀ."""
        return A.transpose(1, 0, 2)

    @staticmethod
    def product(A: Any, B: Any) -> Any:
        """AB."""
        out = A[:, 0, None] * B[None, 0]
        term = np.empty_like(out)
        for j in range(1, A.shape[1]):
            np.multiply(A[:, j, None], B[None, j], out=term)
            out += term
        return out

    @staticmethod
    def inner(A: Any, B: Any) -> Any:
        """Tr AᵀB, (k,)."""
        if A.shape[2] == 1:  # a single column would be summed in another order
            A, B = (np.repeat(X, 2, axis=2) for X in (A, B))
            return Entries.inner(A, B)[:1]
        return np.einsum("nk,nk->k", A.reshape(-1, A.shape[2]), B.reshape(-1, A.shape[2]))

    @staticmethod
    def inverse(A: Any) -> tuple[Any, Any]:
        """A⁻¹, in place, and log det A (k,), of definite A: Gauss-Jordan needs no pivoting then."""
        det, term = np.ones(A.shape[2]), np.empty_like(A)
        for j in range(len(A)):
            pivot = A[j, j].copy()
            det *= pivot
            column = A[:, j].copy()
            row = A[j] / pivot
            np.multiply(column[:, None], row, out=term)
            A -= term
            A[j] = row
            A[:, j] = column / -pivot
            A[j, j] = 1 / pivot
        return A, np.log(det)


class Matrices:
    """(k, rows, columns): one call of BLAS or LAPACK per matrix. The methods are those of `Entries`."""

    @staticmethod
    def stack(A: Any) -> Any:
        """From (k, rows, columns)."""
        return np.ascontiguousarray(A)

    @staticmethod
    def matrices(A: Any) -> Any:
        """To (k, rows, columns)."""
        return A

    @staticmethod
    def load(x: Any, shape: tuple[int, int]) -> Any:
        """From points (k, rows·columns)."""
        return x.reshape(-1, *shape)

    @staticmethod
    def points(A: Any) -> Any:
        """To points (k, rows·columns)."""
        return A.reshape(len(A), -1)

    @staticmethod
    def transposed(A: Any) -> Any:
        """Aᵀ."""
        return A.mT

    @staticmethod
    def product(A: Any, B: Any) -> Any:
        """AB."""
        return A @ B

    @staticmethod
    def inner(A: Any, B: Any) -> Any:
        """Tr AᵀB, (k,)."""
        return np.vecdot(A.reshape(len(A), -1), B.reshape(len(A), -1))

    @staticmethod
    def inverse(A: Any) -> tuple[Any, Any]:
        """A⁻¹ and log det A (k,) of definite A."""
        return np.linalg.inv(A), np.linalg.slogdet(A)[1]


def layout(size: int) -> type[Entries] | type[Matrices]:
    """The faster of the two for matrices of this size."""
    return Entries if size <= NARROW else Matrices
