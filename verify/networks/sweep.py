"""−2·ELBO_β of a network, forwards and in one reverse sweep.

Every kind is a chain of one or two levels, z_l = μ_l + σ_l ε_l. The likelihood and each level's relative entropy are
those of `models.gaussian` (`kernels`): level l < L is measured against N(dec_{l+1}(z_{l+1}), η_dec²I), the top
one against N(0, η_enc²I), where E z² = μ² + σ² needs no sampling. As in `derivations.models.density`,

    ℓ = −2 E log p(y|z) + 2 Σ_l β_l Σ_i KL_{l,i},     nats.

Arrays are (…, M, rows, width): … a stack of networks or nothing, M the points of the noise (1 where it plays no part).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from verify.networks.architecture import Architecture, unpack
from verify.networks.kernels import coordinate_kl, likelihood
from verify.networks.layers import mlp
from verify.networks.noise import Noise
from verify.networks.sample import Sample

__all__ = ["Code", "Scales", "Terms", "encode", "predict", "sweep_network"]


@dataclass(frozen=True)
class Scales:
    """η_dec, η_enc and one β for each level; a β may be an array with one value for each network of a stack."""

    eta_dec: float
    eta_enc: float
    betas: tuple[Any, ...]


@dataclass(frozen=True)
class Terms:
    """E‖y − ŷ‖² (…,) and E KL_{l,i} in nats, (…, d_l) for each level, of a stack of networks."""

    loss: Any
    distortion: Any
    rates: tuple[Any, ...]


@dataclass(frozen=True)
class Code:
    """One level's encoder on all rows: μ, σ and z (…, M, rows, d), and back(dμ, dlog σ, G) → d(z below)."""

    mean: Any
    deviation: Any
    z: Any
    back: Callable[..., Any]


def _rows(a: Any) -> Any:
    """(…, M, rows, k) as (…, M·rows, k)."""
    return a.reshape(*a.shape[:-3], a.shape[-3] * a.shape[-2], a.shape[-1])


def _map(net: Architecture, P: Mapping[str, Any], name: str, x: Any) -> tuple[Any, Callable[..., Any]]:
    """An MLP on (…, M, rows, in)."""
    M, rows = x.shape[-3:-1]
    out, run = mlp(P, name, len(net.maps[name]) - 1, net.activation, _rows(x))

    def back(delta: Any, G: Mapping[str, Any], inputs: bool = True) -> Any:
        found = run(_rows(delta), G, inputs)
        return None if found is None else found.reshape(*found.shape[:-2], M, rows, found.shape[-1])

    return out.reshape(*out.shape[:-2], M, rows, out.shape[-1]), back


def _heads(net: Architecture, P: Mapping[str, Any], level: int, data: Sample, below: Any) -> Any:
    """The outputs of a level's encoder, and their reverse sweep."""
    if level > 0:
        return _map(net, P, f"enc_{level + 1}", below)
    x, y = data.x[..., None, :, :], data.y[..., None, :, :]
    if net.kind != "cvae" or net.encoder == "joint":
        source = np.concatenate([x, y], -1) if net.kind == "cvae" else x
        out, run = _map(net, P, "enc_1", source)
        return out, lambda delta, G: run(delta, G, inputs=False)
    (left, back_x), (right, back_y) = _map(net, P, "enc_x", x), _map(net, P, "enc_y", y)

    def back(delta: Any, G: Mapping[str, Any]) -> None:
        back_x(delta, G, inputs=False)
        back_y(delta, G, inputs=False)

    return left + right, back


def encode(net: Architecture, P: Mapping[str, Any], data: Sample, noise: Noise) -> list[Code]:
    """The codes of all levels, from below."""
    found: list[Code] = []
    start = 0
    for level, d in enumerate(net.latents):
        heads, back = _heads(net, P, level, data, found[-1].z if found else None)
        log = P[f"log_sigma_{level + 1}"][..., None, None, :]
        mask = np.array(net.masks[level], dtype=heads.dtype if heads.dtype.kind == "f" else float)
        head = net.variances[level] == "head"
        mean = heads[..., :d] if head else heads
        deviation = np.exp(log + mask * heads[..., d:] if head else log)
        z = mean + deviation * noise.nodes[..., start : start + d]
        start += d
        found.append(Code(mean, deviation, z, _encoder_back(level, mask, head, back, mean.shape)))
    return found


def _encoder_back(level: int, mask: Any, head: bool, back: Callable[..., Any], shape: Any) -> Callable[..., Any]:
    def run(mean: Any, log: Any, G: Mapping[str, Any]) -> Any:
        mean, log = _onto(mean, shape), _onto(log, shape) * mask
        G[f"log_sigma_{level + 1}"][...] = 0.0 if head else log.sum((-3, -2))
        return back(np.concatenate([mean, log], -1) if head else mean, G)

    return run


