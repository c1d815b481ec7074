"""What the core proves without a script: from what is given, with squares and tangents that the formulas suggest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from derivations.algebra.nodes import LogGap
from derivations.statements.claim import Always, Claim
from derivations.statements.script import Script, by_cases, have, square, tangent
from verify.proof.core.terms import RejectedError
from verify.proof.core.theorem import Theorem
from verify.proof.scripts import proved

__all__ = ["proved_unaided"]

_LONGEST = 200  # operations of a relation, beyond which looking takes too long
_CONDITIONS = 6  # each doubles the cases
_TERMS = 5  # of a relation, which squares are made of


def proved_unaided(claim: Claim, relation: Any, definitions: Mapping[Any, Any], given: tuple[Any, ...] = ()) -> Theorem:
    """The theorem that a relation holds wherever the claim's assumptions, and what is `given` besides, do.

    Raises:
        RejectedError: none was found.
    """
    named = {**claim.definitions, **definitions}
    size = sum(sp.count_ops(e) for e in (relation, *named.values()))
    if size > _LONGEST or len(relation.atoms(Relational)) > _CONDITIONS:
        raise RejectedError(f"{relation} is too long to be looked at without a script")
    script = by_cases(*_suggested(relation))
    wider = replace(claim, assumptions=(*claim.assumptions, *given))
    return proved(wider, Always("", relation, definitions=definitions, proof=script), {})


def _suggested(relation: Any) -> Iterator[Script]:
    """X − 1 − log x ≥ 0 for each logarithm, t ≥ 0 for each term, (√s ± √t)² ≥ 0 for pairs of terms that are ≥ 0."""
    yield from (tangent(x) for x in sorted({f.args[0] for f in relation.atoms(sp.log, LogGap)}, key=str))
    sides = relation.args if isinstance(relation, Relational) else ()
    terms = {t.as_coeff_Mul()[1] for side in sides if not side.is_Matrix for t in sp.Add.make_args(side)}
    found = sorted((t for t in terms if not t.is_number), key=str)[:_TERMS]
    for t in found:
        yield square(_root(t)) if t.is_nonnegative and not t.is_positive else have(sp.Gt(t, 0, evaluate=False))
        yield have(sp.Ge(t, 0, evaluate=False))
    roots = [_root(t) for t in (*found, sp.S.One) if t.is_nonnegative and not t.has(sp.MatrixSymbol)]
    for s, t in combinations(roots, 2):
        yield square(s - t)
        yield square(s + t)


def _root(t: Any) -> Any:
    """The square root of a term, that of u² being u."""
    powers = [f.as_base_exp() for f in sp.Mul.make_args(t)]
    return sp.Mul(*(base ** (n / 2) for base, n in powers))
