"""The tool's side of every comparison, one function each: what is timed is what is in them."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

import numpy as np
from sympy import diff, log

from derivations.calculus import gradient
from derivations.lemmas import hierarchy_projection as two
from derivations.lemmas import variable_projection as one
from derivations.nodes import Eigenvalue, SumModes
from derivations.notation import U1, U2, W1, W2, G, K, Sigma, U, V, Z, eta_dec, theta
from tests.benchmarks.problems import CLAIMS, LOWER, UPPER, Stack
from verify.arithmetic.float64 import Float64
from verify.checks.structure import bound, mode_loss
from verify.descent import descend
from verify.instances import Batch
from verify.lower import Plan, lower, lower_named

JUDGE_STEPS = 1500  # what the audit gives a descent in raw parameters


def judge(stack: Stack) -> Any:
    """F (N,) found by the audit's descent in raw parameters, to its own stop."""
    objective, width = stack.judge()
    return descend(objective, stack.start(width), max_iterations=JUDGE_STEPS).value


@lru_cache
def certificate_plan(model: str) -> Plan:
    """θ ↦ the closed form, its loss mode by mode, the derived bound."""
    claim = CLAIMS[model]
    statement = claim.statements[0]
    loss = SumModes(mode_loss(claim, statement))
    return lower_named((*statement.modes.items(), ("loss", loss), ("bound", bound(statement))))


def certificate(stack: Stack) -> Any:
    """F (N,) at the closed form, from the spectrum of each instance's moments, and the bound it must meet, (2, N)."""
    if stack.model == "CVAE":
        spectrum = np.sqrt(np.maximum(np.linalg.eigvalsh(stack.moments)[:, ::-1], 0.0))
    else:
        spectrum = np.linalg.svd(stack.moments, compute_uv=False)
    found = certificate_plan(stack.model).run(
        Float64(), {**stack.values, theta: spectrum}, stack.batch.dims, stack.size
    )
    return np.broadcast_arrays(found[-2][:, 0], found[-1][:, 0])


def reduced(stack: Stack) -> Any:
    """F (N,), the whole loss where a descent ended with everything eliminated that can be."""
    objective = _Hierarchy(stack) if stack.model == "MHVAE" else _Single(stack)
    rng = np.random.default_rng(1)
    x = descend(objective, rng.normal(size=(len(stack), objective.width)), chunk=512).x
    whole, known = stack.batch, objective.put_back(x)
    point = Batch(whole.dims, whole.modes, {**objective.values, **known}, whole.index, whole.kind)
    return objective.completed(point).evaluate(stack.statement.loss)[0][:, 0]


def timed_share(way: str, stack: Stack) -> tuple[Any, float]:
    """(what "reduced" or "certificate" returns, processor seconds): a worker's share."""
    began = time.process_time()
    found = {"reduced": reduced, "certificate": certificate}[way](stack)
    return found, time.process_time() - began


class _Single:
    def __init__(self, stack: Stack) -> None:
        self.size, self.width = stack.size, stack.size**2
        self.conditional = stack.model == "CVAE"
        root = stack.batch.values[G if stack.model == "CVAE" else Z]
        self.values = {**stack.batch.values, Z: root}
        self.bound = lower(one.reduced_learnable, gradient(one.reduced_learnable, U)).bind(
            Float64(), stack.batch.dims, self.size
        )
        self.last, self.here = None, self.bound

    def __call__(self, x: Any, rows: Any) -> Any:
        if rows is not self.last:
            self.last, self.here = rows, self.bound.given({k: v[rows] for k, v in self.values.items()})
        value, slope = self.here({U: x.reshape(-1, self.size, self.size)})
        return value[:, 0], slope.reshape(len(x), -1)

    def put_back(self, x: Any) -> Any:
        """U with z rotated until UᵀU, and with it the best full Σ, is diagonal."""
        found = x.reshape(-1, self.size, self.size)
        return {U: found @ np.linalg.eigh(found.mT @ found)[1]}

    def completed(self, point: Any) -> Any:
        """With the best encoder and variance; a CVAE's from those of its residual's VAE."""
        point = point.define({V: one.best_encoder, Sigma: one.best_variance})
        if not self.conditional:
            return point
        return point.define({U1: U, W2: V * G.inverse(), U2: K, W1: -W2 * K})


class _Hierarchy:
    def __init__(self, stack: Stack) -> None:
        self.size = stack.size
        self.width = self.size * (self.size + 1)
        self.values = stack.batch.values
        slope = two.weight * Eigenvalue(two.S) * diff(1 / two.t, UPPER.omega)
        slope += UPPER.beta * eta_dec**2 * diff(log(two.t), UPPER.omega)
        plan = lower(two.rotated, gradient(two.rotated, LOWER.W), slope)
        self.bound = plan.bind(Float64(), stack.batch.dims, self.size)
        self.last, self.here = None, self.bound

    def __call__(self, x: Any, rows: Any) -> Any:
        if rows is not self.last:
            self.last, self.here = rows, self.bound.given({k: v[rows] for k, v in self.values.items()})
        square = self.size**2
        omega = x[:, square:]
        order = np.argsort(-np.abs(omega), axis=1)
        point = {LOWER.W: x[:, :square].reshape(-1, self.size, self.size)}
        value, on_v, on_omega = self.here(point | {UPPER.omega: np.take_along_axis(omega, order, 1)})
        back = np.empty_like(omega)
        np.put_along_axis(back, order, on_omega, 1)
        return value[:, 0], np.concatenate([on_v.reshape(len(x), -1), back], axis=1)

    def put_back(self, x: Any) -> Any:
        """V_1, and U_2 in the frame that pairs the largest ω with the largest eigenvalue of S."""
        square = self.size**2
        encoder = x[:, :square].reshape(-1, self.size, self.size)
        omega = -np.sort(-np.abs(x[:, square:]), axis=1)
        frame = np.linalg.eigh(encoder @ encoder.mT + self.values[LOWER.Sigma])[1][:, :, ::-1]
        return {LOWER.W: encoder, UPPER.U: frame * omega[:, None, :]}

    def completed(self, point: Any) -> Any:
        """With the best decoder, upper encoder and upper variance."""
        return point.define(two.best)
