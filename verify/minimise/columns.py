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
"""Finished slots make room once they are one in this many: moving the others costs about a pass."""

CHUNK = 25_600
"""Numbers descended on at once: the pairs of L-BFGS, ten times as many, stay in a cache of 2 MB."""


class Columns(Protocol):
    """Objectives, one a row, of which some are worked on at a time."""

    def at(self, rows: Any) -> None:
        """Work on these from now on."""

    def __call__(self, x: Any) -> tuple[Any, Any]:
        """Values (k,) and gradients (n, k) at x (n, k) of the k that are worked on."""


class Ends(NamedTuple):
    """x (n, k), value (k,), gradient (k,) in the maximum norm, steps (k,), stalled (k,): ended with a gradient left."""

    x: Any
    value: Any
    gradient: Any
    steps: Any
    stalled: Any


def minimised(objective: Columns, x: Any, *, tolerance: float, max_iterations: int = 1000) -> Ends:
    """Minimise k functions of n variables from x (n, k) until gradients are below ``tolerance``; values never rise.

    Raises ValueError, naming the row, if a start or the objective there is not finite.
    """
    with np.errstate(all="ignore"):  # a trial point may overflow: it is refused
        return _Descent(objective, x, tolerance, max_iterations).run()


def _dot(a: Any, b: Any) -> Any:
    return np.einsum("nk,nk->k", a, b)


