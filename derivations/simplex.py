"""Exact feasibility of y ≥ 0, Ay = b, in rationals, with a certificate either way.

Phase one of the simplex method with Bland's rule, which cannot cycle. If the equations have no
non-negative solution, the dual of phase one is Farkas' certificate. (SymPy 1.14's own `linprog` returns
infeasible points on problems that have only equations.) R. G. Bland, Math. Oper. Res. 2 (1977).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

__all__ = ["non_negative_solution"]

Vector = list[Fraction]


def non_negative_solution(A: Sequence[Sequence[int | Fraction]], b: Sequence[int | Fraction]) -> tuple[bool, Vector]:
    """(True, y) with y ≥ 0, Ay = b, or (False, p) with pA ≤ 0 and p·b > 0; b ≥ 0 is required.

    The caller re-checks whichever it gets: neither answer rests on this code.
    """
    m, n = len(A), len(A[0])
    # One artificial variable per row; their columns carry the dual prices along.
    table = [[Fraction(v) for v in row] + [Fraction(int(i == k)) for k in range(m)] + [Fraction(b[i])]
             for i, row in enumerate(A)]  # fmt: skip
    basis = list(range(n, n + m))
    cost = [-sum((row[j] for row in table), Fraction(0)) for j in range(n)] + [Fraction(0)] * m
    cost.append(-sum((row[-1] for row in table), Fraction(0)))
    while (enter := next((j for j in range(n) if cost[j] < 0), None)) is not None:
        ratios = [(row[-1] / row[enter], basis[i], i) for i, row in enumerate(table) if row[enter] > 0]
        leave = min(ratios)[2]  # bounded below by 0, so some row always limits the step
        _pivot(table, cost, leave, enter)
        basis[leave] = enter
    if cost[-1] == 0:
        y = [Fraction(0)] * n
        for i, j in enumerate(basis):
            if j < n:
                y[j] = table[i][-1]
        return True, y
    return False, [1 - cost[n + i] for i in range(m)]


def _pivot(table: list[Vector], cost: Vector, leave: int, enter: int) -> None:
    pivot = table[leave][enter]
    table[leave] = [v / pivot for v in table[leave]]
    for i, row in enumerate(table):
        if i != leave and row[enter]:
            factor = row[enter]
            table[i] = [v - factor * w for v, w in zip(row, table[leave], strict=True)]
    factor = cost[enter]
    cost[:] = [v - factor * w for v, w in zip(cost, table[leave], strict=True)]
