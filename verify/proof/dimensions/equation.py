"""A sentence as F = 0, F a function of atoms: traces, log dets, mode sums (§0)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import prod
from typing import Any

import sympy as sp

from derivations.algebra.nodes import Diagonal, LogDet, SumModes
from verify.proof.dimensions.machine import Machine, constant, multiply, total
from verify.proof.dimensions.prime_field import Open
from verify.proof.dimensions.reading import Probe, Reading
from verify.proof.dimensions.sentence import ATOMS, ORTHOGONAL, Sentence, scalar, split_log

__all__ = ["Equation"]


class Equation:
    """F as a sum of terms sign · scalars · atom; of determinants, the logarithms of both sides are compared (§5)."""

    def __init__(self, sentence: Sentence, reading: Reading) -> None:
        self.sentence, self.reading, self.field = sentence, reading, reading.field
        self.probe: Any = None
        sides = ((1, sentence.left), (-1, sentence.right))
        if sentence.left.is_Matrix != sentence.right.is_Matrix:
            raise Open("one side is a matrix, the other a number")
        self._terms = [(sign, term) for sign, e in sides for term in (self._probed(e) if e.is_Matrix else [(e,)])]
        turned = {v.symbol for v in sentence.claim.variables if v.domain in ORTHOGONAL}
        if any(isinstance(n, sp.Determinant) and n.free_symbols & turned for n in sentence.nodes):
            raise Open("a determinant whose sign a reflection may turn")
        known = [LogDet(n.args[0]) if isinstance(n, sp.Determinant) else n for n in sentence.nodes]
        known += [factor for _, term in self._terms for factor in term]
        found = sorted({n for n in known if isinstance(n, ATOMS)}, key=sp.default_sort_key)
        self.sums = [e for e in found if isinstance(e, SumModes)]
        self._cuts = {
            e: parts for e in found if isinstance(e, sp.Trace) and len(parts := self._pieces(e.args[0])[1]) > 1
        }
        whole = {e for e in found if e not in self.sums and e not in self._cuts} | {
            t for c in self._cuts.values() for t in c
        }
        self.atoms = {e: reading.atom(e) for e in sorted(whole, key=sp.default_sort_key)}
        parents = [n for n in sentence.nodes if not isinstance(n, sp.log)]
        inside = [sentence.left, sentence.right, *(a for n in parents for a in n.args)]
        self._logs = any(isinstance(e, sp.Determinant) for e in inside)
        self.size = sum(sentence.weight(factor) for _, term in self._terms for factor in term)
        for e, parts in self._cuts.items():
            self.size *= len(parts) + sum(sentence.weight(c) for c, _ in self._pieces(e.args[0])[0])

    def _probed(self, side: Any) -> Iterator[tuple[Any, ...]]:
        """R = 0 iff tr(Hr) = 0 for a new letter H (§4), taken in the frames if there are diagonals (§7)."""
        claim = self.sentence.claim
        frames = {v.symbol.rows: v.symbol for v in claim.variables if v.domain in ORTHOGONAL}
        rows, columns = side.shape
        self.probe = Probe("H", columns, rows)
        modal = any(isinstance(n, Diagonal) for n in self.sentence.nodes)
        before, after = ([frames[n]] if modal and n in frames else [] for n in side.shape)
        for scalars, M in self._summands(side):
            yield *scalars, sp.Trace(sp.MatMul(self.probe, *(sp.Transpose(T) for T in before), M, *after))

    def _summands(self, M: Any) -> Iterator[tuple[tuple[Any, ...], Any]]:
        """A matrix with traces as coefficients, multiplied out as far as its outer sums go."""
        if not any(isinstance(n, ATOMS) for n in self.sentence.below(M)):
            yield (), M
        elif M in self.sentence.definitions:
            yield from self._summands(self.sentence.definitions[M])
        elif isinstance(M, sp.MatAdd):
            for a in M.args:
                yield from self._summands(a)
        elif isinstance(M, sp.MatMul) and len(matrices := [a for a in M.args if a.is_Matrix]) < len(M.args):
            for scalars, rest in self._summands(sp.MatMul(*matrices) if matrices[1:] else matrices[0]):
                yield (*(a for a in M.args if not a.is_Matrix), *scalars), rest
        else:
            yield (), M  # refused where it is read

    def at(self, values: Mapping[Any, int]) -> int:
        """F where atoms (and, for modes, dimension symbols) have these values; mode sums are 0 unless given."""
        p = self.field.p

        def leaf(e: Any) -> tuple[int, int | None]:
            if e in self._cuts:
                return self._product(e, values), None
            if e in values or isinstance(e, SumModes):
                return values.get(e, 0), None
            if e in self.sentence.definitions:
                return read(sp.S(self.sentence.definitions[e])), None
            return self.reading.leaf(e)

        def read(e: Any) -> int:
            return scalar(e, self.field, leaf)

        found = 0
        for sign, term in self._terms:
            part = sign
            for factor in term:
                part = part * (split_log(factor, self.field, read, signed=True) if self._logs else read(factor)) % p
            found += part
        return found % p

    def _pieces(self, M: Any) -> tuple[list[tuple[Any, bool]], list[Any]]:
        """Scalars (and whether they divide) and traces whose product is tr M, cut wherever a dimension is 1 (§5)."""
        factors = [*self.sentence.factors(M)]
        scalars = [(c, inverted) for c, _, inverted in factors if not c.is_Matrix]
        matrices = [
            sp.Transpose(a) if turned else a
            for a, turned in (
                (sp.Inverse(a) if inverted else a, turned) for a, turned, inverted in factors if a.is_Matrix
            )
        ]
        ones = [k for k, a in enumerate(matrices) if a.rows == 1]
        if not ones:
            return scalars, [M]
        turned_round = matrices[ones[0] :] + matrices[: ones[0]]
        ends = [k - ones[0] for k in ones] + [len(matrices)]
        return scalars, [sp.Trace(sp.MatMul(*turned_round[a:b])) for a, b in pairwise(ends)]

    def _product(self, e: Any, values: Mapping[Any, int]) -> int:
        found, p = 1, self.field.p
        for c, divides in self._pieces(e.args[0])[0]:
            found = found * (self.field.inverse(self.reading.value(c)) if divides else self.reading.value(c)) % p
        for trace in self._cuts[e]:
            found = found * values[trace] % p
        return found

    def matrix(self) -> Machine:
        """Left − right in the frames, where no trace stands beside the matrices."""
        parts = []
        for sign, (*scalars, trace) in self._terms:
            weight = 1 + sum(map(self.sentence.weight, scalars))
            factor = prod(map(self.reading.value, scalars), start=sign) % self.field.p
            r = self.reading.of(sp.MatMul(*trace.args[0].args[1:]))
            parts.append(multiply(constant(factor, weight), r, self.field.p))
        return total(parts, self.field.p)

    def affine(self, unknowns: Sequence[Any]) -> bool:
        """Whether F is a constant and a linear function of these, by one random addition."""
        zero = dict.fromkeys([*self.atoms, *unknowns], 0)
        a, b = ({e: self.field.draw() for e in unknowns} for _ in "ab")
        both = {e: (a[e] + b[e]) % self.field.p for e in unknowns}
        try:
            f = [self.at(zero | v) for v in ({}, a, b, both)]
        except Open:  # 1/n at 0
            return False
        return (f[0] + f[3] - f[1] - f[2]) % self.field.p == 0

    def slope(self, atom: Any) -> int:
        """The coefficient of an atom, F being linear in them."""
        zero = dict.fromkeys(self.atoms, 0)
        return (self.at(zero | {atom: 1}) - self.at(zero)) % self.field.p

    def centre(self) -> dict[Any, int]:
        """Every atom at the centre."""
        return {e: self.reading.centre(e, machines) for e, machines in self.atoms.items()}
