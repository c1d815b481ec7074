r"""One claim as an amsthm environment with a permanent label, all that it states inside; then why it holds, or fails.

\label{claim:ID} never changes, as ids do not. What an audit found is handed in as words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from derivations.printing.appendix import certificates_apart
from derivations.printing.collapse import collapse_lines
from derivations.printing.glyphs import escape
from derivations.printing.setting import Setting, setting_of
from derivations.printing.theorem import theorem_lines
from derivations.program.derived import Theorem
from derivations.program.hierarchy import Hierarchy
from derivations.statements.claim import Claim, Expected, Minimiser

__all__ = ["Found", "claim_lines", "identifier", "kind", "label"]

_NAMES = {"theorem": "Theorem", "proposition": "Proposition", "lemma": "Lemma", "statement": "Statement"}


@dataclass(frozen=True)
class Found:
    """What an audit found about one claim, in words: verdict, witness and the command that shows it again."""

    verdict: str
    witnesses: tuple[tuple[str, str], ...] = field(default=())


def kind(claim: Claim) -> str:
    """The environment: lemma, theorem (one the paper numbers), statement (false as it stands) or proposition."""
    if claim.expected is Expected.REFUTED:
        return "statement"
    if claim.id.startswith(("lemma-", "elbo-", "mode-program")):
        return "lemma"
    return "theorem" if "Theorem" in claim.source else "proposition"


def label(name: str) -> str:
    """The permanent label of a claim."""
    return "claim:" + "".join(c for c in name if c.isascii() and (c.isalnum() or c in "-.:"))


def identifier(name: str) -> str:
    """An id in typewriter type that may be broken after its hyphens."""
    return rf"\texttt{{{escape(name).replace('-', '-' + chr(92) + 'allowbreak{}')}}}"


def claim_lines(
    claim: Claim, known: dict[str, Claim], found: Found | None, width: float, seen: set[Any], apart: list[str]
) -> Iterator[str]:
    """The claim as lines of TeX. `known` are the claims of the same document, which may be referred to by number.

    Certificates that fill more than a page are added to `apart`.
    """
    setting = setting_of(claim, width, seen)
    environment = kind(claim)
    yield f"% {_comment(claim.id)}"
    yield rf"\begin{{{environment}}}[{{{setting.sentence(claim.title)}}}]\label{{{label(claim.id)}}}"
    yield setting.sentence(claim.text)
    yield from _paragraph("Given", _given(claim, setting))
    yield from _statements(claim, setting)
    yield from _paragraph("Collapse", collapse_lines(claim, setting))
    yield rf"\end{{{environment}}}"
    yield from _paragraph("Source", [setting.source(claim.source) + "."])
    steps, certificates = certificates_apart(claim, setting)
    if certificates:
        apart += [rf"\subsection*{{{_reference(claim.id, known)}}}", *certificates]
    yield from _paragraph("Steps", [*steps, *_uses(claim, known)])
    yield from _verdict(claim, found, setting)


def _comment(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isprintable())


def _paragraph(name: str, lines: Any) -> Iterator[str]:
    lines = list(lines)
    if lines:
        yield r"\par\smallskip"
        yield rf"\noindent\textbf{{{name}.}}"
        yield from lines


def _given(claim: Claim, setting: Setting) -> Iterator[str]:
    """The variables by domain with their notes, then the definitions and the assumptions."""
    parts: list[str] = []
    by_domain = sorted(claim.variables, key=lambda v: str(v.domain))
    for domain, group in groupby(by_domain, key=lambda v: str(v.domain)):
        parts.append(
            f"{escape(domain if parts else domain.capitalize())}: " + ", ".join(_variable(v, setting) for v in group)
        )
    if parts:
        yield "; ".join(parts) + "."
    conditions = [*claim.dimensions, *claim.assumptions]
    if short := [c for c in conditions if setting.fits(c)]:
        yield f"Assumed: {', '.join(map(setting.inline, short))}."
    for condition in conditions:
        if condition not in short:
            yield "Assumed:"
            yield setting.display(condition, end=".")
    if claim.definitions:
        yield "With"
        yield setting.equations(claim.definitions.items())


def _variable(v: Any, setting: Setting) -> str:
    note = f" ({setting.sentence(v.note)})" if v.note else ""
    if getattr(v.symbol, "is_Matrix", False):
        return rf"${setting.tex(v.symbol)} \in \mathbb{{R}}^{{{setting.shape(v.symbol)}}}${note}"
    return setting.inline(v.symbol) + note


def _statements(claim: Claim, setting: Setting) -> Iterator[str]:
    derived = [s for s in claim.of_kind(Minimiser) if s.derived]
    for s in claim.statements:
        if s in derived and len(derived) > 1:
            continue
        false = " (false)" if s.expected is Expected.REFUTED else ""
        yield from _paragraph(f"Statement{false}", s.lines(setting))
    if len(derived) > 1:
        yield from _paragraph("Statements", _patterns(derived, setting))


def _patterns(derived: list[Any], setting: Setting) -> Iterator[str]:
    """Formulas that the mode program derives: those of two levels here, the others by the command that prints them."""
    for s in derived:
        if isinstance(s.program, Hierarchy) and len(s.program.learnable) <= 2:
            yield rf"\par\smallskip\noindent\emph{{{setting.sentence(s.label)}.}}"
            yield from theorem_lines(Theorem(s.program), setting)
    yield "Deeper hierarchies are printed by"
    yield r"\begin{quote}\texttt{collapse-audit derive -{}-levels 3 -{}-learnable 1,3 -{}-latex}\end{quote}"


def _uses(claim: Claim, known: dict[str, Claim]) -> Iterator[str]:
    if claim.uses:
        yield "Uses " + ", ".join(_reference(name, known) for name in claim.uses) + "."


def _reference(name: str, known: dict[str, Claim]) -> str:
    if name in known:
        return rf"{_NAMES[kind(known[name])]}~\ref{{{label(name)}}}"
    return identifier(name)


def _verdict(claim: Claim, found: Found | None, setting: Setting) -> Iterator[str]:
    """The verdict; under a refuted statement its witness, or, where no audit is given, what is true instead."""
    instead = setting.sentence(claim.instead)
    if found is not None:
        yield from _paragraph("Verdict", [rf"\textsc{{{found.verdict.lower()}}}."])
    refuted = found.verdict == "REFUTED" if found else claim.expected is Expected.REFUTED
    if not refuted or not (instead or (found and found.witnesses)):
        return
    yield r"\begin{remark}"
    for text, command in found.witnesses if found else ():
        yield f"Witness: {setting.sentence(text)}"
        yield rf"\begin{{flushleft}}\ttfamily\small {_command(command)}\end{{flushleft}}" if command else ""
    if instead:
        yield f"True instead: {instead}"
    yield r"\end{remark}"


def _command(text: str) -> str:
    return escape(text).replace("--", "-{}-").replace("-", "-\\allowbreak{}").replace("-\\allowbreak{}{}-", "-{}-")
