"""L-BFGS on stacks whose *last* axis is the stack: for many problems of a few dozen variables.

Same algorithm as ``lbfgs`` (Nocedal & Wright, Algorithms 7.4 and 7.5) with less round it. Every operation is a
vectorised one along the stack, so that a problem costs arithmetic and not calls; nothing an instance computes depends
on another, to the last bit, whatever stack it is in. Steps satisfy Armijo's condition; pairs of no positive curvature
are left out, so that the second Wolfe condition need not be searched for.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import numpy as np

__all__ = ["Columns", "Ends", "minimised"]

MEMORY = 5
"""Fewer pairs cost less and lose nothing on well-scaled problems; at thresholds three take twice the steps."""

DECREASE = 1e-4
"""c₁ of Armijo, as in ``search``."""

NOISE = 1e-14
"""Values of size 1 + |f| that differ by less differ by round-off of some hundred operations: then slopes decide."""

CURVED = 1e-10
"""Cancellation can have set the sign of a smaller sᵀy, relative to ‖s‖‖y‖."""

SHORTEST = 1e-12
"""A step cut below this is one that no decrease can be seen along."""

QUIET = 12
"""Steps in a row that change the value by round-off only: more than the last digits of a gradient take."""

RENEW = 8
"""Finished slots are dropped once they are one in this many."""


class Columns(Protocol):
    """An objective of k problems at once."""

    def __call__(self, x: Any) -> tuple[Any, Any]:
        """Values (k,) and gradients (n, k) at x (n, k)."""

    def keep(self, slots: Any) -> None:
        """Drop all problems but these."""


class Ends(NamedTuple):
    """x (n, k), value (k,), gradient (k,) in the maximum norm, steps (k,), stalled (k,): ended with a gradient left."""

    x: Any
    value: Any
    gradient: Any
    steps: Any
    stalled: Any


def minimised(objective: Columns, x: Any, *, tolerance: float, max_iterations: int = 1000) -> Ends:
    """Minimise k functions of n variables from x (n, k) until gradients are below ``tolerance``; values never rise."""
    with np.errstate(all="ignore"):  # a trial point may overflow: it is refused
        return _Descent(objective, x, tolerance, max_iterations).run()


def _dot(a: Any, b: Any) -> Any:
    return np.einsum("nk,nk->k", a, b)


class _Descent:
    def __init__(self, objective: Columns, x: Any, tolerance: float, max_iterations: int) -> None:
        self.objective, self.tolerance, self.limit = objective, tolerance, max_iterations
        n, count = x.shape
        self.count = count
        if count == 1:  # a stack of one would be summed along another axis, in another order
            x = np.repeat(x, 2, axis=1)
            objective.keep(np.zeros(2, dtype=int))
        k = x.shape[1]
        self.rows, self.x = np.arange(k), x.copy()
        self.out = Ends(np.empty((n, k)), np.empty(k), np.empty(k), np.zeros(k, dtype=int), np.ones(k, dtype=bool))
        self.s, self.y, self.rho = np.zeros((MEMORY, n, k)), np.zeros((MEMORY, n, k)), np.zeros((MEMORY, k))
        self.gamma, self.head = np.zeros(k), 0
        self.steps, self.quiet, self.alive = np.zeros(k, dtype=int), np.zeros(k, dtype=int), np.ones(k, dtype=bool)

    def run(self) -> Ends:
        self.f, self.g = self.objective(self.x)
        if not (np.isfinite(self.f).all() and np.isfinite(self.g).all()):
            raise ValueError("the objective is not finite at the start")
        self.p, self.t, self.slope = np.zeros_like(self.x), np.ones_like(self.f), np.zeros_like(self.f)
        self._aim(np.ones(len(self.f), dtype=bool))
        self._finish()
        while self.alive.any():
            self._advance()
            self._finish()
        return Ends(*(a[..., : self.count] for a in self.out))

    def _advance(self) -> None:
        step = self.t * self.p
        trial = self.x + step
        f, g = self.objective(trial)
        slope = _dot(g, self.p)
        noise = NOISE * (1 + np.abs(self.f))
        enough = (f < self.f) & (f <= self.f + DECREASE * self.t * self.slope)
        level = (f <= self.f + noise) & (slope <= (2 * DECREASE - 1) * self.slope)
        ok = (enough | level) & np.isfinite(slope)
        self._learn(step, g - self.g, ok)
        self.quiet = np.where(ok & (self.f - f > noise), 0, self.quiet + ok)
        self.steps += ok
        np.copyto(self.x, trial, where=ok)
        np.copyto(self.g, g, where=ok)
        # Of refused trials: the minimiser of the parabola through f, slope and the trial's value, within bounds.
        shorter = -0.5 * self.slope * self.t**2 / (f - self.f - self.slope * self.t)
        shorter = np.clip(np.where(np.isfinite(shorter), shorter, 0), 0.1 * self.t, 0.5 * self.t)
        np.copyto(self.f, f, where=ok)
        self.t = np.where(ok, 1.0, shorter)
        self._aim(ok)

    def _learn(self, s: Any, y: Any, ok: Any) -> None:
        """One pair per slot; where there is none to learn from, one that the recursion passes over."""
        sy, yy = _dot(s, y), _dot(y, y)
        ok = ok & (sy > CURVED * np.sqrt(_dot(s, s) * yy))
        self.s[self.head], self.y[self.head] = s, y
        self.s[self.head][:, ~ok] = self.y[self.head][:, ~ok] = 0
        self.rho[self.head] = np.where(ok, 1 / sy, 0)
        self.gamma = np.where(ok, sy / yy, self.gamma)
        self.head = (self.head + 1) % MEMORY

    def _aim(self, ok: Any) -> None:
        q, alpha = -self.g, {}
        term = np.empty_like(q)
        order = [(self.head - 1 - i) % MEMORY for i in range(MEMORY)]
        for i in order:
            alpha[i] = self.rho[i] * _dot(self.s[i], q)
            q -= np.multiply(alpha[i], self.y[i], out=term)
        q *= np.where(self.gamma > 0, self.gamma, self._first())
        for i in reversed(order):
            q += np.multiply(alpha[i] - self.rho[i] * _dot(self.y[i], q), self.s[i], out=term)
        slope = _dot(self.g, q)
        wrong = ok & ~(slope < 0)
        if wrong.any():
            self.rho[:, wrong], self.gamma[wrong] = 0, 0
            q = np.where(wrong, -self.g * self._first(), q)
            slope = _dot(self.g, q)
        np.copyto(self.p, q, where=ok)
        np.copyto(self.slope, slope, where=ok)

    def _first(self) -> Any:
        """A first step of a tenth of the point's size (at least 1): nothing is known of the curvature."""
        return 0.1 * np.maximum(1, np.abs(self.x).max(0)) / np.maximum(np.abs(self.g).max(0), 1e-300)

    def _finish(self) -> None:
        norm = np.abs(self.g).max(0)
        small = norm <= self.tolerance
        done = self.alive & (small | (self.t < SHORTEST) | (self.quiet >= QUIET) | (self.steps >= self.limit))
        if done.any():
            rows, out = self.rows[done], self.out
            out.x[:, rows], out.value[rows], out.gradient[rows] = self.x[:, done], self.f[done], norm[done]
            out.steps[rows], out.stalled[rows] = self.steps[done], ~small[done]
            self.alive &= ~done
        k, left = len(self.alive), int(self.alive.sum())
        if (k - left) * RENEW < k or left == 0 or k <= 2:
            return
        slots = np.flatnonzero(self.alive)
        if left == 1:
            slots = np.append(slots, np.flatnonzero(~self.alive)[0])
        self.objective.keep(slots)
        for name in ("rows", "x", "f", "g", "p", "t", "slope", "s", "y", "rho", "gamma", "steps", "quiet", "alive"):
            setattr(self, name, np.ascontiguousarray(getattr(self, name)[..., slots]))
