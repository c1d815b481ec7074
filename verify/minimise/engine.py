"""The driver: a working stack of at most ``chunk`` instances, refilled as instances finish.

One pass evaluates one trial point of *every* instance in the stack, whatever stage of its own line
search it is at: no instance waits for another's search, and the objective is always called on a
whole stack, small enough for the cache. Finished instances stay in it, ignored, until enough have
gathered to be replaced by waiting ones or, when none waits, dropped. All arithmetic is per slot, so
nothing an instance computes depends on the others.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from verify.minimise.result import (
    FALL,
    ROUND_OFF,
    STALL_GAP,
    STALL_GRADIENT,
    Bools,
    Descent,
    End,
    Floats,
    Ints,
    Objective,
    blank,
    checked_start,
    largest,
    scaled_gradient,
)
from verify.minimise.search import CURVATURE, MAX_TRIALS, first_step, next_step, sufficient
from verify.minimise.state import State

CHUNK = 1024
"""Instances worked on at once: at 4096 the history (16 MB for n = 25) leaves the cache (a tenth to a
quarter slower, on a noisy machine), and below 512 the fixed cost of NumPy calls shows."""

PATIENCE = 20
"""Steps in a row that change the value by round-off only before a descent counts as stalled: more
than the two or three that the last digits of the gradient take once the value has none left."""

HOPELESS = 2
"""Searches along a model's direction in a row that find nothing: −g may help once, but if what is learnt from its step
is no better there is nothing to learn."""

CAUSES = (End.FELL, End.CONVERGED, End.STALLED)
"""The first that applies is the one that is told."""

RENEW = 8
"""Finished slots are replaced or dropped once they are one in this many: copying the stack costs
about a pass, an ignored slot costs its share of every pass."""


class Move(NamedTuple):
    """What a model learns from in one pass: the steps that were tried, and which of them were accepted."""

    step: Floats  # (k, n) Δx
    change: Floats  # (k, n) Δg
    gradient: Floats  # (k, n) at the points where the slots are now
    expected: Floats  # (k,) sᵀBs, the curvature along s that a quasi-Newton model with direction −B⁻¹g had expected
    accepted: Bools  # (k,)


class Model(Protocol):
    """The local model that turns gradients into directions, with a state of its own per slot."""

    quasi_newton: bool
    """Whether steps must satisfy the second Wolfe condition, without which sᵀy may be negative."""

    def learn(self, move: Move) -> None:
        """Learn from a pass."""

    def direction(self, x: Floats, gradient: Floats) -> tuple[Floats, Floats, Bools]:
        """For each slot a direction (k, n), a first step length (k,), and whether the model knew more than −g (k,)."""

    def forget(self, slots: Ints) -> None:
        """Forget what was learnt in these slots."""

    def keep(self, slots: Ints) -> None:
        """Drop all slots but these."""


class Engine:
    """One minimisation of a stack of instances."""

    def __init__(
        self,
        objective: Objective,
        x0: Floats,
        *,
        max_iterations: int,
        tolerance: float,
        chunk: int,
        floor: Floats | None = None,
    ) -> None:
        if chunk < 1 or max_iterations < 0 or not tolerance >= 0:
            raise ValueError("chunk must be ≥ 1, max_iterations ≥ 0 and tolerance ≥ 0")
        self.objective, self.start = objective, checked_start(x0)
        self.max_iterations, self.tolerance = max_iterations, tolerance
        count = self.start.shape[0]
        self.waiting = min(chunk, count)  # the first instance that has not entered the stack
        self.out, self.floor = blank(self.start), floor
        rows = np.arange(self.waiting)
        self.state = State.start(rows, self.start[rows])

    def run(self, model: Model) -> Descent:
        """Minimise every instance; ``model`` has one slot per member of the first stack."""
        self.model = model
        with np.errstate(all="ignore"):  # overflow in a trial point is what a search is for
            while self.state.rows.size:
                self._advance()
                self._renew()
        return self.out

    def _advance(self) -> None:
        """Evaluate one trial point per slot and act on it."""
        s = self.state
        trial = s.x + s.t[:, None] * s.p
        f, g = self.objective(trial, s.rows)
        if f.shape != s.t.shape or g.shape != s.x.shape:
            raise ValueError(f"the objective of {s.x.shape} points gave {f.shape} and {g.shape}")
        slope = np.vecdot(g, s.p)
        finite = np.isfinite(f) & np.isfinite(np.matvec(g, np.zeros(g.shape[1])))  # 0·∞ is not a number
        wrong = np.flatnonzero(s.fresh & ~finite)
        if wrong.size:
            raise ValueError(f"the objective is not finite at the start of row {s.rows[wrong[0]]}")
        if s.fresh.any():
            floor = FALL * (1.0 + np.abs(f)) if self.floor is None else self.floor[s.rows]
            s.floor = np.where(s.fresh, floor, s.floor)
        enough = s.alive & (s.fresh | (sufficient(s.f, s.slope, s.t, f, slope) & finite))
        accept = enough
        if self.model.quasi_newton:  # a search that settled for its `low` has high = low = t
            accept = enough & (s.fresh | (slope >= CURVATURE * s.slope) | (s.t >= s.high) | (f < s.floor))
        refused = s.alive & ~accept
        if refused.any():
            self._search_on((f, slope), enough, refused)
        self._step(trial, f, g, accept)  # even if none is accepted: what a model forgets must not depend on neighbours

    def _search_on(self, trial: tuple[Floats, Floats], enough: Bools, refused: Bools) -> None:
        """Narrow or extend the bracket of the slots whose trial was refused."""
        s = self.state
        s.low = np.where(refused & enough, s.t, s.low)
        s.high = np.where(refused & ~enough, s.t, s.high)
        s.trials += refused
        k = np.flatnonzero(refused)
        f, slope = trial
        bracket = (s.low[k], s.high[k])
        t = s.t[k] = next_step(s.t[k], bracket, s.trials[k], (s.f[k], s.slope[k]), (f[k], slope[k]))
        x = s.x[k]
        same = (x + t[:, None] * s.p[k] == x).all(axis=1)
        spent = np.zeros_like(refused)
        spent[k] = (s.trials[k] >= MAX_TRIALS) | same
        if not spent.any():
            return
        settle = spent & (s.low > 0)
        s.t = np.where(settle, s.low, s.t)
        s.high = np.where(settle, s.low, s.high)
        spent &= ~settle
        s.failed += spent
        hopeless = s.steepest | (s.failed >= HOPELESS)
        self._finish(spent & hopeless, np.full(spent.size, End.STALLED))
        again = spent & ~hopeless
        self.model.forget(np.flatnonzero(again))
        self._aim(-s.g, first_step(s.x, s.g), np.zeros_like(spent), again)

    def _step(self, trial: Floats, f: Floats, g: Floats, accept: Bools) -> None:
        """Move the accepted slots, aim them anew, and finish those that are done."""
        s = self.state
        moved = accept & ~s.fresh
        step, change = trial - s.x, g - s.g
        flat = s.f - f <= ROUND_OFF * (1.0 + np.abs(f))
        s.quiet = np.where(moved, np.where(flat, s.quiet + 1, 0), s.quiet)
        s.steps += moved
        s.failed *= ~moved | s.steepest
        np.copyto(s.x, trial, where=accept[:, None])
        np.copyto(s.g, g, where=accept[:, None])
        np.copyto(s.f, f, where=accept)
        s.fresh &= ~accept
        self.model.learn(Move(step, change, s.g, -s.t * s.t * s.slope, moved))
        self._aim(*self.model.direction(s.x, s.g), accept)
        small = largest(s.g) <= self.tolerance * (1.0 + np.abs(s.f))  # or it is not small in units of x either
        fell, still, over = s.f < s.floor, s.quiet >= PATIENCE, s.steps >= self.max_iterations
        if (accept & (small | fell | still | over)).any():
            small &= scaled_gradient(s.x, s.f, s.g) <= self.tolerance
            ended = np.select((fell, small, still), CAUSES, End.CUT_OFF)
            self._finish(accept & (small | fell | still | over), ended)

    def _aim(self, p: Floats, t: Floats, informed: Bools, slots: Bools) -> None:
        """Set directions and first lengths; a direction that does not descend gives way to −g."""
        s = self.state
        np.copyto(s.p, p, where=slots[:, None])
        np.copyto(s.t, t, where=slots)
        s.slope = np.vecdot(s.g, s.p)
        s.low[slots] = 0.0
        s.high[slots] = np.inf
        s.trials[slots] = 0
        s.steepest[slots] = ~informed[slots]
        wrong = s.alive & ~(s.slope < 0)
        if wrong.any():
            self.model.forget(np.flatnonzero(wrong))
            s.steepest |= wrong
            s.p[wrong] = -s.g[wrong]
            s.t = np.where(wrong, first_step(s.x, s.g), s.t)
            s.slope = np.vecdot(s.g, s.p)
        s.promise = np.where(s.steepest, s.promise, -0.5 * s.slope)

    def _finish(self, done: Bools, ended: Ints) -> None:
        """Write out the slots that are done, and how they ended."""
        slots = np.flatnonzero(done & self.state.alive)
        if not slots.size:
            return
        s, out = self.state, self.out
        rows, x, f = s.rows[slots], s.x[slots], s.f[slots]
        norm = scaled_gradient(x, f, s.g[slots])
        estimate = s.promise[slots] / (1.0 + np.abs(f))
        out.x[rows], out.value[rows], out.gradient_norm[rows] = x, f, norm
        out.iterations[rows], out.estimate[rows] = s.steps[slots], estimate
        out.floor[rows] = s.floor[slots]
        at_round_off = (ended[slots] == End.STALLED) & (estimate <= STALL_GAP) & (norm <= STALL_GRADIENT)
        out.ended[rows] = np.where(at_round_off, End.CONVERGED, ended[slots])
        s.alive[slots] = False
        s.p[slots], s.t[slots] = 0.0, 0.0  # until replaced, evaluated where it was found finite

    def _renew(self) -> None:
        """Replace finished slots by waiting instances, or drop them, once there are enough of them."""
        s = self.state
        dead = np.flatnonzero(~s.alive)
        if dead.size * RENEW < s.rows.size or not dead.size:
            return
        fill = dead[: self.start.shape[0] - self.waiting]
        if fill.size:
            rows = np.arange(self.waiting, self.waiting + fill.size)
            self.waiting += fill.size
            s.put(fill, State.start(rows, self.start[rows]))
            self.model.forget(fill)
        if fill.size < dead.size:
            keep = np.flatnonzero(s.alive)
            s.keep(keep)
            self.model.keep(keep)
