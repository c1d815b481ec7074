"""VAEs with ξ = a + Uz and means Wφ + b for Bernoulli or Poisson outputs: their exact loss, and its gradient.

ξ given a row is Gaussian in each output, so that E A(ξ) is an integral over one variable however many latents there
are; a Gauss–Hermite rule takes it, and d/dτ² E A(μ + τg) = ½E A″(μ + τg) by Stein's identity.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.optimize import minimize

from derivations.models.likelihoods import LIKELIHOODS, fit, mean, odds, partition
from verify.data.data import Floats
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower
from verify.evaluate.plan import Plan
from verify.networks.noise import gauss_hermite

__all__ = ["LogitLinear"]


@dataclass(frozen=True, eq=False)
class LogitLinear:
    """Outputs y (N, D), centred features φ (N, m), d latents, Σ diagonal, learnable, the same for every row.

    Parameters are one vector: a (D,), U (D, d), W (d, m), b (d,), log σ (d,). The loss is −log p + β·KL, nats per row,
    without terms of y alone.
    """

    likelihood: str
    y: Floats
    phi: Floats
    latents: int
    beta: float
    order: int = 16
    """Points of the rule, enough for |τ| ≤ 2 to nine digits."""

    def __call__(self, params: Floats) -> tuple[float, Floats]:
        """The loss, and its gradient; infinite where it overflows."""
        _, U, _, _, t = self.split(params)
        n, variance = len(self.y), np.exp(2 * t)
        with np.errstate(over="ignore", invalid="ignore"):
            m, centre, (A, A1, A2) = self._expected(params)
            kl = (np.square(m).mean(0) + variance - 1 - 2 * t) / 2
            loss = (A - self.y * centre).sum() / n + self.beta * kl.sum()
            if not np.isfinite(loss):
                return np.inf, np.zeros_like(params)
            left, curved = (A1 - self.y) / n, A2.sum(0) / (2 * n)
            to_m = left @ U + self.beta * m / n
            to_U = left.T @ m + 2 * curved[:, None] * U * variance
            to_t = 2 * variance * (curved @ np.square(U)) + self.beta * (variance - 1)
        parts = left.sum(0), to_U, to_m.T @ self.phi, to_m.sum(0), to_t
        return float(loss), np.concatenate([part.ravel() for part in parts])

    def _expected(self, params: Floats) -> tuple[Floats, Floats, Any]:
        """Posterior means (N, d), E ξ, and E A, E A′, E A″ at the posterior, each (N, D)."""
        a, U, W, b, t = self.split(params)
        m = self.phi @ W.T + b
        centre, tau = a + m @ U.T, np.sqrt(np.square(U) @ np.exp(2 * t))
        rule = gauss_hermite(1, self.order)
        at = np.exp(centre[:, :, None] + tau[:, None] * rule.nodes[:, 0, 0])
        return m, centre, [np.asarray(x).reshape(at.shape) @ rule.weights for x in _run(self.likelihood, at)]

    def scores(self, params: Floats) -> tuple[Floats, Floats]:
        """E[s|x] (N, D) and H (D,) at the current decoder, latents drawn from the posterior."""
        _, _, (_, A1, A2) = self._expected(params)
        return self.y - A1, np.asarray(A2.mean(0))

    def split(self, params: Floats) -> tuple[Floats, ...]:
        """A, U, W, b, log σ."""
        D, m, d = self.y.shape[1], self.phi.shape[1], self.latents
        ends = np.cumsum([D, D * d, d * m, d, d])
        a, U, W, b, t = np.split(params, ends[:-1])
        return a, U.reshape(D, d), W.reshape(d, m), b, t

    def collapsed(self) -> Floats:
        """The collapsed point: the constants are the fit of the means, all else is 0."""
        plan = lower(fit(LIKELIHOODS[self.likelihood]))
        a = np.asarray(plan.run(Float64(), {mean: self.y.mean(0)[:, None]}, {}, 1)[0])[:, 0]
        D, m, d = self.y.shape[1], self.phi.shape[1], self.latents
        return np.concatenate([a, np.zeros(D * d + d * m + 2 * d)])

    def rates(self, params: Floats) -> Floats:
        """KL of each latent, nats per row."""
        _, _, W, b, t = self.split(params)
        return (np.square(self.phi @ W.T + b).mean(0) + np.exp(2 * t) - 1 - 2 * t) / 2

    def trained(self, start: Floats, steps: int = 1000) -> Floats:
        """Parameters after so many steps of L-BFGS at most."""
        found = minimize(
            self, start, jac=True, method="L-BFGS-B", options={"maxiter": steps, "ftol": 1e-14, "gtol": 1e-7}
        )
        return np.asarray(found.x)

    def hessian(self, params: Floats) -> Floats:
        """From central differences of gradients."""
        h = 1e-5 * (1 + np.abs(params).max())
        rows = [(self(params + h * e)[1] - self(params - h * e)[1]) / (2 * h) for e in np.eye(params.size)]
        return (np.array(rows) + np.array(rows).T) / 2

    def onset(self) -> float:
        """The β at which the Hessian at the collapsed point loses its negative direction."""
        return self.crossing(self.collapsed())

    def crossing(self, params: Floats, block: Any = slice(None)) -> float:
        """The same of a block of the Hessian at any point; it is affine in β."""
        H1, H2 = (replace(self, beta=beta).hessian(params)[block][:, block] for beta in (1.0, 2.0))

        def stable(beta: float) -> bool:
            values = np.linalg.eigvalsh(H1 + (beta - 1) * (H2 - H1))
            return bool(values[0] > -1e-9 * values[-1])  # differences leave some 1e-11 of the largest

        low, high = 0.0, 1.0
        while not stable(high):
            low, high = high, 2 * high
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (low, middle) if stable(middle) else (middle, high)
        return high

    def with_dead_latent(self, params: Floats) -> tuple[LogitLinear, Floats, Any]:
        """The network with one latent more that is collapsed, its parameters, and which of them are that latent's."""
        a, U, W, b, t = self.split(params)
        more = replace(self, latents=self.latents + 1)

        def joined(scale: float, last: float) -> Floats:
            """All parameters times `scale`, those of the latent that is added `last`."""
            wider, longer = [(0, 0), (0, 1)], [(0, 1), (0, 0)]
            extended = [np.pad(scale * x, by, constant_values=last) for x, by in ((U, wider), (W, longer))]
            ends = [np.r_[scale * x, last] for x in (b, t)]
            return np.concatenate([x.ravel() for x in (scale * a, *extended, *ends)])

        return more, joined(1.0, 0.0), joined(0.0, 1.0) > 0


def _run(likelihood: str, at: Any) -> list[Any]:
    """A, A′ and A″ where e^ξ is `at`."""
    return _partitions(likelihood).run(Float64(), {odds: at.reshape(-1, 1)}, {}, 1)


@lru_cache(maxsize=4)
def _partitions(likelihood: str) -> Plan:
    return lower(*(partition(LIKELIHOODS[likelihood], k) for k in range(3)))
