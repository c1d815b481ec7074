"""The paper whose propositions the catalogue audits, and what the source of a claim says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["PAPER", "Origin", "Paper", "origin_of", "theorem_number"]


@dataclass(frozen=True)
class Paper:
    """A paper as one cites it."""

    title: str
    authors: tuple[str, ...]
    venue: str
    arxiv: str

    @property
    def url(self) -> str:
        """Where to read it."""
        return f"https://arxiv.org/abs/{self.arxiv}"

    @property
    def reference(self) -> str:
        """Authors, venue and link, on one line."""
        return f"{', '.join(self.authors)}, {self.venue}, {self.url}"


PAPER = Paper(
    "Beyond Vanilla Variational Autoencoders: Detecting Posterior Collapse in Conditional and Hierarchical Variational "
    "Autoencoders",
    ("Hien Dang", "Tho Tran", "Tan Nguyen", "Nhat Ho"),
    "ICLR 2024",
    "2306.05023",
)


class Origin(StrEnum):
    """Whose statement a claim is; the value says it to a reader."""

    PAPER = "Stated by the paper"
    SUMMARY = "Stated by a third party's summary of the paper, taken at its word"
    HERE = "Derived here"
    OTHER = "From elsewhere"


def origin_of(source: str) -> Origin:
    """Whose statement a claim of this source is: the source begins with the work that states it."""
    beginnings = {
        f"arXiv {PAPER.arxiv}": Origin.PAPER,
        f"Summary of arXiv {PAPER.arxiv}": Origin.SUMMARY,
        "derived here": Origin.HERE,
    }
    return next((origin for start, origin in beginnings.items() if source.startswith(start)), Origin.OTHER)


def theorem_number(source: str) -> int | None:
    """The number of the paper's theorem, if the source is one and its number is known."""
    found = re.search(r", Theorem (\d+)$", source) if origin_of(source) is Origin.PAPER else None
    return int(found[1]) if found else None
