"""Any loss and its claimed minimiser, exactly: is the point stationary, and is there an argument that it is global?

`stationary`: the point is visibly in its domain (`membership.py`) and the gradient there is 0 identically — for scalars
in every case of its formulas (SymPy, to 0; at a bound ≥ 0, that it does not point inward), for matrices as an identity
for every dimension. `optimal`: the loss is visibly convex (`curvature.py`), or loss(x) − loss(at) is the claim's own
sum of terms ≥ 0. Without such an argument the claim is SUPPORTED at best: a stationary point that no descent beats.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from derivations.algebra.budget import Exhausted
from derivations.algebra.cases import decided, truths
from derivations.algebra.nodes import Scalar, written_out
from derivations.algebra.zero import identical, vanishes
from derivations.statements.claim import Claim, Minimum, Variable
from verify.draw.trial import Trial, recorded
from verify.minimise.objective import slope
from verify.proof.curvature import convex, log_convex
from verify.proof.identity import same
from verify.proof.membership import belongs
from verify.proof.steps import non_negative, visibly_squares
from verify.records.evidence import Evidence, Verdict

__all__ = ["optimal", "stationary"]

_SIGNS = 8  # symbols that may be negative: each doubles the patterns, which take milliseconds each


def stationary(trial: Trial, statement: Minimum) -> Evidence:
    """Whether the gradient vanishes at the claimed point, exactly."""
    return recorded("stationarity", statement.label, "proof", lambda: _stationary(trial, statement))


def optimal(trial: Trial, statement: Minimum) -> Evidence:
    """Whether a stationary point of this loss must be a global minimum, or the claim's own certificate holds."""
    return recorded("global optimality", statement.label, "proof", lambda: _optimal(trial, statement))


def _scalar(statement: Minimum) -> bool:
    """Whether the loss is about scalars only, so that SymPy decides it case by case."""
    formulas = [written_out(sp.S(e)) for e in (statement.loss, *statement.at, *statement.at.values())]
    return not any(e.has(MatrixExpr, Scalar) for e in formulas)


def _switches(trial: Trial, statement: Minimum) -> bool:
    """Whether the loss itself distinguishes cases in its unknowns: then no rule here applies."""
    loss = _inlined(statement.loss, trial.claim, statement)
    cases = [c for p in loss.atoms(sp.Piecewise) for _, c in p.args]
    return any(c.free_symbols & set(statement.at) for c in cases)


def _stationary(trial: Trial, statement: Minimum) -> dict[str, Any]:
    if _switches(trial, statement):
        return {"outcome": Verdict.SUPPORTED, "note": "the loss has cases in its unknowns: descents alone judge it"}
    if _scalar(statement):
        return _by_cases(trial.claim, statement)
    points, note = 0, ""
    definitions = {**statement.definitions, **statement.at}
    for X in statement.at:
        g = slope(statement.loss, X)
        facts = statement.domain(X).facts
        if facts.diagonal:
            g = sp.HadamardProduct(g, sp.Identity(X.rows))
        elif facts.symmetric:
            g = g + g.T  # only symmetric changes are allowed
        if not belongs(statement.at[X], statement.domain(X), (), trial.claim):
            return _unseen(X, statement, "")
        zero = sp.ZeroMatrix(*X.shape) if X.is_Matrix else sp.S.Zero
        found = same(trial, g, zero, definitions)
        if found["outcome"] is not Verdict.PROVED:
            undecidable = found["note"].startswith("not decidable")
            outcome = Verdict.SUPPORTED if undecidable else Verdict.UNDECIDED
            return found | {"outcome": outcome, "note": f"∂loss/∂{X}: {found['note']}"}
        points, note = points + found["instances"], found["note"]
    return {"outcome": Verdict.PROVED, "instances": points, "residual": 0.0, "note": note}


def _unseen(X: Any, statement: Minimum, where: str) -> dict[str, Any]:
    note = f"not visible that the claimed {X} is a {statement.domain(X)}{where}: instances alone say so"
    return {"outcome": Verdict.SUPPORTED, "instances": 1, "note": note}


def _by_cases(claim: Claim, statement: Minimum) -> dict[str, Any]:
    count, rough = 0, ""
    loss = written_out(_inlined(statement.loss, claim, statement))  # SymPy differentiates only its own
    point = {X: _inlined(e, claim, statement) for X, e in statement.at.items()}
    for held, found in truths((loss, *point.values())):
        count += 1
        here = {X: decided(e, found) for X, e in point.items()}
        where = f" where {' and '.join(map(str, held))}" if held else ""
        for X in here:
            if not belongs(here[X], statement.domain(X), (*_orders(held), *_orders(claim.assumptions)), claim):
                return _unseen(X, statement, where)
            derivative = sp.diff(decided(loss, found), X).subs(here).subs(_zeros(held))
            if derivative.has(sp.zoo, sp.nan, sp.oo, -sp.oo):  # a root, say, at the end of its domain
                rough = f"∂loss/∂{X} is not defined at the claimed point{where}"
                continue
            facts = statement.domain(X).facts
            inward = here[X] == 0 and facts.nonnegative and not facts.open
            if not (inward and non_negative(derivative, _orders(held))) and not _zero(derivative):
                note = f"∂loss/∂{X} is not 0 at the claimed point{where}"
                return {"outcome": Verdict.UNDECIDED, "instances": count, "note": note}
    if rough:
        return _not_smooth(claim, statement, count, rough)
    if not count:
        return {"outcome": Verdict.VACUOUS, "note": "no case of the formulas is possible"}
    return {
        "outcome": Verdict.PROVED,
        "instances": count,
        "residual": 0.0,
        "note": f"the gradient vanishes in {count} case{'s' if count > 1 else ''}",
    }


