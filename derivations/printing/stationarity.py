"""Stationarity conditions: gradients of a loss, like terms collected; of a symmetric matrix both transposes are one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from sympy import MatAdd, MatMul, MatrixSymbol, S, Transpose
from sympy.matrices.expressions.matexpr import MatrixExpr

from derivations.algebra.calculus import gradient
from derivations.algebra.derivative import differentiate
from derivations.domain import Domain
from derivations.printing import forms

__all__ = ["gradients", "tidy"]


def gradients(loss: Any, unknowns: Mapping[Any, Domain], symmetric: Set[Any]) -> Iterator[tuple[Any, Any]]:
    """(unknown, gradient of the loss with respect to it), where there is a rule for every node."""
    known = {*symmetric, *(X for X, domain in unknowns.items() if domain.facts.symmetric)}
    known |= {X for X in loss.atoms(MatrixSymbol) if X.name.startswith("Sigma")}
    for X in unknowns:
        try:
            yield X, tidy(gradient(loss, X), known) if X.is_Matrix else differentiate(loss, X)
        except TypeError:  # a node without a rule: nothing is claimed about it
            continue


def tidy(M: Any, symmetric: Set[Any]) -> Any:
    """A sum of matrix products with like terms collected."""
    if not isinstance(M, MatrixExpr):
        return M
    M = M.xreplace({Transpose(X): X for X in symmetric})
    found: dict[Any, Any] = {}
    for term in M.args if isinstance(M, MatAdd) else (M,):
        coefficient, factors = forms.flat_product(term) if isinstance(term, MatMul) else (S.One, [term])
        product = MatMul(*factors) if len(factors) > 1 else factors[0]
        found[product] = found.get(product, S.Zero) + coefficient
    terms = [MatMul(c, product) if c != 1 else product for product, c in found.items() if c != 0]
    return MatAdd(*terms) if len(terms) > 1 else terms[0] if terms else S.Zero
