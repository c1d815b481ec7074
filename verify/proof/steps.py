"""The steps of a proof, each decided exactly: certificates and implications.

A certificate must equal its terms identically and every term must be visibly non-negative; an implication
between monomials goes to exact linear programming.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.matrices.expressions.matexpr import MatrixExpr

from derivations.algebra.cases import logarithmic
from derivations.algebra.cones import implies
from derivations.algebra.nodes import fact, written_out
from derivations.algebra.zero import identical
from derivations.statements.claim import Certificate, Claim, Implication
from verify.draw.trial import Trial, recorded
from verify.proof.curvature import semidefinite
from verify.proof.identity import same
from verify.records.evidence import Evidence, Verdict
from verify.store.cache import recalled

__all__ = ["certificate", "implication", "non_negative", "visibly_squares"]


def implication(trial: Trial, link: Implication) -> list[Evidence]:  # noqa: ARG001 - every step has one signature
    """Monomial inequalities imply others: an exact linear program in their logarithms."""
    return [_remembered("implication", link, (link,), lambda: _implication(link))]


def certificate(trial: Trial, link: Certificate) -> list[Evidence]:
    """An expression equals terms that are visibly non-negative."""
    if any(sp.S(e).has(MatrixExpr) for e in (link.expression, *link.terms)):
        about = (link, trial.claim, trial.seed)
        return [_remembered("certificate", link, about, lambda: _certificate_of_matrices(trial, link))]
    return [_remembered("certificate", link, (link,), lambda: _certificate(link))]


def _remembered(
    kind: str, link: Certificate | Implication, about: tuple[Any, ...], decide: Callable[[], dict[str, Any]]
) -> Evidence:
    return recorded(kind, link.label, "proof", lambda: recalled(kind, about, decide))


def _implication(link: Implication) -> dict[str, Any]:
    given = [part for g in link.given for part in sp.And.make_args(g)]
    for part in (*given, *sp.And.make_args(link.then)):
        if isinstance(part, Relational) and not logarithmic(part):
            note = f"{part} is not decided in logarithms: a symbol may be negative, or 0 on both sides"
            return {"outcome": Verdict.UNDECIDED, "instances": 0, "note": note}
    for then in sp.And.make_args(link.then):
        try:
            found = implies(given, then)
        except ValueError as error:
            note = f"not decided in logarithms: {error}; it compares products of powers, so write x > y, not x − y > 0"
            return {"outcome": Verdict.UNDECIDED, "instances": 0, "note": note}
        if found.feasible:
            point = ", ".join(f"log {x} = {v}" for x, v in found.values)
            return {"outcome": Verdict.UNDECIDED, "instances": 1, "note": f"does not follow at {point}"}
    note = "Motzkin multipliers found by exact LP and re-checked in rationals"
    return {"outcome": Verdict.PROVED, "instances": 1, "note": note}


def _certificate(link: Certificate) -> dict[str, Any]:
    terms = sum((written_out(sp.S(t)) for t in link.terms), sp.S.Zero)
    difference = sp.expand_log(sp.S(link.expression) - terms, force=True)
    if not identical(sp.expand(difference)):
        return {"outcome": Verdict.UNDECIDED, "instances": 1, "note": "the terms do not add up to the expression"}
    for term in link.terms:
        if not non_negative(sp.S(term), link.given):
            return {"outcome": Verdict.UNDECIDED, "instances": 1, "note": f"{term} is not visibly ≥ 0"}
    return {"outcome": Verdict.PROVED, "instances": max(1, len(link.terms)), "residual": 0.0}


def _certificate_of_matrices(trial: Trial, link: Certificate) -> dict[str, Any]:
    """The same for traces and log dets: the identity is decided for every dimension."""
    for term in link.terms:
        if not visibly_squares(sp.S(term), link.given, trial.claim):
            return {"outcome": Verdict.UNDECIDED, "instances": 1, "note": f"{term} is not visibly ≥ 0"}
    return same(trial, link.expression, sp.Add(*link.terms), {})


def visibly_squares(term: Any, given: tuple[Any, ...], claim: Claim) -> bool:
    """Whether a term is a product of what is visibly ≥ 0 and of traces of visibly semidefinite matrices."""
    factors = sp.Mul.make_args(term)
    rest = sp.Mul(*(f for f in factors if not isinstance(f, sp.Trace)))
    traces = [f for f in factors if isinstance(f, sp.Trace)]
    return not rest.has(MatrixExpr) and non_negative(rest, given) and all(semidefinite(t.arg, claim) for t in traces)


def non_negative(term: Any, given: tuple[Any, ...]) -> bool:
    """A product of squares, non-negative symbols, log gaps at positive points, differences given as ≥ 0."""
    differences = [sp.expand(g.gts - g.lts) for g in given if g != sp.true]
    return all(_factor(f, differences) for f in sp.Mul.make_args(sp.factor_terms(term)))


def _factor(f: Any, differences: list[Any]) -> bool:
    sign = fact(f, "nonnegative")
    if sign and sign(f):
        return True
    if f.is_nonnegative or any(sp.expand(f - g) == 0 for g in differences):
        return True
    if f.is_Pow and f.exp.is_Integer:
        return (f.exp % 2 == 0 and bool(f.base.is_extended_real)) or _factor(f.base, differences)
    return False
