r"""What LaTeX cites: \cite in sources and references, and the works as a bibliography or as entries for BibTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derivations.printing.glyphs import escape
from derivations.printing.words import prose_tex
from derivations.statements.works import WORKS, Work, works_in

__all__ = ["bibliography", "bibtex", "cited", "uncited"]

_CITE = re.compile(r"~\\cite\{([a-z0-9]+)\}")


def cited(text: str) -> str:
    r"""Prose as TeX, with \cite after each work that it names."""
    out = prose_tex(text)
    for work in works_in(text):
        name = prose_tex(work.named)
        out = out.replace(name, rf"{name}~\cite{{{work.key}}}")
    return out


def uncited(tex: str) -> str:
    r"""Without its \cite, for a text that comes without a bibliography; the works' names stay."""
    return _CITE.sub("", tex)


def bibliography(tex: str, file: str | None) -> Iterator[str]:
    r"""The end of a document: what `tex` cites, or the commands with which BibTeX takes it from `file`.bib."""
    works = _works(tex)
    if not works:
        return
    if file is not None:
        yield r"\bibliographystyle{plain}"
        yield rf"\bibliography{{{file}}}"
        return
    yield r"\begin{thebibliography}{9}"
    for work in works:
        authors, details = ", ".join(work.authors), ", ".join(map(_detail, work.details.items()))
        yield rf"\bibitem{{{work.key}}} {escape(authors)}. \emph{{{escape(work.title)}}}. {details}, {work.year}."
    yield r"\end{thebibliography}"


def bibtex(tex: str) -> str:
    """Entries for BibTeX of what LaTeX made here cites, ASCII; nothing if it cites nothing."""
    return "\n".join(line for work in _works(tex) for line in _entry(work))


def _works(tex: str) -> list[Work]:
    keys = set(_CITE.findall(tex))
    return [work for work in WORKS if work.key in keys]


def _entry(work: Work) -> Iterator[str]:
    # The title in braces of its own: styles would set its capitals in lower case.
    fields = {
        "author": " and ".join(work.authors),
        "title": f"{{{work.title}}}",
        **work.details,
        "year": str(work.year),
    }
    yield f"@{work.kind}{{{work.key},"
    yield from (f"  {name} = {{{value}}}," for name, value in fields.items())
    yield "}\n"


def _detail(detail: tuple[str, str]) -> str:
    name, value = detail
    return escape({"edition": f"{value} edition", "volume": f"vol. {value}"}.get(name, value))
