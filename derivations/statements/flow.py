"""Where gradient flow takes a mode: whether it leaves the origin, in what order, and whether it comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from derivations.domain import Expected
from derivations.statements.base import Part, Statement, Writer, equations

__all__ = ["Flow"]


@dataclass(frozen=True, eq=False)
class Flow(Statement):
    """Gradient flow of a mode's `loss` from `start` (state → value): `amplitude` leaves 0 for good iff `leaves`.

    Modes leave in the order of their `rate`, the growth rate at the origin; with `grows`, the amplitude rises at first
    iff that holds, whether or not the mode is to come back. `start` holds the amplitude small.
    """

    label: str
    loss: Any
    start: Mapping[Any, Any]
    amplitude: Any
    leaves: Any
    rate: Any
    grows: Any = None
    expected: Expected | None = None
    kind = "gradient flow"
    argued = True

    def formulas(self) -> Iterator[tuple[Any, Any]]:
        """The loss, when the amplitude leaves 0, and at which rate."""
        yield self.label or "gradient flow", self.loss
        yield "leaves the origin iff", self.leaves
        yield "growth rate", self.rate

    def parts(self) -> Iterator[Part]:
        """The loss, the start, when the amplitude leaves 0, at which rate, and when it rises at first."""
        yield "the loss", (self.loss,)
        yield from equations(self.start, "with the gradient flow starting at")
        yield "it leaves the origin for good iff", (self.leaves,)
        yield "at the rate", (self.rate,)
        if self.grows is not None:
            yield "the amplitude grows at first iff", (self.grows,)

    def lines(self, write: Writer) -> Iterator[str]:
        """The loss, when the amplitude leaves 0 from which start, the modes' order, and when it rises at first."""
        yield write.head(self.label, "along the gradient flow of")
        yield write.display(self.loss, "f =")
        yield f"the amplitude {write.inline(self.amplitude)} leaves $0$ for good iff {write.inline(self.leaves)}, from"
        yield write.equations(self.start.items(), end=",")
        yield "modes in the order of their rates at the origin,"
        yield write.display(self.rate, end=".")
        if self.grows is not None:
            yield f"At first it grows iff {write.inline(self.grows)}."
