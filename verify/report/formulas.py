"""A claim's mathematics for a page: variables, assumptions, statements and proof steps, every formula as MathML.

Formulas are generated from the SymPy expressions. A claim that states more than a page can hold (`chain-general` has 28
statements) shows its first formulas and says how many are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from derivations.domain import Values
from derivations.notation import MODES
from derivations.printing.latex import tex
from derivations.printing.unicode import formula
from derivations.statements.base import Part, equations
from derivations.statements.claim import Claim
from verify.report.mathml import mathml_lines, to_mathml

__all__ = ["Content", "Group", "Line", "content"]

_MOST = 48  # formulas of a claim
_LONGEST = 1800  # characters of TeX: about twelve lines in print


@dataclass(frozen=True)
class Line:
    """One formula, and what to say before it."""

    math: Markup
    lead: str = ""


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
        try:
            shown = mathml_lines(written) if display else (to_mathml(written),)
            return Line(Markup("<wbr>".join(shown)), lead)  # well-formed by construction
        except ValueError:  # an exotic node of a user's claim
            text = " ".join(piece if isinstance(piece, str) else formula(piece) for piece in pieces)
            return Line(Markup("<code>{}</code>").format(text), lead)

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
    steps = tuple(page.group(step.label, step.kind, step.parts()) for step in claim.proof)
    variables = tuple((page.inline(v.symbol), str(v.domain), v.note) for v in claim.variables)
    return Content(claim.text, variables, given, tuple(statements), steps, page.omitted)


def _modes(claim: Claim) -> frozenset[Any]:
    found = {v.symbol: v.domain.facts.values for v in claim.variables}
    each, shared = ({x for x, values in found.items() if values is kind} for kind in (Values.EACH, Values.SHARED))
    return (MODES | each) - shared
