"""Is a loss visibly convex in its unknowns? Rules of composition, as in disciplined convex programming.

`convex` knows sums, non-negative multiples, even powers of affine expressions, −log and −log det of affine ones, and
tr(F P Fᵀ) with F affine and P visibly positive semidefinite. `log_convex` knows posynomials minus multiples of
logarithms, which are convex in the logarithms of positive unknowns. "No" means only that neither rule set sees it.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

import sympy as sp

from derivations.algebra.nodes import LogDet
from derivations.statements.claim import Claim, Domain

__all__ = ["convex", "log_convex", "semidefinite", "symmetric_under"]

_SYMMETRIC = (Domain.SYMMETRIC, Domain.DEFINITE, Domain.DIAGONAL)
_CONSTANT, _AFFINE, _CONVEX, _CONCAVE = range(4)


def semidefinite(M: Any, claim: Claim) -> bool:
    """Whether a matrix expression is visibly symmetric positive semidefinite."""
    if isinstance(M, sp.Identity | sp.ZeroMatrix):
        return True
    if isinstance(M, sp.MatrixSymbol):
        definite = (Domain.DEFINITE, Domain.DIAGONAL)
        return any(v.symbol == M and v.domain in definite for v in claim.variables)
    if isinstance(M, sp.MatAdd):
        return all(semidefinite(part, claim) for part in M.args)
    if isinstance(M, sp.Inverse):
        return semidefinite(M.arg, claim)
    if isinstance(M, sp.MatMul):
        coefficient, factors = M.as_coeff_matrices()
        return bool(coefficient.is_nonnegative) and _palindrome(factors, claim)
    return False


def _palindrome(factors: list[Any], claim: Claim) -> bool:
    """F₁…F_k P F_kᵀ…F₁ᵀ."""
    half, odd = divmod(len(factors), 2)
    mirrored = all(factors[-1 - j] == _transposed(factors[j]) for j in range(half))
    return mirrored and (not odd or semidefinite(factors[half], claim))


def symmetric_under(M: Any, domains: Mapping[Any, Domain]) -> bool:
    """Whether a matrix expression equals its transpose, given which of its symbols are symmetric."""
    names = {sp.Transpose(X): X for X, domain in domains.items() if domain in _SYMMETRIC}
    return bool(_transposed(M).xreplace(names) == M.xreplace(names))


def _transposed(M: Any) -> Any:
    return sp.Transpose(M).doit()


def convex(loss: Any, unknowns: Mapping[Any, Domain], claim: Claim) -> bool:
    """Whether the loss is visibly convex, jointly in all unknowns, each in its domain."""
    return _Walk(unknowns, claim).scalar(loss) in (_CONSTANT, _AFFINE, _CONVEX)


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
        self.domains = {v.symbol: v.domain for v in claim.variables} | dict(unknowns)

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
            return len(moving) == 1 and (self.affine(moving[0]) if moving[0].is_Matrix else self._line(moving[0]))
        return False

    def symmetric(self, M: Any) -> bool:
        """Whether a matrix expression equals its transpose: log det is concave on symmetric matrices only."""
        return symmetric_under(M, self.domains)

    def _line(self, e: Any) -> bool:
        return self.scalar(e) in (_CONSTANT, _AFFINE)

    def scalar(self, e: Any) -> int | None:
        """The curvature of a scalar expression, None if no rule applies."""
        if self.constant(e):
            return _CONSTANT
        if e in self.unknowns:
            return _AFFINE
        if isinstance(e, sp.Add):
            return _joined([self.scalar(part) for part in e.args])
        if isinstance(e, sp.Mul):
            moving = [part for part in e.args if not self.constant(part)]
            weight = sp.Mul(*(part for part in e.args if self.constant(part)))
            return _scaled(weight, self.scalar(moving[0])) if len(moving) == 1 else None
        if isinstance(e, sp.Pow) and e.exp.is_Rational:
            return self._power(e.base, e.exp)
        if isinstance(e, sp.log):
            return _CONCAVE if self._line(e.args[0]) else None
        if isinstance(e, LogDet):
            return _CONCAVE if self.affine(e.args[0]) and self.symmetric(e.args[0]) else None
        if isinstance(e, sp.Trace):
            return self._trace(e.args[0])
        return None

    def _power(self, base: Any, n: Any) -> int | None:
        if not self._line(base):
            return None
        if n.is_Integer and n > 0 and n % 2 == 0:
            return _CONVEX
        if not base.is_nonnegative:
            return None
        return _CONVEX if n >= 1 or (n < 0 and base.is_positive) else _CONCAVE if n > 0 else None

    def _trace(self, M: Any) -> int | None:
        if isinstance(M, sp.MatAdd):
            return _joined([self._trace(part) for part in M.args])
        if self.affine(M):
            return _AFFINE
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
                    return _scaled(weight, _CONVEX)
        return None


def _joined(parts: list[int | None]) -> int | None:
    kinds = set(parts) - {_CONSTANT, _AFFINE}
    if not kinds:
        return _AFFINE
    return parts[[p in kinds for p in parts].index(True)] if len(kinds) == 1 else None


def _scaled(weight: Any, kind: int | None) -> int | None:
    if kind in (None, _CONSTANT, _AFFINE):
        return kind
    if weight.is_nonnegative:
        return kind
    return {_CONVEX: _CONCAVE, _CONCAVE: _CONVEX}[kind] if weight.is_nonpositive else None