def _onto(a: Any, shape: Any) -> Any:
    """A gradient summed over the points of the noise if the array of this shape does not depend on them."""
    return a.sum(-3, keepdims=True) if a.shape[-3] != shape[-3] else a


def predict(net: Architecture, P: Mapping[str, Any], data: Sample, z: Any) -> tuple[Any, Callable[..., Any]]:
    """(ŷ (…, M, rows, D), back(delta, G) → dz) of the decoder at z (…, M, rows, d_1)."""
    x = data.x[..., None, :, :]
    if net.kind != "cvae":
        return _map(net, P, "dec_1", z)
    if net.decoder == "joint":
        source = np.concatenate([z, np.broadcast_to(x, (*z.shape[:-1], x.shape[-1]))], -1)
        out, run = _map(net, P, "dec_1", source)
        return out, lambda delta, G: run(delta, G)[..., : z.shape[-1]]
    (out, run), (shift, back_x) = _map(net, P, "dec_z", z), _map(net, P, "dec_x", x)

    def back(delta: Any, G: Mapping[str, Any]) -> Any:
        back_x(delta.sum(-3, keepdims=True), G, inputs=False)
        return run(delta, G)

    return out + shift, back


def sweep_network(net: Architecture, params: Any, data: Sample, scales: Scales, noise: Noise, G: Any = None) -> Terms:
    """The terms of the loss at params (…, size); its gradient is written into G (…, size) if one is given."""
    P = unpack(net, params)
    codes = encode(net, P, data, noise)
    W = (noise.weights[:, None] * data.weights)[..., None]  # (M, rows, 1), sums to 1

    def weight(a: Any) -> Any:
        return W if a.shape[-3] == len(noise) else data.weights[None, :, None]

    estimate, decoder_back = predict(net, P, data, codes[0].z)
    error = estimate - data.y[..., None, :, :]
    distortion = (error * error * W).sum((-3, -2, -1))
    loss, by_square = likelihood(distortion, scales.eta_dec**2, net.outputs)
    slope = float(by_square.ravel()[0])  # one number: the likelihood is linear in the square

    rates, slopes, priors = [], [], []
    for l, code in enumerate(codes):
        q = code.deviation * code.deviation
        if l + 1 < len(codes):
            prior, back = _map(net, P, f"dec_{l + 2}", codes[l + 1].z)
            u, variance = code.z - prior, scales.eta_dec**2
            s = u * u
            priors.append((u, back))
        else:
            s, variance = code.mean * code.mean + q, scales.eta_enc**2
        kl, by_s, by_q = coordinate_kl(s, q, variance)
        rates.append((kl * weight(kl)).sum((-3, -2)))
        slopes.append((by_s, by_q, q))
        loss = loss + 2 * scales.betas[l] * rates[-1].sum(-1)
    terms = Terms(loss, distortion, tuple(rates))
    if G is not None:
        _reverse(
            net, codes, scales, weight, unpack(net, G), (error * (2 * slope * W), decoder_back), slopes, priors, noise
        )
    return terms


def _spread(beta: Any) -> Any:
    """β shaped so that one value per network broadcasts against (…, M, rows, width)."""
    return beta[:, None, None, None] if np.ndim(beta) else beta


def _reverse(
    net: Architecture,
    codes: list[Code],
    scales: Scales,
    weight: Any,
    G: Any,
    output: Any,
    slopes: Any,
    priors: Any,
    noise: Noise,
) -> None:
    """Write dℓ/dparams into the arrays of G, from the output down to the first encoder's weights."""
    delta, back = output
    dz = [back(delta, G)] + [0.0] * (len(codes) - 1)
    for l, (u, prior_back) in enumerate(priors):
        by_s = slopes[l][0]
        du = (4 * _spread(scales.betas[l]) * weight(u) * by_s).astype(u.dtype) * u
        dz[l] = dz[l] + du
        dz[l + 1] = dz[l + 1] + prior_back(-du, G)
    stop = sum(net.latents)
    for l in reversed(range(len(codes))):
        code, (by_s, by_q, q) = codes[l], slopes[l]
        top = l + 1 == len(codes)
        epsilon = noise.nodes[..., stop - net.latents[l] : stop]
        stop -= net.latents[l]
        scale = 2 * _spread(scales.betas[l]) * weight(code.mean)
        log = _onto(dz[l] * (epsilon * code.deviation), code.mean.shape)
        log = log + (2 * scale * (by_q + by_s if top else by_q)).astype(log.dtype) * q
        mean = _onto(dz[l], code.mean.shape)
        if top:
            mean = mean + (2 * scale * by_s).astype(mean.dtype) * code.mean
        below = code.back(mean, log, G)
        if l:
            dz[l - 1] = dz[l - 1] + below