class _Descent:
    """Slots, refilled as instances finish: per slot the row, the point, the search along p, and the pairs."""

    FIELDS = ("rows", "x", "f", "g", "p", "t", "slope", "s", "y", "rho", "gamma", "steps", "quiet", "alive")

    def __init__(self, objective: Columns, x: Any, tolerance: float, max_iterations: int) -> None:
        self.objective, self.start, self.tolerance, self.limit = objective, x, tolerance, max_iterations
        n, count = x.shape
        self.out = Ends(
            *(
                np.empty(shape, kind)
                for shape, kind in (((n, count), float), (count, float), (count, float), (count, int), (count, bool))
            )
        )
        k = min(count, max(16, CHUNK // n))
        first = np.arange(k)
        if k == 1:  # a stack of one would be summed along another axis, in another order
            first = np.array([0, 0])
        self.waiting, k = k, len(first)  # `waiting`: the first row that has no slot yet
        self.rows, self.steps, self.quiet = first.copy(), np.zeros(k, dtype=int), np.zeros(k, dtype=int)
        self.x, self.g, self.p = np.empty((n, k)), np.empty((n, k)), np.empty((n, k))
        self.f, self.t, self.slope, self.gamma, self.alive = *np.empty((4, k)), np.ones(k, dtype=bool)
        self.s, self.y, self.rho = np.zeros((MEMORY, n, k)), np.zeros((MEMORY, n, k)), np.empty((MEMORY, k))
        self.head = 0
        self._seat(np.arange(k), first)
        objective.at(self.rows)

    def _seat(self, slots: Any, rows: Any) -> None:
        """Give slots to rows; the first "trial", a step of length 0 that is not counted, is the start itself."""
        self.rows[slots], self.x[:, slots], self.alive[slots] = rows, self.start[:, rows], True
        self.f[slots], self.g[:, slots], self.p[:, slots] = np.inf, 0, 0
        self.t[slots], self.slope[slots], self.steps[slots], self.quiet[slots] = 0, 0, -1, -1
        self.rho[:, slots], self.gamma[slots] = 0, 0  # by which the pairs that are there say nothing

    def run(self) -> Ends:
        while self.alive.any():
            self._advance()
            self._finish()
        return self.out

    def _advance(self) -> None:
        step = self.t * self.p
        trial = self.x + step
        f, g = self.objective(trial)
        slope = _dot(g, self.p)
        noise = NOISE * (1 + np.abs(self.f))
        enough = (f < self.f) & (f <= self.f + DECREASE * self.t * self.slope)
        level = (f <= self.f + noise) & (slope <= (2 * DECREASE - 1) * self.slope)
        ok = (enough | level) & np.isfinite(slope)
        wrong = np.flatnonzero((self.steps < 0) & ~ok)
        if wrong.size:
            raise ValueError(f"the objective is not finite at the start of row {self.rows[wrong[0]]}")
        self._learn(step, g - self.g, ok)
        self.quiet = np.where(ok & (self.f - f > noise), 0, self.quiet + ok)
        self.steps += ok
        np.copyto(self.x, trial, where=ok)
        np.copyto(self.g, g, where=ok)
        if not ok.all():
            self._shorten(f)
        np.copyto(self.f, f, where=ok)
        self.t[ok] = 1
        self._aim(ok)

    def _shorten(self, f: Any) -> None:
        """The minimiser of the parabola through the value, the slope and the trial's value, within bounds."""
        t = -0.5 * self.slope * self.t**2 / (f - self.f - self.slope * self.t)
        self.t = np.clip(np.where(np.isfinite(t), t, 0), 0.1 * self.t, 0.5 * self.t)

    def _learn(self, s: Any, y: Any, ok: Any) -> None:
        """One pair per slot; where there is none to learn from, one that the recursion passes over."""
        sy, yy = _dot(s, y), _dot(y, y)
        ok = ok & (sy > CURVED * np.sqrt(_dot(s, s) * yy))
        self.s[self.head], self.y[self.head] = s, y
        if (none := np.flatnonzero(~ok)).size:
            self.s[self.head][:, none] = self.y[self.head][:, none] = 0
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
        q *= self.gamma
        if (unknown := np.flatnonzero(self.gamma <= 0)).size:  # there are no pairs: −g
            q[:, unknown] = -self.g[:, unknown] * self._first(unknown)
        for i in reversed(order):
            q += np.multiply(alpha[i] - self.rho[i] * _dot(self.y[i], q), self.s[i], out=term)
        slope = _dot(self.g, q)
        wrong = ok & ~(slope < 0)
        if wrong.any():
            self.rho[:, wrong], self.gamma[wrong] = 0, 0
            q[:, wrong] = -self.g[:, wrong] * self._first(wrong)
            slope = _dot(self.g, q)
        np.copyto(self.p, q, where=ok)
        np.copyto(self.slope, slope, where=ok)

    def _first(self, slots: Any) -> Any:
        """A first step of a tenth of the point's size (at least 1): nothing is known of the curvature."""
        x, g = self.x[:, slots], self.g[:, slots]
        return 0.1 * np.maximum(1, np.abs(x).max(0)) / np.maximum(np.abs(g).max(0), 1e-300)

    def _finish(self) -> None:
        norm = np.abs(self.g).max(0)
        small = norm <= self.tolerance
        done = self.alive & (small | (self.t < SHORTEST) | (self.quiet >= QUIET) | (self.steps >= self.limit))
        if not done.any():
            return
        rows, out = self.rows[done], self.out
        out.x[:, rows], out.value[rows], out.gradient[rows] = self.x[:, done], self.f[done], norm[done]
        out.steps[rows], out.stalled[rows] = self.steps[done], ~small[done]
        self.alive &= ~done
        k, slots = len(self.alive), np.flatnonzero(self.alive)
        free, unseated = k - slots.size, self.start.shape[1] - self.waiting
        if free * RENEW < k or slots.size + unseated == 0:
            return
        if unseated:
            empty = np.flatnonzero(~self.alive)[:unseated]
            self._seat(empty, np.arange(self.waiting, self.waiting + empty.size))
            self.waiting += empty.size
        if free > unseated:
            self._keep(np.flatnonzero(self.alive))
        self.objective.at(self.rows)

    def _keep(self, slots: Any) -> None:
        """Drop all slots but these."""
        if slots.size == 1:  # see above
            slots = np.append(slots, np.flatnonzero(~self.alive)[0])
        for name in self.FIELDS:
            setattr(self, name, np.ascontiguousarray(getattr(self, name)[..., slots]))
