"""Eigenvalues and eigenvectors of a real symmetric matrix of balls, enclosed by FLINT."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from flint import acb_mat, arb, arb_mat, fmpq, fmpq_mat

__all__ = ["descending", "vectors"]


def descending(M: Any) -> list[Any]:
    """The eigenvalues, multiple ones too; those of a rational matrix that are rational exactly.

    Raises:
        ValueError: they cannot be isolated at this precision.
    """
    values = _roots(M) if isinstance(M, fmpq_mat) else [z.real for z in acb_mat(arb_mat(M)).eig(multiple=True)]
    found = sorted(values, key=lambda x: -float(arb(x).mid()))
    if all(a is b or a > b for a, b in pairwise(found)):
        return found
    # The k-th largest lies between the k-th largest lower bound and the k-th largest upper bound of all enclosures.
    enclosed = list(map(arb, values))
    low, high = (sorted(ends, reverse=True) for ends in ([x.lower() for x in enclosed], [x.upper() for x in enclosed]))
    return [a.union(b) for a, b in zip(low, high, strict=True)]


def _roots(M: Any) -> list[Any]:
    """The eigenvalues of a rational matrix, each as often as it counts: the roots of its polynomial's factors."""
    found: list[Any] = []
    for factor, times in M.charpoly().numer().factor()[1]:
        linear = factor.degree() == 1
        roots = [fmpq(-factor[0], factor[1])] if linear else [z.real for z, _ in factor.complex_roots()]
        found += [root for root in roots for _ in range(times)]
    return found


def vectors(M: Any) -> list[Any]:
    """The eigenvalues, then the matrix with the eigenvectors as columns, row by row.

    Raises:
        ValueError: an eigenvalue is not seen to be simple; the vectors of others are no function of the matrix.
    """
    values, columns = acb_mat(arb_mat(M)).eig(right=True)
    n = len(values)
    order = sorted(range(n), key=lambda k: -float(values[k].real.mid()))
    found = []
    for k in order:
        column = [columns[i, k] for i in range(n)]
        largest = max(column, key=lambda z: float(abs(z).mid()))
        real = [(z / largest).real for z in column]  # a vector of a real matrix, but for a complex factor
        length = sum(x * x for x in real).sqrt()
        found.append([x / length for x in real])
    return [values[k].real for k in order] + [found[k][i] for i in range(n) for k in range(n)]
