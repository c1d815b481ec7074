"""Steepest descent on a stack, with step lengths of Barzilai & Borwein (1988)."""

from __future__ import annotations

import numpy as np

from verify.minimise.engine import CHUNK, Engine, Move
from verify.minimise.result import Bools, Descent, Floats, Ints, Objective
from verify.minimise.search import first_step

__all__ = ["TwoPoint", "gradient_descent"]


class TwoPoint:
    """Alternating two-point step lengths sᵀs/sᵀy and sᵀy/yᵀy (Dai & Fletcher 2005).

    Neither alone is reliable under a monotone search: the first is too long as often as not, the
    second is short and slow on ill-conditioned instances.
    """

    quasi_newton = False

    def __init__(self, k: int) -> None:
        self.length = np.zeros(k)  # 0: nothing is known
        self.odd = np.zeros(k, dtype=bool)

    def learn(self, move: Move) -> None:
        """Set the next step length: 0, which is unknown, where the curvature along the step is not positive."""
        step, change, accepted = move.step, move.change, move.accepted
        ss, sy = np.vecdot(step, step), np.vecdot(step, change)
        yy = np.vecdot(change, change)
        length = np.where(self.odd, sy / yy, ss / sy)
        length = np.where((sy > 0) & np.isfinite(length), length, 0.0)
        self.length = np.where(accepted, length, self.length)
        self.odd ^= accepted

    def direction(self, x: Floats, gradient: Floats) -> tuple[Floats, Floats, Bools]:
        """The direction −g with the length learnt, or that of a first step where none is known."""
        known = self.length > 0
        length = np.where(known, self.length, first_step(x, gradient))
        return -gradient, length, np.zeros_like(known)

    def forget(self, slots: Ints) -> None:
        """Forget what was learnt in these slots."""
        self.length[slots] = 0.0
        self.odd[slots] = False

    def keep(self, slots: Ints) -> None:
        """Drop all slots but these."""
        self.length, self.odd = self.length[slots], self.odd[slots]


def gradient_descent(
    objective: Objective, x0: Floats, *, max_iterations: int = 20_000, tolerance: float = 1e-8, chunk: int = CHUNK
) -> Descent:
    """Minimise B independent smooth functions of n variables from ``x0`` (B, n), monotonically.

    Slow and simple: it uses nothing but −g, so its stalls carry no estimate of what is left and
    never count as converged; ``tolerance`` is looser than that of ``lbfgs`` because at condition
    1e4 single steps sink below round-off before the gradient does. Errors as in ``lbfgs``.
    """
    engine = Engine(objective, x0, max_iterations=max_iterations, tolerance=tolerance, chunk=chunk)
    return engine.run(TwoPoint(engine.state.rows.size))
