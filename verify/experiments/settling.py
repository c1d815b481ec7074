"""Training until what is counted has settled, by one rule for all data.

A network trained too briefly keeps latents that it would lose; trained too long on few rows, it learns them by heart,
and a decoder that knows y from x needs no latent. So one row in ten is kept aside, and rounds of Adam, each with its
step lowered to 0, follow one another until

- a round has changed the number of active latents not at all, the total KL by no more than `STILL` of it, and no
  latent whose KL is or was below `BORDER` by more than ε: settled; or
- the loss on the rows kept aside has risen: the round before is kept, settled if the round after counts the same; or
- `ROUNDS` rounds are over: not settled.

What has not settled is undecided: neither a match nor a failure. No prediction is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from verify.data.data import Floats
from verify.experiments.experiment import Problem
from verify.experiments.networks import EPSILON, Network, batch_size, count_latents, network_for, steps, train_on
from verify.experiments.theory import Scales
from verify.networks import build_objective, build_sample, noise_for
from verify.networks.sample import Sample

__all__ = ["BORDER", "ROUNDS", "STILL", "Settled", "settle"]

ROUNDS = 5
STILL = 0.05  # of the total KL, or of 1 nat
BORDER = 4 * EPSILON  # nats: those above will not fall below ε in a round or two, as those below may
ASIDE = 10  # every tenth row
_POINTS = 8  # of the noise, the same for every round: it is differences that are looked at


@dataclass(frozen=True)
class Settled:
    """The network kept, its KL of each latent (nats), how many rounds were trained, and whether it had settled."""

    network: Network
    kl: Floats
    rounds: int
    settled: bool
    memorises: bool


def settle(
    problem: Problem, kind: str, latents: tuple[int, ...], scales: Scales, y: Floats, x: Floats | None = None
) -> Settled:
    """Train until the count of active latents has settled, on nine rows of ten."""
    net = network_for(problem, kind, latents, y, x)
    given, aside = y if x is None else x, np.arange(len(y)) % ASIDE == ASIDE - 1
    data, fresh = build_sample(net, given[~aside], y[~aside]), build_sample(net, given[aside], y[aside])
    length, batch = max(1, steps(problem) // 2), batch_size(problem, y)
    kept: Settled | None = None
    best = np.inf
    for k in range(1, ROUNDS + 1):
        start = None if kept is None else kept.network.params
        found = train_on(data, net, scales, length, batch, problem.seed + k - 1, start)
        kl, loss = found.rates()[0], _loss(found, fresh, problem.seed)
        if kept is not None:
            same = count_latents(kl) == count_latents(kept.kl)
            if loss > best:
                return Settled(kept.network, kept.kl, k, same, memorises=True)
            if same and _at_rest(kept.kl, kl):
                return Settled(found, kl, k, settled=True, memorises=False)
        kept, best = Settled(found, kl, k, settled=False, memorises=False), loss
    assert kept is not None
    return kept


def _at_rest(before: Floats, after: Floats) -> bool:
    """Whether a round has left the total KL where it was, and each latent that may still become active or collapse."""
    border = np.minimum(before, after) < BORDER
    moved = np.abs(after - before)
    return bool(abs(after.sum() - before.sum()) <= STILL * max(1.0, after.sum()) and (moved[border] <= EPSILON).all())


def _loss(network: Network, fresh: Sample, seed: int) -> float:
    """−2·ELBO_β of rows that were not trained on, nats."""
    scales = network.scales
    noise = noise_for(network.architecture.latents[0], seed, _POINTS)
    f = build_objective(network.architecture, fresh, scales.eta_dec, scales.eta_enc, scales.beta, noise)
    return float(f.value(network.params))
