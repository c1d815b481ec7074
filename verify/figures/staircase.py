"""The collapse staircase: active latents, and the KL of each, against β; theory as lines, descents as points.

The theory is the forecast's (`verify.forecast.kernels`): KL_i is linear in log β until latent i is gone, so that the
line through the thresholds and the two ends is the curve itself, and descents are compared with what is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pydantic import Field

from derivations.algebra.nodes import one_mode
from derivations.models.vae import MOMENTS, rate, second_moment
from derivations.notation import D, R, S, Sigma, V, beta, d, eta_dec, eta_enc, lamda, r, sigma, theta
from derivations.theorems.vae.vae_learnable import CLAIM
from verify.evaluate.stack import Values
from verify.figures.descents import run_descents, stack, turned
from verify.figures.record import COLLAPSED, NEAR, TOLD, Outcome, complaint
from verify.forecast.kernels import closed_forms
from verify.records.record import Record

__all__ = ["Run", "Staircase", "compute_staircase", "rates"]

MOST = 8
"""Modes that descents are given: those far below the water change nothing and cost much."""


class Run(Record):
    """One descent from a random start."""

    at: float = Field(description="the abscissa: β, or the correlation ρ")
    outcome: Outcome
    kl: tuple[float, ...] = Field(description="nats per latent, descending")

    @property
    def active(self) -> int | None:
        """How many latents it found active; None if one is too close to its threshold to tell."""
        low, high = self.range
        return low if low == high else None

    @property
    def range(self) -> tuple[int, int]:
        """The least and the most latents that it may have found active."""
        return sum(value > TOLD for value in self.kl), sum(value >= COLLAPSED for value in self.kl)


class Staircase(Record):
    """Linear VAE, Σ learnable."""

    theta: tuple[float, ...] = Field(description="θ_i of the modes that have a latent")
    eta_dec: float
    eta_enc: float
    modes: int = Field(description="modes that the descents were given")
    edges: tuple[float, ...] = Field(description="β at which latent i is gone")
    betas: tuple[float, ...] = Field(description="where the lines are computed")
    kl: tuple[tuple[float, ...], ...] = Field(description="KL of latent i at each of them, nats")
    runs: tuple[Run, ...]
    seed: int

    def active(self, value: float) -> int:
        """The theory's count at a β; activity is strict, so that a latent is gone at its threshold."""
        return sum(edge > value for edge in self.edges)

    @property
    def disagreements(self) -> tuple[str, ...]:
        """Where a descent that reached the minimum contradicts what is drawn."""
        found = []
        for run in self.runs:
            drawn = sorted(float(np.interp(np.log(run.at), np.log(self.betas), line)) for line in self.kl)[::-1]
            counts = {self.active(run.at * near) for near in (1 - NEAR, 1.0, 1 + NEAR)}
            wrong = complaint(f"β = {run.at:.4g}", run.outcome, run.active, counts)
            off = max((abs(a - b) for a, b in zip(drawn, run.kl, strict=True)), default=0.0)
            if wrong is None and run.outcome is Outcome.REACHED and off > TOLD:
                wrong = f"at β = {run.at:.4g} a latent's KL is {off:.3g} nats off its line"
            found += [wrong] if wrong else []
        return tuple(dict.fromkeys(found))


def compute_staircase(
    theta_values: Sequence[float],
    *,
    latent: int,
    eta_dec_value: float = 1.0,
    eta_enc_value: float = 1.0,
    points: int = 12,
    starts: int = 2,
    seed: int = 0,
) -> Staircase:
    """The staircase for θ in descending order, with descents at `points` values of β and at two exact thresholds.

    Raises:
        ValueError: no θ above 0.
    """
    spectrum = np.asarray(theta_values, dtype=float)
    served = np.zeros(latent)
    served[: len(spectrum)] = spectrum[:latent]
    scales = {"eta_dec": eta_dec_value, "eta_enc": eta_enc_value}
    edges = closed_forms(True, {"theta": served, "beta": 1.0, **scales}).edge
    positive = edges[edges > 0]
    if not positive.size:
        raise ValueError("a staircase needs a θ above 0")
    low, high = positive.min() / 4, positive.max() * 3
    grid = np.unique(np.concatenate([np.geomspace(low, high, 9), positive]))
    lines = np.array([closed_forms(True, {"theta": served, "beta": b, **scales}).kl for b in grid]).T
    exact = positive[[0, len(positive) // 2]]
    tried = np.unique(np.concatenate([np.geomspace(low * 1.1, high / 1.1, points), exact]))
    kept = spectrum[: max(latent, min(len(spectrum), MOST))]
    runs = _runs(kept, tried, latent, (eta_dec_value, eta_enc_value), starts, seed)
    return Staircase(
        theta=tuple(served.tolist()),
        **scales,
        modes=len(kept),
        edges=tuple(edges.tolist()),
        betas=tuple(grid.tolist()),
        kl=tuple(map(tuple, lines.tolist())),
        runs=runs,
        seed=seed,
    )


def _runs(
    spectrum: Any, betas: Any, latent: int, scales: tuple[float, float], starts: int, seed: int
) -> tuple[Run, ...]:
    """Descents in units of θ_1, where random starts are of the right size: U, θ and η_dec scale together."""
    rng, n, unit = np.random.default_rng([seed, 1]), len(spectrum), spectrum[0]
    values = {theta: spectrum[None] / unit, beta: betas, eta_dec: scales[0] / unit, eta_enc: scales[1]}
    width = max(n, latent)
    values[theta] = np.pad(values[theta], ((0, 0), (0, width - n)))
    batch = stack({d: latent, D: n, r: n}, width, values | {R: turned(n, rng), S: turned(n, rng)}).define(MOMENTS)
    statement = CLAIM.statements[0]
    found = run_descents(batch, statement, starts, seed)  # type: ignore[arg-type]
    kl = rates(found.at, second_moment, Sigma)
    at = np.repeat(betas, starts)
    return tuple(Run(at=float(b), outcome=o, kl=tuple(row)) for b, o, row in zip(at, found.outcomes, kl, strict=True))


def rates(at: Values, moment: Any, variance: Any) -> Any:
    """KL of each latent (N, d), nats, descending: the model's own rate of one mode, at E z_i² = (M)_ii and (Σ)_ii."""
    s, q = (np.diagonal(M, axis1=1, axis2=2) for M in at.evaluate(moment, variance))
    one = stack(
        {}, s.shape[1], {lamda: np.sqrt(np.maximum(s - q, 0.0)), sigma: np.sqrt(q), eta_enc: at.values[eta_enc]}
    )
    (found,) = one.evaluate(one_mode(rate, {V: lamda, Sigma: sigma**2}))
    return (-np.sort(-found, axis=1)).tolist()
