"""Networks of the experiments: how they are trained, and how what they do is counted.

A latent counts as active if its mean KL exceeds ε = 0.05 nats. Where the variance is fixed, latents may be rotated at
no cost, so directions are counted: eigenvalues of the posterior means' covariance, in units of the prior, above 2ε, the
KL of that much signal. Training stops short of 0, so predictions are counted by the same ε: the linear optimum's
latents whose KL, or whose λ², exceeds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from verify.data.data import Floats
from verify.experiments.experiment import Problem
from verify.experiments.theory import Scales
from verify.networks import Architecture, Settings, build_sample, decode, infer, noise_for, rates, reconstruct, train
from verify.networks.sample import Sample

__all__ = [
    "EPSILON",
    "WIDE",
    "Network",
    "batch_size",
    "count_directions",
    "count_latents",
    "count_squares",
    "fit",
    "network_for",
    "steps",
    "train_on",
]

EPSILON = 0.05
_STEPS = {False: 2800, True: 1400}
_RATE = 1e-2  # with less, latents stay rotated against one another, and more of them carry a little
WIDE = 128  # columns from which on a network gets more hidden units and larger batches, unless it is to be quick


@dataclass(frozen=True)
class Network:
    """A trained network on its data."""

    architecture: Architecture
    params: Any
    data: Sample
    scales: Scales
    notes: tuple[str, ...]

    def rates(self) -> tuple[Floats, ...]:
        """KL of each latent of each level, nats; that of a top level is exact from a single point of the noise."""
        d = sum(self.architecture.latents)
        noise = noise_for(d, budget=1 if self.architecture.levels == 1 else 64)
        return rates(self.architecture, self.params, self.data, self.scales.eta_dec, self.scales.eta_enc, noise)

    def means(self) -> Floats:
        """Posterior means of the first level (rows, d)."""
        return infer(self.architecture, self.params, self.data)[0][0]

    def residual(self) -> Floats:
        """θ of what a CVAE's own regression leaves: square roots of the eigenvalues of y − d_2(x)'s covariance."""
        still = np.zeros((len(self.data), self.architecture.latents[0]))
        left = self.data.y - decode(self.architecture, self.params, still, self.data.x)
        squares = np.linalg.eigvalsh(np.cov(left, rowvar=False, bias=True))[::-1]
        return np.sqrt(np.maximum(squares, 0.0))

    def distortion(self) -> float:
        """Mean ‖y − ŷ‖² at the posterior means."""
        error = reconstruct(self.architecture, self.params, self.data) - self.data.y
        return float((error**2).sum(1).mean())


def fit(
    problem: Problem,
    kind: str,
    latents: tuple[int, ...],
    scales: Scales,
    y: Floats,
    x: Floats | None = None,
    hidden: bool = True,
    **shape: Any,
) -> Network:
    """A network trained on y (given x) by Adam, in a number of steps that does not depend on the number of rows."""
    net = network_for(problem, kind, latents, y, x, hidden, **shape)
    data = build_sample(net, y if x is None else x, y)
    return train_on(data, net, scales, steps(problem), batch_size(problem, y), problem.seed)


def network_for(
    problem: Problem,
    kind: str,
    latents: tuple[int, ...],
    y: Floats,
    x: Floats | None = None,
    hidden: bool = True,
    **shape: Any,
) -> Architecture:
    """The network for such data, not yet trained."""
    widths = ((128,) if _wide(problem, y) else (64,)) if hidden else ()
    given = y if x is None else x
    return Architecture(kind, given.shape[1], y.shape[1], latents, widths, activation="relu", **shape)


def train_on(
    data: Sample, net: Architecture, scales: Scales, count: int, batch: int, seed: int, start: Any = None
) -> Network:
    """About `count` steps of Adam on batches of a sample, from `start` or from random parameters."""
    settings = Settings(epochs=max(1, round(count * batch / len(data))), batch=batch, rate=_RATE, seed=seed)
    found = train(net, data, scales.eta_dec, scales.eta_enc, scales.beta, settings, start=start)
    trouble = tuple(note for note in found.notes if "diverged" in note)
    return Network(net, found.params, data, scales, trouble)


def steps(problem: Problem) -> int:
    """How many steps a network is trained."""
    return _STEPS[problem.quick]


def batch_size(problem: Problem, y: Floats) -> int:
    """How many rows a batch has."""
    return 256 if _wide(problem, y) else 128


def _wide(problem: Problem, y: Floats) -> bool:
    return y.shape[1] > WIDE and not problem.quick


def count_latents(kl: Floats | None) -> int:
    """Latents whose KL exceeds ε."""
    return 0 if kl is None else int((kl > EPSILON).sum())


def count_squares(lamda: Floats, eta_enc: float = 1.0) -> int:
    """Directions of the linear optimum whose λ² exceeds 2ε in units of the prior."""
    return int((lamda**2 > 2 * EPSILON * eta_enc**2).sum())


def count_directions(means: Floats, eta_enc: float) -> int:
    """Directions in which the posterior means vary."""
    covariance = np.atleast_2d(np.cov(means, rowvar=False)) / eta_enc**2
    return int((np.linalg.eigvalsh(covariance) > 2 * EPSILON).sum())
