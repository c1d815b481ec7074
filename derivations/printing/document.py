r"""A whole document, or a fragment to \input in one's own: preamble, notation, claims.

A fragment needs the packages it names in its first lines; theorem environments that are missing it defines itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from derivations.printing.appendix import appendix_lines
from derivations.printing.claims import Found, claim_lines
from derivations.printing.lines import WIDTH
from derivations.printing.notation_table import notation_lines
from derivations.printing.preamble import wrapped
from derivations.printing.references import bibliography, uncited
from derivations.printing.words import prose_tex
from derivations.statements.claim import Claim
from derivations.statements.paper import PAPER, Origin, origin_of
from derivations.statements.works import WORKS

__all__ = ["claims_document"]


def claims_document(
    claims: Sequence[Claim],
    found: Mapping[str, Found],
    *,
    fragment: bool,
    tables: Iterable[str] = (),
    width: float = WIDTH,
    bib: str | None = None,
) -> str:
    r"""Claims as LaTeX, in the order given. `found` is what an audit found by id; `tables` come before the claims.

    With `bib`, citations are taken from the file of that name, without its ending; else a document lists them itself,
    and a fragment, which has no bibliography, names them without \cite.
    """
    known = {claim.id: claim for claim in claims}
    seen: set[Any] = set()
    apart: list[str] = []
    body = [
        line for claim in claims for line in ("", *claim_lines(claim, known, found.get(claim.id), width, seen, apart))
    ]
    body += appendix_lines(apart)
    notation = [] if fragment else list(notation_lines(seen, "\n".join(body), [v for c in claims for v in c.variables]))
    heading = [] if fragment else [r"\section*{Claims}"]
    audited = [] if fragment else list(_audited(claims))
    text = "\n".join([*audited, *notation, *tables, *heading, *body])
    if fragment:
        return wrapped([text if bib else uncited(text)], fragment=True, width=width)
    return wrapped([text, *bibliography(text, bib)], fragment=False, width=width)


def _audited(claims: Sequence[Claim]) -> Iterator[str]:
    """The paper that the claims are about, and what a summary of it is; nothing if they are about none."""
    origins = {origin_of(claim.source) for claim in claims}
    if origins & {Origin.PAPER, Origin.SUMMARY}:
        yield r"\section*{What is audited}"
        yield rf"{', '.join(PAPER.authors)}: \emph{{{PAPER.title}}}, {PAPER.venue},"
        yield rf"\texttt{{{PAPER.url}}}~\cite{{{WORKS[0].key}}}."
    if Origin.SUMMARY in origins:
        yield prose_tex(
            "A claim whose source is a summary is a statement of a third party's informal summary of the paper, taken "
            "at its word; the paper does not answer for that wording."
        )
