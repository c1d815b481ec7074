"""Whether two sides are equal for every dimension: HOLDS with an error bound, FAILS, or OPEN with the reason (§10).

Errors are one-sided, a false HOLDS; the bound on their probability is worked out, and one that is not small is OPEN.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import product
from math import lcm, log10
from typing import Any

import numpy as np
import sympy as sp

from derivations.statements.claim import Claim, Domain
from verify.proof.dimensions.equation import Equation
from verify.proof.dimensions.frames import cancelled
from verify.proof.dimensions.machine import gradients, series
from verify.proof.dimensions.modes import Pattern, dimensions, patterns
from verify.proof.dimensions.prime_field import PRIMES, Open, PrimeField
from verify.proof.dimensions.reading import Reading
from verify.proof.dimensions.sentence import Sentence

__all__ = ["WEAK", "Answer", "Outcome", "decide"]

WEAK = -9  # an error bound that is not below 10⁻⁹ proves nothing
_RUNS = 6
_SMALL = 16  # logarithms are put together if their weights are u/v times each other, |u| and v at most this


class Outcome(StrEnum):
    """What is known about all dimensions."""

    HOLDS = "holds"
    FAILS = "fails"
    OPEN = "open"


@dataclass(frozen=True)
class Answer:
    """`why`: where it fails, or what is open. `error`: log10 of the probability of a false HOLDS, after `words`."""

    outcome: Outcome
    why: str = ""
    error: float = 0.0
    words: int = 0


def decide(
    claim: Claim, left: Any, right: Any, definitions: Mapping[Any, Any], seed: int, framed: bool = False
) -> Answer:
    """Whether left = right wherever both are defined, for all values of variables and of dimensions."""
    error, words = 0.0, 0
    if isinstance(left, sp.HadamardProduct) and isinstance(right, sp.ZeroMatrix):  # the diagonal of 0 is 0
        for M in (a for a in left.args if not isinstance(a, sp.Identity)):
            found = decide(claim, M, right, definitions, seed, framed)
            return found if found.outcome is Outcome.HOLDS else Answer(Outcome.OPEN, "the diagonal of a matrix")
    try:
        sentence = Sentence(claim, sp.S(left), sp.S(right), {**claim.definitions, **definitions}, framed)
        dropped = cancelled(sentence)
        for run in range(_RUNS):
            trial = _Run(sentence, PrimeField(f"{sentence.digest}/{seed}", run), dropped)
            if fails := trial.fails():
                doubt = trial.doubt()
                return Answer(Outcome.OPEN if doubt else Outcome.FAILS, f"{fails}{doubt}")
            error, words = error + min(0.0, log10(trial.error())), words + trial.words
            if error < WEAK:
                return Answer(Outcome.HOLDS, error=error, words=words)
    except Open as why:
        return Answer(Outcome.OPEN, str(why))
    return Answer(Outcome.OPEN, f"the error bound 10^{error:.0f} is too weak")


class _Run:
    """One specialisation: a prime, residues, and the sentence as an equation between atoms."""

    def __init__(self, sentence: Sentence, field: PrimeField, dropped: frozenset[Any]) -> None:
        self.sentence, self.field = sentence, field
        self.reading = Reading(sentence, field, dropped)
        self.equation = Equation(sentence, self.reading)
        self.words = self.longest = 0

    def fails(self) -> str:
        """Where it fails for generic letters; empty if it holds. Letters in turn, diagonals last (§10, 4)."""
        F, reading = self.equation, self.reading
        atoms, linear, modal = [*F.atoms], F.affine([*F.atoms]), bool(reading.diagonal or F.sums)
        if modal and not linear:
            raise Open("products of traces beside modes")
        if linear and F.probe:
            return self._series(modal)
        slopes = np.array([[F.slope(e)] for e in atoms if linear], np.int64)
        order = [x for x in reading.kinds if x not in reading.diagonal]
        frozen: set[Any] = set()
        rows = np.zeros((0, len(atoms)), np.int64)
        for x in sorted(order, key=lambda x: reading.kinds[x] != "orthogonal"):
            found, longest = gradients([F.atoms[e] for e in atoms], (x, False), frozen, self.field)
            self.words, self.longest = self.words + len(found), max(self.longest, longest)
            if linear and len(found) and self.field.matmul(found, slopes).any():
                if modal:
                    raise Open(f"it depends on {x}, unless diagonal matrices commute")
                return f"a word in {x} has a coefficient that is not 0"
            rows = np.vstack([rows, found])
            frozen.add(x)
        if modal:
            return self._modes()
        if self._constant() if linear else self._everywhere(rows):
            return ""
        return "the part that depends on dimensions alone is not 0" if linear else "a polynomial in traces is not 0"

    def _series(self, modal: bool) -> str:
        """§2: a matrix is 0 iff its series is; words of diagonals alone are left to modes, others vanish (§7, b)."""
        r = self.equation.matrix()
        found = series(r, self.field, self.reading.diagonal)
        self.words, self.longest = len(found), r.states
        if not found.any() and (modal or not r.delta):
            return self._modes() if modal else ""
        if modal:
            raise Open("it holds at most if diagonal matrices commute")
        return f"a word of at most {r.states} letters has a coefficient that is not 0"

    def _modes(self) -> str:
        """§7 (c): 2^s patterns, F linear in atoms, mode sums and dimensions together."""
        F, names = self.equation, dimensions(self.reading)
        counted = [n for n in names if F.affine([*F.atoms, *F.sums, n])]  # the others are coefficients
        if not F.affine([*F.atoms, *F.sums, *counted]):
            raise Open("dimensions multiplied by what depends on modes")
        for pattern in patterns(names, self.sentence.claim.dimensions):
            mode = Pattern(self.reading, pattern)
            if F.at({e: mode.value(e) for e in (*F.atoms, *F.sums)} | {n: pattern[n] for n in counted}):
                return f"modes that only {[str(n) for n in names if pattern[n]]} reach do not agree"
        return ""

    def _everywhere(self, rows: Any) -> bool:
        """§5: F at a random point of centre + span of the gradients; log δ of different elements are unknowns."""
        weights = np.array([[self.field.draw() for _ in rows]], np.int64)
        step = self.field.matmul(weights, rows)[0] if len(rows) else [0] * rows.shape[1]
        centre = self.equation.centre()
        values = {e: (v + int(y)) % self.field.p for (e, v), y in zip(centre.items(), step, strict=True)}
        if not self.equation.at(values):
            return True
        if len(self.field.logs) > 1:
            raise Open("logarithms in a product of traces")
        return False

    def _constant(self) -> bool:
        """§4 (ii): F at the centre is Σ w_a log a; where weights are multiples of one, the products of the a are 1."""
        p, logs, F = self.field.p, self.field.logs, self.equation
        value, weights = F.at(F.centre()), {}
        for a in [a for a in logs if a != 1]:
            logs[a] += 1
            weights[a] = (F.at(F.centre()) - value) % p
            logs[a] -= 1
        if (value - sum(w * logs[a] for a, w in weights.items())) % p:
            return False
        left = {a: w for a, w in weights.items() if w}
        while left:
            unit = self.field.inverse(next(iter(left.values())))
            ratios = {a: q for a, w in left.items() if (q := _small(w * unit % p, p)) is not None}
            common = lcm(*(q.denominator for q in ratios.values()))
            found = 1
            for a, q in ratios.items():
                found = found * pow(a, int(q * common), p) % p
                del left[a]
            if found == p - 1:
                raise Open("the sign of a determinant")
            if found != 1:
                return False
        return True

    def doubt(self) -> str:
        """Why a failure for generic letters at large dimensions need not be one here; empty if it is."""
        claim, kinds = self.sentence.claim, self.sentence.domains
        for x in self.reading.kinds:
            if kinds.get(x) in (Domain.DIAGONAL, Domain.SIGNED_PERMUTATION):
                return f", for generic matrices in place of {x}"
        if any(n.is_Integer for n in self.reading.ends):
            return ", where a fixed dimension is large"
        names = sorted({x for c in claim.dimensions for x in c.free_symbols}, key=sp.default_sort_key)
        for sizes in product((10**6, 10**6 + 1), repeat=len(names)):
            if all(c.subs(dict(zip(names, sizes, strict=True))) for c in claim.dimensions):
                return ""
        return ", where dimensions are large"

    def error(self) -> float:
        """The probability of a false HOLDS in this run (§10): degree over p, and primes that divide a coefficient.

        A word is at most `longest` letters long, its coefficient a polynomial of degree (longest + 2)·weight over a
        common denominator, put into a formula of `size` leaves; twice for the twins. Collisions of logarithms, and
        weights that only seem multiples of each other, are pairs.
        """
        logs, size = len(self.field.logs), self.equation.size
        weight = max([1, *(m.weight for atom in self.equation.atoms.values() for _, m in atom)])
        degree = 2 * size * weight * (self.longest + 4)
        degree += logs * logs * _SMALL * (2 * weight + _SMALL * 4 * size)
        bits = degree * (2 + self.longest.bit_length())
        return degree / 2**60 + bits / 60 / PRIMES


def _small(a: int, p: int) -> Fraction | None:
    """A as u/v with small u and v, if it is."""
    for v in range(1, _SMALL + 1):
        u = (a * v + _SMALL) % p - _SMALL
        if abs(u) <= _SMALL:
            return Fraction(u, v)
    return None
