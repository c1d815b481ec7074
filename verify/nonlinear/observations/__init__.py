"""What is measured on networks: an `Observation` of `derivations.networks` → one batch of one row for each network.

Every observation is a function of (seed, examples), and the same whatever process runs it.
"""

from __future__ import annotations

from functools import lru_cache

from threadpoolctl import threadpool_limits

from derivations.networks import Observation
from verify.instances import Batch
from verify.nonlinear.observations.collapsed import collapsed

__all__ = ["observe"]

_MEASURED = {
    Observation.ADDITIVE: collapsed,
    Observation.HEAD: collapsed,
    Observation.MIXED: collapsed,
    Observation.PRODUCT: collapsed,
}


@lru_cache(maxsize=32)
def observe(observation: Observation, seed: int, examples: int) -> tuple[Batch, ...]:
    """The measured values of the observation's symbols, once for all that is said about them."""
    with threadpool_limits(limits=1):
        return _MEASURED[observation](observation, seed, examples)
