"""Matrices as sums of words in letters: what is known of the sign of a letter, a word, a sum of words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from verify.proof.core.polynomials import Poly
from verify.proof.core.terms import INDEX, ZERO, Number, Term, least

Word = tuple[Term, ...]
Form = Mapping[Word, Poly]


class Scalars(Protocol):
    """What a context knows of scalars."""

    hypotheses: frozenset[Term]

    def within(self, lo: Term, hi: Term) -> Scalars:
        """What holds at every mode lo < i ≤ hi."""

    def poly(self, t: Term) -> Poly:
        """Normal form of a scalar."""

    def times(self, p: Poly, q: Poly) -> Poly:
        """Product of normal forms."""

    def power(self, p: Poly, e: Number) -> Poly:
        """Power of a normal form."""

    def log(self, p: Poly) -> Poly:
        """Logarithm of a normal form."""

    def modes(self, entry: Term, lo: Term, hi: Term) -> Poly:
        """A sum over modes."""

    def sign_poly(self, p: Poly) -> str:
        """Sign of a normal form."""


def turned(c: Scalars, x: Term) -> Term:
    """A letter's transpose."""
    if x.head == "diagonal":
        return Term("diagonal", x.args[0], x.args[2], x.args[1], x.args[3])
    if x.head in ("inverse", "root", "reflection") or {Term("symmetric", x), Term("definite", x)} & c.hypotheses:
        return x  # what is inverted is definite, hence symmetric
    return x.args[0] if x.head == "transpose" else Term("transpose", x)


def reach(diagonal: Term) -> Term:
    """How far the entries of a product of diagonals go."""
    _, height, width, cuts = diagonal.args
    return least({height, width, *cuts})


def definite(c: Scalars, f: Form) -> bool:
    """Whether this is a sum of multiples > 0 of I or letters that are positive definite, and ≥ 0 of VVᵀ and VXVᵀ."""
    sure = (c.sign_poly(p) == ">" and (not w or (len(w) == 1 and _letter_sign(c, w[0]) == ">")) for w, p in f.items())
    return any(sure) and semidefinite(c, f)


def semidefinite(c: Scalars, f: Form) -> bool:
    """Whether this is a sum of multiples ≥ 0 of I, VVᵀ and VXVᵀ, X a letter that is positive semidefinite."""
    return all(_bare(c, w) and c.sign_poly(p) in (">", ">=") for w, p in f.items())


def _bare(c: Scalars, w: Word) -> bool:
    """Whether a word is VVᵀ, or VXVᵀ with X a letter that is positive semidefinite."""
    half, mirrored = len(w) // 2, tuple(turned(c, x) for x in reversed(w))
    return w == mirrored and all(_letter_sign(c, x) for x in w[half : len(w) - half])


def _letter_sign(c: Scalars, x: Term) -> str:
    """Of a symmetric letter's eigenvalues: '>' if it is known to be definite, '>=' if semidefinite, else ''."""
    if x.head == "inverse" or Term("definite", x) in c.hypotheses:  # what is inverted is definite
        return ">"
    if x.head != "diagonal":
        return ">=" if x.head == "root" else ""
    inside = c.within(ZERO, reach(x))
    sign = inside.sign_poly(inside.poly(x.args[0]))
    return ">=" if sign == ">" and x.args[3] else sign if sign in (">", ">=") else ""  # beyond a cut it is 0


def spectrum_sign(c: Scalars, frozen_form: Term) -> str:
    """The sign of a form's eigenvalue at this mode: '>' if it is definite and the mode is one of its n, '>=' or ''."""
    f = {w: dict(p) for w, p in frozen_form.args[0]}
    if not semidefinite(c, f):
        return ""
    within = Term(">=", frozen_form.args[1], INDEX) in c.hypotheses
    return ">" if within and definite(c, f) else ">="


def trace_sign(c: Scalars, words: frozenset[Word]) -> str:
    """The sign of the trace of a word, given with its rotations: '>=' if it is VVᵀ, or ''."""
    return ">=" if any(_bare(c, w) for w in words) else ""
