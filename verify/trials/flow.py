"""Gradient flow of one mode's loss, integrated: which modes leave the origin, in what order, which come back.

`scipy.integrate.solve_ivp` (LSODA) follows all modes of an instance at once, each by itself, until the slowest mode
that is not near its threshold has had three times as long as it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp

from derivations.statements.claim import Claim, Flow
from verify.draw.instances import Instances, batches
from verify.draw.trial import Trial, outcome_of, recorded, witness
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower
from verify.evaluate.stack import Values
from verify.records.evidence import Evidence
from verify.trials.kinds import Check, Kind, Place, sides

__all__ = ["KIND", "by_trajectory", "follow", "left_at"]

_NEAR = 0.05  # modes whose rate is below this, relative to the fastest, take too long to tell
_APART = 0.02  # rates closer than this are not ordered by a finite start
_REASON = "amplitudes start at 1e-3 and end near 0 or near their optimum; a factor 10 lies between"
_INSTANCES = 32


def by_trajectory(trial: Trial, statement: Flow) -> Evidence:
    """Trajectories against what the statement says."""
    return recorded(
        "gradient flow",
        statement.label,
        "trial",
        lambda: _flows(trial, statement),
        tolerance=0.1,
        tolerance_reason=_REASON,
    )


def _flows(trial: Trial, statement: Flow) -> dict[str, Any]:
    tried = modes = ordered = 0
    for batch, seen in _followed(trial.claim, statement, trial.seed):
        complaint, pairs = _judged(batch, statement, seen)
        tried, modes, ordered = tried + 1, modes + len(seen.told), ordered + pairs
        if complaint:
            return {"instances": tried} | witness(trial, batch, 0, complaint)
    note = f"{modes} modes followed, {ordered} pairs left in the order of their rates"
    return {"outcome": outcome_of(tried), "instances": tried, "residual": 0.0, "note": note}


class _Seen:
    """What one integration showed: modes that could be told, final amplitudes, times of leaving, early growth."""

    def __init__(self, told: Any, final: Any, left: Any, grew: Any) -> None:
        self.told, self.final, self.left, self.grew = told, final, left, grew


def _judged(batch: Instances, statement: Flow, seen: _Seen) -> tuple[str, int]:
    """(what contradicts the statement, how many pairs of modes left in order)."""
    (leaves, rate) = (np.broadcast_to(v[0], (batch.modes,)) for v in batch.evaluate(statement.leaves, statement.rate))
    for i in seen.told:
        away = bool(np.isfinite(seen.left[i]))
        if away != bool(leaves[i]):
            return f"mode {i + 1} {'leaves' if away else 'returns to'} the origin, against `{statement.leaves}`,", 0
    if statement.grows is not None:
        grows = np.broadcast_to(batch.evaluate(statement.grows)[0][0], (batch.modes,))
        for i in seen.told:
            if bool(seen.grew[i]) != bool(grows[i]):
                return (
                    f"mode {i + 1} {'grows' if seen.grew[i] else 'shrinks'} at first, against `{statement.grows}`,",
                    0,
                )
    if statement.grows is not None:  # not started at equal amplitudes
        return "", 0
    gone = [i for i in seen.told if np.isfinite(seen.left[i])]
    pairs = [(i, j) for i in gone for j in gone if rate[i] > rate[j] * (1 + _APART)]
    for i, j in pairs:
        if seen.left[i] >= seen.left[j]:
            return f"mode {i + 1} leaves after mode {j + 1}, whose rate is lower,", 0
    return "", len(pairs)


def _followed(claim: Claim, statement: Flow, seed: int) -> Any:
    start = tuple(statement.start.items())
    return _trajectories(claim, statement.loss, start, statement.amplitude, statement.rate, seed)


@lru_cache(maxsize=16)
def _trajectories(claim: Claim, loss: Any, start: tuple[Any, ...], amplitude: Any, rate: Any, seed: int) -> Any:
    """Integrations of the first instances, once for all mutations of what is said about them."""
    found = []
    for drawn in batches(claim, seed, 512):
        for row in np.flatnonzero(~np.isin(drawn.kind, ("small", "large")))[:4]:
            one = drawn.take(np.array([row]))
            if (seen := _integrated(one, loss, start, amplitude, rate)) is not None:
                found.append((one, seen))
            if len(found) == _INSTANCES:
                return tuple(found)
    return tuple(found)


def _integrated(one: Instances, loss: Any, start: tuple[Any, ...], amplitude: Any, rate: Any) -> _Seen | None:
    rates = np.abs(np.broadcast_to(one.evaluate(rate)[0][0], (one.modes,)))
    told = np.flatnonzero(rates > _NEAR * rates.max())
    if not told.size:
        return None
    flow = follow(one, loss, start, amplitude)
    horizon = 3 * np.log(1 / flow.first[flow.first > 0].min()) / rates[told].min()
    times, path = flow.until(horizon)
    at_once = flow.amplitudes((flow.begin + 1e-6 / rates.max() * flow.slope(0.0, flow.begin))[None])[0]
    return _Seen(told, path[-1], left_at(times, path, told), at_once > flow.first)


def left_at(times: Any, path: Any, told: Any) -> Any:
    """When each mode's amplitude (times, modes) has risen to half of where it stays; inf if it does not leave 0."""
    left, first = np.full(path.shape[1], np.inf), path[0]
    for i in told:
        if path[-1, i] > 10 * first[i] and path[-1, i] > 0.5 * path[:, i].max():
            left[i] = times[int(np.argmax(path[:, i] > 0.5 * path[-1, i]))]
    return left


