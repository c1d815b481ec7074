"""The claimed minimiser of any loss: what a user's file states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Basic, Integer

from derivations.domain import Domain, Expected, domain_of
from derivations.statements.base import Part, Statement, Writer, equations
from derivations.statements.steps import VISIBLY, summed

__all__ = ["Minimum"]


@dataclass(frozen=True, eq=False)
class Minimum(Statement):
    """`at` globally minimises any `loss` over its keys, each in its domain (by default what its assumptions say).

    The loss need not be about VAEs. `excess` proves it where convexity does not: loss(x) − loss(at) is the sum of these
    terms, each visibly ≥ 0 (squares, traces of MMᵀ, products of non-negative factors), for every x.
    """

    label: str
    loss: Any
    at: Mapping[Any, Any]
    domains: Mapping[Any, Domain] = field(default_factory=dict)
    excess: tuple[Any, ...] = ()
    definitions: Mapping[Any, Any] = field(default_factory=dict)
    expected: Expected | None = None
    kind = "global minimiser"
    open = True

    def __post_init__(self) -> None:
        at = {X: Integer(e) if isinstance(e, int) else e for X, e in self.at.items()}
        for _ in at:  # a claimed value may be given by that of another unknown
            at = {X: e.xreplace(at) if isinstance(e, Basic) else e for X, e in at.items()}
        object.__setattr__(self, "at", at)

    def domain(self, unknown: Any) -> Domain:
        """Where an unknown lives."""
        return self.domains.get(unknown) or domain_of(unknown)

    def formulas(self) -> Iterator[tuple[Any, Any]]:
        """The loss and the point."""
        yield from self.definitions.items()
        yield self.label or "minimised", self.loss
        yield from self.at.items()

    def parts(self) -> Iterator[Part]:
        """The definitions, the loss, then the point."""
        yield from equations(self.definitions, "with")
        yield "the loss", (self.loss,)
        yield from equations(self.at, "is least at")
        if self.excess:
            yield f"above its least value the loss is {VISIBLY}", summed(self.excess)

    def lines(self, write: Writer) -> Iterator[str]:
        """The loss, the point, the definitions that they use, then the stationarity conditions, in TeX."""
        yield write.head(self.label, f"over {write.names(self.at)}, the loss")
        yield write.display(self.loss, "f =")
        yield "is globally minimised at"
        yield write.equations(self.at.items())
        yield from write.given(self.definitions)
        yield from write.stationary(self.loss, self.unknowns(), "f")

    def unknowns(self) -> dict[Any, Domain]:
        """The keys of `at`."""
        return {X: self.domain(X) for X in self.at}
