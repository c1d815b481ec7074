"""The working stack: per slot, one instance and the stage its line search is at."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from verify.minimise.result import Bools, Floats, Ints

__all__ = ["State"]


@dataclass
class State:
    """The working stack of k slots with n variables each."""

    rows: Ints  # (k,) which instance
    x: Floats  # (k, n) the last accepted point, its value and gradient
    f: Floats
    g: Floats
    p: Floats  # (k, n) the direction of search
    slope: Floats  # gᵀp
    t: Floats  # the step length being tried
    low: Floats  # the longest known to lower the value enough but to be too short
    high: Floats  # the shortest known to be too long
    floor: Floats  # a value below it has no end
    trials: Ints  # refused in this search
    failed: Ints  # searches along a model's direction that found nothing, in a row
    steps: Ints  # accepted
    quiet: Ints  # of those, how many of the last in a row changed the value by round-off only
    promise: Floats  # ½gᵀHg of the last quasi-Newton model
    steepest: Bools  # p = −g: nothing to fall back on
    fresh: Bools  # not evaluated yet
    alive: Bools

    @classmethod
    def start(cls, rows: Ints, x: Floats) -> State:
        """Slots whose first "trial", of length 0, is the starting point itself."""
        k = rows.size
        state = cls(
            rows=rows,
            x=x,
            f=np.zeros(k),
            g=np.zeros_like(x),
            p=np.zeros_like(x),
            slope=np.zeros(k),
            t=np.zeros(k),
            low=np.zeros(k),
            high=np.full(k, np.inf),
            floor=np.full(k, np.nan),
            trials=np.zeros(k, dtype=np.intp),
            failed=np.zeros(k, dtype=np.intp),
            steps=np.zeros(k, dtype=np.intp),
            quiet=np.zeros(k, dtype=np.intp),
            promise=np.full(k, np.inf),
            steepest=np.zeros(k, dtype=bool),
            fresh=np.ones(k, dtype=bool),
            alive=np.ones(k, dtype=bool),
        )
        state.rows.setflags(write=False)
        return state

    def keep(self, slots: Ints) -> None:
        """Drop all slots but these."""
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name)[slots])
        self.rows.setflags(write=False)

    def put(self, slots: Ints, other: State) -> None:
        """Overwrite these slots with those of `other`."""
        self.rows = self.rows.copy()  # a new object tells the objective that the stack has changed
        for field in fields(self):
            getattr(self, field.name)[slots] = getattr(other, field.name)
        self.rows.setflags(write=False)
