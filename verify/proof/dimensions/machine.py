"""A matrix expression as a small linear machine (§1): r = δ + C(I − Σ A_x x)⁻¹ Σ B_x x.

Each letter X is λI + x if it is square, x if not. Values are residues; `weight` bounds the degree, and half the bits of
the coefficients, of every entry over the machine's one common denominator, and of that denominator: sums and
products add weights, and an inverse ((aN − bc)/(QN) for δ = N/Q) doubles its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np

from verify.proof.dimensions.prime_field import PrimeField

__all__ = ["Machine", "constant", "gradients", "invert", "letter", "multiply", "series", "total"]


@dataclass(frozen=True)
class Machine:
    """A: (letter, row, column, value); B: (letter, row, value); C: value by column. A letter is (key, transposed)."""

    states: int
    delta: int
    C: Mapping[int, int]
    A: tuple[tuple[Any, int, int, int], ...]
    B: tuple[tuple[Any, int, int], ...]
    weight: int


def constant(value: int, weight: int = 1) -> Machine:
    """A multiple of the identity, 0 included: no state."""
    return Machine(0, value, {}, (), (), weight)


def letter(x: Any, centre: int) -> Machine:
    """One letter: one state."""
    return Machine(1, centre, {0: 1}, (), ((x, 0, 1),), 1)


def total(parts: Sequence[Machine], p: int) -> Machine:
    """R + q: the direct sum."""
    C: dict[int, int] = {}
    A: list[Any] = []
    B: list[Any] = []
    n = 0
    for r in parts:
        C |= {j + n: c for j, c in r.C.items()}
        A += [(x, i + n, j + n, v) for x, i, j, v in r.A]
        B += [(x, i + n, v) for x, i, v in r.B]
        n += r.states
    return Machine(n, sum(r.delta for r in parts) % p, C, tuple(A), tuple(B), sum(r.weight for r in parts) or 1)


def multiply(r: Machine, q: Machine, p: int) -> Machine:
    """rq: C = (C_r, δ_rC_q), A = [[A_r, B_rC_q], [0, A_q]], B = (δ_qB_r; B_q)."""
    n = r.states
    C = {**r.C, **{j + n: r.delta * c % p for j, c in q.C.items() if r.delta}}
    A = [*r.A, *((x, i + n, j + n, v) for x, i, j, v in q.A)]
    A += [(x, i, j + n, v * c % p) for x, i, v in r.B for j, c in q.C.items()]
    B = [(x, i, v * q.delta % p) for x, i, v in r.B if q.delta] + [(x, i + n, v) for x, i, v in q.B]
    return Machine(n + q.states, r.delta * q.delta % p, C, tuple(A), tuple(B), r.weight + q.weight)


def invert(r: Machine, field: PrimeField) -> Machine:
    """r⁻¹: δ⁻¹, −δ⁻¹C, A − Bδ⁻¹C, Bδ⁻¹; no new state. Open where δ = 0."""
    p, i = field.p, field.inverse(r.delta)
    A = [*r.A, *((x, a, j, -v * i * c % p) for x, a, v in r.B for j, c in r.C.items())]
    B = tuple((x, a, v * i % p) for x, a, v in r.B)
    return Machine(r.states, i, {j: -i * c % p for j, c in r.C.items()}, tuple(A), B, 2 * r.weight)


def series(r: Machine, field: PrimeField, spared: Set[Any]) -> Any:
    """Coefficients CA_w B_x of r, one row for each of a spanning set of words w, one column per last letter x (§2).

    Words of `spared` letters alone are left out.
    """
    first = np.zeros((1, r.states), np.int64)
    for j, c in r.C.items():
        first[0, j] = c
    ends = {x: k for k, x in enumerate(dict.fromkeys(x for x, *_ in r.B))}
    read = _arrays([(ends[x], i, v) for x, i, v in r.B])
    steps: dict[Any, list[tuple[int, int, int]]] = defaultdict(list)
    for z, i, j, v in r.A:
        steps[z].append((j, i, v))
    arrays = {z: _arrays(entries) for z, entries in steps.items()}
    if not spared:
        return field.scatter(field.span(first, [*arrays.values()]), *read, len(ends))
    inner = field.span(first, [a for z, a in arrays.items() if z[0] in spared])
    after = field.scatter(inner, *read, len(ends))
    after[:, [k for x, k in ends.items() if x[0] in spared]] = 0
    first = np.vstack(
        [first[:0], *(field.scatter(inner, *a, r.states) for z, a in arrays.items() if z[0] not in spared)]
    )
    return np.vstack([after, field.scatter(field.span(first, [*arrays.values()]), *read, len(ends))])


def gradients(atoms: Sequence[Sequence[Any]], x: Any, frozen: Set[Any], field: PrimeField) -> tuple[Any, int]:
    """The cyclic gradients of all atoms in letter x, on a spanning set of words without frozen letters (§4, machine).

    An atom is a sequence of (sign, machine), sign 0 for the trace, ±1 for log det's A and A^×. Returns one row per
    word, one column per atom, and how long words had to be read.
    """
    p, size = field.p, 0
    start: list[tuple[int, int]] = []
    out: list[tuple[int, int, int]] = []  # (atom, state, value)
    steps: dict[Any, list[tuple[int, int, int]]] = defaultdict(list)  # (target, source, value)
    for column, atom in enumerate(atoms):
        for sign, r in atom:
            A = [a for a in r.A if a[0][0] not in frozen]
            B = [b for b in r.B if b[0][0] not in frozen] if sign == 0 else []
            moves, N = A, r.states  # log det: A_z
            if sign == 0:  # trace: 𝔸_z = [[A_z, B_zC], [0, A_z]], from the right
                moves = A + [(z, i + N, j + N, v) for z, i, j, v in A]
                moves += [(z, i, j + N, v * c % p) for z, i, v in B for j, c in r.C.items()]
            width = 2 * N if sign == 0 else N
            copies = list(_rows(A, B, r.C, x, width - N))
            for k, (row, read) in enumerate(copies):
                at = size + k * width
                start += [(at + j, v) for j, v in row]
                out += [(column, at + j, v * (sign or 1) % p) for j, v in read]
            for z, i, j, v in moves:
                steps[z] += [(size + k * width + j, size + k * width + i, v) for k in range(len(copies))]
            size += len(copies) * width
    first = np.zeros((1, size), np.int64)
    for j, v in start:
        first[0, j] = (first[0, j] + v) % p
    basis = field.span(first, [_arrays(entries) for entries in steps.values() if entries])
    return field.scatter(basis, *_arrays(out), len(atoms)), size


def _rows(A: Any, B: Any, C: Any, x: Any, shift: int) -> Iterator[tuple[Any, Any]]:
    """Rows q_j of A_x = Σ p_jq_j (p_j unit columns), beside 0, read at p_j; and (0 | C), read at B_x."""
    rows: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for z, i, j, v in A:
        if z == x:
            rows[i].append((j, v))
    for i, q in rows.items():
        yield q, [(i + shift, 1)]
    if last := [(i + shift, v) for z, i, v in B if z == x]:
        yield [(j + shift, c) for j, c in C.items()], last


def _arrays(entries: Any) -> tuple[Any, Any, Any]:
    target, source, value = np.array(sorted(entries), np.int64).reshape(-1, 3).T
    return source, target, value
