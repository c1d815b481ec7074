"""What a planted error does to a formula: swapped scales, a flipped sign, a moved threshold, a lost factor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from derivations.algebra.nodes import Diagonal
from derivations.notation import at_level, beta, eta_dec, eta_enc, index, sigma, theta
from derivations.printing.unicode import formula
from derivations.statements.claim import Claim

__all__ = ["OPERATORS", "own"]


def _symbols(table: dict[Any, Any]) -> Callable[[Any], Any]:
    return lambda e: e.xreplace(table)


def _flip_sign(e: Any) -> Any:
    """Negate the last term of the first sum."""
    for node in sp.preorder_traversal(e):
        if isinstance(node, sp.Add | sp.MatAdd):
            *rest, last = node.args
            return e.xreplace({node: node.func(*rest, -1 * last)})
    return e


def _drop_term(e: Any) -> Any:
    """Leave out the first term of the first sum."""
    for node in sp.preorder_traversal(e):
        if isinstance(node, sp.Add | sp.MatAdd):
            return e.xreplace({node: node.func(*node.args[1:])})
    return e


def _move_threshold(e: Any) -> Any:
    """Double the right-hand side of the first condition that is about parameters, not about the mode's number."""
    for relation in sorted(e.atoms(Relational), key=lambda c: (c.has(index), str(c))):
        return e.xreplace({relation: relation.func(relation.lhs, 2 * relation.rhs)})
    return e


def _swap_branches(e: Any) -> Any:
    """Exchange the first two values of the first case distinction."""
    for node in sp.preorder_traversal(e):
        if isinstance(node, sp.Piecewise):
            (a, when), (b, otherwise), *rest = node.args
            return e.xreplace({node: sp.Piecewise((b, when), (a, otherwise), *rest)})
    return e


def _double(e: Any) -> Any:
    return 2 * e


def _halve(e: Any) -> Any:
    return e / 2


OPERATORS: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("η_dec and η_enc swapped", _symbols({eta_dec: eta_enc, eta_enc: eta_dec})),
    ("β² for β", _symbols({beta: beta**2})),
    ("θ² for θ", _symbols({theta: theta**2})),
    ("a sign flipped", _flip_sign),
    ("the threshold doubled", _move_threshold),
    ("the branches swapped", _swap_branches),
    ("a factor 2", _double),
    ("a factor ½", _halve),
    ("a term dropped", _drop_term),
    ("σ² for σ", _symbols({sigma: sigma**2})),
    ("β_1 and β_2 swapped", _symbols({at_level(beta, 1): at_level(beta, 2), at_level(beta, 2): at_level(beta, 1)})),
    ("σ_1² for σ_1", _symbols({at_level(sigma, 1): at_level(sigma, 1) ** 2})),
)


def own(claim: Claim) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    """Squares and swaps of a claim's own scalars, whatever they are called."""
    scalars = [v.symbol for v in claim.variables if not v.symbol.is_Matrix]
    for x in scalars:
        yield f"{formula(x)}² for {formula(x)}", _symbols({x: x**2})
    yield "1 added", lambda e: e + (Diagonal(1, *e.shape) if e.is_Matrix else 1)
    for x, y in combinations(scalars, 2):
        yield f"{formula(x)} and {formula(y)} swapped", _symbols({x: y, y: x})
