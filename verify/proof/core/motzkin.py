"""Whether relations between monomials exclude each other: they are linear in logarithms (Motzkin's theorem).

{a·x > 0, b·x ≥ 0} has no solution x if some y ≥ 0 has Σ y_i a_i + Σ y_j b_j = 0 and Σ y_i > 0 over the strict rows. The
multipliers come from a program that is not trusted; they are checked here. (A. Schrijver, Linear and Integer
Programming, §7.8.)
"""

from __future__ import annotations

from functools import lru_cache
from math import lcm, log
from operator import mul
from typing import Any

from derivations.algebra.simplex import non_negative_point
from verify.proof.core.polynomials import Mono
from verify.proof.core.terms import Term, shown

Row = tuple[Mono, bool]  # Σ exponent·log atom, > 0 if strict, else ≥ 0

_POWER = 1000


@lru_cache(maxsize=65536)  # in a proof the same few relations meet again and again
def impossible(relations: frozenset[Row]) -> bool:
    """Whether multipliers show that no positive values of the atoms satisfy all rows."""
    rows = [(dict(row), strict) for row, strict in (*relations, *_primes({a for row, _ in relations for a, _ in row}))]
    if any(strict and not row for row, strict in rows):
        return True
    if not any(strict for _, strict in rows):
        return False
    atoms = sorted({a for row, _ in rows for a in row}, key=shown)
    scales = [lcm(*(e.denominator for e in row.values())) for row, _ in rows]
    whole = [[int(row.get(a, 0) * n) for a in atoms] for (row, _), n in zip(rows, scales, strict=True)]
    strict = [int(s) for _, s in rows]
    columns: list[Any] = [*map(list, zip(*whole, strict=True)), strict]
    y = non_negative_point(columns, [0] * len(atoms) + [1])
    if y is None:
        return False
    n = lcm(*(m.denominator for m in y))
    multipliers = [int(m * n) for m in y]
    sums = [sum(map(mul, multipliers, column)) for column in columns]
    return min(multipliers) >= 0 and sums[-1] > 0 and not any(sums[:-1])


def _primes(atoms: set[Term]) -> list[Row]:
    """Log p > 0 for the smallest prime p that occurs, and for each other q what whole powers show of log q / log p."""
    primes = sorted((a for a in atoms if a.head == "number"), key=lambda a: a.args[0])
    rows: list[Row] = [(frozenset({(p, 1)}), True) for p in primes[:1]]
    for q in primes[1:]:
        large, small = int(q.args[0]), int(primes[0].args[0])
        n = int(_POWER * log(large) / log(small))
        if small**n < large**_POWER < small ** (n + 1):
            rows.append((frozenset({(q, _POWER), (primes[0], -n)}), True))
            rows.append((frozenset({(q, -_POWER), (primes[0], n + 1)}), True))
    return rows
