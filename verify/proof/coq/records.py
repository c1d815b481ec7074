"""What an export is: files of claims, what is not written of them, and what Coq said if it was asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Answer", "Answers", "Exported", "Written"]


@dataclass(frozen=True)
class Written:
    """A claim's file: theorems by name, matrix theorems of the theory, (sentence, reason) of what is not written."""

    claim: str
    text: str
    theorems: tuple[str, ...]
    matrices: tuple[str, ...]
    sources: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]

    @property
    def module(self) -> str:
        """The name of its file, without `.v`."""
        return self.claim.replace("-", "_")


@dataclass(frozen=True)
class Answer:
    """Of one claim: "accepted", "not accepted", "timed out" or "nothing written"; axioms; the first error."""

    claim: str
    outcome: str
    assumptions: tuple[str, ...] = ()
    error: str = ""

    def __str__(self) -> str:
        if self.outcome == "accepted":
            return f"{self.claim}: accepted, assumptions: {', '.join(self.assumptions) or 'none'}"
        return f"{self.claim}: {self.outcome}{f' ({self.error})' if self.error else ''}"


@dataclass(frozen=True)
class Answers:
    """What a version of Coq said of each claim."""

    version: str
    claims: tuple[Answer, ...]

    @property
    def accepted(self) -> bool:
        """Whether there are files with theorems in them, and all were accepted."""
        outcomes = {one.outcome for one in self.claims}
        return "accepted" in outcomes and outcomes <= {"accepted", "nothing written"}

    @property
    def text(self) -> str:
        """A line for each claim, and the counts."""
        count = sum(one.outcome == "accepted" for one in self.claims)
        asked = sum(one.outcome != "nothing written" for one in self.claims)
        last = f"Coq {self.version} accepts {count} of the {asked} files that have theorems."
        return "\n".join([*map(str, self.claims), last]) + "\n"


@dataclass(frozen=True)
class Exported:
    """What was written: the folder, a `Written` for each claim, and what Coq said of it, if it was asked."""

    folder: Path
    claims: tuple[Written, ...]
    answers: Answers | None = None

    @property
    def text(self) -> str:
        """A line for each claim and each reason why sentences of it are not written; the counts last."""
        return (
            "\n".join([*self._lines(), self.summary])
            + "\n"
            + (self.answers.text if self.answers else "Coq has not been asked.\n")
        )

    @property
    def summary(self) -> str:
        """How many theorems of how many claims."""
        theorems = sum(len(one.theorems) for one in self.claims)
        matrices = sum(len(one.matrices) for one in self.claims)
        missing = sum(len(one.missing) for one in self.claims)
        return (
            f"Written to {self.folder}: {theorems} theorems made from proofs of the core and {matrices} of the theory, "
            f"about {len(self.claims)} claims; {missing} statements and steps, or parts of them, are not written."
        )

    def _lines(self) -> Iterator[str]:
        for one in self.claims:
            count = len(one.theorems)
            yield f"{one.claim}: {count} theorem{'' if count == 1 else 's'}, {len(one.matrices)} of the theory"
            for reason in dict.fromkeys(reason for _, reason in one.missing):
                sentences = "; ".join(sentence for sentence, why in one.missing if why == reason)
                yield f"  not written ({reason}): {sentences}"
