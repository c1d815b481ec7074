"""Exact feasibility of y ≥ 0, Ay = b, in rationals, with a certificate either way.

Phase one of the simplex method with Bland's rule, which cannot cycle. If the equations have no
non-negative solution, the dual of phase one is Farkas' certificate. (SymPy 1.14's own `linprog` returns
infeasible points on problems that have only equations.) R. G. Bland, Math. Oper. Res. 2 (1977).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from derivations.algebra.budget import Exhausted

__all__ = ["non_negative_point", "non_negative_solution"]

_MOST = 2 * 10**9  # entries of the table that pivots rewrite: minutes, twenty times what the longest proof takes

Vector = list[Fraction]


def non_negative_solution(A: Sequence[Sequence[int]], b: Sequence[int]) -> tuple[bool, Vector]:
    """(True, y) with y ≥ 0, Ay = b, or (False, p) with pA ≤ 0 and p·b > 0; b ≥ 0 is required.

    The caller re-checks whichever it gets: neither answer rests on this code. The table holds integers over one common
    denominator, the last pivot (Edmonds): its divisions are exact, and no fraction is ever reduced.

    Raises:
        Exhausted: the table was rewritten too often.
    """
    m, n = len(A), len(A[0])
    # One artificial variable per row; their columns carry the dual prices along.
    y, cost, denominator = _phase_one([[*row, *(int(i == k) for k in range(m)), b[i]] for i, row in enumerate(A)], n)
    return (True, y) if cost[-1] == 0 else (False, [1 - Fraction(cost[n + i], denominator) for i in range(m)])


def non_negative_point(A: Sequence[Sequence[int]], b: Sequence[int]) -> Vector | None:
    """The same y, None where there is none: nothing is carried along that would show why not."""
    y, cost, _ = _phase_one([[*row, b[i]] for i, row in enumerate(A)], len(A[0]))
    return y if cost[-1] == 0 else None


def _phase_one(table: list[list[int]], n: int) -> tuple[Vector, list[int], int]:
    """(the values of the n variables, the cost row, its denominator) where the artificial variables are least."""
    m = len(table)
    basis = list(range(n, n + m))
    carried = len(table[0]) - 1 - n
    cost = [-sum(row[j] for row in table) for j in range(n)] + [0] * carried + [-sum(row[-1] for row in table)]
    denominator, work = 1, 0
    while (enter := next((j for j in range(n) if cost[j] < 0), None)) is not None:
        work += len(cost) * sum(1 for row in (*table, cost) if row[enter])
        if work > _MOST:
            raise Exhausted(f"an exact linear program of {m} equations in {n} unknowns")
        leave = -1  # bounded below by 0, so some row always limits the step
        for i, row in enumerate(table):
            if row[enter] > 0:
                gap = -1 if leave < 0 else row[-1] * table[leave][enter] - table[leave][-1] * row[enter]
                if gap < 0 or (gap == 0 and basis[i] < basis[leave]):
                    leave = i
        cost = _pivot(table, cost, leave, enter, denominator)
        denominator = table[leave][enter]
        basis[leave] = enter
    y = [Fraction(0)] * n
    for i, j in enumerate(basis):
        if j < n:
            y[j] = Fraction(table[i][-1], denominator)
    return y, cost, denominator


def _pivot(table: list[list[int]], cost: list[int], leave: int, enter: int, denominator: int) -> list[int]:
    """Eliminate the entering column: the table changes in place but for its pivot row, the new cost row is returned."""
    row = table[leave]
    pivot = row[enter]
    filled = [j for j, w in enumerate(row) if w]

    def eliminated(other: list[int]) -> list[int]:
        factor = other[enter]
        if pivot != denominator and not factor:
            return [v and pivot * v // denominator for v in other]
        if pivot != denominator:
            return [(pivot * v - factor * w) // denominator for v, w in zip(other, row, strict=True)]
        if factor:  # most entries are 0 and most pivots 1: what is left of the row stays
            other = other.copy()
            for j in filled:
                other[j] -= factor * row[j] // denominator
        return other

    for i, other in enumerate(table):
        if i != leave:
            table[i] = eliminated(other)
    return eliminated(cost)
