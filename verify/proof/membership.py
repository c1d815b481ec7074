"""Does a claimed point lie in the domains of its unknowns, for every value of the parameters? By rules that only say
yes.

Instances cannot tell: a formula may leave its domain where no instance goes. What no rule sees is not proved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from derivations.algebra.nodes import Diagonal
from derivations.statements.claim import Claim, Domain
from verify.proof.curvature import definite, symmetric_under
from verify.proof.steps import non_negative

__all__ = ["belongs"]


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


def _diagonal(M: Any, claim: Claim) -> bool:
    """A diagonal matrix expression whose entries are visibly positive."""
    if isinstance(M, sp.Identity):
        return True
    if isinstance(M, sp.Inverse | sp.Transpose):
        return _diagonal(M.arg, claim)
    if isinstance(M, sp.MatAdd):
        return all(_diagonal(part, claim) for part in M.args)
    if isinstance(M, sp.MatMul):
        weight, factors = M.as_coeff_matrices()
        return bool(weight.is_positive) and all(_diagonal(f, claim) for f in factors)
    if isinstance(M, sp.MatPow):
        return _diagonal(M.base, claim)
    if isinstance(M, Diagonal):
        return M.rows == M.cols and bool(M.entry.is_positive)
    return any(v.symbol == M and v.domain.facts.diagonal for v in claim.variables)


# Of the other domains no value is visibly a member.
_VISIBLE: Mapping[Domain, Callable[[Any, tuple[Any, ...], Claim], bool]] = {
    Domain.REAL: lambda *_: True,
    Domain.MATRIX: lambda *_: True,
    Domain.NONNEGATIVE: lambda value, held, _: _at_least_zero(value, held),
    Domain.POSITIVE: lambda value, held, _: _positive(value, held),
    Domain.SYMMETRIC: lambda M, _, claim: symmetric_under(M, {v.symbol: v.domain for v in claim.variables}),
    Domain.DIAGONAL: lambda M, _, claim: _diagonal(M, claim),
    Domain.DEFINITE: lambda M, _, claim: definite(M, claim),
}