@dataclass(frozen=True, eq=False)
class _Following:
    """The flow of all modes of one instance, each by itself: where it begins, its slope, its amplitudes."""

    begin: Any
    first: Any
    slope: Callable[[float, Any], Any]
    amplitudes: Callable[[Any], Any]

    def until(self, horizon: float, steps: int = 2000) -> tuple[Any, Any]:
        """(times (steps,), amplitudes (steps, modes))."""
        from scipy.integrate import solve_ivp

        times = np.linspace(0, horizon, steps)
        run = solve_ivp(self.slope, (0, horizon), self.begin, method="LSODA", rtol=1e-8, atol=1e-12, t_eval=times)
        return times, self.amplitudes(run.y.T)


def follow(one: Values, loss: Any, start: tuple[Any, ...], amplitude: Any) -> _Following:
    """Gradient flow of a mode's `loss` from `start`, on an instance of one row."""
    states, m = [x for x, _ in start], one.modes
    fixed = {k: v for k, v in one.values.items() if k not in states}
    slopes, size = (
        lower(*e).bind(Float64(), one.dims, m).given(fixed) for e in ([sp.diff(loss, x) for x in states], [amplitude])
    )
    begin = np.concatenate([np.broadcast_to(v[0], (m,)) for v in one.evaluate(*(v for _, v in start))])

    def at(x: Any) -> dict[Any, Any]:  # x: (points, states · modes)
        return {s: x[:, k * m : (k + 1) * m] for k, s in enumerate(states)}

    def slope(_: float, x: Any) -> Any:
        return -np.concatenate([g[0] if g.shape[1] == m else np.broadcast_to(g[0], (m,)) for g in slopes(at(x[None]))])

    def amplitudes(x: Any) -> Any:
        return np.abs(size(at(x))[0])

    return _Following(begin, amplitudes(begin[None])[0], slope, amplitudes)


class _Flow(Kind[Flow]):
    statement = Flow
    shrinks = False

    def checks(self, trial: Trial, statement: Flow) -> dict[str, Check]:
        return {"gradient flow": lambda: [by_trajectory(trial, statement)]}

    def describe(self, one: Instances, statement: Flow) -> str:  # noqa: ARG002
        return "about the loss as a landscape; trajectories judge it, not one evaluation"

    def places(self, statement: Flow) -> Iterator[Place]:
        yield from sides(statement, "leaves")
        if statement.grows is not None:
            yield from sides(statement, "grows")

    def refutes(self, claim: Claim, statement: Flow, seed: int, examples: int) -> bool:  # noqa: ARG002
        return any(_judged(one, statement, seen)[0] for one, seen in _followed(claim, statement, seed))


KIND = _Flow()
