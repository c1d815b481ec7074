"""Gradient flow near the collapsed point: which modes leave it, when, and how fast.

The flow is that of the claim `gradient-flow-escape`, from equal small amplitudes; where a mode stays is the derived
minimiser's amplitude ω_iλ_i.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import Field

from derivations.notation import beta, eta_dec, eta_enc, lamda, omega, theta
from derivations.statements.claim import Flow
from derivations.theorems.landscape.gradient_flow_escape import CLAIM
from derivations.theorems.vae.vae_learnable import MODES
from verify.figures.descents import stack
from verify.records.record import Record
from verify.trials.flow import follow, left_at

__all__ = ["Escape", "Trace", "compute_escape"]

_LASTS = 1.25  # times what the slowest mode that leaves needs
_STAYS = 0.02  # of its optimum: an amplitude this near to it has arrived
_POINTS = 160


class Trace(Record):
    """One mode."""

    theta: float
    leaves: bool = Field(description="the theory: θ² > βη_dec²")
    rate: float = Field(description="of growth at the collapsed point")
    optimum: float = Field(description="ω_iλ_i of the derived minimiser")
    amplitude: tuple[float, ...] = Field(description="|ω_iλ_i| along the flow")
    left: float | None = Field(description="when it had risen to half of where it stays; none: it did not leave")


class Escape(Record):
    """Linear VAE, Σ learnable."""

    beta: float
    eta_dec: float
    eta_enc: float
    times: tuple[float, ...]
    traces: tuple[Trace, ...]

    @property
    def disagreements(self) -> tuple[str, ...]:
        """Where a trajectory contradicts threshold, order or optimum."""
        found = []
        for trace in self.traces:
            if (trace.left is not None) is not trace.leaves:
                found.append(f"mode θ = {trace.theta:.4g} {'stays' if trace.leaves else 'leaves'}, against the theory")
            elif trace.leaves and abs(trace.amplitude[-1] - trace.optimum) > _STAYS * trace.optimum:
                found.append(f"mode θ = {trace.theta:.4g} ends at {trace.amplitude[-1]:.4g}, not {trace.optimum:.4g}")
        gone = sorted((t.left, -t.rate) for t in self.traces if t.left is not None)
        if [rate for _, rate in gone] != sorted(rate for _, rate in gone):
            found.append("the modes do not leave in the order of their rates")
        return tuple(found)


def compute_escape(
    theta_values: Sequence[float], *, beta_value: float = 1.0, eta_dec_value: float = 1.0, eta_enc_value: float = 1.0
) -> Escape:
    """The trajectories of modes with these θ (above 0), until the slowest mode that leaves has arrived."""
    statement = next(s for s in CLAIM.of_kind(Flow) if s.grows is None)
    scales = {beta: beta_value, eta_dec: eta_dec_value, eta_enc: eta_enc_value}
    one = stack({}, len(theta_values), {theta: np.asarray(theta_values, dtype=float)[None], **scales})
    shape = (len(theta_values),)
    leaves, rate, best = (
        np.broadcast_to(v[0], shape)
        for v in one.evaluate(statement.leaves, statement.rate, MODES[omega] * MODES[lamda])
    )
    flow = follow(one, statement.loss, tuple(statement.start.items()), statement.amplitude)
    slowest = np.abs(rate[leaves]).min() if leaves.any() else np.abs(rate).min()
    times, path = flow.until(_LASTS * float(np.log(1 / flow.first.min()) / slowest), _POINTS * 10)
    left = left_at(times, path, range(len(theta_values)))
    shown = np.arange(0, len(times), 10)
    shown[-1] = len(times) - 1
    traces = [
        Trace(
            theta=float(t),
            leaves=bool(l),
            rate=float(g),
            optimum=float(o),
            amplitude=tuple(a.tolist()),
            left=float(e) if np.isfinite(e) else None,
        )
        for t, l, g, o, a, e in zip(theta_values, leaves, rate, best, path[shown].T, left, strict=True)
    ]
    return Escape(
        beta=beta_value,
        eta_dec=eta_dec_value,
        eta_enc=eta_enc_value,
        times=tuple(times[shown].tolist()),
        traces=tuple(traces),
    )
