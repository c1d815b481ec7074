"""What is known about a class of expressions, as one record: `Node`. Each node of ours has its own beside its class."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from sympy import Expr, S

__all__ = ["NO_RULE", "Curvature", "Node", "Scalar", "stated"]

NO_RULE = "no rule"  # said of a node for which a fact is known to be undefined; asking for it is a TypeError


class Curvature(Enum):
    """How an expression bends in the unknowns of a loss."""

    CONSTANT = 0
    AFFINE = 1
    CONVEX = 2
    CONCAVE = 3


class Scalar(Expr):
    """Base of the scalar nodes: they commute, are real and finite, and SymPy does not rewrite them."""

    is_commutative = True
    is_real = True
    is_finite = True

    def __new__(cls, *args: Any) -> Any:
        return Expr.__new__(cls, *(S(a) for a in args))


@dataclass(frozen=True, kw_only=True)
class Node:
    """The facts about one class of expressions e; a walk that a rule is given goes on with the parts of e.

    A node of ours states every fact (see `stated`). Of SymPy's own classes it is stated what SymPy lacks.
    """

    derivative: Any = None  # (e, D): ∂e/∂x, where D(part) is ∂part/∂x and D.depends(part) tells whether x is in it
    gradient: Any = None  # (e, pull, G): summands of ∇⟨G, e⟩, from pull(part, cotangent); G is None for a scalar, or 1
    explicit: Any = None  # (e, value): e entry by entry, value(part) being that of a part (see `explicit.Written`)
    nonnegative: Any = None  # e → whether e is visibly ≥ 0
    curvature: Any = None  # (e, walk): the Curvature of e or None, from walk(part), walk.affine(M), walk.definite(M)
    meaning: Any = None  # e → what e abbreviates, or e itself
    ranges: Any = None  # e → the ranges (lo, hi] of modes that e runs over, none if it runs over none
    per_mode: bool | None = None  # whether e has one value per mode
    tex: Any = None  # (e, printer of `printing.latex`) → TeX
    unicode: Any = None  # (e, printer of `printing.unicode`) → one line of text
    binds: str | None = None  # how tightly its TeX holds together: "Add", "Mul" or "Atom"
    wide: bool | None = None  # whether it is better set beside a fraction than in its numerator


def _unknown(*_: Any) -> None:
    """No sign, or no curvature, is visible."""


def _named(e: Any, printer: Any) -> str:
    return f"{type(e).__name__}({', '.join(printer.show(a) for a in e.args)})"


def stated(*, tex: Any, **facts: Any) -> Node:
    """The record of a node of ours; what is not given is stated as unknown, undefined, or plain."""
    plain: dict[str, Any] = dict.fromkeys(("derivative", "gradient", "explicit"), NO_RULE)
    plain |= {"nonnegative": _unknown, "curvature": _unknown, "meaning": lambda e: e, "ranges": lambda _: ()}
    plain |= {"per_mode": False, "unicode": _named, "binds": "Atom", "wide": False}
    return Node(tex=tex, **plain | facts)
