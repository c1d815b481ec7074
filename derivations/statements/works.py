"""What the catalogue cites: the paper, and the books and articles that state what its proofs are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from derivations.statements.paper import PAPER

__all__ = ["WORKS", "Work", "works_in"]


@dataclass(frozen=True)
class Work:
    """A work as a bibliography lists it; the sources and references of claims call it by what it is `named`.

    `kind` is the type of its BibTeX entry, `details` are its fields besides authors (given names first), title, year.
    """

    key: str
    named: str
    kind: str
    authors: tuple[str, ...]
    title: str
    year: int
    details: Mapping[str, str]


WORKS = (
    Work(
        "dang2024",
        f"arXiv {PAPER.arxiv}",
        "inproceedings",
        PAPER.authors,
        PAPER.title,
        int(PAPER.venue.split()[-1]),
        MappingProxyType({"booktitle": PAPER.venue, "note": f"arXiv:{PAPER.arxiv}"}),
    ),
    Work(
        "cover2006",
        "Cover & Thomas, Elements of Information Theory",
        "book",
        ("Thomas M. Cover", "Joy A. Thomas"),
        "Elements of Information Theory",
        2006,
        MappingProxyType({"publisher": "Wiley", "edition": "second"}),
    ),
    Work(
        "horn2013",
        "Horn & Johnson, Matrix Analysis",
        "book",
        ("Roger A. Horn", "Charles R. Johnson"),
        "Matrix Analysis",
        2013,
        MappingProxyType({"publisher": "Cambridge University Press", "edition": "second"}),
    ),
    Work(
        "lucas2019",
        "Lucas et al. 2019",
        "inproceedings",
        ("James Lucas", "George Tucker", "Roger Grosse", "Mohammad Norouzi"),
        "Don't Blame the ELBO! A Linear VAE Perspective on Posterior Collapse",
        2019,
        MappingProxyType({"booktitle": "Advances in Neural Information Processing Systems", "volume": "32"}),
    ),
    Work(
        "stein1981",
        "Stein, Annals of Statistics 9 (1981)",
        "article",
        ("Charles M. Stein",),
        "Estimation of the Mean of a Multivariate Normal Distribution",
        1981,
        MappingProxyType({"journal": "Annals of Statistics", "volume": "9"}),
    ),
)
"""Every work that a source or a reference of the catalogue names, the paper first."""


def works_in(text: str) -> tuple[Work, ...]:
    """The works that a source or a reference names."""
    return tuple(work for work in WORKS if work.named in text)
