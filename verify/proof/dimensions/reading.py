"""Matrix expressions as machines: which letters there are, and what is a transpose of what (§0, §3)."""

from __future__ import annotations

from functools import reduce
from typing import Any

import sympy as sp

from derivations.algebra.nodes import Diagonal
from derivations.statements.claim import Domain
from verify.proof.dimensions import machine
from verify.proof.dimensions.machine import Machine
from verify.proof.dimensions.prime_field import Open, PrimeField
from verify.proof.dimensions.sentence import ATOMS, ORTHOGONAL, ROOT, Sentence, scalar

__all__ = ["Probe", "Reading"]

_SYMMETRIC = (Domain.SYMMETRIC, Domain.DEFINITE, Domain.DIAGONAL)


class Probe(sp.MatrixSymbol):
    """The new letter H of tr(Hr): of a class of its own, so that no letter of a claim equals it."""


class Reading:
    """One reading of a sentence: its letters with their kinds, and machines modulo one prime.

    `dropped` are orthogonal letters that may be put to I (`frames.py`).
    """

    def __init__(self, sentence: Sentence, field: PrimeField, dropped: frozenset[Any]) -> None:
        self.sentence, self.field, self.dropped = sentence, field, dropped
        self.kinds: dict[Any, str] = {}  # "any", "symmetric", "orthogonal"
        self.centres: dict[Any, int] = {}
        self.ends: set[Any] = set()  # dimensions of letters
        self.diagonal: set[Any] = set()  # letters that live in modes
        self._known: dict[tuple[Any, bool], Machine] = {}

    def leaf(self, e: Any) -> tuple[int, int | None]:
        """A scalar symbol: a residue, dimension symbols too (§5); nothing that depends on matrices."""
        if e in self.sentence.definitions:
            return self.value(sp.S(self.sentence.definitions[e])), None
        if e.is_Symbol or e is sp.pi:
            root = self.field.of("scalar", e)
            return pow(root, ROOT, self.field.p), root
        raise Open(
            "a trace or log det inside a matrix" if isinstance(e, ATOMS) else f"a {type(e).__name__} in a matrix"
        )

    def value(self, e: Any) -> int:
        """A scalar without traces."""
        return scalar(e, self.field, self.leaf)

    def atom(self, e: Any) -> list[tuple[int, Machine]]:
        """What `gradients` reads: the atom and its transposed twin (§4)."""
        twins = [self.of(e.args[0], t) for t in (False, True)]
        if isinstance(e, sp.Trace):
            return [(0, r) for r in twins]
        return [pair for r in twins for pair in ((-1, machine.invert(r, self.field)), (1, r))]

    def centre(self, e: Any, atom: list[tuple[int, Machine]]) -> int:
        """The atom at the centre, mean of the twins: nδ or n log δ, (ii) of §4."""
        found = [r.delta if sign == 0 else self.field.log(r.delta) for sign, r in atom if sign >= 0]
        return sum(found) * pow(2, -1, self.field.p) * self.value(e.args[0].rows) % self.field.p

    def of(self, e: Any, transposed: bool = False) -> Machine:
        """The machine of an expression, or of its transpose."""
        if (e, transposed) not in self._known:
            self._known[e, transposed] = self._read(e, transposed)
        return self._known[e, transposed]

    def _read(self, e: Any, t: bool) -> Machine:
        field, p = self.field, self.field.p
        if e in self.sentence.definitions:
            return self.of(self.sentence.definitions[e], t)
        if isinstance(e, sp.MatrixSymbol):
            return self._symbol(e, t)
        if isinstance(e, Diagonal):
            return self._diagonal(e, t)
        if isinstance(e, sp.Identity | sp.ZeroMatrix):
            return machine.constant(int(isinstance(e, sp.Identity)))
        if isinstance(e, sp.Transpose):
            return self.of(e.arg, not t)
        if isinstance(e, sp.MatPow) and (e.exp.is_Integer and e.exp != 0):  # Inverse is one
            base = self.of(e.base, t)
            base = base if e.exp > 0 else machine.invert(base, field)
            return reduce(lambda r, _: machine.multiply(r, base, p), range(abs(int(e.exp)) - 1), base)
        if isinstance(e, sp.MatAdd):
            return machine.total([self.of(a, t) for a in e.args], p)
        if isinstance(e, sp.MatMul):
            parts = [
                self.of(a, t) if a.is_Matrix else machine.constant(self.value(a), self.sentence.weight(a))
                for a in (reversed(e.args) if t else e.args)
            ]
            return reduce(lambda r, q: machine.multiply(r, q, p), parts)
        raise Open(f"a matrix of kind {type(e).__name__}")

    def _symbol(self, X: Any, t: bool) -> Machine:
        domain = self.sentence.domains.get(X, Domain.MATRIX)
        if X in self.dropped:
            return machine.constant(1)
        if domain is Domain.DIAGONAL:
            self.diagonal.add(X)
        kind = "orthogonal" if domain in ORTHOGONAL else "symmetric" if domain in _SYMMETRIC else "any"
        return self.letter(X, X.shape, kind, t)

    def letter(self, key: Any, shape: tuple[Any, Any], kind: str, t: bool) -> Machine:
        """A letter; its transpose is another one (any), itself (symmetric), its inverse (orthogonal)."""
        if key not in self.kinds:
            self.kinds[key] = kind
            self.ends |= set(shape)
            self.centres[key] = self.field.of("centre", key) if shape[0] == shape[1] else 0
        x = machine.letter((key, t and kind == "any"), self.centres[key])
        return machine.invert(x, self.field) if t and kind == "orthogonal" else x

    def _diagonal(self, e: Any, t: bool) -> Machine:
        rows, columns = e.shape
        if rows == columns and not self.sentence.moves(e.entry):
            return machine.constant(self.value(e.entry), self.sentence.weight(e.entry))
        flipped = sp.default_sort_key(rows) > sp.default_sort_key(columns)
        key = Diagonal(e.entry, columns, rows) if flipped else e
        self.diagonal.add(key)
        return self.letter(key, key.shape, "symmetric" if rows == columns else "any", t != flipped)
