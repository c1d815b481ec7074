"""Networks at their collapsed point: moments of their features, and where their Hessian loses its negative eigenvalue.

The loss is affine in w = βη_dec², F = distortion + w·2KL + …, and so is its Hessian; two of them give the crossing w_0,
and two more, at 0.98 w_0 and 1.02 w_0, must have and not have a negative eigenvalue, or w_0 is undefined. All
parameters take part, hidden layers, biases and log σ included. A CVAE's rows come in pairs y = f(x) ± r, so that f is
the best fit and E[r|x] = 0 exactly. Features so dependent that 2 % below the crossing nothing shows, or so steep that
the Gauss–Hermite rule does not resolve them, are drawn again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from derivations import collapsed as at
from derivations.networks import Observation
from derivations.notation import D, eta_enc
from verify.instances import Batch
from verify.nonlinear.architecture import Architecture, init, unpack
from verify.nonlinear.differences import hessian
from verify.nonlinear.layers import mlp
from verify.nonlinear.noise import gauss_hermite
from verify.nonlinear.objective import Objective, objective
from verify.nonlinear.sample import Sample, sample

__all__ = ["collapsed"]

FLAT = 1e-9  # of the largest eigenvalue: above the crossing round-off leaves −5e-11, 2 % below it −1e-8 is asked for
CLEAR = 1e-8
RESOLVED = 1e-4  # of a feature: the rule's error, far below the 2 % of a crossing
SIDE = 0.02
STEEP = {1: 2.0, 2: 0.7}  # of the decoder's hidden units: steep enough that κ is not 1, as far as the rule resolves
NETWORKS = 4  # for each observation, at a thousand examples
_ORDERS = {1: 64, 2: 16}  # Gauss–Hermite points a coordinate


@dataclass(frozen=True, eq=False)
class _Case:
    """A network at its collapsed point, its data, the noise's points and η_enc."""

    net: Architecture
    params: Any
    data: Sample
    eta_enc: float
    eta_dec: float

    def loss(self, w: float) -> Objective:
        """F at βη_dec² = w."""
        noise = gauss_hermite(sum(self.net.latents), _ORDERS[sum(self.net.latents)])
        return objective(self.net, self.data, self.eta_dec, self.eta_enc, w / self.eta_dec**2, noise, "F")


def collapsed(observation: Observation, seed: int, examples: int) -> tuple[Batch, ...]:
    """One row for each network: its moments, and the measured crossing (NaN if it is not confirmed on both sides)."""
    if observation is Observation.PRODUCT:
        cases = [_product(eta) for eta in (1.0, 0.7)]
    else:
        count = max(2, round(NETWORKS * examples / 1000))
        cases = [case for k in range(count) if (case := _clear(observation, seed, k)) is not None]
    mixed = observation in (Observation.MIXED, Observation.PRODUCT)
    return tuple(_measured(case, k, mixed, str(observation.name).lower()) for k, case in enumerate(cases))


def _clear(observation: Observation, seed: int, k: int) -> _Case | None:
    """The first draw whose crossing differences can see, and whose features the rule resolves."""
    for attempt in range(16):
        case = _drawn(observation, np.random.default_rng([seed, 31, k, attempt]), k)
        below = hessian(case.loss((1 - SIDE) * _root(case)), case.params)[0]
        if _least(below) < -CLEAR and _unresolved(case) < RESOLVED:
            return case
    return None


def _unresolved(case: _Case) -> float:
    """How far η E[∂ψ/∂z] is from E[ψz/η] by the rule: by Stein's identity they agree where it has points enough."""
    net, views, eta, d = case.net, unpack(case.net, case.params), case.eta_enc, sum(case.net.latents)
    rule = gauss_hermite(d, _ORDERS[d])
    z, name = eta * rule.nodes[:, 0], "dec_z" if "dec_z" in net.maps else "dec_1"
    if net.kind == "cvae" and name == "dec_1":
        x = np.unique(case.data.x, axis=0)
        z = np.hstack([np.tile(z, (len(x), 1)), np.repeat(x, len(z), axis=0)])
    psi, slopes = _features(net, views, name, z), _slopes(net, views, name, z, d)
    gaps = eta * slopes - psi[:, :, None] * z[:, None, :d] / eta
    return float(np.abs(np.einsum("t,xtnk->xnk", rule.weights, gaps.reshape(-1, len(rule), *gaps.shape[1:]))).max())


