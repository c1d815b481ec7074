"""BFGS on a stack, a whole inverse Hessian for every instance (Nocedal & Wright, Algorithm 6.1).

For up to a few hundred variables: one product Hg a step costs less than the recursion of a limited memory does in
NumPy's calls, and a raw loss, whose Hessian is singular along its symmetries and badly conditioned across them, takes a
half to a quarter of the steps.
"""

from __future__ import annotations

import numpy as np

from verify.minimise.engine import CHUNK, Engine, Move
from verify.minimise.result import Bools, Descent, Floats, Ints, Objective
from verify.minimise.search import CURVED, unit_step

__all__ = ["Dense", "bfgs"]

DELAY = 8
"""Updates gathered before they are written into a matrix, as one product: n² numbers written at every step would cost
more than reading them does. With 16 the products with what waits cost as much as that saves."""

SWAP = np.roll(np.arange(2 * DELAY), DELAY)
"""Takes (s, …, a, …) to (a, …, s, …)."""

ENTRIES = 2**20
"""Of the matrices worked on at once, 8 MB: more would leave the cache."""

FEWEST = 64
"""Instances worked on at once in any case: with fewer the fixed cost of NumPy's calls shows."""

WIDEN = 10.0
"""The most that H grows by at one step: a curvature that is nearly 0 there says little of other directions."""


class Dense:
    """The inverse Hessians of k slots, H = c (H₀ − Σ saᵀ + asᵀ).

    The sum is over at most ``DELAY`` steps that wait to be written into H₀.
    Updates wait in order of a slot's own steps, so that the same sums are rounded in whatever stack an instance is.
    """

    quasi_newton = True

    def __init__(self, k: int, n: int) -> None:
        self.base = np.zeros((k, n, n))  # H₀; 0: nothing is known, the direction is −g
        self.waiting = np.zeros((k, 2 * DELAY, n))  # DELAY rows s, as many rows a
        self.scale = np.ones(k)  # c
        self.image = np.zeros((k, n))  # Hg
        self.term = np.empty((n, n))
        self.filled = np.zeros(k, dtype=np.intp)  # rows s that hold one
        self.learnt = np.zeros(k, dtype=np.intp)  # updates so far

    def learn(self, move: Move) -> None:
        """Update H by s = Δx and y = Δg where sᵀy > 0, and Hg at the new point everywhere.

        N&W (6.17) as a sum: with w = Hy and ρ = 1/sᵀy, H loses saᵀ + asᵀ, a = ρw − ½ρ(1 + ρyᵀw)s. The first H is γI,
        N&W (6.20). Each of the next n updates multiplies H first by how much larger a curvature along s it had expected
        than it met (Al-Baali 1998): one γ is too small for most directions of an ill-conditioned loss.
        """
        step, change, gradient = move.step, move.change, move.gradient
        sy, yy = np.vecdot(step, change), np.vecdot(change, change)
        curved = move.accepted & (sy > CURVED * np.sqrt(np.vecdot(step, step) * yy)) & np.isfinite(yy)
        image = self._product(gradient)
        first = curved & (self.learnt == 0)
        if first.any():
            new = np.flatnonzero(first)
            gamma = (sy[new] / yy[new])[:, None]
            self.base[new] = gamma[:, :, None] * np.eye(step.shape[1])
            image[new], self.image[new] = gamma * gradient[new], gamma * (gradient[new] - change[new])
        w = image - self.image
        wide = curved & ~first & (self.learnt <= step.shape[1]) & (move.expected > sy)
        if wide.any():
            factor = np.where(wide, np.minimum(move.expected / sy, WIDEN), 1.0)
            self.scale *= factor
            w *= factor[:, None]
            image *= factor[:, None]
        rho = np.where(curved, 1.0 / sy, 0.0)
        step, a = np.where(curved[:, None], step, 0.0), rho[:, None] * np.where(curved[:, None], w, 0.0)
        a -= (0.5 * rho * (1.0 + np.vecdot(change, a)))[:, None] * step
        image -= np.vecdot(a, gradient)[:, None] * step
        image -= np.vecdot(step, gradient)[:, None] * a
        self.image = image
        self._write(np.flatnonzero(curved), step, a / self.scale[:, None])

    def _product(self, v: Floats) -> Floats:
        """The products Hv (k, n) of vectors v (k, n)."""
        inner = np.matvec(self.waiting, v)
        out: Floats = np.matvec(self.base, v)
        out -= np.vecmat(inner.take(SWAP, axis=1), self.waiting)  # contiguous, unlike inner[:, SWAP]: always BLAS
        out *= self.scale[:, None]
        return out

    def _write(self, slots: Ints, step: Floats, a: Floats) -> None:
        """Keep an update waiting in each of these slots; where DELAY of them have gathered, write them into H₀."""
        row = self.filled[slots]
        self.waiting[slots, row], self.waiting[slots, row + DELAY] = step[slots], a[slots]
        self.filled[slots] += 1
        self.learnt[slots] += 1
        full = np.flatnonzero(self.filled == DELAY)
        if full.size:
            for k in full:  # in place, by way of one small array: a stack of products would leave the cache
                rows, base = self.waiting[k], self.base[k]
                base -= np.matmul(rows.T, rows[SWAP], out=self.term)
                if self.scale[k] != 1.0:
                    base *= self.scale[k]
            self.waiting[full], self.filled[full], self.scale[full] = 0.0, 0, 1.0

    def direction(self, x: Floats, gradient: Floats) -> tuple[Floats, Floats, Bools]:
        """The direction −Hg with a unit step, or −g where nothing is known of the curvature."""
        known = self.learnt > 0
        p = -self.image if known.all() else np.where(known[:, None], -self.image, -gradient)
        return p, unit_step(known, x, gradient), known

    def forget(self, slots: Ints) -> None:
        """Forget what was learnt in these slots."""
        self.base[slots], self.waiting[slots], self.image[slots] = 0.0, 0.0, 0.0
        self.scale[slots], self.filled[slots], self.learnt[slots] = 1.0, 0, 0

    def keep(self, slots: Ints) -> None:
        """Drop all slots but these."""
        for name in ("base", "waiting", "scale", "image", "filled", "learnt"):
            setattr(self, name, getattr(self, name)[slots])


def bfgs(
    objective: Objective,
    x0: Floats,
    *,
    max_iterations: int = 2000,
    tolerance: float = 1e-9,
    chunk: int = CHUNK,
    floor: Floats | None = None,
) -> Descent:
    """Minimise B independent smooth functions of n variables from ``x0`` (B, n), with the errors of ``lbfgs``.

    It takes 8n² bytes for each of the instances that are worked on at once.
    """
    n = max(1, x0.shape[-1])
    chunk = min(chunk, max(FEWEST, ENTRIES // n**2))
    engine = Engine(objective, x0, max_iterations=max_iterations, tolerance=tolerance, chunk=chunk, floor=floor)
    return engine.run(Dense(*engine.state.x.shape))
