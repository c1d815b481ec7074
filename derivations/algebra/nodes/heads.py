"""SymPy's own classes: the rules that SymPy lacks, or gets wrong without a word.

SymPy 1.14 differentiates `log(Determinant(S))` and sums of traces to 0. Source of the rules for matrices: Petersen &
Pedersen, The Matrix Cookbook (2012), §2. The tests compare every derivative with dual numbers over a prime field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sympy import (
    Add,
    Determinant,
    Function,
    Identity,
    Inverse,
    MatAdd,
    MatMul,
    Mul,
    Piecewise,
    Pow,
    Trace,
    Transpose,
    log,
)

from derivations.algebra.nodes.node import Curvature, Node

__all__ = ["HEADS", "joined", "scaled"]


def _rebuilt(e: Any, value: Any) -> Any:
    return e.func(*map(value, e.args))


def _sum(e: Any, D: Any) -> Any:
    return MatAdd(*map(D, e.args)).doit(deep=False)


def _pulled_sum(e: Any, pull: Any, G: Any) -> list[Any]:
    return [part for a in e.args for part in pull(a, G)]


def joined(parts: Iterable[Curvature | None]) -> Curvature | None:
    """The curvature of a sum: that of its parts that are not linear, if these agree; otherwise None."""
    kinds = set(parts) - {Curvature.CONSTANT, Curvature.AFFINE}
    return kinds.pop() if len(kinds) == 1 else None if kinds else Curvature.AFFINE


def _product(e: Any, D: Any) -> Any:
    return Add(
        *(Mul(*(D(b) if i == j else b for j, b in enumerate(e.args))) for i, a in enumerate(e.args) if D.depends(a))
    )


def _pulled_product(e: Any, pull: Any, _: Any) -> list[Any]:
    return [Mul(*(a for a in e.args if a is not arg)) * part for arg in e.args for part in pull(arg)]


def _scaled(e: Any, walk: Any) -> Curvature | None:
    moving = [part for part in e.args if not walk.constant(part)]
    weight = Mul(*(part for part in e.args if walk.constant(part)))
    return scaled(weight, walk(moving[0])) if len(moving) == 1 else None


def scaled(weight: Any, kind: Curvature | None) -> Curvature | None:
    """The curvature of a multiple by a constant."""
    if kind in (None, Curvature.CONSTANT, Curvature.AFFINE) or weight.is_nonnegative:
        return kind
    turned = {Curvature.CONVEX: Curvature.CONCAVE, Curvature.CONCAVE: Curvature.CONVEX}
    return turned[kind] if weight.is_nonpositive and kind else None


def _power(e: Any, D: Any) -> Any:
    if D.depends(e.exp):
        raise TypeError(f"no rule for the derivative of Pow where its exponent moves: {e}")
    return e.exp * e.base ** (e.exp - 1) * D(e.base)


def _pulled_power(e: Any, pull: Any, _: Any) -> list[Any]:
    if pull.depends(e.exp):
        raise TypeError(f"no rule for the derivative of Pow where its exponent moves: {e}")
    return [e.exp * e.base ** (e.exp - 1) * part for part in pull(e.base)]


def _bent(e: Any, walk: Any) -> Curvature | None:
    base, n = e.args
    if not (n.is_Rational and walk.line(base)):
        return None
    if n.is_Integer and n > 0 and n % 2 == 0:
        return Curvature.CONVEX
    if not base.is_nonnegative:
        return None
    convex = n >= 1 or (n < 0 and base.is_positive)
    return Curvature.CONVEX if convex else Curvature.CONCAVE if n > 0 else None


def _matrix_product(e: Any, D: Any) -> Any:
    coefficient, factors = e.as_coeff_matrices()
    parts = [D(coefficient) * MatMul(*factors)] if D.depends(coefficient) else []
    for i, factor in enumerate(factors):
        if D.depends(factor):
            parts.append(MatMul(coefficient, *factors[:i], D(factor), *factors[i + 1 :]))
    return MatAdd(*parts).doit(deep=False)


def _pulled_matrix_product(e: Any, pull: Any, G: Any) -> list[Any]:
    """The cotangent of factor i of a product is (Π before)ᵀ · G · (Π after)ᵀ."""
    coefficient, factors = e.as_coeff_matrices()
    if pull.depends(coefficient):
        raise TypeError(f"no rule for a matrix with a scalar coefficient that depends on {pull.symbol}")
    found: list[Any] = []
    for i, factor in enumerate(factors):
        if pull.depends(factor):
            before = [pull.transposed(f) for f in reversed(factors[:i])]
            after = [pull.transposed(f) for f in reversed(factors[i + 1 :])]
            parts = [*before, *([] if G is None else [G]), *after]
            found += pull(factor, MatMul(coefficient, *parts) if parts else coefficient * Identity(factor.rows))
    return found


def _pulled_inverse(e: Any, pull: Any, G: Any) -> list[Any]:
    left = e.T if G is None else e.T * G
    return list(pull(e.arg, -left * e.T))


HEADS: Mapping[type, Node] = {
    Add: Node(
        derivative=lambda e, D: Add(*map(D, e.args)),
        gradient=_pulled_sum,
        explicit=lambda e, value: value.sum(e),
        curvature=lambda e, walk: joined(map(walk, e.args)),
    ),
    MatAdd: Node(derivative=_sum, gradient=_pulled_sum),
    Mul: Node(
        derivative=_product, gradient=_pulled_product, explicit=lambda e, value: value.product(e), curvature=_scaled
    ),
    MatMul: Node(derivative=_matrix_product, gradient=_pulled_matrix_product),
    Pow: Node(derivative=_power, gradient=_pulled_power, explicit=_rebuilt, curvature=_bent),
    Function: Node(explicit=_rebuilt),
    log: Node(
        derivative=lambda e, D: D(e.args[0]) / e.args[0],
        gradient=lambda e, pull, _: [part / e.args[0] for part in pull(e.args[0])],
        curvature=lambda e, walk: Curvature.CONCAVE if walk.line(e.args[0]) else None,
        wide=True,
    ),
    Piecewise: Node(derivative=lambda e, D: Piecewise(*((D(value), held) for value, held in e.args))),
    Trace: Node(
        derivative=lambda e, D: Trace(D(e.args[0])),
        gradient=lambda e, pull, _: pull(e.args[0]),
        explicit=lambda e, value: value.trace(value(e.args[0])),
        curvature=lambda e, walk: walk.trace(e.args[0]),
        wide=True,
    ),
    Determinant: Node(wide=True),
    Transpose: Node(
        derivative=lambda e, D: D(e.arg).T,
        gradient=lambda e, pull, G: pull(e.arg, None if G is None else pull.transposed(G)),
        explicit=lambda e, value: value.transpose(value(e.arg)),
    ),
    Inverse: Node(  # d M⁻¹ = −M⁻¹ dM M⁻¹
        derivative=lambda e, D: -1 * e * D(e.arg) * e,
        gradient=_pulled_inverse,
        explicit=lambda e, value: value.inverse(value(e.arg)),
    ),
    Identity: Node(explicit=lambda e, value: value.identity(e)),
}
