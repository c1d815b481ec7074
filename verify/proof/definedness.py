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

from derivations.algebra.nodes import Diagonal, Eigenvalue, LogDet, LogGap, SumModes
from derivations.notation import MODES, index
from derivations.statements.claim import Always, Certificate, Claim, Domain, Implication, Statement, Variable
from verify.draw.trial import Trial, recorded
from verify.proof.curvature import congruent, definite, semidefinite
from verify.proof.link import argued
from verify.proof.nowhere import counterexample
from verify.proof.signs import ANY, NONNEGATIVE, POSITIVE, Signs, branches, conjuncts, find_signs, possible
from verify.records.evidence import Evidence, Verdict, Witness
from verify.store.cache import recalled

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


def needs(e: Any, held: tuple[Any, ...] = (), always: tuple[Any, ...] | None = None) -> Iterator[Need]:
    """What must hold for an expression, a relation or a matrix to be defined.

    What is held `always` (if left out: all that is held) holds at every mode; a branch's condition on one mode says
    nothing inside a sum over modes.
    """
    always = held if always is None else always
    if isinstance(e, sp.Piecewise):
        for value, here in branches(e):
            if possible((*held, *here)):
                yield from needs(value, (*held, *here), always)
        for condition in dict.fromkeys(c for _, c in e.args):
            yield from needs(condition, held, always)
        return
    if isinstance(e, ITE):
        condition, then, other = e.args
        yield from needs(condition, held, always)
        yield from needs(then, (*held, *conjuncts(condition)), always)
        yield from needs(other, (*held, *conjuncts(sp.Not(condition))), always)
        return
    if isinstance(e, SumModes | Diagonal):
        last = e.args[2] if isinstance(e, SumModes) else sp.Min(*e.shape)
        everywhere = [c for c in held if c in always or not c.free_symbols & {*MODES, index}]
        within = [sp.Le(index, last, evaluate=False)] if last != sp.oo else []
        yield from needs(e.args[0], (*everywhere, *within), always)
        return
    for part in getattr(e, "args", ()):
        yield from needs(part, held, always)
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
    """Evidence on a statement, if there is anything in it that might not be defined.

    A theorem of the proof core is defined: the core has asked, by rules of its own.
    """
    if isinstance(statement, Always) and statement.proof is not None:
        (core,) = argued(trial, statement)
        if core.outcome is Verdict.PROVED:
            return []
    claim = _widened(trial.claim, statement)
    definitions = {**claim.definitions, **statement.definitions}
    formulas = [_inlined(e, definitions) for e in (*definitions.values(), *_formulas(statement))]
    asked = dict.fromkeys(n for e in formulas for n in needs(e, _held(claim, claim.assumptions)))
    return [_evidence(trial, claim, statement, list(asked), True)] if asked else []


def _held(claim: Claim, given: Iterable[Any]) -> tuple[Any, ...]:
    """What is given, relation by relation, and what the domains of variables say besides signs: |ρ| < 1."""
    units = (1 - v.symbol**2 > 0 for v in claim.variables if v.domain is Domain.UNIT)
    return (*(part for g in given for part in conjuncts(g)), *units)


def steps_defined(trial: Trial) -> list[Evidence]:
    """Evidence on the assumptions, and on the steps that state signs or equal terms, if one might not be defined."""
    found = _assumptions_defined(trial)
    for step in trial.claim.proof:
        if isinstance(step, Certificate | Implication):
            formulas = [step.then] if isinstance(step, Implication) else [step.expression, *step.terms]
            inlined = [_inlined(e, trial.claim.definitions) for e in formulas]
            asked = dict.fromkeys(n for e in inlined for n in needs(e, _held(trial.claim, step.given)))
            if asked:
                found.append(_evidence(trial, trial.claim, step, list(asked), False))
    return found


def _assumptions_defined(trial: Trial) -> list[Evidence]:
    """Evidence that in some order each assumption is defined where those before it hold, if one might not be.

    No point refutes: where an assumption is not defined it is not met, as instances read it. The core reads it so only
    where it need not ask.
    """
    claim, held, asked = trial.claim, list[Any](), list[Need]()
    waiting = [part for a in claim.assumptions for part in sp.And.make_args(_inlined(a, claim.definitions))]
    while waiting:
        of = {a: list(needs(a, _held(claim, held))) for a in waiting}
        shown = [a for a in waiting if all(_shown(n, claim) for n in of[a])]
        asked += [n for a in shown or waiting[:1] for n in of[a]]
        if not shown:
            break
        held += shown
        waiting = [a for a in waiting if a not in shown]
    if not asked:
        return []
    return [recorded("definedness", "the assumptions", "proof", lambda: _decided(trial, claim, asked, False))]


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


def _evidence(trial: Trial, claim: Claim, about: Any, asked: list[Need], refutes: bool) -> Evidence:
    decide = partial(_decided, trial, claim, asked, refutes)
    return recorded("definedness", about.label, "proof", lambda: recalled("definedness", (claim, about), decide))


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
    if isinstance(need.base, MatrixExpr):
        inner = congruent(need.base, claim)
        if isinstance(inner, Diagonal) and inner.rows == inner.cols:
            return find_signs(inner.entry, need.held) <= need.right
        return definite(inner, claim) or (need.right == _NONZERO and _regular(inner, claim, need.held))
    return find_signs(_spectra_named(need.base, claim, need.held), need.held) <= need.right


def _spectra_named(e: Any, claim: Claim, held: tuple[Any, ...]) -> Any:
    """Traces and eigenvalues of visibly semidefinite matrices as symbols that are ≥ 0.

    The eigenvalues of a definite matrix are > 0 as far as there are any: beyond its last an eigenvalue is 0.
    """
    names = {}
    for t in sorted(e.atoms(sp.Trace, Eigenvalue), key=str):
        M = t.args[0]
        if isinstance(t, Eigenvalue) and definite(M, claim) and any(_within(c, M.rows) for c in held):
            names[t] = sp.Dummy(positive=True)
        elif semidefinite(M, claim):
            names[t] = sp.Dummy(nonnegative=True)
    return e.xreplace(names)


def _within(condition: Any, n: Any) -> bool:
    """Whether a condition says that the mode is one of the first n."""
    if not isinstance(condition, sp.Le | sp.Ge) or condition.lts != index:
        return False
    return n in (condition.gts.args if isinstance(condition.gts, sp.Min) else (condition.gts,))


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