def _drawn(observation: Observation, rng: np.random.Generator, k: int) -> _Case:
    """A random architecture, its hidden layers drawn, its heads collapsed; kinds, widths and activations take turns."""
    mixed = observation is Observation.MIXED
    d, D_out = 1 + k % 2, 1 + (k // 2) % 2
    net = Architecture(
        "cvae" if mixed or k % 4 in (1, 2) else "vae", 2, D_out, (d,), ((1,), (4,), (2, 3))[k % 3],
        ("tanh", "softplus")[(k // 2) % 2], "head" if observation is Observation.HEAD else "learnable",
        encoder="joint" if mixed else "additive", decoder="joint" if mixed else "additive",
    )  # fmt: skip
    params = init(net, int(rng.integers(1 << 31)))
    views = unpack(net, params)
    for name, array in views.items():
        if ".b" in name:
            array[...] = rng.normal(scale=0.5, size=array.shape)
        elif name.startswith(("dec_1.W", "dec_z.W")):
            array *= STEEP[d]
    eta = float(rng.choice([0.8, 1.0, 1.2]))
    _collapse(net, views, eta)
    x = rng.normal(size=(20, 2))
    if net.kind == "vae":
        y = np.tanh(x @ rng.normal(size=(2, D_out))) + x @ rng.normal(size=(2, D_out))
        y -= y.mean(0)
    else:
        x = np.repeat(x[:4] if mixed else x[:10], 6 if mixed else 2, axis=0)
        r = rng.normal(size=(len(x) // 2, D_out)) * (1 + 0.5 * np.abs(x[::2, :1]))
        y = _fit(net, views, x) + np.stack([r, -r], 1).reshape(len(x), D_out)
    return _Case(net, params, sample(net, x, y), eta, float(rng.choice([0.6, 1.0])))


def _collapse(net: Architecture, views: dict[str, Any], eta: float) -> None:
    """Heads of the encoder 0, of the decoder 0 but in x alone, σ = η_enc."""
    for name, widths in net.maps.items():
        if name != "dec_x":
            last = len(widths) - 2
            views[f"{name}.W{last}"][...] = 0.0
            views[f"{name}.b{last}"][...] = 0.0
    views["log_sigma_1"][...] = np.log(eta)


def _product(eta: float) -> _Case:
    """The worked example, exactly: for x in {0, 1} and |y| < 40, xy = relu(y + 40(x−1)) − relu(−y + 40(x−1))."""
    net = Architecture("cvae", 1, 1, (1,), (2,), "relu", encoder="joint", decoder="joint")
    params = init(net, 0)
    views = unpack(net, params)
    _collapse(net, views, eta)
    views["enc_1.W0"][...], views["dec_1.W0"][...] = [[40, 1], [40, -1]], [[1, 40], [-1, 40]]
    views["enc_1.b0"][...] = views["dec_1.b0"][...] = -40.0
    rule = gauss_hermite(1, 8)  # n ~ N(0, 1); an even order has no point at 0, where the ReLU has its kink
    x, n = np.repeat([0.0, 1.0], 8)[:, None], np.tile(rule.nodes[:, 0], (2, 1))
    return _Case(net, params, sample(net, x, 2 * n * x, np.tile(rule.weights / 2, 2)), eta, 1.0)


def _measured(case: _Case, index: int, mixed: bool, kind: str) -> Batch:
    net, params, data = case.net, case.params, case.data
    views, d, eta = unpack(net, params), sum(net.latents), case.eta_enc
    rule = gauss_hermite(d, _ORDERS[d])
    z, x, y, p = eta * rule.nodes[:, 0], data.x, data.y, data.weights
    if "enc_x" in net.maps:
        phi = np.hstack([_features(net, views, "enc_x", x), _features(net, views, "enc_y", y)[:, :-1]])
    else:
        phi = _features(net, views, "enc_1", np.hstack([x, y]) if net.kind == "cvae" else x)
    r = y - _fit(net, views, x)
    values = {at.E_r: r.T @ (p[:, None] * r), eta_enc: eta, at.crossing: _crossing(case)}
    dims = {D: y.shape[1]}
    if mixed:
        values |= _mixed_moments(net, views, z, rule.weights, eta, x, r, p, phi)
        dims |= {at.p: values[at.Psi].shape[0], at.q: values[at.L].shape[0]}
    else:
        name, w = "dec_z" if net.kind == "cvae" else "dec_1", rule.weights
        psi, slopes = _features(net, views, name, z), _slopes(net, views, name, z)
        P = eta * np.einsum("t,tnk->nk", w, slopes)
        if net.variances[0] == "head":
            P = np.hstack([P, np.einsum("t,tnk,tk->nk", w, slopes, z) / np.sqrt(2)])
        values |= {at.G: r.T @ (p[:, None] * phi), at.Phi: phi.T @ (p[:, None] * phi),
                   at.K: psi.T @ (w[:, None] * psi), at.P: P}  # fmt: skip
        dims |= {at.m: phi.shape[1], at.n: psi.shape[1], at.k: P.shape[1]}
    stacked = {s: np.asarray(v)[None] if np.ndim(v) else np.full((1, 1), v) for s, v in values.items()}
    return Batch(dims, max(dims.values()), stacked, np.array([index]), np.array([kind]))


def _mixed_moments(
    net: Architecture, views: Any, z: Any, w: Any, eta: float, x: Any, r: Any, p: Any, phi: Any
) -> dict[Any, Any]:
    rows, points = len(x), len(z)
    pairs = np.hstack([np.repeat(z, rows, axis=0), np.tile(x, (points, 1))])
    psi = _features(net, views, "dec_1", pairs).reshape(points, rows, -1)
    K = np.einsum("t,n,tnj,tnl->jl", w, p, psi, psi)
    slopes = _slopes(net, views, "dec_1", pairs, z.shape[1]).reshape(points, rows, psi.shape[-1], -1)
    B = eta * np.einsum("t,n,na,tnjk,nm->ajkm", w, p, r, slopes, phi, optimize=True)
    phis = phi.T @ (p[:, None] * phi)
    spread = 0.0
    for value in np.unique(x, axis=0):
        here = (x == value).all(1)
        share = p[here] / p[here].sum()
        spread = max(spread, float(np.linalg.eigvalsh(r[here].T @ (share[:, None] * r[here]))[-1]))
    outputs, k = r.shape[1], z.shape[1]
    q = outputs * K.shape[0]
    return {
        at.B_r: B.reshape(q, -1), at.L: np.linalg.cholesky(np.linalg.inv(np.kron(np.eye(outputs), K))),
        at.Psi: np.kron(np.eye(k), phis), at.spread: spread,
    }  # fmt: skip


def _features(net: Architecture, views: Any, name: str, x: Any) -> Any:
    """The last hidden layer (rows, width) and a column of ones."""
    depth = len(net.maps[name]) - 2
    width = net.maps[name][-2]
    identity = {**views, f"{name}.W{depth}": np.eye(width), f"{name}.b{depth}": np.zeros(width)}
    return np.hstack([mlp(identity, name, depth + 1, net.activation, x)[0], np.ones((len(x), 1))])


def _slopes(net: Architecture, views: Any, name: str, x: Any, wanted: int | None = None) -> Any:
    """The derivatives (rows, width + 1, wanted) of those features in their first inputs, by the complex step."""
    h = 1e-40
    steps = [1j * h * np.eye(x.shape[1])[i] for i in range(wanted or x.shape[1])]
    return np.stack([_features(net, views, name, x + step).imag / h for step in steps], -1)


def _fit(net: Architecture, views: Any, x: Any) -> Any:
    """What the collapsed decoder says of y."""
    if "dec_x" in net.maps:
        return mlp(views, "dec_x", len(net.maps["dec_x"]) - 1, net.activation, x)[0]
    return np.zeros((len(x), net.outputs))


def _crossing(case: _Case) -> float:
    """w_0, confirmed by Hessians at 0.98 w_0 and 1.02 w_0; NaN if they do not confirm it."""
    root = _root(case)
    below, above = (hessian(case.loss(root * (1 + side)), case.params)[0] for side in (-SIDE, SIDE))
    return root if _least(below) < -FLAT <= _least(above) else float("nan")


@lru_cache(maxsize=256)
def _root(case: _Case) -> float:
    """Where the least eigenvalue of an affine family of Hessians reaches 0, by bisection."""
    (H1, _), (H2, _) = hessian(case.loss(1.0), case.params), hessian(case.loss(2.0), case.params)
    low, high = 0.0, 1.0
    while _least(H1 + (high - 1) * (H2 - H1)) < -FLAT and high < 1e6:
        low, high = high, 2 * high
    for _ in range(40):
        middle = (low + high) / 2
        below = _least(H1 + (middle - 1) * (H2 - H1)) < -FLAT
        low, high = (middle, high) if below else (low, middle)
    return high


def _least(H: Any) -> float:
    """The least eigenvalue, relative to the largest."""
    values = np.linalg.eigvalsh(H)
    return float(values[0] / np.abs(values).max())
