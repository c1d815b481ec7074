"""Do a claim's proof steps say what its relations say?

A relation that has a script counts as proved only if the proof core makes a theorem of it. Of the others in the
catalogue none does: what ties the steps to them is the theorem's docstring, which no program reads. In a claim from
outside a relation counts as proved if a step states it, from no more than the claim's assumptions, or if the core finds
it without a script (`unaided.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

import sympy as sp

from derivations.algebra.budget import Exhausted
from derivations.algebra.zero import identical
from derivations.statements.claim import Always, Claim, Expected, Lemma, Step
from verify.catalogue import claims
from verify.draw.trial import Trial, recorded
from verify.proof.core.terms import RejectedError
from verify.proof.core.theorem import Theorem, in_order
from verify.proof.scripts import proved
from verify.proof.unaided import proved_unaided
from verify.records.evidence import Evidence, Verdict
from verify.store.cache import recalled

_LONGEST = 400  # characters of a note
_UNAIDED = "a theorem of the proof core, found unaided"

__all__ = ["argued", "linked", "theorem_of"]


@lru_cache(maxsize=8)
def theorem_of(claim: Claim, statement: Always) -> Theorem | RejectedError:
    """What the core makes of a sentence's script: the theorem, or why there is none."""
    try:
        return proved(claim, statement, claims())
    except RejectedError as error:
        return error


def argued(trial: Trial, statement: Always) -> list[Evidence]:
    """Evidence of role "proof": whether the core makes a theorem of this sentence from its script, and given what."""

    def decide() -> dict[str, Any]:
        theorem = theorem_of(trial.claim, statement)
        if isinstance(theorem, RejectedError):
            note = f"the proof core refuses the script: {theorem}"
            return {"outcome": Verdict.SUPPORTED, "note": note[:_LONGEST]}
        steps = len(in_order(theorem))
        found = {"outcome": Verdict.PROVED, "instances": steps, "note": "a theorem of the proof core"}
        return found | ({"cited": tuple(sorted(theorem.given))} if theorem.given else {})

    inputs = (trial.claim, statement)
    return [recorded("proof core", statement.label, "proof", lambda: recalled("proof core", inputs, decide))]


def linked(trial: Trial) -> list[Evidence]:
    """Evidence of role "proof" for each relation of a claim from outside."""
    claim = trial.claim
    found = []
    for statement in claim.of_kind(Always):
        if statement.expected is not Expected.REFUTED and statement.proof is None:
            found.append(recorded("link", statement.label, "proof", partial(_linked, claim, statement)))
    return found


def _linked(claim: Claim, statement: Always) -> dict[str, Any]:
    if any(_states(claim, statement, step) for step in claim.proof):
        note = "a proof step states the relation"
        return {"outcome": Verdict.PROVED, "instances": len(claim.proof), "note": note}
    try:
        theorem = proved_unaided(claim, statement.relation, statement.definitions)
    except (RejectedError, Exhausted):
        note = "no proof step states the relation: instances alone stand behind it"
        return {"outcome": Verdict.SUPPORTED, "instances": len(claim.proof), "note": note}
    return {"outcome": Verdict.PROVED, "instances": len(in_order(theorem)), "note": _UNAIDED}


def _states(claim: Claim, statement: Always, step: Step) -> bool:
    """Whether a step is the relation itself."""
    given = set(getattr(step, "given", ()))
    if not given <= set(claim.assumptions):
        return False
    if isinstance(step, Lemma):  # named, not shown
        return False
    relation = _inlined(statement.relation, {**claim.definitions, **statement.definitions})
    shown = _inlined(step.concludes(), {**claim.definitions, **getattr(step, "definitions", {})})
    if isinstance(relation, sp.Eq) and isinstance(shown, sp.Eq):
        return {relation.lhs, relation.rhs} == {shown.lhs, shown.rhs}
    if isinstance(relation, sp.Ge | sp.Le) and isinstance(shown, sp.Ge | sp.Le):
        return bool(shown == relation) or _equal(shown.gts - shown.lts, relation.gts - relation.lts)
    return bool(shown == relation)


def _inlined(e: Any, definitions: Mapping[Any, Any]) -> Any:
    for symbol, value in reversed(list(definitions.items())):
        e = sp.S(e).xreplace({symbol: value})
    return sp.S(e)


def _equal(a: Any, b: Any) -> bool:
    if (a - b) == 0:
        return True
    return not (a - b).has(sp.MatrixSymbol, sp.Piecewise) and identical(a - b)
