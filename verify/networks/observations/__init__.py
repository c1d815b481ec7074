"""What is measured on networks: for each `Observation`, batches with one row for each network.

Every observation is a function of (seed, examples), and the same whatever process runs it.
"""

from __future__ import annotations

from functools import lru_cache

from threadpoolctl import threadpool_limits

from derivations.statements.observed import Observation
from verify.draw.instances import Instances
from verify.networks.observations.bound import gaussian, signs
from verify.networks.observations.collapsed import observe_collapsed
from verify.networks.observations.information import observe_information
from verify.networks.observations.likelihoods import observe_likelihoods, observe_trained
from verify.networks.observations.parity import observe_parity
from verify.networks.observations.path import observe_path
from verify.networks.observations.warm import observe_warm

__all__ = ["observe"]

_MEASURED = {
    Observation.ADDITIVE: observe_collapsed,
    Observation.HEAD: observe_collapsed,
    Observation.MIXED: observe_collapsed,
    Observation.PRODUCT: observe_collapsed,
    Observation.BERNOULLI: observe_likelihoods,
    Observation.POISSON: observe_likelihoods,
    Observation.NEXT_BERNOULLI: observe_trained,
    Observation.NEXT_POISSON: observe_trained,
    Observation.PARITY: observe_parity,
    Observation.GAUSSIAN: gaussian,
    Observation.SIGNS: signs,
    Observation.WARM: observe_warm,
    Observation.PATH: observe_path,
    Observation.CHAIN: observe_information,
    Observation.SILENT: observe_information,
}


@lru_cache(maxsize=32)
def observe(observation: Observation, seed: int, examples: int) -> tuple[Instances, ...]:
    """The measured values of the observation's symbols, once for all that is said about them."""
    with threadpool_limits(limits=1):
        return _MEASURED[observation](observation, seed, examples)
