"""The least value of a loss, without its minimisers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from derivations.domain import Domain, Expected
from derivations.statements.base import Part, Statement, Writer, equations

__all__ = ["Optimum"]


@dataclass(frozen=True, eq=False)
class Optimum(Statement):
    """The least value of `loss` over `over` (unknown → domain) is `value`; if `only_global`, so is every local one.

    No minimiser is given, so instances can show a value too high (a descent gets below it), never one too low.
    """

    label: str
    loss: Any
    over: Mapping[Any, Domain]
    value: Any
    only_global: bool = False
    definitions: Mapping[Any, Any] = field(default_factory=dict)
    expected: Expected | None = None
    kind = "least value"
    argued = True

    def formulas(self) -> Iterator[tuple[Any, Any]]:
        """The loss and the value."""
        yield from self.definitions.items()
        yield self.label or "minimised", self.loss
        yield "least value", self.value

    def parts(self) -> Iterator[Part]:
        """The definitions, the loss, then its least value."""
        yield from equations(self.definitions, "with")
        yield "the loss", (self.loss,)
        yield "has the least value", (self.value,)

    def lines(self, write: Writer) -> Iterator[str]:
        """The loss, its least value, then the definitions that they use, in TeX."""
        yield write.head(self.label, f"the least value over {write.names(self.over)} of")
        yield write.display(self.loss, "F =")
        yield ("is, at every local minimum too," if self.only_global else "is")
        yield write.display(self.value, end=".")
        yield from write.given(self.definitions)

    def unknowns(self) -> dict[Any, Domain]:
        """The keys of `over`."""
        return dict(self.over)
