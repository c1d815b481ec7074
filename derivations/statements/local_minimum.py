"""A strict local minimum that is not the global one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from derivations.domain import Domain, Expected
from derivations.statements.base import Part, Statement, Writer, equations

__all__ = ["LocalMinimum"]


@dataclass(frozen=True, eq=False)
class LocalMinimum(Statement):
    """`at` is a strict local minimum of `loss`, and the loss at `elsewhere` is lower."""

    label: str
    loss: Any
    at: Mapping[Any, Any]
    elsewhere: Mapping[Any, Any]
    domains: Mapping[Any, Domain]
    definitions: Mapping[Any, Any] = field(default_factory=dict)
    expected: Expected | None = None
    kind = "local minimum"
    argued = True

    def formulas(self) -> Iterator[tuple[Any, Any]]:
        """The loss and the point."""
        yield from self.definitions.items()
        yield self.label or "local minimum", self.loss
        yield from self.at.items()

    def parts(self) -> Iterator[Part]:
        """The definitions, the loss, then both points."""
        yield from equations(self.definitions, "with")
        yield "the loss", (self.loss,)
        yield from equations(self.at, "has a strict local minimum at")
        yield from equations(self.elsewhere, "and is lower at")

    def lines(self, write: Writer) -> Iterator[str]:
        """The loss, both points, then the definitions that they use, in TeX."""
        yield write.head(self.label, "the loss")
        yield write.display(self.loss, "F =")
        yield "has a strict local minimum at"
        yield write.equations(self.at.items(), end=",")
        yield "and is lower at"
        yield write.equations(self.elsewhere.items())
        yield from write.given(self.definitions)

    def unknowns(self) -> dict[Any, Domain]:
        """The keys of `at`, in the stated domains."""
        return dict(self.domains)
