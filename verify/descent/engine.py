"""The driver: a working stack of at most ``chunk`` instances, refilled as instances finish.

One pass evaluates one trial point of *every* instance in the stack, whatever stage of its own line
search it is at: no instance waits for another's search, and the objective is always called on a
whole stack. Finished instances stay in it, ignored, until enough have gathered to be replaced by
waiting ones (or, when none waits, to be dropped); nothing an instance computes depends on them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np

from verify.descent.result import (
    ROUND_OFF,
    Bools,
    Descent,
    Floats,
    Ints,
    Objective,
    scaled_gradient,
)
from verify.descent.search import CURVATURE, MAX_TRIALS, next_step, sufficient

STALL_GAP = 1e-12
"""A stalled descent counts as converged if its model promises less than this: a hundredth of the
1e-10 that values are accepted to, since the model's curvature may be wrong by a factor."""

PATIENCE = 8
"""Steps in a row that change the value by round-off only, before a descent counts as stalled."""


class Model(Protocol):
    """The local model that turns gradients into directions; it keeps one state per slot."""

    curvature: bool
    """Whether steps must also satisfy the Wolfe curvature condition."""

    def update(self, step: Floats, change: Floats, accepted: Bools) -> None:
        """Learn from accepted steps (k, n) and the changes of gradient (k, n) along them."""

    def direction(self, x: Floats, value: Floats, gradient: Floats) -> tuple[Floats, Floats]:
        """A direction (k, n) and a first step length (k,)."""

    def forget(self, slots: Ints) -> None:
        """Start afresh in these slots."""

    def keep(self, slots: Ints) -> None:
        """Drop all slots but these."""


@dataclass
class State:
    """The working stack, one entry per slot."""

    rows: Ints
    x: Floats
    f: Floats
    g: Floats
    p: Floats  # direction of search
    slope: Floats  # gᵀp
    t: Floats  # the step being tried
    low: Floats  # longest step known to lower the value enough but to be too short
    high: Floats  # shortest step known to be too long
    trials: Ints
    steps: Ints
    quiet: Ints  # steps in a row within round-off
    fresh: Bools  # not evaluated yet
    steepest: Bools  # p is −g: nothing left to fall back on
    alive: Bools

    @classmethod
    def start(cls, rows: Ints, x0: Floats) -> State:
        """Slots about to be evaluated at their starting points."""
        k = rows.size
        x = x0[rows]
        zeros = np.zeros(k)
        count = np.zeros(k, dtype=np.intp)
        yes = np.ones(k, dtype=bool)
        flat = np.zeros_like(x)
        return cls(
            rows, x, zeros, flat, flat.copy(), zeros.copy(), zeros.copy(), zeros.copy(),
            np.full(k, np.inf), count, count.copy(), count.copy(), yes, ~yes, yes.copy(),
        )  # fmt: skip

    def keep(self, slots: Ints) -> None:
        """Drop all slots but these."""
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name)[slots])
        self.rows.setflags(write=False)

    def put(self, slots: Ints, other: State) -> None:
        """Overwrite slots."""
        self.rows = self.rows.copy()
        for field in fields(self):
            getattr(self, field.name)[slots] = getattr(other, field.name)
        self.rows.setflags(write=False)


