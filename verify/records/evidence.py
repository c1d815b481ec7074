"""The records an audit leaves behind: frozen, serialisable, and published as `audit.json`.

A record refuses what would be dishonest: a numerical trial that claims a proof, a refutation
without a witness that can be run again, a count of planted errors that does not add up, and any
infinity or NaN, for which JSON has no notation.
"""

from __future__ import annotations

import math
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from verify.records.planted import Planted, PlantedProofs, score_of
from verify.records.record import Record
from verify.records.regions import Region

__all__ = [
    "AuditReport",
    "ClaimResult",
    "Evidence",
    "Planted",
    "PlantedProofs",
    "StatementResult",
    "Summary",
    "Verdict",
    "Witness",
    "json_schema",
]


class Verdict(StrEnum):
    """What an audit concludes about one claim, or one check about its part of it."""

    PROVED = "PROVED"
    SUPPORTED = "SUPPORTED"
    REFUTED = "REFUTED"
    UNDECIDED = "UNDECIDED"
    VACUOUS = "VACUOUS"

    def meets(self, expected: Verdict) -> bool:
        """Whether this verdict is the expected one, or a proof where support was expected."""
        return self is expected or (self is Verdict.PROVED and expected is Verdict.SUPPORTED)


def _finite_or_none(value: Any) -> Any:
    """A residual that is infinite or NaN is recorded as absent."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _plain(value: Any) -> Any:
    """Arrays as nested tuples; exact rationals, infinities and NaN as strings."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return tuple(_plain(item) for item in value)
    exact = isinstance(value, Fraction)
    return str(value) if exact or (isinstance(value, float) and not math.isfinite(value)) else value


Scalar = bool | int | float | str
Vector = tuple[Scalar, ...]
Matrix = tuple[Vector, ...]
Value = Annotated[Scalar | Vector | Matrix | tuple[Matrix, ...], BeforeValidator(_plain)]
Count = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(ge=0)]
Residual = Annotated[float | None, BeforeValidator(_finite_or_none)]


class Witness(Record):
    """One instance that shows what a check found."""

    index: Count = Field(description="the instance's index: with claim id and seed it is redrawn")
    values: dict[str, Value] = Field(
        description="the instance's variables by name: numbers, vectors, matrices or stacks of "
        "matrices; exact rationals, infinities and NaN are strings"
    )
    text: str = Field(description="the instance, and what is wrong with it, for a human reader")


class Evidence(Record):
    """What one check tried on one claim, and what came of it."""

    kind: str = Field(description="what was done: an identity, descents, properties, …")
    about: str = Field(
        default="", description="the label of the statement or step it was done to; empty: the claim's only one"
    )
    role: Literal["proof", "trial", "opinion"] = Field(
        description="proof: PROVED here is a link in a proof; trial: a numerical attack, whose "
        "best outcome is SUPPORTED; opinion: another program's answer, which is shown and changes no verdict"
    )
    outcome: Verdict = Field(description="this check's own verdict")
    instances: Count = Field(description="how many instances, cells or identities were examined")
    untested: Count = Field(
        default=0,
        description="how many more were drawn but not tested: floats overflow, or exact arithmetic leaves them open",
    )
    residual: Residual = Field(
        description="the largest discrepancy found; null if the check measures none, or if it was not finite"
    )
    tolerance: float | None = Field(description="the largest residual that passes; null if exact")
    tolerance_reason: str = Field(description="why that tolerance and not another")
    cited: tuple[str, ...] = Field(description="what it is given: lemmas with their reference, an argument by its name")
    witness: Witness | None = Field(description="the instance that decided; always when REFUTED")
    reproduce: str | None = Field(description="the command that repeats it; always when REFUTED")
    seconds: Seconds = Field(description="wall-clock time of the check")
    note: str = Field(default="", description="anything a reader should know, as a sentence")
    failure_rate_below: float | None = Field(
        default=None,
        description="95 % upper bound on the rate of failures among instances drawn like these (rule of three), if all "
        "were examined and none failed; instances of one block share their dimensions",
    )
    regions: tuple[Region, ...] = Field(default=(), description="where in parameter space the instances were")
    cached: bool = Field(
        default=False,
        description="whether an earlier run did this check, and its record was kept: exact checks, and whatever the "
        "same program found with the same seed and number of examples",
    )

    @property
    def decided_by_witness(self) -> bool:
        """Whether it is refuted, and no residual above the tolerance shows it: then neither says anything."""
        small = self.residual is None or (self.tolerance is not None and self.residual <= self.tolerance)
        return self.outcome is Verdict.REFUTED and small

    @property
    def check(self) -> str:
        """What was done, and to what."""
        return f"{self.kind}: {self.about}" if self.about else self.kind

    @model_validator(mode="after")
    def _honest(self) -> Self:
        if self.role != "proof" and self.outcome is Verdict.PROVED:
            raise ValueError(f"the {self.role} {self.check!r} cannot prove; its best is SUPPORTED")
        if self.role == "opinion" and self.outcome is Verdict.REFUTED:
            raise ValueError(f"the opinion {self.check!r} cannot refute; it is UNDECIDED at worst")
        if self.cached and self.outcome is Verdict.UNDECIDED:
            raise ValueError(f"{self.check!r} cannot be from the cache: it keeps nothing undecided")
        unwitnessed = self.witness is None or self.reproduce is None
        if self.outcome is Verdict.REFUTED and unwitnessed:
            raise ValueError(f"{self.check!r} refutes without a witness and a command to rerun it")
        return self


