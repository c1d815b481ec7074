"""Where the variables of a claim live, and which verdict its author expects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

__all__ = ["FACTS", "Domain", "DomainFacts", "Expected", "Values", "Variable", "domain_of"]


class Expected(StrEnum):
    """The verdict the derivation expects."""

    PROVED = "PROVED"
    SUPPORTED = "SUPPORTED"
    REFUTED = "REFUTED"


class Domain(StrEnum):
    """Where a variable lives, in words. `FACTS` says what follows, `verify.draw` how its values are drawn."""

    POSITIVE = "positive scalar"
    NONNEGATIVE = "non-negative scalar"
    REAL = "real scalar"
    UNIT = "scalar in (-1, 1)"
    COUNT = "positive integer"
    SPECTRUM = "non-negative, descending, one per mode"
    DEVIATIONS = "positive, ascending, one per latent"
    EQUAL = "positive, the same for every latent"
    DISTINCT = "positive, strictly ascending, one per latent"
    MODES = "non-negative, one per mode"
    POSITIVE_MODES = "positive, one per mode"
    FLAGS = "0 or 1, one per latent"
    MATRIX = "any matrix"
    SINGULAR = "any square matrix, singular ones included"
    SYMMETRIC = "symmetric matrix"
    DEFINITE = "symmetric positive definite matrix"
    DIAGONAL = "diagonal matrix, positive diagonal"
    ORTHOGONAL = "orthogonal matrix"
    SIGNED_PERMUTATION = "signed permutation matrix"

    @property
    def facts(self) -> DomainFacts:
        """What is known about the values of this domain."""
        return FACTS[self]


class Values(Enum):
    """How many values a variable has."""

    ONE = "a scalar"
    EACH = "one per mode or latent"
    SHARED = "one per latent, all the same"
    MATRIX = "a matrix"


@dataclass(frozen=True)
class DomainFacts:
    """What is known about every value of a domain.

    `nonnegative` and `positive` are about scalars (each of them, where there are several); the rest about matrices,
    `definite` meaning positive definite.
    """

    values: Values
    nonnegative: bool = False
    positive: bool = False
    symmetric: bool = False
    definite: bool = False
    diagonal: bool = False
    orthogonal: bool = False

    @property
    def square(self) -> bool:
        """Whether rows and columns must be as many."""
        return self.symmetric or self.orthogonal

    @property
    def open(self) -> bool:
        """Whether the boundary is left out, as 0 is by x > 0."""
        return self.positive or self.definite


def _scalar(values: Values, above: str = "") -> DomainFacts:
    return DomainFacts(values, nonnegative=bool(above), positive=above == ">")


FACTS: Mapping[Domain, DomainFacts] = {
    Domain.POSITIVE: _scalar(Values.ONE, ">"),
    Domain.NONNEGATIVE: _scalar(Values.ONE, "≥"),
    Domain.REAL: _scalar(Values.ONE),
    Domain.UNIT: _scalar(Values.ONE),
    Domain.COUNT: _scalar(Values.ONE, ">"),
    Domain.SPECTRUM: _scalar(Values.EACH, "≥"),
    Domain.DEVIATIONS: _scalar(Values.EACH, ">"),
    Domain.EQUAL: _scalar(Values.SHARED, ">"),
    Domain.DISTINCT: _scalar(Values.EACH, ">"),
    Domain.MODES: _scalar(Values.EACH, "≥"),
    Domain.POSITIVE_MODES: _scalar(Values.EACH, ">"),
    Domain.FLAGS: _scalar(Values.EACH, "≥"),
    Domain.MATRIX: DomainFacts(Values.MATRIX),
    Domain.SINGULAR: DomainFacts(Values.MATRIX),
    Domain.SYMMETRIC: DomainFacts(Values.MATRIX, symmetric=True),
    Domain.DEFINITE: DomainFacts(Values.MATRIX, symmetric=True, definite=True),
    Domain.DIAGONAL: DomainFacts(Values.MATRIX, symmetric=True, definite=True, diagonal=True),
    Domain.ORTHOGONAL: DomainFacts(Values.MATRIX, orthogonal=True),
    Domain.SIGNED_PERMUTATION: DomainFacts(Values.MATRIX, orthogonal=True),
}


def domain_of(symbol: Any) -> Domain:
    """What a symbol's own assumptions say: any matrix, or a positive, non-negative or real scalar."""
    if symbol.is_Matrix:
        return Domain.MATRIX
    if symbol.is_positive:
        return Domain.POSITIVE
    return Domain.NONNEGATIVE if symbol.is_nonnegative else Domain.REAL


@dataclass(frozen=True)
class Variable:
    """A symbol and its domain (if left out, what the symbol's assumptions say); `note` says in words what it is."""

    symbol: Any
    domain: Any = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.domain is None:
            object.__setattr__(self, "domain", domain_of(self.symbol))
