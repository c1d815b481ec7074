"""What each latent of a posterior costs in KL, and how much of that says something of a row."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from derivations.algebra.nodes import one_mode
from derivations.models.vae import rate
from derivations.notation import Sigma, V, eta_enc, lamda, sigma
from verify.data.data import Floats, row_blocks
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower
from verify.evaluate.plan import Plan

__all__ = ["Measured", "measure"]

_ROUNDING = 1e-12  # of log(g²/s²) in blocks of sums: information below it is 0


class Measured(NamedTuple):
    """Of each latent of a posterior, shape (d,)."""

    kl: Floats
    """Mean over rows of KL(q(z_i|x) ‖ N(0, η_enc²)), nats."""
    information: Floats
    """The part of it that is at least I(x; z_i)."""
    spread: Floats
    """Variance of the means, in units of the prior's."""
    below: Any
    """(levels, d): share of rows with a KL below each level."""


def measure(mean: Any, variance: Any, prior: float, levels: tuple[float, ...]) -> Measured:
    """What a latent costs and says, in blocks of rows: the KL of every row would take more memory than the posterior.

    The KL is that of q(z_i|x) to the Gaussian with the moments of E_x q(z_i|x), which is at least I(x; z_i) and equal
    if the aggregate is Gaussian, plus that Gaussian's to the prior, which a constant could pay. With E log σ² = log g²
    the first is the KL to N(0, s²) of a Gaussian with variance g² and second moment s².
    """
    rows, centre = len(mean), mean.mean(0, dtype=float)
    kl, scatter, within, logs = (np.zeros_like(centre) for _ in range(4))
    below = np.zeros((len(levels), len(centre)))
    for start, stored in row_blocks(mean):
        block = stored.astype(float)
        variances = variance[start : start + len(block)]
        per_row = _kl(block, variances, prior)
        kl += per_row.sum(0)
        scatter += np.square(block - centre).sum(0)
        within += variances.sum(0)
        logs += np.log(variances).sum(0)
        below += [np.count_nonzero(per_row < level, axis=0) for level in levels]
    share = np.minimum(np.exp(logs / rows) / ((within + scatter) / rows), 1.0)  # g²/s², at most 1 but for round-off
    information = _kl(np.sqrt(1 - share)[None], share[None], 1.0)[0]
    information = np.where(information < _ROUNDING, 0.0, np.minimum(information, kl / rows))
    return Measured(kl / rows, information, scatter / rows / prior**2, below / rows)


def _kl(mean: Any, variance: Any, prior: float) -> Any:
    """KL(q(z_i|x) ‖ p(z_i)) of every row and latent, nats: the model's rate in the 1×1 case, λ the posterior mean."""
    values = {lamda: mean, sigma: np.sqrt(variance), eta_enc: np.array([[prior]])}
    return np.broadcast_to(_plan().run(Float64(), values, {}, mean.shape[1])[0], mean.shape)


@lru_cache(maxsize=1)
def _plan() -> Plan:
    return lower(one_mode(rate, {V: lamda, Sigma: sigma**2}))
