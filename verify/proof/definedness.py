"""Is every root, quotient, logarithm and inverse of a sentence defined wherever its assumptions hold?

Each is something whose sign must be right (`Need`); a branch counts under its condition only. What the rules of
`signs.py` and of visibly definite matrices do not show is looked for at exact rational points, all dimensions 1: a
point where it is wrong refutes, and if none is found nothing is decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import sympy as sp
from sympy.logic.boolalg import ITE
from sympy.matrices.expressions.matexpr import MatrixExpr

from derivations.algebra.nodes import Diagonal, LogDet, LogGap
from derivations.statements.claim import Certificate, Claim, Implication, Statement, Variable
from verify.draw.trial import Trial, recorded
from verify.proof.curvature import semidefinite
from verify.proof.membership import definite
from verify.proof.nowhere import counterexample
from verify.proof.signs import ANY, NONNEGATIVE, POSITIVE, Signs, branches, conjuncts, find_signs, possible
from verify.records.evidence import Evidence, Verdict, Witness

__all__ = ["Need", "defined", "needs", "steps_defined"]

_NONZERO = ANY - {0}
_WORDS = {POSITIVE: "> 0", NONNEGATIVE: "≥ 0", _NONZERO: "≠ 0"}


@dataclass(frozen=True)
class Need:
    """`part` is defined where `base` (a matrix: each eigenvalue) has one of these signs; asked where `held` holds."""

    part: Any
    base: Any
    right: Signs
    held: tuple[Any, ...]

    def __str__(self) -> str:
        return f"{self.base} {_WORDS[self.right]}"


def needs(e: Any, held: tuple[Any, ...] = ()) -> Iterator[Need]:
    """What must hold for an expression, a relation or a matrix to be defined."""
    if isinstance(e, sp.Piecewise):
        for value, here in branches(e):
            if possible((*held, *here)):
                yield from needs(value, (*held, *here))
        for condition in dict.fromkeys(c for _, c in e.args):
            yield from needs(condition, held)
        return
    if isinstance(e, ITE):
        condition, then, other = e.args
        yield from needs(condition, held)
        yield from needs(then, (*held, *conjuncts(condition)))
        yield from needs(other, (*held, *conjuncts(sp.Not(condition))))
        return
    for part in getattr(e, "args", ()):
        yield from needs(part, held)
    right = _right(e)
    if right:
        yield Need(e, e.args[0], right, held)


def _right(e: Any) -> Signs | None:
    """The signs that the first argument must have."""
    if isinstance(e, sp.log | LogGap | LogDet):
        return POSITIVE
    if isinstance(e, sp.Inverse):
        return _NONZERO
    if isinstance(e, sp.Pow | sp.MatPow):
        n = e.args[1]
        if n.is_Integer:
            return _NONZERO if n < 0 else None
        return POSITIVE if n.is_negative else NONNEGATIVE
    return None


def defined(trial: Trial, statement: Statement) -> list[Evidence]:
    """Evidence on a statement of a claim from outside, if there is anything in it that might not be defined."""
    claim = _widened(trial.claim, statement)
    definitions = {**claim.definitions, **statement.definitions}
    formulas = [_inlined(e, definitions) for e in (*definitions.values(), *_formulas(statement))]
    asked = dict.fromkeys(n for e in formulas for n in needs(e, claim.assumptions))
    return [_evidence(trial, claim, statement.label, list(asked), True)] if asked else []


def steps_defined(trial: Trial) -> list[Evidence]:
    """Evidence on the steps of a proof that a sign argument is made of, where one might not be defined."""
    found = []
    for step in trial.claim.proof:
        if isinstance(step, Certificate | Implication):
            formulas = [step.then] if isinstance(step, Implication) else [step.expression, *step.terms]
            inlined = [_inlined(e, trial.claim.definitions) for e in formulas]
            asked = dict.fromkeys(n for e in inlined for n in needs(e, step.given))
            if asked:
                found.append(_evidence(trial, trial.claim, step.label, list(asked), False))
    return found


def _formulas(statement: Statement) -> Iterator[Any]:
    for _, formula in statement.formulas():
        yield from formula if isinstance(formula, tuple) else (formula,)


def _widened(claim: Claim, statement: Statement) -> Claim:
    """The claim with the statement's unknowns among its variables."""
    unknowns = tuple(Variable(X, domain) for X, domain in statement.unknowns().items())
    return replace(claim, variables=(*claim.variables, *unknowns)) if unknowns else claim


def _inlined(e: Any, definitions: Mapping[Any, Any]) -> Any:
    for symbol, value in reversed(list(definitions.items())):
        e = sp.S(e).xreplace({symbol: sp.S(value)})
    return sp.S(e)


def _evidence(trial: Trial, claim: Claim, label: str, asked: list[Need], refutes: bool) -> Evidence:
    return recorded("definedness", label, "proof", partial(_decided, trial, claim, asked, refutes))


def _decided(trial: Trial, claim: Claim, asked: list[Need], refutes: bool) -> dict[str, Any]:
    count = len(asked)
    for need in [n for n in asked if not _shown(n, claim)]:
        point = counterexample(need.base, need.right, need.held, claim) if refutes else None
        if point is not None:
            values = {str(x): str(v) for x, v in point.items()}
            where = ", ".join(f"{x} = {v}" for x, v in values.items()) or "any point"
            text = f"{need.part} is not defined at {where}: it needs {need}"
            witness = Witness(index=0, values=values, text=text)
            return {
                "outcome": Verdict.REFUTED,
                "instances": count,
                "witness": witness,
                "reproduce": trial.audited,
                "note": f"not defined at {where}",
            }
        note = f"it is not shown that {need}, without which {need.part} is not defined"
        return {"outcome": Verdict.UNDECIDED, "instances": count, "note": f"{note}; give it as an assumption"}
    note = "every root, quotient, logarithm and inverse is defined wherever the assumptions hold"
    return {"outcome": Verdict.PROVED, "instances": count, "note": note}


def _shown(need: Need, claim: Claim) -> bool:
    if isinstance(need.base, Diagonal) and need.base.rows == need.base.cols:
        return find_signs(need.base.entry, need.held) <= need.right
    if isinstance(need.base, MatrixExpr):
        return definite(need.base, claim) or (need.right == _NONZERO and _regular(need.base, claim, need.held))
    return find_signs(_traces_named(need.base, claim), need.held) <= need.right


def _traces_named(e: Any, claim: Claim) -> Any:
    """Traces of visibly semidefinite matrices as symbols that are ≥ 0."""
    traces = sorted(e.atoms(sp.Trace), key=str)
    return e.xreplace({t: sp.Dummy(nonnegative=True) for t in traces if semidefinite(t.args[0], claim)})


def _regular(M: Any, claim: Claim, held: Iterable[Any]) -> bool:
    """Whether a matrix is visibly invertible, or assumed to be."""
    if isinstance(M, sp.Transpose | sp.Inverse):
        return _regular(M.arg, claim, held)
    if isinstance(M, sp.MatMul):
        weight, factors = M.as_coeff_matrices()
        whole = all(f.rows == f.cols and _regular(f, claim, held) for f in factors)
        return whole and find_signs(weight, tuple(held)) <= _NONZERO
    if definite(M, claim) or any(v.symbol == M and v.domain.facts.orthogonal for v in claim.variables):
        return True
    return any(isinstance(c, sp.Ne) and {c.lhs, c.rhs} == {sp.Determinant(M), sp.S.Zero} for c in held)
