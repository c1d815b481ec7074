"""A loss is the one that its densities give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from derivations.domain import Expected
from derivations.notation import eta_dec
from derivations.statements.base import Part, Statement, Writer

__all__ = ["Derivation"]


@dataclass(frozen=True, eq=False)
class Derivation(Statement):
    """`loss` is −2·ELBO of the densities in `model`, entry by entry and in the mean over its noise."""

    label: str
    model: Any
    expected: Expected | None = None
    kind = "derivation from densities"

    def formulas(self) -> Iterator[tuple[Any, Any]]:
        """The loss."""
        yield self.label or "loss", self.model.loss

    def parts(self) -> Iterator[Part]:
        """The loss."""
        yield "the loss, less constants, in units of 1/η_dec²", (self.model.loss,)

    def lines(self, write: Writer) -> Iterator[str]:
        """−2·ELBO, its constants and its loss."""
        text = r"in nats, entry by entry and in the mean over the noise, $-2\,\mathrm{ELBO}_{\beta}$ is"
        yield write.head(self.label, text)
        yield write.display(self.model.constants, rf"\frac{{1}}{{{write.tex(eta_dec**2)}}} F +", ",")
        yield "where"
        yield write.display(self.model.loss, "F =", ".")
