"""Terms of the core: immutable trees. A term is total: where it divides by 0 it has some value that no rule speaks of.

Heads and arguments: number(Number) symbol(name, sign, integer, mode) constant(name) infinity() sum(…) product(…)
power(base, Number) log(x) choice(value, condition, …) least({…}) modes(entry, lo, hi), which is the sum over modes
lo < i ≤ hi; eigenvalue(M) trace(M) logdet(M) zero rows(M); matrix(name, rows, cols) plus(…) times(…) transpose(M)
inverse(M) root(M) identity(n) diagonal(entry, rows, cols) reflection(n, k). Formulas: >(a, b) >=(a, b) =(a, b)
!=(a, b) and(…) or(…) true() false(); definite(M) symmetric(M) orthogonal(M) permutation(T), with signs; descending(x)
ascending(x). A mode symbol free in a formula means one mode, the same throughout; `modes` and matrices bind it.
Eigenvalues descend, and are 0 beyond the order of their matrix.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

# Whole numbers are integers, whose arithmetic is ten times as fast; quotients and powers must be made Fractions.
Number = int | Fraction
RELATIONS = frozenset({">", ">=", "=", "!="})
COMMUTATIVE = frozenset({"sum", "product", "plus", "and", "or"})
BINDERS = frozenset({"modes", "trace", "logdet", "zero rows", "diagonal", "descending", "ascending", "permutation"})

# How many arguments, counted from the first, have their modes bound.
BOUND = {"modes": 1, "diagonal": 1, "descending": 1, "ascending": 1}


class RejectedError(Exception):
    """A rule does not apply: the message says what was not shown."""


class Term:
    """One node; equal to every node of the same head and arguments, in any order where order means nothing."""

    __slots__ = ("args", "code", "head", "modal", "symbols")
    args: tuple[Any, ...]
    code: int
    head: str
    modal: bool
    symbols: frozenset[Term]

    def __new__(cls, head: str, *args: Any) -> Term:  # noqa: D102 - as the class says
        return _made(head, args)

    def __setattr__(self, *_: Any) -> None:
        raise RejectedError("a term does not change")

    def __hash__(self) -> int:
        return self.code

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Term) or self.code != other.code or self.head != other.head:
            return False
        return self.args == other.args or (self.head in COMMUTATIVE and Counter(self.args) == Counter(other.args))

    def __repr__(self) -> str:
        return shown(self)


@lru_cache(maxsize=1 << 17)
def _made(head: str, args: tuple[Any, ...]) -> Term:
    """A new node, the same again as long as it is remembered: most comparisons are then of a node with itself."""
    parts = tuple(children(args))
    modal = any(t.modal for t in parts[BOUND.get(head, 0) :])
    if modal and (head in BINDERS or head == "eigenvalue"):
        raise RejectedError(f"a matrix, or the end of a sum, cannot differ by mode: {head} of {shown(args)}")
    term, fix = object.__new__(Term), object.__setattr__
    fix(term, "head", head)
    fix(term, "args", args)
    fix(term, "code", hash((head, frozenset(args) if head in COMMUTATIVE else args)))
    fix(term, "modal", args[3] if head == "symbol" else modal or head == "eigenvalue")
    own = (frozenset((term,)),) if head in ("symbol", "matrix") else ()
    fix(term, "symbols", frozenset().union(*own, *(t.symbols for t in parts)))
    return term


def children(x: Any) -> Iterator[Term]:
    """The terms directly inside a node's arguments."""
    if isinstance(x, Term):
        yield x
    elif isinstance(x, tuple | frozenset):
        for part in x:
            yield from children(part)


def number(value: Any) -> Term:
    """A rational number."""
    return Term("number", whole(Fraction(value)))


def whole(x: Number) -> Number:
    """The same number, as an integer if it is one."""
    return x.numerator if x.denominator == 1 else x


ZERO, ONE, TRUE, FALSE = number(0), number(1), Term("true"), Term("false")
INFINITY = Term("infinity")
INDEX = Term("symbol", "i", ">", True, True)


def least(terms: Iterable[Term]) -> Term:
    """The least of some dimensions; what is infinite never is."""
    flat = frozenset().union(*(t.args[0] if t.head == "least" else {t} for t in terms)) - {INFINITY}
    return Term("least", flat) if len(flat) > 1 else next(iter(flat), INFINITY)


def ends(hi: Term) -> frozenset[Term]:
    """What a mode i ≤ hi does not exceed: hi, and if that is the least of several, each of them."""
    return frozenset({hi} | (hi.args[0] if hi.head == "least" else set())) - {INFINITY}


def integral(t: Term) -> bool:
    """Whether a term is a whole number for sure."""
    if t.head in ("sum", "product", "least"):
        return all(map(integral, t.args[0] if t.head == "least" else t.args))
    return (t.head == "symbol" and t.args[2]) or (t.head == "number" and t.args[0].denominator == 1)


def indicator(condition: Term) -> Term:
    """1 where the condition holds, else 0."""
    return Term("choice", ONE, condition, ZERO, TRUE)


def negation(f: Term) -> Term:
    """Not f, pushed down to the relations."""
    if f.head in ("and", "or"):
        return Term("or" if f.head == "and" else "and", *map(negation, f.args))
    turned = {">": ">=", ">=": ">"}.get(f.head)
    if turned:
        return Term(turned, f.args[1], f.args[0])
    other = {"=": "!=", "!=": "=", "true": "false", "false": "true"}.get(f.head)
    if not other:
        raise RejectedError(f"{f} has no negation here")
    return Term(other, *f.args)


def put(t: Term, values: Mapping[Term, Term]) -> Term:
    """The term with others for some of its symbols, as a tree: nothing is evaluated."""
    if t in values:
        return values[t]
    if t.symbols.isdisjoint(values):
        return t
    if t.head == "least":
        return least(put(a, values) for a in t.args[0])
    return Term(t.head, *(put(a, values) if isinstance(a, Term) else a for a in t.args))


@lru_cache(maxsize=65536)
def has(t: Term, *heads: str) -> bool:
    """Whether a node of one of these heads is in the term."""
    return t.head in heads or any(has(a, *heads) for a in children(t.args))


def inside(hypotheses: frozenset[Term], lo: Term, hi: Term) -> frozenset[Term]:
    """The hypotheses that hold at each mode lo < i ≤ hi."""
    kept = {h for h in hypotheses if not h.modal and not has(h, "modes")}
    kept |= {Term(">=", n, INDEX) for n in ends(hi)}
    return frozenset(kept | ({Term(">", INDEX, lo)} if lo != ZERO else set()))


@lru_cache(maxsize=65536)
def shown(x: Any) -> str:
    """A text for messages, the same in every process."""
    if not isinstance(x, Term):
        return " ".join(sorted(map(shown, x))) if isinstance(x, frozenset | tuple) else str(x)
    if x.head in ("symbol", "matrix", "number", "constant"):
        return str(x.args[0])
    if x.head in RELATIONS:
        return f"{x.args[0]} {x.head} {x.args[1]}"
    return f"{x.head}({', '.join(map(shown, x.args))})"
