"""Where the variables of a claim live, and which verdict its author expects."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

__all__ = ["Domain", "Expected", "Variable", "domain_of"]


class Expected(StrEnum):
    """The verdict the derivation expects."""

    PROVED = "PROVED"
    SUPPORTED = "SUPPORTED"
    REFUTED = "REFUTED"


class Domain(StrEnum):
    """Where a variable lives; instances and Hypothesis strategies are generated from it."""

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
