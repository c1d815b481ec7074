"""Rules of real algebra: combinations of premises, squares, tangents."""

from __future__ import annotations

from verify.proof.core.arithmetic import NOT_NEGATIVE, NOT_ZERO
from verify.proof.core.exclusion import context
from verify.proof.core.logic import Premises, Sequent, together
from verify.proof.core.polynomials import Poly, added, constant, scaled, text
from verify.proof.core.terms import RELATIONS, ZERO, RejectedError, Term, number, shown


def square(_: Premises, t: Term, hypotheses: frozenset[Term]) -> Sequent:
    """t² ≥ 0, for a real t."""
    context(hypotheses).poly(t)
    return Sequent(hypotheses, Term(">=", Term("power", t, number(2).args[0]), ZERO))


def tangent(_: Premises, x: Term, hypotheses: frozenset[Term]) -> Sequent:
    """X − 1 − log x ≥ 0, where x > 0; it is > 0 where x is known not to be 1."""
    here = context(hypotheses)
    p = here.poly(x)
    if here.sign_poly(p) != ">":
        raise RejectedError(f"nothing says that {x} > 0")
    off = [added(scaled(p, by), constant(-by)) for by in (1, -1)]  # x − 1 and 1 − x
    strict = all(off) and any(here.sign_poly(q) in NOT_ZERO for q in off)
    gap = Term("sum", x, number(-1), Term("product", number(-1), Term("log", x)))
    return Sequent(hypotheses, Term(">" if strict else ">=", gap, ZERO))


def combine(premises: Premises, hypotheses: frozenset[Term], goal: Term, weights: tuple[Term, ...]) -> Sequent:
    """The goal's difference is the sum of weights ≥ 0 times the premises' differences (any weight for an equation)."""
    hypotheses = together(hypotheses, *(t.hypotheses for t in premises))
    here, strict = context(hypotheses), False
    if goal.head not in RELATIONS - {"!="}:
        raise RejectedError(f"{goal} is no equation or inequality")
    parts: list[Poly] = [scaled(here.difference(goal), -1)]
    for weight, t in zip(weights, premises, strict=True):
        kind, w = t.conclusion.head, here.poly(weight)
        sign = here.sign_poly(w)
        if kind != "=" and (kind not in (">", ">=") or goal.head == "=" or sign not in NOT_NEGATIVE):
            raise RejectedError(f"the weight {shown(weight)} of {t.conclusion} is not known to be >= 0")
        strict |= kind == sign == ">"
        parts.append(here.times(w, here.difference(t.conclusion)))
    if goal.head == ">" and not strict:
        raise RejectedError("a strict goal needs a strict premise of positive weight")
    if left := here.cleared(added(*parts)):
        raise RejectedError(f"the sum of the premises is not {goal}: left over {text(left)}")
    return Sequent(hypotheses, goal)


def equal(premises: Premises) -> Sequent:
    """A ≥ b and b ≥ a: a = b."""
    one, other = premises
    a, b = one.conclusion.args
    if one.conclusion != Term(">=", a, b) or other.conclusion != Term(">=", b, a):
        raise RejectedError("two inequalities that face each other are needed")
    return Sequent(one.hypotheses | other.hypotheses, Term("=", a, b))
