"""Mutants of a relation that follow from it, or say nothing: no errors, however hard one looks for an instance."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import sympy as sp

from derivations.algebra.budget import Exhausted
from derivations.domain import Domain
from derivations.statements.claim import Claim
from verify.proof.core.terms import RejectedError
from verify.proof.steps import non_negative
from verify.proof.unaided import proved_unaided
from verify.trials.kinds import Mutation, same_formula

__all__ = ["follows_from"]

_ORDERS = sp.Ge | sp.Gt | sp.Le | sp.Lt
_SHARES = (sp.S.Half, sp.S.One, sp.Integer(2))


def follows_from(claim: Claim, mutation: Mutation, mutated: Any) -> bool:
    """Whether a mutated relation is x = x or x ≥ x, or follows from the original one.

    It follows where a side that is compared with 0 was only multiplied, where a real variable changed its sign, where
    the difference of its sides is a positive multiple of the original's plus something visibly ≥ 0, and where the proof
    core makes a theorem of it from the claim's assumptions and the original.
    """
    original = _original(mutation, mutated)
    if isinstance(mutated, sp.Eq | sp.Ge | sp.Le) and _alike(*mutated.args):
        return True
    if original is None:
        return False
    if _multiple(mutation, mutated) or _mirrored(claim, original, mutated) or _weaker(claim, original, mutated):
        return True
    with suppress(RejectedError, Exhausted):
        return proved_unaided(claim, mutated, mutation.statement.definitions, (original,)) is not None
    return False


def _original(mutation: Mutation, mutated: Any) -> Any:
    """The original relation; None if it is not seen which side was mutated."""
    sides = [mutation.original if side == mutation.mutated else side for side in mutated.args]
    changed = sum(side != kept for side, kept in zip(sides, mutated.args, strict=True))
    return mutated.func(*sides, evaluate=False) if changed == 1 else None


def _alike(left: Any, right: Any) -> bool:
    return left == right or (not (left.is_Matrix or right.is_Matrix) and same_formula(left, right))


def _multiple(mutation: Mutation, mutated: Any) -> bool:
    if not any(side == 0 or isinstance(side, sp.ZeroMatrix) for side in mutated.args):
        return False
    (before, x), (after, y) = (_content(e) for e in (mutation.original, mutation.mutated))
    ratio = after / before
    return x == y and bool(ratio.is_nonzero if isinstance(mutated, sp.Eq | sp.Ne) else ratio.is_positive)


def _content(e: Any) -> tuple[Any, Any]:
    """(number, what it multiplies): of a sum of matrices, the number before its first term."""
    if not e.is_Matrix:
        return e.as_content_primitive()
    terms = [t.as_coeff_mmul() if isinstance(t, sp.MatMul) else (sp.S.One, t) for t in sp.MatAdd.make_args(e)]
    terms.sort(key=lambda term: str(term[1]))
    first = terms[0][0]
    return first, [(number / first, rest) for number, rest in terms]


def _mirrored(claim: Claim, original: Any, mutated: Any) -> bool:
    if original.lhs.is_Matrix:
        return False
    reals = [v.symbol for v in claim.variables if v.domain is Domain.REAL]
    return any(sp.expand(_slack(mutated).subs(x, -x) - _slack(original)) == 0 for x in reals)


def _weaker(claim: Claim, original: Any, mutated: Any) -> bool:
    if not isinstance(mutated, _ORDERS):
        return False
    given = tuple(a for a in claim.assumptions if isinstance(a, _ORDERS))
    rests = (sp.expand(_slack(mutated) - share * _slack(original)) for share in _SHARES)
    return any(non_negative(rest, given) for rest in rests)


def _slack(relation: Any) -> Any:
    return relation.gts - relation.lts if isinstance(relation, _ORDERS) else relation.lhs - relation.rhs
