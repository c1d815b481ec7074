"""Steps of a proof besides identities (`Same`): implications, certificates, and lemmas that are only cited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from sympy import Add, And, Ge

from derivations.statements.base import Part, Writer

__all__ = ["VISIBLY", "Certificate", "Implication", "Lemma", "Step", "summed"]

VISIBLY = "a sum of terms that are visibly non-negative"


class Step(Protocol):
    """What every step has; `Same` is one too."""

    @property
    def label(self) -> str:
        """What the step is about."""

    @property
    def kind(self) -> str:
        """What kind of step this is, in words."""

    def parts(self) -> Iterator[Part]:
        """Its formulas in reading order."""

    def lines(self, write: Writer) -> Iterator[str]:
        """The step as lines of TeX."""

    def concludes(self) -> Any:
        """The relation that it shows."""


def _head(label: str, write: Writer) -> str:
    return rf"\emph{{{write.sentence(label)}:}} " if label else ""


@dataclass(frozen=True)
class Implication:
    """Monomial inequalities `given` imply `then`; linear in logarithms, so exact LP decides it."""

    label: str
    given: tuple[Any, ...]
    then: Any
    kind: ClassVar[str] = "implication"

    def parts(self) -> Iterator[Part]:
        """What is given, then what follows."""
        yield from (("if", (e,)) for e in self.given)
        yield "then", (self.then,)

    def lines(self, write: Writer) -> Iterator[str]:
        """The implication as one sentence."""
        head, then, each = _head(self.label, write), write.inline(self.then), list(map(write.inline, self.given))
        given = " and ".join(each) or "always"
        yield f"{head}{then} is among the conditions {given}." if then in each else f"{head}{given} implies {then}."

    def concludes(self) -> Any:
        """The relation `then`."""
        return self.then


@dataclass(frozen=True)
class Certificate:
    """`expression` equals `terms`, each a weight ≥ 0 times a term ≥ 0, for all values of its symbols.

    Admissible terms: products of squares, of symbols known non-negative, of `LogGap(x)` with x > 0, and
    of differences that an inequality of `given` makes non-negative.
    """

    label: str
    expression: Any
    terms: tuple[Any, ...]
    given: tuple[Any, ...] = ()

    @property
    def kind(self) -> str:
        """What kind of step this is, in words: without terms it is an identity."""
        return f"certificate: {VISIBLY if self.terms else 'identically 0'}"

    def parts(self) -> Iterator[Part]:
        """What is given, then expression = sum of terms."""
        yield from (("if", (e,)) for e in self.given)
        if self.expression == 0:  # it cancelled when the formulas were inserted: "0 = 0" says nothing
            return
        yield "", (self.expression, "=", *summed(self.terms))

    def lines(self, write: Writer) -> Iterator[str]:
        """The identity expression = sum of its terms, each of them visibly ≥ 0."""
        head = _head(self.label, write)
        given = f" under {write.inline(And(*self.given))}" if self.given else ""
        if self.expression == 0:
            yield f"{head}both sides are equal once the formulas are inserted{given}."
            return
        if not self.terms:
            yield f"{head}identically{given},"
            yield write.display(self.expression, "0 =", ".")
            return
        terms = " + ".join(_term(t, write) for t in self.terms)
        if terms == write.tex(self.expression):
            yield f"{head}visibly non-negative{given} is"
            yield write.display(self.expression, end=".")
            return
        yield f"{head}a certificate, each term of which is visibly non-negative{given}:"
        yield write.display(self.expression, "", f" = {terms}.")

    def concludes(self) -> Any:
        """The expression is ≥ 0."""
        return Ge(self.expression, 0, evaluate=False)


def summed(terms: tuple[Any, ...]) -> tuple[Any, ...]:
    """Terms side by side with plus signs between them, as pieces of a formula; of none, 0."""
    return tuple(piece for e in terms for piece in _added(e))[1:] or ("0",)


def _added(e: Any) -> tuple[Any, ...]:
    """A term with a plus sign before it."""
    return ("+", r"\left(", e, r"\right)") if getattr(e, "is_Add", False) else ("+", e)


def _term(e: Any, write: Writer) -> str:
    text = write.tex(e)
    return rf"\left({text}\right)" if isinstance(e, Add) or text.startswith("-") else text


@dataclass(frozen=True)
class Lemma:
    """A cited theorem: named, with its reference, property-tested by `relation`, shown as cited."""

    label: str
    reference: str
    relation: Any
    scale: Any = 1

    @property
    def kind(self) -> str:
        """Where it is cited from."""
        return f"cited from {self.reference}"

    def parts(self) -> Iterator[Part]:
        """The relation."""
        yield "", (self.relation,)

    def lines(self, write: Writer) -> Iterator[str]:
        """The reference and the relation."""
        yield f"{_head(self.label, write)}cited, not proved here ({write.source(self.reference)}):"
        yield write.display(self.relation, end=".")

    def concludes(self) -> Any:
        """The relation."""
        return self.relation
