"""Diagonal letters alone: a claim for all dimensions is 2^s scalar identities (§7, c).

A tuple of diagonals is the direct sum, over modes j, of scalars at the pattern e(j): which dimensions are ≥ j. So a sum
of traces, log dets, dimensions and mode sums is 0 iff it is 0 at every pattern, with free values of the modes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import sympy as sp

from derivations.algebra.nodes import Diagonal, LogDet, SumModes
from verify.proof.dimensions.prime_field import Open
from verify.proof.dimensions.reading import Probe, Reading
from verify.proof.dimensions.sentence import ROOT, scalar

__all__ = ["Pattern", "dimensions", "patterns"]

_MOST = 10  # dimension symbols: 2¹⁰ patterns


def dimensions(reading: Reading) -> list[Any]:
    """The dimension symbols that a sentence mentions, frames included."""
    sentence = reading.sentence
    found = {n for n in sentence.nodes if n.is_Symbol and n.is_integer}
    found |= {x for shapes in sentence.shapes.values() for s in shapes for n in s for x in n.free_symbols}
    if len(found := found - set(sentence.domains)) > _MOST:
        raise Open(f"modes with more than {_MOST} dimensions")
    return sorted(found, key=sp.default_sort_key)


def patterns(names: list[Any], conditions: tuple[Any, ...]) -> Iterator[dict[Any, int]]:
    """All patterns; of d ≤ D only, those with e_d ≤ e_D."""
    orders = [(c.lts, c.gts) for c in conditions if isinstance(c, sp.Le | sp.Lt | sp.Ge | sp.Gt)]
    for bits in product((0, 1), repeat=len(names)):
        pattern = dict(zip(names, bits, strict=True))
        if all(pattern.get(a, 0) <= pattern.get(b, 1) for a, b in orders):
            yield pattern


class Pattern:
    """One mode, which some dimensions reach and others do not."""

    def __init__(self, reading: Reading, pattern: dict[Any, int]) -> None:
        self.reading, self.pattern, self.field = reading, pattern, reading.field

    def here(self, n: Any) -> bool:
        """Whether a dimension, or the end of a sum, reaches this mode."""
        if n in self.pattern:
            return bool(self.pattern[n])
        if isinstance(n, sp.Min):
            return all(self.here(a) for a in n.args)
        if n in (0, sp.oo):
            return n != 0
        raise Open(f"modes up to {n}")

    def value(self, e: Any) -> int:
        """The part of a trace, log det or mode sum that belongs to this mode."""
        if isinstance(e, SumModes):
            f, lo, hi = e.args
            return scalar(f, self.field, self.leaf) if self.here(hi) and not self.here(lo) else 0
        M = e.args[0]
        if isinstance(e, LogDet):
            return self.field.log(self.matrix(M)) if self.here(M.rows) else 0
        return self.matrix(M)

    def leaf(self, x: Any) -> tuple[int, int | None]:
        """A symbol under a sum over modes, or in a diagonal: one value per mode, 0 beyond its frames."""
        sentence = self.reading.sentence
        if x in sentence.definitions:
            return scalar(sp.S(sentence.definitions[x]), self.field, self.leaf), None
        shapes = sentence.shapes.get(x)
        if shapes and not any(self.here(a) and self.here(b) for a, b in shapes):
            return 0, 0
        if not x.is_Symbol or not sentence.moves(x):
            return self.reading.leaf(x)
        root = self.field.of("mode", x)
        return pow(root, ROOT, self.field.p), root

    def matrix(self, M: Any) -> int:
        """A matrix at this mode: a scalar; 0 where it has no row or no column here."""
        reading, p = self.reading, self.field.p
        if not (self.here(M.rows) and self.here(M.cols)):
            return 0
        if M in reading.sentence.definitions:
            return self.matrix(reading.sentence.definitions[M])
        if isinstance(M, Diagonal):
            return scalar(M.entry, self.field, self.leaf)
        if isinstance(M, sp.Transpose):
            return self.matrix(M.arg)
        if isinstance(M, sp.MatPow):
            base = self.matrix(M.base)
            return pow(base if M.exp > 0 else self.field.inverse(base), abs(int(M.exp)), p)
        if isinstance(M, sp.MatAdd):
            return sum(map(self.matrix, M.args)) % p
        if isinstance(M, sp.MatMul):
            found = 1
            for a in M.args:
                found = found * (self.matrix(a) if a.is_Matrix else reading.value(a)) % p
            return found
        if M in reading.diagonal or isinstance(M, Probe):
            return self.field.of("mode", M)
        if M in reading.dropped or reading.kinds.get(M) == "orthogonal" or isinstance(M, sp.Identity):
            return 1
        return reading.centres.get(M, 0)  # frozen; and the zero matrix
