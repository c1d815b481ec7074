"""The spectrum of the data against the water level βη_dec²: which modes a linear VAE or CVAE keeps, and which not."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np
from pydantic import Field

from derivations.algebra.nodes import SumModes, indicator
from derivations.notation import beta, eta_dec, theta, water_level
from derivations.theorems.vae.vae_learnable import ACTIVE
from verify.figures.descents import stack
from verify.forecast.kernels import closed_forms
from verify.records.record import Record

__all__ = ["Fate", "Mode", "Spectrum", "compute_spectrum"]


class Fate(StrEnum):
    """What becomes of a mode; the collapsed ones are those of latents, as `predict` counts them."""

    ACTIVE = "active"
    COLLAPSED = "collapsed"
    UNSERVED = "above the water, but no latent left"
    BELOW = "below the water, and no latent left"


class Mode(Record):
    """One mode of the data."""

    theta_squared: float
    fate: Fate
    kl: float = Field(description="½ log(θ_i²/(βη_dec²)) if active, nats")


class Spectrum(Record):
    """Linear VAE or CVAE, Σ learnable."""

    latent: int
    beta: float
    eta_dec: float
    water_level: float = Field(description="βη_dec²")
    modes: tuple[Mode, ...] = Field(description="by descending θ_i²")
    active: int = Field(description="the count of vae-collapse-threshold: i ≤ d with θ_i² > βη_dec²")

    @property
    def disagreements(self) -> tuple[str, ...]:
        """Where what is drawn contradicts itself: the derived optimum's fates, the level, the theorem's count."""
        found = []
        for i, mode in enumerate(self.modes, 1):
            above = mode.theta_squared > self.water_level
            if above is (mode.fate in (Fate.COLLAPSED, Fate.BELOW)) or (mode.fate is Fate.ACTIVE) is not (mode.kl > 0):
                share = mode.theta_squared / self.water_level
                found.append(f"mode {i} is drawn {mode.fate}, its θ² is {share:.4g} βη_dec²")
        drawn = sum(mode.fate is Fate.ACTIVE for mode in self.modes)
        return (*found, *([f"{drawn} modes are drawn active, theory {self.active}"] if drawn != self.active else ()))


def compute_spectrum(theta_values: Any, *, latent: int, beta_value: float, eta_dec_value: float) -> Spectrum:
    """What becomes of each mode at the derived optimum, for θ in descending order, zeros included."""
    values = np.asarray(theta_values, dtype=float)
    served = values[:latent]
    scales = {"beta": beta_value, "eta_dec": eta_dec_value, "eta_enc": 1.0}
    kl, _, edge, _ = closed_forms(True, {"theta": values, **scales})
    batch = stack({}, len(served), {theta: served[None], beta: beta_value, eta_dec: eta_dec_value})
    active, level = batch.evaluate(SumModes(indicator(ACTIVE)), water_level)
    modes = []
    for i, (value, nats, gone) in enumerate(zip(values, kl, edge, strict=True)):
        above = gone > beta_value
        with_latent, without = (Fate.ACTIVE, Fate.UNSERVED) if above else (Fate.COLLAPSED, Fate.BELOW)
        fate = with_latent if i < latent else without
        modes.append(Mode(theta_squared=float(value**2), fate=fate, kl=float(nats) if fate is Fate.ACTIVE else 0.0))
    return Spectrum(
        latent=latent,
        beta=beta_value,
        eta_dec=eta_dec_value,
        water_level=float(level[0, 0]),
        modes=tuple(modes),
        active=int(active[0, 0]),
    )
