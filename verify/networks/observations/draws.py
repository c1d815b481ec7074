"""Networks at their collapsed point, as they are drawn: parameters, data, points for the noise, features.

A CVAE's rows come in pairs y = f(x) ± r, so that f is the best fit and E[r|x] = 0 exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from derivations.statements.observed import Observation
from verify.networks.architecture import Architecture, init, unpack
from verify.networks.layers import mlp
from verify.networks.noise import Noise, gauss_hermite
from verify.networks.objective import Objective, build_objective
from verify.networks.observations.kinks import CLEARANCE, nearest_kink, panels
from verify.networks.sample import Sample, build_sample

__all__ = [
    "Case",
    "collapse",
    "decoder_inputs",
    "dependent",
    "drawn",
    "encoder_inputs",
    "feature_slopes",
    "features",
    "fit",
    "on_a_kink",
    "product",
]

STEEP = {1: 2.0, 2: 0.7}  # of the decoder's hidden units: steep enough that κ is not 1, as far as the rule resolves
DEPENDENT = 1e-10  # of the largest eigenvalue of E[φφᵀ] or E[ψψᵀ]: ReLU units that never switch are one feature
_ORDERS = {1: 64, 2: 16}  # Gauss–Hermite points a coordinate


@dataclass(frozen=True, eq=False)
class Case:
    """A network at its collapsed point, its data, the noise's points and η_enc."""

    net: Architecture
    params: Any
    data: Sample
    eta_enc: float
    eta_dec: float

    @property
    def decoder(self) -> str:
        """The map that reads z."""
        return "dec_z" if "dec_z" in self.net.maps else "dec_1"

    @cached_property
    def rule(self) -> Noise:
        """Points for ε: Gauss–Hermite, or panels between the kinks of a ReLU decoder of one latent."""
        d = sum(self.net.latents)
        if self.net.activation != "relu" or d > 1:
            return gauss_hermite(d, _ORDERS[d])
        x = self.data.x if self.net.kind == "cvae" and self.decoder == "dec_1" else None
        return panels(self.net, unpack(self.net, self.params), self.decoder, self.eta_enc, x)

    def loss(self, w: float) -> Objective:
        """F at βη_dec² = w."""
        return build_objective(self.net, self.data, self.eta_dec, self.eta_enc, w / self.eta_dec**2, self.rule, "F")


