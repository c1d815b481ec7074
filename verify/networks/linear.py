"""Linear maps as networks: a hidden pair gives u back exactly, softplus(u) − softplus(−u) = u, and so with ReLU.

So a network with one hidden layer of twice the smaller dimension contains every linear map; training can start there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from verify.errors import InputError
from verify.networks.architecture import Architecture, init, unpack

__all__ = ["embedded"]


def embedded(net: Architecture, maps: Mapping[str, Any], deviations: Any, seed: int = 0) -> Any:
    """Parameters (size,) at which each MLP named in `maps` is that matrix (out, in), and σ_1 is `deviations`.

    Hidden units that are not needed keep random inputs and have no output yet.

    Raises:
        InputError: not a network with at most one hidden layer, of relu, softplus or linear units, or too few of them.
    """
    if len(net.hidden) > 1 or (net.hidden and net.activation == "tanh"):
        raise InputError(f"only networks with one hidden layer of relu or softplus contain linear maps, not {net}")
    params = init(net, seed)
    views = unpack(net, params)
    for name, M in maps.items():
        M = np.asarray(M, dtype=float)
        if not net.hidden:
            views[f"{name}.W0"][...] = M
            continue
        rank = min(M.shape)
        inner, outer = (M, np.eye(rank)) if M.shape[0] <= M.shape[1] else (np.eye(rank), M)
        if 2 * rank > net.hidden[0]:
            raise InputError(f"{name} needs {2 * rank} hidden units to contain a linear map, not {net.hidden[0]}")
        views[f"{name}.W0"][: 2 * rank] = np.vstack([inner, -inner])
        views[f"{name}.W1"][...] = 0.0
        views[f"{name}.W1"][:, : 2 * rank] = np.hstack([outer, -outer])
    views["log_sigma_1"][...] = np.log(deviations)
    return params
