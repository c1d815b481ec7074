"""Stationarity conditions: gradients of a loss, like terms collected; of a symmetric matrix both transposes are one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import MatAdd, MatMul, MatrixSymbol, S, Transpose
from sympy.matrices.expressions.matexpr import MatrixExpr

from derivations.algebra.calculus import gradient
from derivations.algebra.derivative import derivative
from derivations.domain import Domain
from derivations.printing import forms
from derivations.statements.claim import Minimiser, Minimum

__all__ = ["conditions", "tidy"]

_SYMMETRIC = {Domain.SYMMETRIC, Domain.DEFINITE, Domain.DIAGONAL}


def conditions(statement: Minimiser | Minimum, variables: Any) -> Iterator[tuple[Any, Any]]:
    """(unknown, gradient of the loss with respect to it), where there is a rule for every node."""
    symmetric = {v.symbol for v in variables if v.domain in _SYMMETRIC}
    symmetric |= {X for X in statement.loss.atoms(MatrixSymbol) if X.name.startswith("Sigma")}
    if isinstance(statement, Minimum):
        symmetric |= {X for X in statement.at if statement.domain(X) in _SYMMETRIC}
    for X in statement.at:
        try:
            yield X, tidy(gradient(statement.loss, X), symmetric) if X.is_Matrix else derivative(statement.loss, X)
        except TypeError:  # a node without a rule: nothing is claimed about it
            continue


def tidy(M: Any, symmetric: set[Any]) -> Any:
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
