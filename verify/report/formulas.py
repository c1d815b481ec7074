"""A claim's mathematics for a page: variables, assumptions, statements and their proofs, every formula as MathML.

Formulas are generated from the SymPy expressions. A claim that states more than a page can hold (`chain-general` has 28
statements) shows its first formulas and says how many are left out. Beside its MathML a formula stated has its text,
for a reader without JavaScript.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from derivations.domain import Values
from derivations.notation import MODES
from derivations.printing.argument import Reason, reasons
from derivations.printing.latex import tex
from derivations.printing.unicode import formula, prose
from derivations.statements.base import Part, equations
from derivations.statements.claim import Claim
from verify.report.mathml import mathml_lines, to_mathml

__all__ = ["Content", "Group", "Line", "content"]

_MOST = 130  # formulas of a claim
_LONGEST = 4600  # characters of TeX: about thirty lines in print
_PLAIN = 400  # characters of a formula as text: five lines of a terminal


@dataclass(frozen=True)
class Line:
    """One formula, and what to say before it; `plain` is the formula as text, empty where that is too long to be read.

    Of an argument a line is a sentence with formulas in it, `depth` steps below the sentence that it serves.
    """

    math: Markup
    lead: str = ""
    plain: str = ""
    depth: int | None = None


@dataclass(frozen=True)
class Group:
    """What is stated under one label; `expected` is set where it is not the claim's own."""

    label: str
    kind: str
    lines: tuple[Line, ...] = ()
    expected: str = ""
    omitted: int = 0


@dataclass(frozen=True)
class Content:
    """A claim without its evidence; `variables` are (symbol, domain, note)."""

    text: str
    variables: tuple[tuple[Markup, str, str], ...]
    assumptions: tuple[Line, ...]
    statements: tuple[Group, ...]
    steps: tuple[Group, ...]
    omitted: int


@dataclass
class _Page:
    """Turns expressions into MathML until the claim has had its share of the page."""

    modes: frozenset[Any]  # the symbols with one value per mode
    left: int = _MOST
    omitted: int = 0

    def line(self, *pieces: Any, lead: str = "", display: bool = True) -> Line | None:
        """The pieces side by side; None if they are too many to be read."""
        pieces = tuple(p() if callable(p) else p for p in pieces)
        written = " ".join(piece if isinstance(piece, str) else tex(piece, self.modes) for piece in pieces)
        if len(written) > _LONGEST:
            return None
        text = _text(pieces)
        plain = text if len(text) <= _PLAIN else ""
        try:
            shown = mathml_lines(written) if display else (to_mathml(written),)
            return Line(Markup("<wbr/>".join(shown)), lead, plain)  # well-formed by construction
        except ValueError:  # an exotic node of a user's claim
            return Line(Markup("<code>{}</code>").format(text), lead, plain)

    def inline(self, e: Any) -> Markup:
        line = self.line(e, display=False)
        return line.math if line else Markup("…")

    def lines(self, parts: Iterable[Part]) -> Iterator[Line]:
        for lead, pieces in parts:
            line = self.line(*pieces, lead=lead) if self.left > 0 else None
            if line is None:
                self.omitted += 1
            else:
                self.left -= 1
                yield line

    def reason(self, step: Reason) -> Line:
        """A step of an argument: its words, and its formulas among them."""
        return Line(
            Markup("").join(escape(prose(p)) if isinstance(p, str) else self.inline(p) for p in step.pieces),
            depth=step.depth,
        )

    def group(self, label: str, kind: str, parts: Iterable[Part], expected: str = "") -> Group:
        before = self.omitted
        lines = tuple(self.lines(parts))
        return Group(label, kind, lines, expected, self.omitted - before)


def content(claim: Claim) -> Content:
    """Everything the claim states, ready for a page."""
    page = _Page(_modes(claim))
    given = tuple(Line(page.inline(a)) for a in (*claim.dimensions, *claim.assumptions))
    statements = [page.group("", "definition", equations(claim.definitions))] if claim.definitions else []
    for statement in claim.statements:
        own = str(statement.expected) if statement.expected not in (None, claim.expected) else ""
        statements.append(page.group(statement.label, statement.kind, statement.parts(), own))
    steps = [
        Group(
            statement.label or "the statement",
            "argument that the proof core accepts",
            tuple(map(page.reason, reasons(statement.proof))),
        )
        for statement in claim.statements
        if statement.proof is not None
    ]
    steps += [page.group(step.label, step.kind, step.parts()) for step in claim.proof]
    variables = tuple((page.inline(v.symbol), str(v.domain), v.note) for v in claim.variables)
    return Content(claim.text, variables, given, tuple(statements), tuple(steps), page.omitted)


def _text(pieces: Iterable[Any]) -> str:
    """A formula in one line of Unicode; of TeX between its pieces only signs are text too."""
    shown = (p if isinstance(p, str) else formula(p) for p in pieces)
    return " ".join({r"\left(": "(", r"\right)": ")", r",\quad": ","}.get(piece, piece) for piece in shown)


def _modes(claim: Claim) -> frozenset[Any]:
    found = {v.symbol: v.domain.facts.values for v in claim.variables}
    each, shared = ({x for x, values in found.items() if values is kind} for kind in (Values.EACH, Values.SHARED))
    return (MODES | each) - shared
