"""An identity between two expressions; also a step of a proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Eq

from derivations.domain import Expected
from derivations.statements.base import Part, Statement, Writer, equations

__all__ = ["Same"]


@dataclass(frozen=True, eq=False)
class Same(Statement):
    """`left` = `right` identically (scalars or matrices): an exact polynomial identity test decides it."""

    label: str
    left: Any
    right: Any
    definitions: Mapping[Any, Any] = field(default_factory=dict)
    expected: Expected | None = None
    kind = "identity"
    open = True

    def formulas(self) -> Iterator[tuple[Any, Any]]:
        """The two sides."""
        yield from self.definitions.items()
        yield self.label, (self.left, self.right)

    def parts(self) -> Iterator[Part]:
        """The definitions, then left = right."""
        yield from equations(self.definitions, "with")
        yield "", (self.left, "=", self.right)

    def lines(self, write: Writer) -> Iterator[str]:
        """Left = right, then the definitions that it uses, in TeX."""
        if write.tex(self.left) == write.tex(self.right):  # as ‖M‖² and tr(MMᵀ) are: an equation would say nothing
            yield write.head(self.label, "the two sides are the same in this notation:")
            yield write.display(self.right, end=".")
        else:
            yield write.head(self.label, "identically,")
            yield write.display(self.right, f"{write.tex(self.left)} =", ".")
        yield from write.given(self.definitions)

    def concludes(self) -> Any:
        """The equation that it shows as a step of a proof, unevaluated."""
        return Eq(self.left, self.right, evaluate=False)
