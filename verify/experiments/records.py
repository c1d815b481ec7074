"""What an experiment leaves behind, as records with a schema."""

from __future__ import annotations

from pydantic import Field

from verify.records.record import Record

__all__ = ["Agreement", "Cell", "Count", "Finding", "Place", "Quantity", "Result", "Settings"]

Place = int | float | str
Quantity = int | float | tuple[float, ...]


class Settings(Record):
    """What a folder of cells was computed with; cells of other settings are never mixed in."""

    experiment: str
    dataset: str
    rows: int | None = Field(description="rows used of every data set; null: the data set's own default")
    quick: bool
    seed: int
    data: str | None = Field(description="first digits of the SHA-256 of the data; null where cells name their own")
    version: str = Field(description="of this program")


class Cell(Record):
    """One setting of the grid: what theory says, what was measured."""

    at: dict[str, Place]
    theory: dict[str, Quantity]
    measured: dict[str, Quantity]
    near: bool = Field(description="a predicted count changes within ±1 % of β: counts are not compared here")
    notes: tuple[str, ...] = ()
    picture: tuple[float, ...] | None = Field(default=None, description="pixels of a reconstruction, 0 to 1")
    seconds: float = Field(ge=0, description="processor time")


class Finding(Record):
    """An expectation, judged over all cells."""

    label: str
    holds: bool
    found: str = Field(description="the figure it rests on, in words")
    wanted: str
    exceptions: tuple[str, ...] = Field(default=(), description="cells that differ, shown and not hidden")


class Count(Record):
    """Active latents at one β: predicted from the data, predicted from a network's own residual, measured."""

    beta: float
    predicted: int
    own: int | None
    measured: int
    near: bool
    undecided: bool = Field(description="training had not settled: neither a match nor a failure")


class Agreement(Record):
    """A sweep along β, or ("all") every cell of one kind of network; near and undecided cells are not judged."""

    data: str
    given: str
    network: str
    counts: tuple[Count, ...]
    rank: float | None = Field(description="Spearman's ρ of predicted and measured counts; null: a side is constant")
    exact: int = Field(description="cells where predicted and measured counts are equal")
    own_rank: float | None = Field(description="the same two with what a network's own regression leaves")
    own_exact: int | None
    judged: int
    near: int
    undecided: int


class Result(Record):
    """One experiment on one data set."""

    settings: Settings
    title: str
    question: str
    claims: tuple[str, ...] = Field(description="ids of the claims that the theory column comes from")
    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]
    agreement: tuple[Agreement, ...] = Field(default=(), description="of an experiment on many data sets: its table")
    notes: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every expectation does."""
        return all(finding.holds for finding in self.findings)
