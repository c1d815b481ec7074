"""A claim as data: what is stated, on what, under which assumptions, where from, and why it holds.

A claim never tests itself. `verify` draws instances of its `variables`, evaluates its `statements`,
re-checks each step of its `proof` exactly, and attacks it; the verdict expected here is compared with
the one reached there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from derivations.domain import Domain, Expected, Variable, domain_of
from derivations.statements.always import Always
from derivations.statements.base import Statement
from derivations.statements.derivation import Derivation
from derivations.statements.flow import Flow
from derivations.statements.local_minimum import LocalMinimum
from derivations.statements.minimiser import Minimiser
from derivations.statements.minimum import Minimum
from derivations.statements.observed import Observation, Observed
from derivations.statements.optimum import Optimum
from derivations.statements.same import Same
from derivations.statements.steps import Certificate, Implication, Lemma, Step

__all__ = [
    "THEORY",
    "Always",
    "Certificate",
    "Claim",
    "Derivation",
    "Domain",
    "Expected",
    "Flow",
    "Implication",
    "Lemma",
    "LocalMinimum",
    "Minimiser",
    "Minimum",
    "Observation",
    "Observed",
    "Optimum",
    "Same",
    "Statement",
    "Step",
    "Variable",
    "domain_of",
]

THEORY = "derived here"


S = TypeVar("S", bound=Statement)


@dataclass(frozen=True, eq=False, repr=False)
class Claim:
    """One proposition. `id` is permanent; `uses` are ids of other claims its proof rests on.

    `dimensions` are conditions on the shapes considered (d < D); `definitions` name matrices and scalars built
    from the variables (Z = RΘSᵀ), evaluated in order.
    """

    id: str
    title: str
    source: str
    text: str
    variables: tuple[Variable, ...]
    statements: tuple[Statement, ...]
    assumptions: tuple[Any, ...] = ()
    dimensions: tuple[Any, ...] = ()
    definitions: Mapping[Any, Any] = field(default_factory=dict)
    proof: tuple[Step, ...] = ()
    uses: tuple[str, ...] = ()
    expected: Expected = Expected.PROVED
    instead: str = ""

    def __repr__(self) -> str:  # its expressions would fill pages
        return f"Claim({self.id!r})"

    def of_kind(self, kind: type[S]) -> tuple[S, ...]:
        """Its statements of one kind, in order."""
        return tuple(s for s in self.statements if isinstance(s, kind))
