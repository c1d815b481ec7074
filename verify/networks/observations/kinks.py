"""Where the ReLUs of a network have their kinks along one latent, and a rule that puts no point on any.

At the collapsed point the decoder's head is 0, so the features ψ enter the second variation by ψ and ψ' alone: it is
smooth wherever no unit is on its kink at a point of the rule or a row of the data. Between kinks ψ is linear, and
Gauss–Legendre panels that end at them integrate it against the normal density to round-off.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from verify.networks.architecture import Architecture
from verify.networks.layers import mlp
from verify.networks.noise import Noise

__all__ = ["CLEARANCE", "nearest_kink", "panels"]

CLEARANCE = 1e-3  # of a unit's input: ten times what the steps of a differenced Hessian move it by
_REACH = 8.5  # standard deviations
_POINTS = 8  # a panel, at most one standard deviation wide: the density's error is below 1e-13


def panels(net: Architecture, views: Any, name: str, eta: float, x: Any = None) -> Noise:
    """A rule for one latent z = ηε of the decoder `name`, and, if it is joint, of every row of x (rows, inputs)."""
    ends = np.array([-_REACH, _REACH])
    for row in (None,) if x is None else np.unique(x, axis=0):
        ends = np.union1d(ends, _kinks(net, views, name, eta, row))
    fine = np.concatenate([np.linspace(a, b, 1 + int(np.ceil(b - a)))[:-1] for a, b in pairwise(ends)])
    edges = np.append(fine, _REACH)
    node, weight = np.polynomial.legendre.leggauss(_POINTS)
    half = np.diff(edges)[:, None] / 2
    points = (edges[:-1, None] + half + half * node).ravel()
    mass = (half * weight).ravel() * np.exp(-(points**2) / 2)
    return Noise(points[:, None, None], mass / mass.sum(), f"Gauss–Legendre between {len(ends) - 2} kinks")


def _kinks(net: Architecture, views: Any, name: str, eta: float, row: Any) -> Any:
    """ε of every kink, layer by layer: between those of the layers before it a unit's input is linear."""
    ends = np.array([-_REACH, _REACH])
    for k in range(len(net.maps[name]) - 2):
        h = mlp(views, name, k + 1, net.activation, _inputs(eta * ends, row))[0]
        i, unit = np.nonzero(h[:-1] * h[1:] < 0)
        a, b = h[i, unit], h[i + 1, unit]
        ends = np.union1d(ends, ends[i] + (ends[i + 1] - ends[i]) * a / (a - b))
    return ends[1:-1]


def _inputs(z: Any, row: Any) -> Any:
    return z[:, None] if row is None else np.hstack([z[:, None], np.tile(row, (len(z), 1))])


def nearest_kink(net: Architecture, views: Any, inputs: dict[str, Any]) -> float:
    """The least |input| of any hidden unit of the maps named, at the rows given for each."""
    return min(
        (float(np.abs(h).min()) for name, x in inputs.items() for h in _hidden(net, views, name, x)), default=np.inf
    )


def _hidden(net: Architecture, views: Any, name: str, x: Any) -> Iterator[Any]:
    for k in range(len(net.maps[name]) - 2):
        yield mlp(views, name, k + 1, net.activation, x)[0]
