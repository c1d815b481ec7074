"""Does a claimed point lie in the domains of its unknowns, for every value of the parameters? By rules that only say
yes.

Instances cannot tell: a formula may leave its domain where no instance goes. What no rule sees is not proved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from derivations.statements.claim import Claim, Domain
from verify.proof.curvature import semidefinite, symmetric_under
from verify.proof.steps import non_negative

__all__ = ["belongs", "congruent", "definite"]


def belongs(value: Any, domain: Domain, held: tuple[Any, ...], claim: Claim) -> bool:
    """Whether a value is visibly in a domain where the conditions `held` are met."""
    return domain in _VISIBLE and _VISIBLE[domain](sp.S(value), held, claim)


def _at_least_zero(value: Any, held: tuple[Any, ...]) -> bool:
    """A product of roots and powers of what is visibly ≥ 0."""
    return all(
        non_negative(f, held) or (f.is_Pow and f.exp.is_positive and _at_least_zero(f.base, held))
        for f in sp.Mul.make_args(sp.factor_terms(value))
    )


def _positive(value: Any, held: tuple[Any, ...]) -> bool:
    """A product of positive factors and of differences that a strict condition makes positive."""
    differences = [sp.expand(c.gts - c.lts) for c in held if isinstance(c, sp.Gt | sp.Lt)]
    return all(
        f.is_positive
        or any(sp.expand(f - gap) == 0 for gap in differences)
        or (f.is_Pow and f.exp.is_real and _positive(f.base, held))
        for f in sp.Mul.make_args(sp.factor_terms(value))
    )


def definite(M: Any, claim: Claim) -> bool:
    """A matrix expression that is visibly symmetric positive definite."""
    if isinstance(M, sp.Identity):
        return True
    if isinstance(M, sp.Inverse | sp.Transpose):
        return definite(M.arg, claim)
    if isinstance(M, sp.MatAdd):
        return all(semidefinite(part, claim) for part in M.args) and any(definite(part, claim) for part in M.args)
    if isinstance(M, sp.MatMul):
        inner = congruent(M, claim)
        if inner != M:
            return definite(inner, claim)
        weight, factors = M.as_coeff_matrices()
        return len(factors) == 1 and bool(weight.is_positive) and definite(factors[0], claim)
    return isinstance(M, sp.MatrixSymbol) and semidefinite(M, claim)  # a symbol with that domain: positive definite


def congruent(M: Any, claim: Claim) -> Any:
    """A of M = FAFᵀ, F visibly invertible: one is positive definite iff the other is (Sylvester's law of inertia)."""
    weight, factors = M.as_coeff_matrices() if isinstance(M, sp.MatMul) else (sp.S.One, [M])
    while len(factors) > 1 and _invertible(factors[0], claim) and factors[-1] == sp.Transpose(factors[0]).doit():
        factors = factors[1:-1] or [sp.Identity(factors[0].cols)]
    return sp.MatMul(weight, *factors).doit() if isinstance(M, sp.MatMul) else M


def _invertible(F: Any, claim: Claim) -> bool:
    if isinstance(F, sp.Transpose | sp.Inverse):
        return _invertible(F.arg, claim)
    orthogonal = any(v.symbol == F and v.domain.facts.orthogonal for v in claim.variables)
    return bool(F.rows == F.cols) and (orthogonal or (isinstance(F, sp.MatrixSymbol) and definite(F, claim)))


# Of the other domains no value is visibly a member.
_VISIBLE: Mapping[Domain, Callable[[Any, tuple[Any, ...], Claim], bool]] = {
    Domain.REAL: lambda *_: True,
    Domain.MATRIX: lambda *_: True,
    Domain.NONNEGATIVE: lambda value, held, _: _at_least_zero(value, held),
    Domain.POSITIVE: lambda value, held, _: _positive(value, held),
    Domain.SYMMETRIC: lambda M, _, claim: symmetric_under(M, {v.symbol: v.domain for v in claim.variables}),
    Domain.DEFINITE: lambda M, _, claim: definite(M, claim),
}
