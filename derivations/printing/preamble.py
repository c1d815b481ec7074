r"""What stands around the text: a preamble, or the first lines of a fragment to \input in one's own document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

__all__ = ["wrapped"]

_PACKAGES = ("amsmath", "amssymb", "amsthm", "array", "booktabs", "longtable")
_ENVIRONMENTS = (
    ("theorem", "Theorem"),
    ("proposition", "Proposition"),
    ("lemma", "Lemma"),
    ("statement", "Statement"),
    ("remark", "Remark"),
)


def wrapped(body: Iterable[str], *, fragment: bool, width: float) -> str:
    r"""Lines between a preamble and \end{document}, or below the comment that a fragment begins with."""
    lines = [*_fragment_head(), *body, r"\endgroup"] if fragment else [*_preamble(width), *body, r"\end{document}"]
    return "\n".join(lines) + "\n"


def _fragment_head() -> Iterator[str]:
    yield "% Written by collapse-audit, to be read by \\input. Packages needed in your preamble:"
    yield rf"%   \usepackage{{{','.join(_PACKAGES)}}}"
    yield "% Lines are broken for a text width of article's; see the option --width for narrow columns."
    yield r"\makeatletter"
    for name, title in _ENVIRONMENTS:
        yield rf"\@ifundefined{{{name}}}{{\newtheorem{{{name}}}{{{title}}}}}{{}}"
    yield r"\makeatother"
    yield r"\begingroup\allowdisplaybreaks\sloppy\setlength{\emergencystretch}{4em}"


def _preamble(width: float) -> Iterator[str]:
    yield "% Written by collapse-audit. Compile with pdflatex or lualatex, with bibtex if there is a .bib, then twice."
    yield r"\documentclass{article}"
    yield r"\usepackage{iftex}"
    yield rf"\usepackage[a4paper,textwidth={10 * (width + 2):.0f}pt,vmargin=25mm]{{geometry}}"
    yield r"\ifPDFTeX\usepackage[T1]{fontenc}\usepackage{textcomp,lmodern}\fi"
    yield rf"\usepackage{{{','.join(_PACKAGES)}}}"
    for k, (name, title) in enumerate(_ENVIRONMENTS):
        shared = "[theorem]" if k else ""
        yield (r"\theoremstyle{remark}" if name == "remark" else "")
        yield rf"\newtheorem{{{name}}}{shared}{{{title}}}"
    yield r"\allowdisplaybreaks"
    yield r"\raggedbottom"
    yield r"\setlength{\emergencystretch}{4em}"
    yield r"\begin{document}"
