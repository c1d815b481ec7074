"""A matrix expression as a small linear machine (§1): r = δ + C(I − Σ A_x x)⁻¹ Σ B_x x.

Each letter X is λI + x if it is square, x if not. Values are residues; `weight` bounds the degree, and half the bits of
the coefficients, of every entry over the machine's one common denominator, and of that denominator: sums and
products add weights, and an inverse ((aN − bc)/(QN) for δ = N/Q) doubles its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from verify.proof.dimensions.prime_field import PrimeField

__all__ = ["Machine", "constant", "gradients", "invert", "letter", "multiply", "total"]


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


def gradients(
    atoms: Sequence[Sequence[Any]], x: Any, frozen: Any, field: PrimeField, spared: Any = frozenset()
) -> tuple[Any, int]:
    """The cyclic gradients of all atoms in letter x, on a spanning set of words without frozen letters (§4, machine).

    An atom is a sequence of (sign, machine), sign 0 for the trace, ±1 for log det's A and A^×. Returns one row per
    word, one column per atom, and how long words had to be read. Words of `spared` letters alone are left out.
    """
    p, size = field.p, 0
    start: dict[int, int] = defaultdict(int)
    out: list[tuple[int, int, int]] = []  # (state, atom, value)
    steps: dict[Any, list[tuple[int, int, int]]] = defaultdict(list)  # (target, source, value)
    for column, atom in enumerate(atoms):
        for sign, r in atom:
            N, trace = r.states, sign == 0
            A = [a for a in r.A if a[0][0] not in frozen]
            B = [b for b in r.B if b[0][0] not in frozen]
            width, copies = (2 * N if trace else N), 0
            rows: dict[int, list[tuple[int, int]]] = defaultdict(list)  # A_x = Σ_j p_jq_j, p_j a unit column
            for z, i, j, v in A:
                if z == x:
                    rows[i].append((j, v))
            for i, q in rows.items():  # row q_j (beside 0): its output is the entry at p_j
                at = size + copies * width
                for j, v in q:
                    start[at + j] += v
                out.append((at + width - N + i, column, sign or 1))
                copies += 1
            last = [(i, v) for z, i, v in B if z == x] if trace else []
            if last:  # row (0 | C): its output is B_x
                at = size + copies * width + N
                for j, c in r.C.items():
                    start[at + j] += c
                out += [(at + i, column, v) for i, v in last]
                copies += 1
            moves = [(z, i, j, v) for z, i, j, v in A]  # 𝔸_z = [[A_z, B_zC], [0, A_z]], from the right
            if trace:
                moves += [(z, i + N, j + N, v) for z, i, j, v in A]
                moves += [(z, i, j + N, v * c % p) for z, i, v in B for j, c in r.C.items()]
            for z, i, j, v in moves:
                steps[z] += [(size + k * width + j, size + k * width + i, v % p) for k in range(copies)]
            size += copies * width
    if not start:
        return np.zeros((0, len(atoms)), np.int64), 0
    first = np.zeros((1, size), np.int64)
    first[0, list(start)] = [v % p for v in start.values()]
    arrays = {z: _arrays(entries) for z, entries in steps.items() if entries}
    if spared:
        inner = field.span(first, [a for z, a in arrays.items() if z[0] in spared])
        first = np.vstack(
            [first[:0], *(field.scatter(inner, *a, size) for z, a in arrays.items() if z[0] not in spared)]
        )
    basis = field.span(first, [*arrays.values()])
    read = _arrays([(column, state, v % p) for state, column, v in out])
    return field.scatter(basis, *read, len(atoms)), size


def _arrays(entries: Any) -> tuple[Any, Any, Any]:
    target, source, value = (np.array(column, np.int64) for column in zip(*sorted(entries), strict=True))
    return source, target, value
