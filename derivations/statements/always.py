"""A relation that holds on every instance of a claim's variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from derivations.domain import Expected
from derivations.statements.base import Part, Statement, Writer, equations
from derivations.statements.script import Script

__all__ = ["Always"]


@dataclass(frozen=True, eq=False)
class Always(Statement):
    """`relation` holds on every instance of the claim's variables that meets its assumptions.

    `scale` is the size of what cancels in its sides, where that can be far larger than they are. `reads` says in words
    what a counterexample shows, with `figures`, evaluated on it, in its {placeholders}. `proof` says why it holds, for
    the proof core.
    """

    label: str
    relation: Any
    expected: Expected | None = None
    definitions: Mapping[Any, Any] = field(default_factory=dict)
    scale: Any = 1
    reads: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    proof: Script | None = None
    kind = "relation"
    open = True
    argued = True

    def formulas(self) -> Iterator[tuple[Any, Any]]:
        """The relation."""
        yield from self.definitions.items()
        yield self.label, self.relation

    def parts(self) -> Iterator[Part]:
        """The definitions, then the relation."""
        yield from equations(self.definitions, "with")
        yield "", (self.relation,)

    def lines(self, write: Writer) -> Iterator[str]:
        """The relation, then the definitions that it uses, in TeX."""
        yield write.head(self.label, "on every instance,")
        yield write.display(self.relation, end=".")
        yield from write.given(self.definitions)
