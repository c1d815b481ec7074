"""The few expressions SymPy lacks, as nodes that an evaluator interprets; they carry no numerics.

A node is a class and one record of facts beside it (`Node`), which `NODES` finds by class. To add one, write both in a
module of this room, enter it in `table.py`, and say in `verify.evaluate.lowering` how it is evaluated: nothing else
need know it.
"""

from __future__ import annotations

from typing import Any

from sympy import MatMul, Trace

from derivations.algebra.nodes.explicit import Written, one_mode
from derivations.algebra.nodes.logarithms import LogDet, LogGap
from derivations.algebra.nodes.matrices import Diagonal, Reflection
from derivations.algebra.nodes.node import NO_RULE, Curvature, Node, Scalar, stated
from derivations.algebra.nodes.spectra import AlignedTo, Eigenvalue, Matching, Paired
from derivations.algebra.nodes.sums import SumModes, ZeroRows, count, indicator, is_indicator
from derivations.algebra.nodes.table import NODES, fact, kinds_where, rule, sums_over_modes, written_out

__all__ = [
    "NODES",
    "NO_RULE",
    "AlignedTo",
    "Curvature",
    "Diagonal",
    "Eigenvalue",
    "LogDet",
    "LogGap",
    "Matching",
    "Node",
    "Paired",
    "Reflection",
    "Scalar",
    "SumModes",
    "Written",
    "ZeroRows",
    "count",
    "fact",
    "indicator",
    "is_indicator",
    "kinds_where",
    "one_mode",
    "rule",
    "square",
    "stated",
    "sums_over_modes",
    "written_out",
]


def square(M: Any) -> Any:
    """‖M‖² = tr(MMᵀ)."""
    return Trace(MatMul(M, M.T))
