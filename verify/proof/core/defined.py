"""Whether a sentence is defined where its hypotheses hold: each branch where it is chosen, each entry at its modes."""

from __future__ import annotations

from verify.proof.core.exclusion import context, excluded
from verify.proof.core.letters import definite
from verify.proof.core.matrices import form, keyed
from verify.proof.core.terms import (
    FALSE,
    RELATIONS,
    TRUE,
    ZERO,
    RejectedError,
    Term,
    children,
    inside,
    least,
    negation,
    shown,
)


def check_defined(t: Term, hypotheses: frozenset[Term]) -> None:
    """Nothing, if it is.

    Raises:
        RejectedError: naming what is not shown to be defined.
    """
    here = context(hypotheses)
    if t.head == "choice":
        for value, condition in zip(t.args[::2], t.args[1::2], strict=True):
            check_defined(condition, hypotheses)
            check_defined(value, hypotheses | {condition})
            hypotheses = hypotheses | {negation(condition)} - {FALSE}
        if t.args[-1] != TRUE and not excluded(hypotheses):
            raise RejectedError(f"{t} has no value where none of its conditions holds")
        return
    if t.head in ("and", "or"):
        _in_some_order(t, hypotheses)
        return
    if t.head in ("modes", "diagonal"):
        entry, lo, hi = t.args if t.head == "modes" else (t.args[0], ZERO, least(t.args[1:]))
        check_defined(entry, inside(hypotheses, lo, hi))
        for end in t.args[1:]:
            check_defined(end, hypotheses)
        return
    if t.head in ("power", "log", "inverse", "root"):
        form(here, t) if t.head in ("inverse", "root") else here.poly(t)
    sure = t.head != "logdet" or definite(here, form(here, t.args[0]))
    if not sure and any(a.head == "logdet" for m in here.poly(t) for a, _ in m):
        raise RejectedError(f"nothing says that {t.args[0]} is positive definite")
    if t.head == "eigenvalue":
        M = t.args[0]
        if keyed(here, M) != keyed(here, Term("transpose", M)):
            raise RejectedError(f"{M} is not known to be symmetric")
    for part in children(t.args):
        check_defined(part, hypotheses)


def check_assumed(hypotheses: frozenset[Term]) -> None:
    """Nothing, if in some order each hypothesis is defined where those before it hold; else one has two readings.

    Raises:
        RejectedError: naming what is not shown to be defined.
    """
    sure = frozenset(h for h in hypotheses if h.head not in RELATIONS | {"and", "or"})
    _in_some_order(Term("and", *sorted(hypotheses - sure, key=shown)), sure)


def _in_some_order(t: Term, hypotheses: frozenset[Term]) -> None:
    """A conjunction is read up to the first part that fails, a disjunction up to the first that holds."""
    waiting = list(t.args)
    while waiting:
        failed: list[Term] = []
        for part in waiting:
            try:
                check_defined(part, hypotheses)
            except RejectedError:
                failed.append(part)
                continue
            hypotheses = hypotheses | {part if t.head == "and" else negation(part)}
        if failed == waiting:
            check_defined(failed[0], hypotheses)
        waiting = failed
