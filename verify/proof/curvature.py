"""Is a loss visibly convex in its unknowns? Rules of composition, as in disciplined convex programming.

`convex` knows sums, non-negative multiples, even powers of affine expressions, −log of affine ones, −log det of affine
ones that are visibly positive definite, and tr(F P Fᵀ) with F affine and P visibly positive semidefinite. `log_convex`
knows posynomials minus multiples of logarithms, which are convex in the logarithms of positive unknowns. "No" means
only that neither rule set sees it.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any

import sympy as sp

from derivations.algebra.nodes import Curvature, fact
from derivations.algebra.nodes.heads import joined, scaled
from derivations.statements.claim import Claim, Domain, Variable

__all__ = ["congruent", "convex", "definite", "log_convex", "semidefinite", "symmetric_under"]


def semidefinite(M: Any, claim: Claim) -> bool:
    """Whether a matrix expression is visibly symmetric positive semidefinite."""
    if isinstance(M, sp.Identity | sp.ZeroMatrix):
        return True
    if isinstance(M, sp.MatrixSymbol):
        return any(v.symbol == M and v.domain.facts.definite for v in claim.variables)
    if isinstance(M, sp.MatAdd):
        return all(semidefinite(part, claim) for part in M.args)
    if isinstance(M, sp.Inverse | sp.Transpose):
        return semidefinite(M.arg, claim)
    if isinstance(M, sp.MatMul):
        coefficient, factors = M.as_coeff_matrices()
        return bool(coefficient.is_nonnegative) and _palindrome(factors, claim)
    return False


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


def _palindrome(factors: list[Any], claim: Claim) -> bool:
    """F₁…F_k P F_kᵀ…F₁ᵀ."""
    half, odd = divmod(len(factors), 2)
    mirrored = all(factors[-1 - j] == _transposed(factors[j]) for j in range(half))
    return mirrored and (not odd or semidefinite(factors[half], claim))


def symmetric_under(M: Any, domains: Mapping[Any, Domain]) -> bool:
    """Whether a matrix expression equals its transpose, given which of its symbols are symmetric."""
    names = {sp.Transpose(X): X for X, domain in domains.items() if domain.facts.symmetric}
    return bool(_transposed(M).xreplace(names) == M.xreplace(names))


def _transposed(M: Any) -> Any:
    return sp.Transpose(M).doit()


def convex(loss: Any, unknowns: Mapping[Any, Domain], claim: Claim) -> bool:
    """Whether the loss is visibly convex, jointly in all unknowns, each in its domain."""
    return _Walk(unknowns, claim)(loss) in (Curvature.CONSTANT, Curvature.AFFINE, Curvature.CONVEX)


def log_convex(loss: Any, unknowns: Set[Any]) -> bool:
    """Whether the loss of positive scalars is a posynomial, plus multiples of logarithms of monomials."""
    if any(X.is_Matrix or not X.is_positive for X in unknowns):
        return False
    for term in sp.Add.make_args(sp.expand(sp.expand_log(loss, force=True))):
        weight, rest = term.as_independent(*unknowns, as_Add=False)
        if isinstance(rest, sp.log) and rest.args[0] in unknowns:
            continue
        powers = [factor.as_base_exp() for factor in sp.Mul.make_args(rest)]
        monomial = rest == 1 or all(base in unknowns and n.is_Rational for base, n in powers)
        if not monomial or not (weight.is_nonnegative or rest == 1):
            return False
    return True


class _Walk:
    def __init__(self, unknowns: Mapping[Any, Domain], claim: Claim) -> None:
        self.unknowns, self.claim = set(unknowns), claim
        moving = tuple(Variable(X, domain) for X, domain in unknowns.items())
        self.widened = replace(claim, variables=(*claim.variables, *moving))

    def constant(self, e: Any) -> bool:
        return not (e.free_symbols & self.unknowns)

    def affine(self, M: Any) -> bool:
        """Whether a matrix expression is affine in the unknowns."""
        if self.constant(M) or M in self.unknowns:
            return True
        if isinstance(M, sp.MatAdd):
            return all(self.affine(part) for part in M.args)
        if isinstance(M, sp.Transpose):
            return self.affine(M.arg)
        if isinstance(M, sp.MatMul):
            moving = [part for part in M.args if not self.constant(part)]
            return len(moving) == 1 and (self.affine(moving[0]) if moving[0].is_Matrix else self.line(moving[0]))
        return False

    def definite(self, M: Any) -> bool:
        """Whether a matrix expression is visibly positive definite at every value of the unknowns."""
        return definite(M, self.widened)

    def line(self, e: Any) -> bool:
        """Whether a scalar expression is affine in the unknowns."""
        return self(e) in (Curvature.CONSTANT, Curvature.AFFINE)

    def __call__(self, e: Any) -> Curvature | None:
        """The curvature of a scalar expression, None if no rule applies."""
        if self.constant(e):
            return Curvature.CONSTANT
        if e in self.unknowns:
            return Curvature.AFFINE
        rule = fact(e, "curvature")
        return rule(e, self) if rule else None

    def trace(self, M: Any) -> Curvature | None:
        """The curvature of tr M."""
        if isinstance(M, sp.MatAdd):
            return joined([self.trace(part) for part in M.args])
        if self.affine(M):
            return Curvature.AFFINE
        if not isinstance(M, sp.MatMul):
            return None
        weight, factors = M.as_coeff_matrices()
        if not self.constant(weight):
            return None
        for k in range(len(factors)):  # a trace may be read from any factor on
            turned = [*factors[k:], *factors[:k]]
            first = [part for part in turned[: len(turned) // 2] if not self.constant(part)]
            if _palindrome(turned, self.claim) and len(first) == 1 and self.affine(first[0]):
                middle = turned[len(turned) // 2] if len(turned) % 2 else None
                if middle is None or self.constant(middle):
                    return scaled(weight, Curvature.CONVEX)
        return None
