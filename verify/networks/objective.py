"""The loss of an architecture on a sample, as a function of its parameters, with its gradient.

    ℓ = −2·ELBO_β in nats, every constant kept;   F = η_dec²ℓ without the constants, as in the matrix losses.

A VAE's and a hierarchy's F here is that of the matrices plus tr B − ‖Z‖², which no parameter changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from verify.errors import InputError
from verify.networks.architecture import Architecture
from verify.networks.kernels import coordinate_kl, likelihood
from verify.networks.noise import Noise, gauss_hermite, sobol, trapezoid
from verify.networks.sample import Sample
from verify.networks.sweep import Scales, Terms, sweep_network

__all__ = ["Objective", "build_objective"]

SCRAMBLINGS = 8


@dataclass(frozen=True)
class Objective:
    """value, gradient = objective(params), for one network (size,) or a stack (networks, size).

    `units` is "l" (−2·ELBO_β, nats) or "F" (η_dec²ℓ without constants). Parameters that are held fixed have gradient 0.
    """

    architecture: Architecture
    data: Sample
    scales: Scales
    noise: Noise
    units: str = "l"

    def __call__(self, params: Any) -> tuple[Any, Any]:
        """(values (…,), gradients (…, size))."""
        gradient = np.zeros_like(params)
        terms = self.terms(params, gradient)
        if self.units == "F":
            gradient *= self.scales.eta_dec**2
        return self._in_units(terms.loss), gradient

    def value(self, params: Any) -> Any:
        """The values alone; complex parameters are welcome if the activation is analytic."""
        return self._in_units(self.terms(params).loss)

    def terms(self, params: Any, gradient: Any = None) -> Terms:
        """Loss ℓ, distortion E‖y − ŷ‖² and the KL of each latent, nats; dℓ/dparams is written into `gradient`.

        What overflows is inf or NaN in the result: a diverging run is for the caller to see.
        """
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            return sweep_network(self.architecture, params, self.data, self.scales, self.noise, gradient)

    @property
    def constants(self) -> float:
        """ℓ − F/η_dec²: the likelihood at no error, and what a latent of unit variance pays at its prior's mean."""
        net, scales = self.architecture, self.scales
        total = float(likelihood(0.0, scales.eta_dec**2, net.outputs)[0])
        for l, (d, beta) in enumerate(zip(net.latents, scales.betas, strict=True), 1):
            prior = scales.eta_enc if l == net.levels else scales.eta_dec
            total += 2 * beta * d * float(coordinate_kl(np.zeros((1, 1)), np.ones((1, 1)), prior**2)[0][0, 0])
        return total

    def integration_error(self, params: Any, seed: int = 1) -> float:
        """An estimate of the error of the value (in `units`) that comes from integrating over the noise at few points.

        For a Gauss–Hermite rule it is the difference from the value by a higher order.
        For Sobol points it is the standard deviation over independent scramblings (one of them was used); for noise
        drawn row by row it is the standard error of as many fresh draws.
        """
        return float(np.std([f(params) for f in self._again(seed)], ddof=1))

    def _again(self, seed: int) -> list[Callable[[Any], Any]]:
        d, points = self.noise.nodes.shape[-1], len(self.noise)
        others: list[Noise]
        if self.noise.rule.startswith("Gauss"):
            order = round(points ** (1 / d))
            others = [self.noise, gauss_hermite(d, order + max(2, order // 4))]
        elif self.noise.rule.startswith("trapezoid"):
            others = [self.noise, trapezoid(2 * points - 1)]
        elif self.noise.rule.startswith("Sobol"):
            others = [sobol(d, points, seed + 7919 * k) for k in range(1, SCRAMBLINGS + 1)]
        else:
            rng = np.random.default_rng([seed, 3])
            others = [
                replace(self.noise, nodes=rng.standard_normal(self.noise.nodes.shape)) for _ in range(SCRAMBLINGS)
            ]
        return [replace(self, noise=noise).value for noise in others]

    def _in_units(self, loss: Any) -> Any:
        return loss if self.units == "l" else self.scales.eta_dec**2 * (loss - self.constants)


def build_objective(
    architecture: Architecture,
    data: Sample,
    eta_dec: float,
    eta_enc: float,
    beta: float | tuple[float, ...],
    noise: Noise,
    units: str = "l",
) -> Objective:
    """The objective; `beta` is one number or one for each level.

    Raises:
        InputError: a scale that is not positive, the wrong number of β, noise of another dimension, unknown units.
    """
    betas = tuple(beta) if isinstance(beta, tuple | list) else (beta,) * architecture.levels
    if len(betas) != architecture.levels:
        raise InputError(f"{len(betas)} values of beta given for {architecture.levels} latent level(s)")
    for name, value in (("eta_dec", eta_dec), ("eta_enc", eta_enc), *(("beta", b) for b in betas)):
        if not (np.isfinite(value) and value > 0):
            raise InputError(f"{name} must be a positive number, not {value}")
    if noise.nodes.shape[-1] != sum(architecture.latents):
        raise InputError(f"noise in {noise.nodes.shape[-1]} coordinates for {sum(architecture.latents)} latents")
    if units not in ("l", "F"):
        raise InputError(f"units are 'l' (−2·ELBO in nats) or 'F', not {units!r}")
    scales = Scales(float(eta_dec), float(eta_enc), tuple(float(b) for b in betas))
    return Objective(architecture, data, scales, noise, units)
