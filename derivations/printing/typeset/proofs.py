"""Why a claim holds, step by step: identities, implications, certificates, cited lemmas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Add, And

from derivations.printing.typeset.setting import Setting
from derivations.statements.claim import Certificate, Implication, Lemma, Same

__all__ = ["step_lines"]


def step_lines(step: Any, setting: Setting) -> Iterator[str]:
    """One step; a certificate as the identity expression = sum of its terms, each of them visibly ≥ 0."""
    label = setting.sentence(step.label)
    head = rf"\emph{{{label}:}} " if label else ""
    if isinstance(step, Certificate):
        yield from _certificate(step, setting, head)
    elif isinstance(step, Implication):
        yield f"{head}{' and '.join(map(setting.inline, step.given)) or 'always'} implies {setting.inline(step.then)}."
    elif isinstance(step, Lemma):
        yield f"{head}cited, not proved here ({setting.sentence(step.reference)}):"
        yield setting.display(step.relation, end=".")
    elif isinstance(step, Same):
        yield f"{head}identically,"
        yield setting.display(step.right, f"{setting.tex(step.left)} =", ".")


def _certificate(step: Certificate, setting: Setting, head: str) -> Iterator[str]:
    given = f" under {setting.inline(And(*step.given))}" if step.given else ""
    if not step.terms:
        yield f"{head}identically{given},"
        yield setting.display(step.expression, "0 =", ".")
        return
    terms = " + ".join(_term(t, setting) for t in step.terms)
    yield f"{head}a certificate, each term of which is visibly non-negative{given}:"
    yield setting.display(step.expression, "", f" = {terms}.")


def _term(e: Any, setting: Setting) -> str:
    text = setting.tex(e)
    return rf"\left({text}\right)" if isinstance(e, Add) or text.startswith("-") else text
