"""Certificates that are longer than a page stand behind the claims, where a reader who checks them finds them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derivations.statements.base import Writer
from derivations.statements.claim import Claim
from derivations.statements.steps import Certificate

__all__ = ["appendix_lines", "certificates_apart"]

_PAGE = 45  # lines of text on a page of article at 10 points
_SPACE = 2  # lines that a display takes besides its own rows: the space above and below it


def certificates_apart(claim: Claim, setting: Writer) -> tuple[list[str], list[str]]:
    """The lines of a claim's steps, and those of its certificates if these together fill more than a page."""
    steps = [(isinstance(step, Certificate), list(step.lines(setting))) for step in claim.proof]
    certificates = [line for is_certificate, lines in steps if is_certificate for line in lines]
    if _height(certificates) <= _PAGE:
        return [line for _, lines in steps for line in lines], []
    count = sum(is_certificate for is_certificate, _ in steps)
    said = f"Its {count} certificates stand in the appendix."
    return [said, *(line for is_certificate, lines in steps if not is_certificate for line in lines)], certificates


def appendix_lines(apart: Sequence[str]) -> Iterator[str]:
    """Below the claims: the certificates set apart, if any are."""
    if apart:
        yield ""
        yield "% Certificates of more than a page: cut from here on, and paste into your appendix."
        yield r"\section*{Appendix: certificates}"
        yield from apart


def _height(lines: Sequence[str]) -> int:
    r"""In lines of text: a row of a display with a fraction in it takes two."""
    rows = [
        row for line in lines for row in line.splitlines() if not row.startswith((r"\begin", r"\end", r"\[", r"\]"))
    ]
    return sum(1 + (r"\frac" in row) for row in rows) + _SPACE * len(lines) // 2