def _not_smooth(claim: Claim, statement: Minimum, count: int, note: str) -> dict[str, Any]:
    """A loss without a slope at the claimed point: what `excess` proves, it proves without."""
    if statement.excess and _certified(Trial(claim, 0, 1), statement)["outcome"] is Verdict.PROVED:
        found = {"outcome": Verdict.PROVED, "note": f"{note}, nor needed: `excess` proves the minimum"}
    else:
        found = {"outcome": Verdict.UNDECIDED, "note": f"{note}; give an `excess`"}
    return found | {"instances": count}


def _inlined(e: Any, claim: Claim, statement: Minimum) -> Any:
    """An expression with everything defined put in."""
    for symbol, value in reversed([*claim.definitions.items(), *statement.definitions.items()]):
        e = sp.S(e).xreplace({symbol: value})
    return sp.S(e)


def _zero(e: Any) -> bool:
    """Whether e vanishes for every sign of the symbols that may be negative."""
    if not sp.S(e).has(MatrixExpr) and identical(e):
        return True
    free = sorted((s for s in sp.S(e).free_symbols if not s.is_nonnegative), key=str)
    if len(free) > _SIGNS:
        raise Exhausted(f"2^{len(free)} patterns of signs, more than the 2^{_SIGNS} that are tried")
    for signs in product((1, -1), repeat=len(free)):
        if not vanishes(sp.S(e).subs({s: sign * s for s, sign in zip(free, signs, strict=True)}, simultaneous=True)):
            return False
    return True


def _zeros(held: tuple[Any, ...]) -> dict[Any, Any]:
    """The symbols that are 0 where the conditions hold: x ≤ 0 for an x that is never negative."""
    bounds = [(c.lts, c.gts) for c in _orders(held)]
    return {x: sp.S.Zero for x, bound in bounds if bound == 0 and x.is_Symbol and x.is_nonnegative}


def _orders(held: tuple[Any, ...]) -> tuple[Any, ...]:
    """The conditions that say which of two expressions is the larger."""
    return tuple(c for c in held if isinstance(c, sp.Gt | sp.Ge | sp.Lt | sp.Le))


def _optimal(trial: Trial, statement: Minimum) -> dict[str, Any]:
    if _switches(trial, statement):
        return {"outcome": Verdict.SUPPORTED, "note": "the loss has cases in its unknowns: no rule applies"}
    if statement.excess:
        return _certified(trial, statement)
    unknowns = set(statement.at)
    loss = _inlined(statement.loss, trial.claim, statement) if _scalar(statement) else statement.loss
    losses = [decided(loss, found) for _, found in truths((loss,))]
    domains = {X: statement.domain(X) for X in unknowns}
    if all(convex(e, domains, trial.claim) for e in losses):
        note = "visibly convex in its unknowns: a stationary point is a global minimum"
    elif all(log_convex(e, unknowns) for e in losses):
        note = "convex in the logarithms of its unknowns: a stationary point is a global minimum"
    else:
        note = "neither visibly convex nor given an `excess`: descents alone say that the stationary point is global"
        return {"outcome": Verdict.SUPPORTED, "instances": 1, "note": note}
    return {"outcome": Verdict.PROVED, "instances": len(losses), "residual": 0.0, "note": note}


def _certified(trial: Trial, statement: Minimum) -> dict[str, Any]:
    """loss(x) − loss(at) = Σ excess, term by term ≥ 0."""
    if not _scalar(statement):
        return _certified_matrix(trial, statement)
    count = 0
    loss = _inlined(statement.loss, trial.claim, statement)
    point = {X: _inlined(e, trial.claim, statement) for X, e in statement.at.items()}
    terms = [_inlined(t, trial.claim, statement) for t in statement.excess]
    for held, found in truths((loss, *point.values(), *terms)):
        here = {X: decided(e, found) for X, e in point.items()}
        f, parts = decided(loss, found), [decided(t, found) for t in terms]
        total = sum((written_out(p) for p in parts), sp.S.Zero)
        where = f" where {' and '.join(map(str, held))}" if held else ""
        count += 1
        if not _zero(f - f.subs(here) - total):
            note = f"`excess` does not add up to loss − loss(at){where}"
            return {"outcome": Verdict.UNDECIDED, "instances": count, "note": note}
        for part in parts:
            if not non_negative(part, (*_orders(held), *_orders(trial.claim.assumptions))):
                note = f"the term {part} of `excess` is not visibly ≥ 0{where}"
                return {"outcome": Verdict.UNDECIDED, "instances": count, "note": note}
    if not count:
        return {"outcome": Verdict.VACUOUS, "note": "no case of the formulas is possible"}
    return {
        "outcome": Verdict.PROVED,
        "instances": count,
        "residual": 0.0,
        "note": f"loss − loss(at) is a sum of terms ≥ 0 in {count} case{'s' if count > 1 else ''}",
    }


def _certified_matrix(trial: Trial, statement: Minimum) -> dict[str, Any]:
    free = {X: Variable(X, statement.domain(X)) for X in statement.at}
    known = {v.symbol for v in trial.claim.variables}
    widened = (*trial.claim.variables, *(v for X, v in free.items() if X not in known))
    claim = replace(trial.claim, variables=widened)
    for term in statement.excess:
        if not visibly_squares(sp.S(term), _orders(claim.assumptions), claim):
            return {"outcome": Verdict.UNDECIDED, "instances": 1, "note": f"{term} is not visibly ≥ 0"}
    at = statement.loss.xreplace(dict(statement.at)).doit(deep=False)
    found = same(replace(trial, claim=claim), statement.loss - at, sp.Add(*statement.excess), statement.definitions)
    return found | {"note": f"loss − loss(at) = Σ excess: {found['note']}"}
