"""Batched PyTorch: L-BFGS on a whole stack, every instance with step lengths of its own, and Adam.

One pass evaluates one trial point of every instance; whose trial is refused shortens its step, the others go on: nobody
waits. Finished instances leave once they are one in eight. Gradients are written by hand, so that nothing is lost to
autograd; a short memory and the whole stack at once were the fastest of those tried.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from tests.benchmarks.rivals import losses

MEMORY = 5
ROUND_OFF = 2e-15  # of 1 + |f|
TOLERANCE = 1e-9  # of the scaled gradient, as for the audit's own descents
PATIENCE = 20  # steps that change f by round-off only


@dataclass(frozen=True)
class Run:
    """Final losses (B,); seconds it took; whether it ended by its own rule, not by its limit."""

    value: Any
    seconds: float
    ended: bool


@dataclass(frozen=True)
class Rule:
    """When to stop. With a `level` (B,), an oracle that knows F*: an instance is done as soon as its loss is there, and
    the run once `share` of them are. Without, by gradients and stalls, after at most `steps` passes."""

    level: Any = None
    share: float = 1.0
    steps: int = 1_000_000
    limit: float = 60.0  # seconds


def tensors(plain: dict[str, Any]) -> dict[str, Any]:
    """Named arrays as float64 tensors."""
    return {name: torch.as_tensor(array, dtype=torch.float64) for name, array in plain.items()}


def objective_of(model: str, d: int) -> Callable[..., Any]:
    """(x, instances) → (value, gradient)."""
    eye = torch.eye(d, dtype=torch.float64)
    return lambda x, p: losses.value_and_gradient(x, p, model, d, eye, torch)


def lbfgs(objective: Any, p: dict[str, Any], x0: Any, rule: Rule) -> Run:
    """Minimise B functions of n variables from x0 (B, n)."""
    with torch.no_grad():
        began = time.perf_counter()
        search, steps = Search(objective, p, x0, rule), 0
        while len(search.rows) and steps < rule.steps and time.perf_counter() - began < rule.limit:
            search.advance()
            search.drop()
            steps += 1
            if rule.level is not None and search.done >= rule.share * len(x0):
                break
        search.out[search.rows] = search.f
        seconds = time.perf_counter() - began
        return Run(search.out, seconds, seconds < rule.limit)


class Search:
    """The instances at work: where they are, where they look next, their last MEMORY pairs."""

    def __init__(self, objective: Any, p: dict[str, Any], x0: Any, rule: Rule) -> None:
        self.objective, self.p, self.level = objective, p, rule.level
        self.out, self.done = torch.empty(len(x0), dtype=x0.dtype), 0
        self.rows, self.x, self.head = torch.arange(len(x0)), x0.clone(), 0
        self.f, self.g = objective(self.x, p)
        self.S, self.Y = (torch.zeros(MEMORY, *x0.shape, dtype=x0.dtype) for _ in range(2))
        self.rho = torch.zeros(MEMORY, len(x0), dtype=x0.dtype)
        self.gamma, self.quiet = torch.zeros_like(self.f), torch.zeros(len(x0), dtype=torch.int64)
        self.step, self.t = -self.g, 1 / (1 + self.g.abs().amax(-1))
        self.slope = -torch.linalg.vecdot(self.g, self.g)

    def advance(self) -> None:
        """One trial point of every instance."""
        trial = torch.addcmul(self.x, self.step, self.t[:, None])
        value, gradient = self.objective(trial, self.p)
        noise = ROUND_OFF * (1 + self.f.abs())
        good = value <= self.f + 1e-4 * self.t * self.slope + noise
        curve = value - self.f - self.t * self.slope  # of the parabola through both values and the slope, times t²
        vertex = torch.where(curve > 0, -0.5 * self.slope * self.t**2 / curve, self.t)
        self.quiet = torch.where(good, torch.where(self.f - value <= noise, self.quiet + 1, 0), self.quiet)
        self._learn(trial - self.x, gradient - self.g, good)
        self.x, self.g = (torch.where(good[:, None], a, b) for a, b in ((trial, self.x), (gradient, self.g)))
        self.f = torch.where(good, value, self.f)
        fresh = self._direction()
        downhill = torch.linalg.vecdot(fresh, self.g)
        steepest = good & ~(downhill < 0)
        if bool(steepest.any()):
            fresh = torch.where(steepest[:, None], -self.g, fresh)
            downhill = torch.where(steepest, -torch.linalg.vecdot(self.g, self.g), downhill)
        self.step = torch.where(good[:, None], fresh, self.step)
        self.slope = torch.where(good, downhill, self.slope)
        first = torch.where(steepest | (self.gamma == 0), 1 / (1 + self.g.abs().amax(-1)), 1.0)
        self.t = torch.where(good, first, vertex.clamp(0.1 * self.t, 0.5 * self.t))

    def _learn(self, step: Any, change: Any, good: Any) -> None:
        """The newest pair, or zeros where a trial was refused or the curvature is not positive."""
        sy, yy, ss = (torch.linalg.vecdot(a, b) for a, b in ((step, change), (change, change), (step, step)))
        curved = good & (sy > 1e-10 * (ss * yy).sqrt())
        self.head = (self.head + 1) % MEMORY
        torch.mul(step, curved[:, None], out=self.S[self.head])
        torch.mul(change, curved[:, None], out=self.Y[self.head])
        self.rho[self.head] = torch.where(curved, 1 / sy, 0.0)
        self.gamma = torch.where(curved, sy / yy, self.gamma)

    def _direction(self) -> Any:
        """−Hg by the two-loop recursion; a zero pair changes nothing."""
        order = [(self.head - k) % MEMORY for k in range(MEMORY)]
        q, alphas = -self.g, []
        for k in order:
            alphas.append(self.rho[k] * torch.linalg.vecdot(self.S[k], q))
            q.addcmul_(self.Y[k], alphas[-1][:, None], value=-1)
        q.mul_(torch.where(self.gamma > 0, self.gamma, 1.0)[:, None])
        for k, alpha in zip(reversed(order), reversed(alphas), strict=True):
            q.addcmul_(self.S[k], (alpha - self.rho[k] * torch.linalg.vecdot(self.Y[k], q))[:, None])
        return q

    def drop(self) -> None:
        """Let those that are done go, once they are one in eight."""
        small = self.g.abs().amax(-1) * self.x.abs().amax(-1).clamp(min=1) <= TOLERANCE * (1 + self.f.abs())
        stuck = (self.quiet >= PATIENCE) | (self.t * self.step.abs().amax(-1) < 1e-17)
        over = small | stuck if self.level is None else self.f <= self.level[self.rows]
        gone = int(over.sum())
        if gone * 8 < len(self.rows) and self.done + gone < len(self.out):
            return
        self.done += gone
        self.out[self.rows[over]] = self.f[over]
        keep = (~over).nonzero()[:, 0]
        for name in ("rows", "x", "f", "g", "step", "t", "slope", "gamma", "quiet"):
            setattr(self, name, getattr(self, name)[keep])
        self.S, self.Y, self.rho = self.S[:, keep], self.Y[:, keep], self.rho[:, keep]
        self.p = {name: array[keep] for name, array in self.p.items()}


def adam(objective: Any, p: dict[str, Any], x0: Any, rule: Rule) -> Run:
    """torch.optim.Adam on the whole stack, its rate annealed from 0.1 to 0 along a cosine."""
    x, began = x0.clone().requires_grad_(), time.perf_counter()
    optimiser = torch.optim.Adam([x], lr=0.1, fused=True)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, rule.steps)
    for _ in range(rule.steps):
        with torch.no_grad():
            value, x.grad = objective(x, p)
        enough = rule.level is not None and int((value <= rule.level).sum()) >= rule.share * len(x0)
        if enough or time.perf_counter() - began > rule.limit:
            break
        optimiser.step()
        schedule.step()
    seconds = time.perf_counter() - began
    with torch.no_grad():
        return Run(objective(x, p)[0], seconds, seconds < rule.limit)


def worker(
    way: str, plain: dict[str, Any], x0: Any, model: str, d: int, level: Any, rule: dict[str, Any]
) -> tuple[Any, float]:
    """(losses, processor seconds): "lbfgs" or "adam" on a worker's share of a stack, on one thread."""
    torch.set_num_threads(1)
    began = time.process_time()
    run = {"lbfgs": lbfgs, "adam": adam}[way](
        objective_of(model, d), tensors(plain), torch.as_tensor(x0), Rule(torch.as_tensor(level), **rule)
    )
    return run.value.numpy(), time.process_time() - began
