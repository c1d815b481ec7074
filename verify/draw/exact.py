"""What floating point leaves open of an instance, decided at its exact values: in rationals, else in balls.

Floats propose, exact arithmetic disposes: a relation that fails on an instance, or holds by less than `NEAR` of the
terms summed, is decided again here. What balls of the largest precision leave open stays undecided and never refutes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import lru_cache, reduce
from operator import and_
from typing import Any, TypeVar

import numpy as np
import sympy as sp
from flint import fmpq_mat
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Not, Or

from derivations.domain import DomainFacts
from verify.evaluate.balls import Balls, Open, exact
from verify.evaluate.reals import UNDEFINED, UNKNOWN, Mark, Truth
from verify.evaluate.stack import Stack, Values

__all__ = ["EXACT", "NEAR", "Exact", "all_hold", "decided", "judged", "near", "real"]

T = TypeVar("T")
NEAR = 1e-6  # of the terms summed: ten digits above the round-off of float64, whatever the cancellation above them
EXACT = "what fails in float64, or holds by less than 1e-6 of the terms summed, is decided in rationals or balls"
_STRICT = (Balls(128, early=True), Balls(128), Balls(512), Balls(2048))
_TIES = (Balls(512, ties=True, early=True), Balls(512, early=True), Balls(512, ties=True), *_STRICT[2:])
"""A tie may pass, never refute: 77 digits agree by no accident of floats, but they are no proof."""

_HOLDS: Mapping[type, Callable[[int], bool]] = {
    sp.StrictGreaterThan: lambda s: s > 0,
    sp.GreaterThan: lambda s: s >= 0,
    sp.StrictLessThan: lambda s: s < 0,
    sp.LessThan: lambda s: s <= 0,
    sp.Equality: lambda s: s == 0,
    sp.Unequality: lambda s: s != 0,
}


class Exact:
    """Instances of a claim, of the same dimensions, at their exact values, and in which order names are defined."""

    def __init__(self, claim: Any, some: Values, definitions: Mapping[Any, Any]) -> None:
        self.some = some
        self.facts = {v.symbol: v.domain.facts for v in claim.variables}
        self.names = (*claim.definitions.items(), *definitions.items())
        self.members: dict[Any, Any] = {}  # made when first asked for: a relation needs few of a claim's variables

    def at(self, arithmetic: Balls, *expressions: Any) -> list[Any]:
        """Values of expressions, to be asked for under the arithmetic's precision.

        Raises:
            Open: a matrix is not seen to be invertible at this precision, or an eigenvalue not to be simple.
            TypeError: they need what has no exact arithmetic.
        """
        names, symbols = _needed(expressions, self.names)
        values = {X: arithmetic.given(value) for X, value in self._members(symbols).items()}
        point = Stack(self.some.dims, self.some.modes, values, len(self.some))
        for symbol, value in names:
            point = point.with_values({symbol: point.evaluate(value, arithmetic=arithmetic)[0]})
        return point.evaluate(*expressions, arithmetic=arithmetic)

    def with_values(self, values: Mapping[Any, Any], facts: Mapping[Any, DomainFacts]) -> Exact:
        """With the exact members of domains that other values stand for."""
        found = copy(self)
        found.members = self.members | {X: _member(v, facts[X]) for X, v in values.items()}
        return found

    def take(self, rows: Sequence[int]) -> Exact:
        """Some of the instances."""
        found = copy(self)
        found.some = self.some.take(np.array(rows))
        found.members = {X: value[rows] for X, value in self.members.items()}
        return found

    def holds(self, relation: Any, ties: bool = False) -> list[bool | None]:
        """On which instances a relation holds, None where it stays open; what is shown to be undefined does not hold.

        With `ties`, it also holds where it would if all were equal that agrees to 77 digits.
        """
        found: list[bool | None] = [None] * len(self.some)
        for arithmetic in _TIES if ties else _STRICT:
            if left := [row for row, truth in enumerate(found) if truth is None]:
                some = self if len(left) == len(found) else self.take(left)
                for row, truth in zip(left, some._attempted(arithmetic, relation), strict=True):
                    found[row] = truth or (None if arithmetic.ties else truth)
        return found

    def _attempted(self, arithmetic: Balls, relation: Any) -> list[bool | None]:
        """By instance, what is found at one precision; one by one where some instance stops the others."""
        try:
            with arithmetic.precision():
                return _truths(self, arithmetic, relation)
        except Open:
            alone = len(self.some) == 1
            rows = range(len(self.some))
            return [None] if alone else [self.take([row])._attempted(arithmetic, relation)[0] for row in rows]
        except TypeError:  # no exact arithmetic for a node: a pairing, say
            return [None] * len(self.some)

    def _members(self, symbols: Sequence[Any]) -> dict[Any, Any]:
        for X in symbols:
            if X not in self.members and X in self.facts:
                self.members[X] = _member(self.some.values[X], self.facts[X])
        return self.members


def judged(ask: Callable[[Balls], bool | None]) -> bool | None:
    """The truth that is found, ties counting as equal as long as that makes it true."""

    def found(arithmetic: Balls) -> bool | None:
        truth = ask(arithmetic)
        return truth or (None if arithmetic.ties else truth)

    return decided(found, _TIES)


def decided(ask: Callable[[Balls], T | None], precisions: tuple[Balls, ...] = _STRICT) -> T | None:
    """What is found at the first precision at which something is found; None where all leave it open."""
    for arithmetic in precisions:
        with arithmetic.precision():
            try:
                found = ask(arithmetic)
            except Open:
                continue
            except TypeError:  # no exact arithmetic for a node: a pairing, say
                return None
        if found is not None:
            return found
    return None


def _truths(some: Exact, arithmetic: Balls, relation: Any) -> list[bool | None]:
    if isinstance(relation, And | Or):
        deciding = isinstance(relation, Or)
        parts = zip(*(_truths(some, arithmetic, argument) for argument in relation.args), strict=True)
        return [deciding if deciding in row else None if None in row else not deciding for row in parts]
    if isinstance(relation, Not):
        return [None if inner is None else not inner for inner in _truths(some, arithmetic, relation.args[0])]
    if not isinstance(relation, Relational):
        return [reduce(and_, row.flat, Truth(True)).value for row in some.at(arithmetic, relation)[0]]
    test = next(test for kind, test in _HOLDS.items() if isinstance(relation, kind))
    sides = zip(*np.broadcast_arrays(*some.at(arithmetic, relation.lhs, relation.rhs)), strict=True)
    return [all_hold([_entry(arithmetic, test, a, b) for a, b in zip(x.flat, y.flat, strict=True)]) for x, y in sides]


def all_hold(found: Sequence[bool | None]) -> bool | None:
    """Whether all are true, None if that is open."""
    return False if False in found else None if None in found else True


def real(value: Any) -> bool | None:
    """Whether all entries are real numbers."""
    return False if UNDEFINED in list(value.flat) else None if UNKNOWN in list(value.flat) else True


def _entry(arithmetic: Balls, test: Callable[[int], bool], a: Any, b: Any) -> bool | None:
    if isinstance(a, Mark) or isinstance(b, Mark):
        return False if UNDEFINED in (a, b) else None
    found = arithmetic.sign(a, b)
    return None if found is None else test(found)


def _terms(e: Any) -> tuple[Any, ...]:
    """What an expression sums."""
    return tuple(e.args) if isinstance(e, sp.Add | sp.MatAdd) else (e,)


def near(batch: Values, relation: Any) -> Any:
    """Rows (N,) on which a relation is a near tie in float64, or no number."""
    if isinstance(relation, And | Or | Not):
        return np.logical_or.reduce([near(batch, argument) for argument in relation.args])
    if not isinstance(relation, Relational):
        return np.zeros(len(batch), dtype=bool)
    sides = (relation.lhs, relation.rhs)
    left, right, *parts = batch.evaluate(*sides, *(t for side in sides for t in _terms(sp.S(side))))
    return _tie(left, right, parts)


def _tie(left: Any, right: Any, parts: list[Any]) -> Any:
    """Rows (N,) with an entry by which two sides differ by less than `NEAR` of the terms summed, or by no number."""
    with np.errstate(all="ignore"):
        size = sum(_largest(p) for p in parts)
        difference = left - right
        close = ~(np.abs(_flat(difference)) > NEAR * size[:, None])
    return close.any(1)


def _largest(a: Any) -> Any:
    return np.abs(_flat(a)).max(1, initial=0.0)


def _flat(a: Any) -> Any:
    return a.reshape(len(a), int(np.prod(a.shape[1:])))  # not -1: a stack may be empty


@lru_cache(maxsize=1024)
def _needed(
    expressions: tuple[Any, ...], names: tuple[tuple[Any, Any], ...]
) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """The names, in order of definition, and the symbols that expressions lead to."""
    asked, found = {s for e in expressions for s in e.free_symbols}, []
    for symbol, value in reversed(names):
        if symbol in asked:
            asked |= value.free_symbols
            found.append((symbol, value))
    return tuple(reversed(found)), tuple(asked)


def _member(value: Any, facts: DomainFacts) -> Any:
    """The exact members of a domain that drawn values stand for: floats are orthogonal up to round-off only."""
    if facts.symmetric:
        found = exact(value)
        return (found + np.swapaxes(found, 1, 2)) / 2
    if facts.orthogonal:
        return np.array([_orthogonal(np.asarray(q, float).tobytes(), len(q)) for q in value], dtype=object).reshape(
            value.shape
        )
    return exact(value)


@lru_cache(maxsize=2048)
def _orthogonal(floats: bytes, n: int) -> Any:
    """The exactly orthogonal matrix next to one of floats: the Cayley transform of a skew one, times signs."""
    near, eye = np.frombuffer(floats).reshape(n, n), np.eye(n)
    M, one = fmpq_mat(n, n, list(exact(near).flat)), fmpq_mat(n, n, np.eye(n, dtype=int).ravel().tolist())
    if M * M.transpose() == one:
        return np.array(M.entries(), dtype=object).reshape(n, n)
    signs = 1 - 2 * np.array(list(np.ndindex(*(2,) * n)))
    best = signs[np.argmax(np.abs(np.linalg.det(eye + near * signs[:, None, :])))]
    K = np.linalg.solve((eye + near * best).T, (eye - near * best).T).T
    A = fmpq_mat(n, n, list(exact((K - K.T) / 2).flat))
    return np.array(((one - A) * (one + A).inv()).entries(), dtype=object).reshape(n, n) * best
