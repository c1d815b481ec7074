"""Logarithms: log det S (SymPy's own `log(Determinant(S))` differentiates to 0 silently), and x − 1 − log x."""

from __future__ import annotations

from typing import Any

from sympy import Inverse, Trace, log

from derivations.algebra.nodes.node import Curvature, Scalar, stated

__all__ = ["LOG_DET", "LOG_GAP", "LogDet", "LogGap"]


class LogDet(Scalar):
    """log det of a symmetric positive definite matrix."""


def _concave(e: Any, walk: Any) -> Curvature | None:
    """Concave on positive definite matrices; where det M > 0 alone, not even the set is convex."""
    return Curvature.CONCAVE if walk.affine(e.args[0]) and walk.definite(e.args[0]) else None


LOG_DET = stated(
    derivative=lambda e, D: Trace(Inverse(e.args[0]) * D(e.args[0])),  # d log det M = tr(M⁻¹ dM)
    gradient=lambda e, pull, _: pull(e.args[0], pull.transposed(Inverse(e.args[0]))),
    explicit=lambda e, value: log(value.det(value(e.args[0]))),
    curvature=_concave,
    tex=lambda e, p: p.call(r"\log\det", e.args[0]),
    unicode=lambda e, p: f"log det({p.show(e.args[0])})",
    wide=True,
)


class LogGap(Scalar):
    """x − 1 − log x, which is ≥ 0 for x > 0 and 0 only at x = 1."""

    def expanded(self) -> Any:
        """The expression itself."""
        return self.args[0] - 1 - log(self.args[0])


LOG_GAP = stated(
    derivative=lambda e, D: (1 - 1 / e.args[0]) * D(e.args[0]),
    gradient=lambda e, pull, _: [(1 - 1 / e.args[0]) * part for part in pull(e.args[0])],
    explicit=lambda e, value: LogGap(value(e.args[0])),
    nonnegative=lambda e: bool(e.args[0].is_positive),
    curvature=lambda e, walk: Curvature.CONVEX if walk.line(e.args[0]) else None,
    meaning=LogGap.expanded,
    tex=lambda e, p: p.show(e.args[0]) + " - 1 - " + p.call(r"\log", e.args[0]),
    binds="Add",
    wide=True,
)
