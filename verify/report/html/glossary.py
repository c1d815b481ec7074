"""The words of the page's table headers, as docs/glossary.md explains them: a test holds the two together."""

from __future__ import annotations

__all__ = ["GLOSSARY"]

GLOSSARY = {
    "verdict": (
        "verdict, outcome",
        "PROVED, SUPPORTED, REFUTED, UNDECIDED or VACUOUS: of a check what it showed by itself, of a claim what all "
        "its checks and the claims it uses come to",
    ),
    "check": ("evidence, check", "one procedure tried on one sentence, and what came of it"),
    "instance": (
        "instance, example",
        "numbers for all variables of a claim, drawn at random or on a threshold, at which its sentences are tried",
    ),
    "residual": (
        "residual, tolerance",
        "the largest discrepancy that a check found, and the largest that passes, whose reason stands beside it",
    ),
}
"""(term, meaning) by the end of its anchor on the page."""
