"""A claim as data: what is stated, on what, under which assumptions, where from, and why it holds.

A claim never tests itself. `verify` draws instances of its `variables`, evaluates its `statements`,
re-checks each step of its `proof` exactly, and attacks it; the verdict expected here is compared with
the one reached there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Basic, Integer

from derivations.domain import Domain, Expected, Variable, domain_of
from derivations.statements.landscape import Flow, LocalMinimum, Optimum
from derivations.statements.observed import Observation, Observed

__all__ = [
    "PAPER",
    "SUMMARY",
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
    "Step",
    "Variable",
    "domain_of",
]

PAPER = "Dang, Tran, Nguyen, Ho, Beyond Vanilla Variational Autoencoders, ICLR 2024, arXiv:2306.05023"
SUMMARY = "Summary of arXiv:2306.05023 (informal statements, taken at their word)"
THEORY = "derived here"


@dataclass(frozen=True, eq=False)
class Minimiser:
    """`at` (matrices) with `modes` (per-mode formulas) globally minimises `loss` over the keys of `at`.

    `program` is the mode program (or the hierarchy of them) from which the optimum is *derived*; `second_moments` are
    the matrices E[z_lz_lᵀ] of its levels. Formulas in `modes` may depend on the mode's number by `index <= d_l`.
    `given` are assumptions of this statement alone.
    """

    label: str
    loss: Any
    at: Mapping[Any, Any]
    modes: Mapping[Any, Any]
    program: Any
    second_moments: tuple[Any, ...]
    offset: Any = 0
    given: tuple[Any, ...] = ()
    expected: Expected = Expected.PROVED


@dataclass(frozen=True, eq=False)
class Minimum:
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
    expected: Expected = Expected.PROVED

    def __post_init__(self) -> None:
        at = {X: Integer(e) if isinstance(e, int) else e for X, e in self.at.items()}
        for _ in at:  # a claimed value may be given by that of another unknown
            at = {X: e.xreplace(at) if isinstance(e, Basic) else e for X, e in at.items()}
        object.__setattr__(self, "at", at)

    def domain(self, unknown: Any) -> Domain:
        """Where an unknown lives."""
        return self.domains.get(unknown) or domain_of(unknown)


@dataclass(frozen=True, eq=False)
class Always:
    """`relation` holds on every instance of the claim's variables that meets its assumptions.

    `scale` is the size of what cancels in its sides, where that can be far larger than they are. `reads` says in words
    what a counterexample shows, with `figures`, evaluated on it, in its {placeholders}.
    """

    label: str
    relation: Any
    expected: Expected = Expected.PROVED
    definitions: Mapping[Any, Any] = field(default_factory=dict)
    scale: Any = 1
    reads: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Same:
    """`left` = `right` identically (scalars or matrices): an exact polynomial identity test decides it."""

    label: str
    left: Any
    right: Any
    definitions: Mapping[Any, Any] = field(default_factory=dict)
    expected: Expected = Expected.PROVED


@dataclass(frozen=True, eq=False)
class Derivation:
    """`loss` is −2·ELBO of the densities in `model`, entry by entry and in the mean over its noise."""

    label: str
    model: Any
    expected: Expected = Expected.PROVED


@dataclass(frozen=True)
class Implication:
    """Monomial inequalities `given` imply `then`; linear in logarithms, so exact LP decides it."""

    label: str
    given: tuple[Any, ...]
    then: Any


@dataclass(frozen=True)
class Certificate:
    """`expression` equals `terms`, each a weight ≥ 0 times a term ≥ 0, for all values of its symbols.

    Admissible terms: products of squares, of symbols known non-negative, of `LogGap(x)` with x > 0, and
    of differences that an inequality of `given` makes non-negative.
    """

    label: str
    expression: Any
    terms: tuple[Any, ...]
    given: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Lemma:
    """A cited theorem: named, with its reference, property-tested by `relation`, shown as cited."""

    label: str
    reference: str
    relation: Any
    scale: Any = 1


Statement = Minimiser | Minimum | Always | Same | Derivation | Optimum | LocalMinimum | Flow | Observed
Step = Same | Implication | Certificate | Lemma


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
