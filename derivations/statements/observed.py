"""Statements about networks: a relation between what is measured on them and what theory says of the same quantities.

An `Observation` names what `verify` builds, trains or differences. The relation is a formula like all others, in the
symbols that the observation measures (`derivations.models.networks`), and is mutated like all others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from derivations.domain import Expected
from derivations.statements.base import Part, Statement, Writer

__all__ = ["Observation", "Observed"]


class Observation(StrEnum):
    """What is measured, on which networks."""

    ADDITIVE = "Hessians at the collapsed point: additive decoder, constant σ"
    HEAD = "Hessians at the collapsed point: additive decoder, σ-head"
    MIXED = "Hessians at the collapsed point: decoder of (z, x), E[r|x] = 0"
    PRODUCT = "Hessians at the collapsed point: μ = mxy, ŷ = kxz, y = 2nx, x in {0, 1}"
    BERNOULLI = "Hessians at the collapsed point: binary outputs, logits linear in z"
    POISSON = "Hessians at the collapsed point: counts, log link linear in z"
    NEXT_BERNOULLI = "Hessians of a dead latent in trained models: binary outputs, logits linear in z"
    NEXT_POISSON = "Hessians of a dead latent in trained models: counts, log link linear in z"
    PARITY = "a VAE with tanh units in the decoder on triples of bits of even parity"
    GAUSSIAN = "networks trained on samples of Gaussian populations, judged on fresh rows"
    SIGNS = "the best of a few tanh networks on y = x = ±1"
    WARM = "networks trained from the linear optimum, which they contain, on laws that are not Gaussian"
    PATH = "the best of many starts at each β, for neighbouring β"
    CHAIN = "I(x; z_1) and I(x; z_2) of two-level networks, trained and not"
    SILENT = "two-level networks whose first encoder ignores x"


@dataclass(frozen=True, eq=False)
class Observed(Statement):
    """`relation` holds for every network of an observation.

    `tolerance` is how far the sides may be from what is said, relative to the larger (or to 1), and `reason` says why;
    the default is round-off. An inequality may be broken by `slack`, a multiple of a measured error. `note` says what
    was seen: the {count} of networks, the {least} and {greatest} value of `figure`, and {beside} it the greatest of
    another. If not `refutes`, a violation shows a local minimum and leaves the statement undecided.
    """

    label: str
    relation: Any
    observation: Observation
    tolerance: Any = 0
    reason: str = "as it stands, up to round-off"
    slack: Any = 0
    figure: Any = 0
    beside: Any = 0
    note: str = "{count} networks"
    refutes: bool = True
    expected: Expected = Expected.SUPPORTED

    measured = True

    @property
    def kind(self) -> str:  # type: ignore[override] # says which networks
        """Measured, on which networks."""
        return f"measured on networks ({self.observation})"

    def formulas(self) -> Iterator[tuple[Any, Any]]:
        """The relation."""
        yield self.label, self.relation

    def parts(self) -> Iterator[Part]:
        """The relation."""
        yield "", (self.relation,)

    def lines(self, write: Writer) -> Iterator[str]:
        """What is measured, and the relation."""
        yield write.head(self.label, f"measured ({write.sentence(str(self.observation))}),")
        yield write.display(self.relation, end=".")
