"""The nodes that a claim may use besides SymPy's own; `derivations.algebra.nodes` defines them."""

from __future__ import annotations

from derivations.algebra.nodes import (
    AlignedTo,
    Diagonal,
    Eigenvalue,
    LogDet,
    LogGap,
    Matching,
    Paired,
    Reflection,
    SumModes,
    ZeroRows,
    count,
    indicator,
    one_mode,
    square,
)

__all__ = [
    "AlignedTo",
    "Diagonal",
    "Eigenvalue",
    "LogDet",
    "LogGap",
    "Matching",
    "Paired",
    "Reflection",
    "SumModes",
    "ZeroRows",
    "count",
    "indicator",
    "one_mode",
    "square",
]
