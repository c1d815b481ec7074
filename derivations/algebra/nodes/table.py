"""The one table of nodes; a fact about an expression is found in it by class, or by the nearest class above it."""

from __future__ import annotations

from typing import Any

from sympy import preorder_traversal

from derivations.algebra.nodes.heads import HEADS
from derivations.algebra.nodes.logarithms import LOG_DET, LOG_GAP, LogDet, LogGap
from derivations.algebra.nodes.matrices import DIAGONAL, REFLECTION, Diagonal, Reflection
from derivations.algebra.nodes.node import NO_RULE, Node, Scalar
from derivations.algebra.nodes.spectra import (
    ALIGNED_TO,
    EIGENVALUE,
    MATCHING,
    PAIRED,
    AlignedTo,
    Eigenvalue,
    Matching,
    Paired,
)
from derivations.algebra.nodes.sums import SUM_MODES, ZERO_ROWS, SumModes, ZeroRows

__all__ = ["NODES", "fact", "kinds_where", "rule", "sums_over_modes", "written_out"]

NODES: dict[type, Node] = {
    **HEADS,
    AlignedTo: ALIGNED_TO,
    Diagonal: DIAGONAL,
    Eigenvalue: EIGENVALUE,
    LogDet: LOG_DET,
    LogGap: LOG_GAP,
    Matching: MATCHING,
    Paired: PAIRED,
    Reflection: REFLECTION,
    SumModes: SUM_MODES,
    ZeroRows: ZERO_ROWS,
}


def fact(e: Any, name: str) -> Any:
    """The fact of that name (see `Node`) about the class of e, None if neither it nor a class above it states one."""
    for kind in type(e).__mro__:
        node = NODES.get(kind)
        if node is not None and (found := getattr(node, name)) is not None:
            return found
    return None


def rule(e: Any, name: str, what: str) -> Any:
    """The fact of that name about the class of e, where a walk cannot go on without it.

    Raises:
        TypeError: there is none; `what` names it in words.
    """
    found = fact(e, name)
    if found is None or found is NO_RULE:
        raise TypeError(f"no rule for the {what} of {type(e).__name__}: {e}")
    return found


def kinds_where(name: str) -> tuple[type, ...]:
    """The classes of which a fact is stated and is true."""
    return tuple(kind for kind, node in NODES.items() if getattr(node, name))


def sums_over_modes(e: Any) -> bool:
    """Whether a scalar node in e runs over ranges of modes, so that e has no value per mode."""
    scalars = (n for n in preorder_traversal(e) if isinstance(n, Scalar))
    return any((ranges := fact(n, "ranges")) and ranges(n) for n in scalars)


def written_out(e: Any) -> Any:
    """An expression with every abbreviation in it written out."""
    short = {n: meant for n in preorder_traversal(e) if (meaning := fact(n, "meaning")) and (meant := meaning(n)) != n}
    return e.xreplace(short) if short else e