class Engine:
    """One minimisation of a stack; see the module's docstring."""

    def __init__(
        self,
        objective: Objective,
        x0: Floats,
        model: Model,
        *,
        max_iterations: int,
        tolerance: float,
        chunk: int,
    ) -> None:
        self.objective, self.x0, self.model = objective, x0, model
        self.max_iterations, self.tolerance = max_iterations, tolerance
        count = x0.shape[0]
        self.waiting = min(chunk, count)  # the first instance not yet in the stack
        self.state = State.start(np.arange(self.waiting), x0)
        self.out = Descent(
            x0.copy(), np.zeros(count), np.zeros(count), np.zeros(count, dtype=np.intp),
            np.zeros(count, dtype=bool), np.zeros(count, dtype=bool), np.zeros(count),
        )  # fmt: skip

    def run(self) -> Descent:
        """Minimise every instance."""
        with np.errstate(all="ignore"):
            while self.state.rows.size:
                self.advance()
                self.renew()
        return self.out

    def advance(self) -> None:
        """Evaluate one trial point per slot and act on it."""
        s = self.state
        trial = s.x + s.t[:, None] * s.p
        f, g = self.objective(trial, s.rows)
        slope = np.vecdot(g, s.p)
        finite, enough = sufficient(s.f, s.slope, s.t, f, slope)
        finite &= np.isfinite(np.vecdot(g, g))
        enough &= finite
        if s.fresh.any():
            bad = np.flatnonzero(s.fresh & ~finite & s.alive)
            if bad.size:
                raise ValueError(f"the objective is not finite at the start of row {s.rows[bad[0]]}")
            enough |= s.fresh
        accept = enough.copy()
        if self.model.curvature:
            # A search that settles for `low` repeats it with high = low: it is accepted as it is.
            accept &= (slope >= CURVATURE * s.slope) | s.fresh | (s.high <= s.t)
        if not accept.all():
            self.search_on(f, slope, enough, accept)
        self.step(trial, f, g, accept)

    def search_on(self, f: Floats, slope: Floats, enough: Bools, accept: Bools) -> None:
        """Narrow or widen the bracket of the slots whose trial was refused."""
        s = self.state
        again = ~accept
        s.low = np.where(again & enough, s.t, s.low)
        s.high = np.where(again & ~enough, s.t, s.high)
        s.trials += again
        t = next_step(s.t, s.low, s.high, s.trials, s.f, s.slope, f, slope)
        s.t = np.where(again, t, s.t)
        spent = again & ((s.trials >= MAX_TRIALS) | (s.x + s.t[:, None] * s.p == s.x).all(axis=1))
        if spent.any():
            settle = spent & (s.low > 0)
            s.t = np.where(settle, s.low, s.t)
            s.high = np.where(settle, s.low, s.high)
            restart = spent & ~settle & ~s.steepest & s.alive
            self.finish(spent & ~settle & s.steepest & s.alive, stalled=True)
            self.restart(np.flatnonzero(restart))

    def restart(self, slots: Ints) -> None:
        """Forget a direction along which nothing was found, and search along −g."""
        if slots.size:
            s = self.state
            self.model.forget(slots)
            p, t = self.model.direction(s.x, s.f, s.g)
            self.aim(p, t, slots)

    def step(self, trial: Floats, f: Floats, g: Floats, accept: Bools) -> None:
        """Move the accepted slots, finish those that are done, and aim the others anew."""
        s = self.state
        move = accept[:, None]
        self.model.update(trial - s.x, g - s.g, accept & ~s.fresh)
        gain = s.f - f
        quiet = gain <= ROUND_OFF * (1.0 + np.abs(f))
        s.quiet = np.where(accept & ~s.fresh, np.where(quiet, s.quiet + 1, 0), s.quiet)
        s.steps += accept & ~s.fresh
        s.x = np.where(move, trial, s.x)
        s.f = np.where(accept, f, s.f)
        s.g = np.where(move, g, s.g)
        s.fresh &= ~accept
        p, t = self.model.direction(s.x, s.f, s.g)
        self.aim(p, t, accept)
        at = accept & s.alive
        small = scaled_gradient(s.x, s.f, s.g) <= self.tolerance
        still = ~small & (s.quiet >= PATIENCE)
        self.finish(at & (small | (s.steps >= self.max_iterations)) & ~still, stalled=False)
        self.finish(at & still, stalled=True)

    def aim(self, p: Floats, t: Floats, slots: Bools | Ints) -> None:
        """Set directions and first steps; one that does not descend is replaced by −g."""
        s = self.state
        s.p[slots] = p[slots]
        slope = np.vecdot(s.g, s.p)
        s.slope = slope
        s.t[slots] = t[slots]
        s.low[slots] = 0.0
        s.high[slots] = np.inf
        s.trials[slots] = 0
        s.steepest[slots] = False

    def finish(self, done: Bools, *, stalled: bool) -> None:
        """Write out slots."""
        slots = np.flatnonzero(done)
        if not slots.size:
            return
        s, out = self.state, self.out
        rows = s.rows[slots]
        x, f = s.x[slots], s.f[slots]
        norm = scaled_gradient(x, f, s.g[slots])
        estimate = -0.5 * s.slope[slots] / (1.0 + np.abs(f))
        out.x[rows], out.value[rows], out.gradient_norm[rows] = x, f, norm
        out.iterations[rows] = s.steps[slots]
        out.stalled[rows], out.estimate[rows] = stalled, estimate
        out.converged[rows] = (norm <= self.tolerance) | (stalled & (estimate <= STALL_GAP))
        s.alive[slots] = False

    def renew(self) -> None:
        """Replace or drop finished slots once there are enough of them."""