class StatementResult(Record):
    """The verdict on one sentence of a claim, beside the one that its author expects of this sentence."""

    label: str = Field(description="the sentence's label; empty: the claim's only one")
    kind: str = Field(description="what kind of statement it is")
    verdict: Verdict = Field(description="computed from its own evidence and the steps it rests on, closed over `uses`")
    expected: Verdict = Field(description="the verdict expected of this sentence")
    as_expected: bool = Field(description="verdict is the expected one, or PROVED for SUPPORTED")
    given: tuple[str, ...] = Field(
        default=(), description="what the proof rests on and is not proved, here or in a claim it uses"
    )
    measured: bool = Field(default=False, description="it says what is measured on networks: nothing is to prove it")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.as_expected != self.verdict.meets(self.expected):
            raise ValueError(f"{self.label}: as_expected contradicts verdict and expected")
        return self


class ClaimResult(Record):
    """The verdict on one claim, with everything it rests on."""

    id: str = Field(description="the claim's permanent id")
    title: str = Field(description="the claim in a few words")
    source: str = Field(description="where the claim comes from")
    verdict: Verdict = Field(description="the weakest of its statements' verdicts, closed over `uses`")
    expected: Verdict = Field(description="the verdict the claim's author expects")
    as_expected: bool = Field(description="every statement's verdict is the expected one, and so is the claim's")
    statements: tuple[StatementResult, ...] = Field(default=(), description="a verdict for each of its sentences")
    given: tuple[str, ...] = Field(
        default=(), description="what the proof rests on and is not proved, here or in a claim it uses"
    )
    uses: tuple[str, ...] = Field(description="ids of the claims its proof uses")
    seconds: Seconds = Field(description="wall-clock time of all its checks")
    evidence: tuple[Evidence, ...] = Field(description="one record per check")
    planted: Planted = Field(default=Planted(), description="its negative controls")
    instead: str = Field(default="", description="what is true instead of a statement known to be false")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        met = self.verdict.meets(self.expected) and all(s.as_expected for s in self.statements)
        if self.as_expected != met:
            raise ValueError(f"{self.id}: as_expected contradicts the verdicts and what was expected")
        return self


class Summary(Record):
    """The audit in numbers."""

    claims: Count = Field(description="how many claims were finished")
    as_expected: Count = Field(description="how many of them have the expected verdict")
    verdicts: dict[Verdict, Count] = Field(description="how many of them have each verdict")
    interrupted: bool = Field(description="true if the audit was stopped before it was finished")
    planted: Count = Field(description="negative controls of all claims together")
    refuted: Count = Field(description="how many of them were refuted")
    equivalent: Count = Field(description="how many were shown to say the same thing")
    proof_errors: Count = Field(default=0, description="errors planted in the proofs of all claims together")
    proof_errors_rejected: Count = Field(default=0, description="how many of them were rejected")

    @property
    def score(self) -> str:
        """How many planted errors were refuted, all claims together."""
        return score_of(self.planted, self.refuted, self.equivalent)


class AuditReport(Record):
    """Everything one audit found: the content of `audit.json`."""

    schema_version: Literal[2] = Field(default=2, description="changes when a reader must change")
    tool_version: str = Field(description="version of collapse-audit")
    seed: Count = Field(description="the seed of every random draw")
    examples: Annotated[int, Field(ge=1)] = Field(description="random instances per claim")
    environment: dict[str, str] = Field(description="versions and machine, by name")
    date: str = Field(default="", description="the day of the audit, UTC: beside the findings, not one of them")
    summary: Summary
    claims: tuple[ClaimResult, ...] = Field(description="in the order of the catalogue")

    @property
    def remembered(self) -> int:
        """How many checks an earlier run had done."""
        return sum(item.cached for claim in self.claims for item in claim.evidence)


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `audit.json`, published as docs/audit.schema.json.

    CONTRIBUTING.md has the command that regenerates the file; a test compares the two.
    """
    schema = AuditReport.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
