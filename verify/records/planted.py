"""What became of planted errors: of those in formulas, and of those in proofs. The counts must add up."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from verify.records.record import Record

__all__ = ["Planted", "PlantedProofs", "score_of"]

Count = Annotated[int, Field(ge=0)]


class PlantedProofs(Record):
    """Errors planted in the proofs of a claim: how many of them the proof core and the checks of steps rejected."""

    planted: Count = Field(default=0, description="how many were tried and are errors")
    rejected: Count = Field(default=0, description="how many of them were rejected")
    survivors: tuple[str, ...] = Field(
        default=(), description="the others: something is accepted as proved that an instance contradicts"
    )
    unneeded: tuple[str, ...] = Field(
        default=(), description="what the proofs do without, and what holds in a stronger form: remarks, no errors"
    )
    untried: Count = Field(default=0, description="how many more there are, of which these were a selection")

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.rejected + len(self.survivors) != self.planted:
            raise ValueError("planted must be rejected + the number of survivors")
        return self

    def __add__(self, other: PlantedProofs) -> PlantedProofs:
        return PlantedProofs(
            planted=self.planted + other.planted,
            rejected=self.rejected + other.rejected,
            survivors=self.survivors + other.survivors,
            unneeded=self.unneeded + other.unneeded,
            untried=self.untried + other.untried,
        )


def score_of(planted: int, refuted: int, equivalent: int) -> str:
    """Errors refuted, of the errors planted: "7 of 9", a dash if there were none. What says the same is no error."""
    errors = planted - equivalent
    return f"{refuted} of {errors}" if errors else "–"


class Planted(Record):
    """Planted errors, also called negative controls: how many mutations of the claim the checks refuted."""

    planted: Count = Field(default=0, description="how many mutations were tried")
    refuted: Count = Field(default=0, description="how many of them were refuted")
    equivalent: Count = Field(default=0, description="how many were shown to say the same thing")
    survivors: tuple[str, ...] = Field(default=(), description="the others, by description")
    unneeded: tuple[str, ...] = Field(
        default=(), description="assumptions without which nothing contradicts the claim: a remark, no planted error"
    )
    loose: tuple[str, ...] = Field(
        default=(),
        description="mutations of a user's inequality that hold by a margin wherever they are tried: nobody can tell "
        "whether they are errors, a remark",
    )
    proofs: PlantedProofs = Field(default=PlantedProofs(), description="errors planted in its proofs")

    @property
    def score(self) -> str:
        """How many errors were refuted, in the words of every report."""
        return score_of(self.planted, self.refuted, self.equivalent)

    @property
    def alive(self) -> tuple[str, ...]:
        """All that survived, in formulas and in proofs."""
        return self.survivors + self.proofs.survivors

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.refuted + self.equivalent + len(self.survivors) != self.planted:
            raise ValueError("planted must be refuted + equivalent + the number of survivors")
        return self
