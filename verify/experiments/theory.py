"""What the theorems say for given data: their typed formulas, evaluated at the modes θ of the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from derivations.algebra.nodes import SumModes
from derivations.models.chain import build_chain
from derivations.notation import beta, d, eta_dec, eta_enc, lamda, omega, sigma, theta
from derivations.theorems.hierarchy import mhvae_fixed, mhvae_learnable_top
from derivations.theorems.vae import vae_collapse_threshold as threshold
from derivations.theorems.vae import vae_fixed, vae_learnable
from verify.data.data import Floats
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower
from verify.networks.kernels import coordinate_kl

__all__ = ["Modes", "Scales", "fixed_vae", "learnable_vae", "near_threshold", "number", "two_levels", "upper_rates"]

_LOWER, _UPPER = build_chain(2).levels
BAND = 0.01


def number(value: float) -> Any:
    """A number as an array (1, 1), the shape of a scalar in a stack."""
    return np.array([[float(value)]])


@dataclass(frozen=True)
class Scales:
    """β (of one level, or of two), decoder noise and prior scale."""

    beta: float | tuple[float, float]
    eta_dec: float = 1.0
    eta_enc: float = 1.0

    def values(self) -> dict[Any, Any]:
        """The scales by symbol."""
        weights = self.beta if isinstance(self.beta, tuple) else (self.beta,)
        betas = dict(zip((beta,) if len(weights) == 1 else (_LOWER.beta, _UPPER.beta), weights, strict=True))
        return {k: number(v) for k, v in {**betas, eta_dec: self.eta_dec, eta_enc: self.eta_enc}.items()}


@dataclass(frozen=True)
class Modes:
    """Singular values in the order of θ, and what follows: KL of each latent, nats, and E‖y − ŷ‖²."""

    omega: Floats
    lamda: Floats
    sigma: Floats | None = None
    kl: Floats | None = None
    distortion: float | None = None
    upper: Floats | None = None  # λ_2, of W_2

    @property
    def counts(self) -> tuple[int, int]:
        """How many λ (of V, or V_1) and ω (of U, or U_2) are not 0."""
        return int((self.lamda > 0).sum()), int((self.omega > 0).sum())

    @property
    def active(self) -> int:
        """How many modes are active, of a model with one level."""
        return self.counts[0]


def _evaluated(
    formulas: Mapping[str, Any], spectrum: Floats, modes: int, values: Mapping[Any, Any], dims: Mapping[Any, int]
) -> dict[str, Floats]:
    """Every formula at every mode, (modes,)."""
    known = np.zeros(max(modes, len(spectrum)))
    known[: len(spectrum)] = spectrum
    known = known if modes == len(known) else known[:modes]
    found = lower(*formulas.values()).run(Float64(), {theta: known[None], **values}, dims, modes)
    return {name: np.broadcast_to(x, (1, modes))[0] for name, x in zip(formulas, found, strict=True)}


def learnable_vae(spectrum: Floats, latent: int, scales: Scales) -> Modes:
    """vae-learnable and vae-collapse-threshold; for a CVAE of the residual's θ (cvae-learnable)."""
    formulas = {name: vae_learnable.MODES[x] for name, x in (("omega", omega), ("lamda", lamda), ("sigma", sigma))}
    found = _evaluated(formulas | {"kl": threshold.KL}, spectrum, latent, scales.values(), {})
    size = max(latent, len(spectrum))
    total = SumModes(threshold.DISTORTION, 0, d) + SumModes(theta**2, d)
    left = _evaluated({"total": total}, spectrum, size, scales.values(), {d: latent})
    return Modes(found["omega"], found["lamda"], found["sigma"], found["kl"], float(left["total"][0]))


def fixed_vae(spectrum: Floats, latent: int, scales: Scales, deviation: float) -> Modes:
    """vae-fixed with σ_i all the same: which directions are active."""
    formulas = {"omega": vae_fixed.MODES[omega], "lamda": vae_fixed.MODES[lamda]}
    found = _evaluated(formulas, spectrum, latent, {**scales.values(), sigma: number(deviation)}, {})
    return Modes(found["omega"], found["lamda"])


def two_levels(
    spectrum: Floats, latents: tuple[int, int], scales: Scales, deviations: tuple[float, float | None]
) -> Modes:
    """mhvae-learnable-top (σ_2 None) or mhvae-fixed: singular values of V_1 and U_2, and σ_2 if it is learnt."""
    theorem = mhvae_learnable_top if deviations[1] is None else mhvae_fixed
    formulas = {
        "lamda": theorem.MODES[_LOWER.lamda],
        "omega": theorem.MODES[_UPPER.omega],
        "upper": theorem.MODES[_UPPER.lamda],
    }
    values = {**scales.values(), _LOWER.sigma: number(deviations[0])}
    if deviations[1] is None:
        formulas["sigma"] = theorem.MODES[_UPPER.sigma]
    else:
        values[_UPPER.sigma] = number(deviations[1])
    found = _evaluated(formulas, spectrum, max(latents), values, {_LOWER.d: latents[0], _UPPER.d: latents[1]})
    sigma_2 = found["sigma"][: latents[1]] if "sigma" in found else None
    high = latents[1]
    return Modes(found["omega"][:high], found["lamda"][: latents[0]], sigma_2, upper=found["upper"][:high])


def upper_rates(modes: Modes, scales: Scales, sigma_1: float) -> Floats:
    """KL of each latent of z_2 to its prior, nats, where Σ_2 is learnable: from E z_2² = λ_2²(λ_1² + σ_1²) + σ_2²."""
    assert modes.upper is not None and modes.sigma is not None  # noqa: PT018 - two_levels gave them
    q = modes.sigma**2
    s = modes.upper**2 * (modes.lamda[: len(q)] ** 2 + sigma_1**2) + q
    return np.asarray(coordinate_kl(s[None], q[None], scales.eta_enc**2)[0])[0]


def near_threshold(counts: Callable[[float], Any]) -> bool:
    """Whether counts, as a function of a factor on β, change within ±1 %."""
    return bool(counts(1 - BAND) != counts(1 + BAND))