def drawn(observation: Observation, rng: np.random.Generator, k: int) -> Case:
    """A random architecture, its hidden layers drawn, its heads collapsed; kinds, widths and activations take turns."""
    mixed = observation is Observation.MIXED
    activation = ("tanh", "softplus", "relu")[(k // 2) % 3]
    d, D_out = 1 if activation == "relu" else 1 + k % 2, 1 + (k // 2) % 2
    net = Architecture(
        "cvae" if mixed or k % 4 in (1, 2) else "vae",
        2,
        D_out,
        (d,),
        ((1,), (4,), (2, 3))[k % 3],
        activation,
        "head" if observation is Observation.HEAD else "learnable",
        encoder="joint" if mixed else "additive",
        decoder="joint" if mixed else "additive",
    )
    params = init(net, int(rng.integers(1 << 31)))
    views = unpack(net, params)
    for name, array in views.items():
        if ".b" in name:
            array[...] = rng.normal(scale=0.5, size=array.shape)
        elif name.startswith(("dec_1.W", "dec_z.W")):
            array *= STEEP[d]
    eta = float(rng.choice([0.8, 1.0, 1.2]))
    collapse(net, views, eta)
    x = rng.normal(size=(20, 2))
    if net.kind == "vae":
        y = np.tanh(x @ rng.normal(size=(2, D_out))) + x @ rng.normal(size=(2, D_out))
        y -= y.mean(0)
    else:
        x = np.repeat(x[:4] if mixed else x[:10], 6 if mixed else 2, axis=0)
        r = rng.normal(size=(len(x) // 2, D_out)) * (1 + 0.5 * np.abs(x[::2, :1]))
        y = fit(net, views, x) + np.stack([r, -r], 1).reshape(len(x), D_out)
    return Case(net, params, build_sample(net, x, y), eta, float(rng.choice([0.6, 1.0])))


def collapse(net: Architecture, views: dict[str, Any], eta: float) -> None:
    """Collapse a network in place: encoder heads and what the decoder's head reads of z become 0, σ becomes η_enc."""
    for name, widths in net.maps.items():
        if name != "dec_x":
            last = len(widths) - 2
            views[f"{name}.W{last}"][...] = 0.0
            views[f"{name}.b{last}"][...] = 0.0
    views["log_sigma_1"][...] = np.log(eta)


def product(eta: float) -> Case:
    """The worked example, exactly: for x in {0, 1} and |y| < 40, xy = relu(y + 40(x−1)) − relu(−y + 40(x−1))."""
    net = Architecture("cvae", 1, 1, (1,), (2,), "relu", encoder="joint", decoder="joint")
    params = init(net, 0)
    views = unpack(net, params)
    collapse(net, views, eta)
    views["enc_1.W0"][...], views["dec_1.W0"][...] = [[40, 1], [40, -1]], [[1, 40], [-1, 40]]
    views["enc_1.b0"][...] = views["dec_1.b0"][...] = -40.0
    rule = gauss_hermite(1, 8)  # n ~ N(0, 1); an even order has no point at 0, where the ReLU has its kink
    x, n = np.repeat([0.0, 1.0], 8)[:, None], np.tile(rule.nodes[:, 0], (2, 1))
    return Case(net, params, build_sample(net, x, 2 * n * x, np.tile(rule.weights / 2, 2)), eta, 1.0)


def fit(net: Architecture, views: Any, x: Any) -> Any:
    """The mean (rows, D) that the collapsed decoder gives y."""
    if "dec_x" in net.maps:
        return mlp(views, "dec_x", len(net.maps["dec_x"]) - 1, net.activation, x)[0]
    return np.zeros((len(x), net.outputs))


def encoder_inputs(case: Case) -> dict[str, Any]:
    """What each map of the encoder reads, by name."""
    x, y = case.data.x, case.data.y
    if "enc_x" in case.net.maps:
        return {"enc_x": x, "enc_y": y}
    return {"enc_1": np.hstack([x, y]) if case.net.kind == "cvae" else x}


def decoder_inputs(case: Case) -> Any:
    """(points of the rule for each distinct x, inputs of the decoder that reads z)."""
    z = case.eta_enc * case.rule.nodes[:, 0]
    if case.net.kind == "vae" or case.decoder == "dec_z":
        return z
    x = np.unique(case.data.x, axis=0)
    return np.hstack([np.tile(z, (len(x), 1)), np.repeat(x, len(z), axis=0)])


def features(net: Architecture, views: Any, name: str, x: Any) -> Any:
    """The last hidden layer (rows, width) and a column of ones."""
    depth = len(net.maps[name]) - 2
    width = net.maps[name][-2]
    identity = {**views, f"{name}.W{depth}": np.eye(width), f"{name}.b{depth}": np.zeros(width)}
    return np.hstack([mlp(identity, name, depth + 1, net.activation, x)[0], np.ones((len(x), 1))])


def feature_slopes(net: Architecture, views: Any, name: str, x: Any, wanted: int | None = None) -> Any:
    """The derivatives (rows, width + 1, wanted) of those features in their first inputs, by the complex step."""
    h = 1e-40
    steps = [1j * h * np.eye(x.shape[1])[i] for i in range(wanted or x.shape[1])]
    return np.stack([features(net, views, name, x + step).imag / h for step in steps], -1)


def on_a_kink(case: Case) -> bool:
    """Whether a ReLU is so near its kink, at a row or a point of the rule, that differences would cross it."""
    if case.net.activation != "relu":
        return False
    inputs = {**encoder_inputs(case), case.decoder: decoder_inputs(case)}
    inputs |= {"dec_x": case.data.x} if "dec_x" in case.net.maps else {}
    return nearest_kink(case.net, unpack(case.net, case.params), inputs) < CLEARANCE


def dependent(case: Case) -> bool:
    """Whether ReLU features depend on one another, as those of units that are never, or always, on."""
    if case.net.activation != "relu":
        return False
    net, views, z = case.net, unpack(case.net, case.params), decoder_inputs(case)
    each = [features(net, views, name, x) for name, x in encoder_inputs(case).items()]
    phi = np.hstack([each[0], *(f[:, :-1] for f in each[1:])])
    psi = features(net, views, case.decoder, z) * np.sqrt(np.tile(case.rule.weights, len(z) // len(case.rule)))[:, None]
    return any(np.linalg.svd(f, compute_uv=False)[-1] ** 2 < DEPENDENT * np.linalg.norm(f, 2) ** 2 for f in (phi, psi))
