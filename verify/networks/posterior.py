"""What a trained network does: its posteriors, reconstructions, rates, and its likelihood by importance sampling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from verify.errors import InputError
from verify.networks.architecture import Architecture, unpack
from verify.networks.kernels import likelihood
from verify.networks.layers import mlp
from verify.networks.noise import Noise, noise_for
from verify.networks.objective import build_objective
from verify.networks.sample import Sample
from verify.networks.sweep import encode, predict

__all__ = ["LogLikelihood", "decode", "infer", "log_likelihood", "rates", "reconstruct"]

CHUNK = 2_000_000  # numbers in the widest array of one piece of the rows


def infer(net: Architecture, params: Any, data: Sample, noise: Noise | None = None) -> tuple[tuple[Any, Any], ...]:
    """Mean and variance (rows, d_l) of q(z_l|x[, y]) for each level; above the first, moments over the levels below."""
    points = noise or noise_for(sum(net.latents))
    P = unpack(net, params)
    pieces = [[_moments(code, points) for code in encode(net, P, part, points)] for part in _parts(net, data, points)]
    return tuple(
        (np.concatenate([p[l][0] for p in pieces]), np.concatenate([p[l][1] for p in pieces]))
        for l in range(net.levels)
    )


def _moments(code: Any, points: Noise) -> tuple[Any, Any]:
    w = points.weights[:, None, None] if code.mean.shape[-3] > 1 else np.ones((1, 1, 1))
    q = np.broadcast_to(code.deviation**2, code.mean.shape)
    mean = (w * code.mean).sum(-3)
    return mean, (w * (q + (code.mean - mean[..., None, :, :]) ** 2)).sum(-3)


def _parts(net: Architecture, data: Sample, points: Noise | None = None) -> list[Sample]:
    """The rows in pieces, so that memory does not grow with them."""
    width = max(max(widths) for widths in net.maps.values())
    rows = max(1, CHUNK // (width * (1 if points is None else len(points))))
    return [
        Sample(data.x[..., k : k + rows, :], data.y[..., k : k + rows, :], data.weights[k : k + rows])
        for k in range(0, len(data), rows)
    ]


def reconstruct(net: Architecture, params: Any, data: Sample, level: int = 1) -> Any:
    """ŷ (rows, D) at the posterior means, encoded up to z_level and decoded from there by the means of each level.

    Raises:
        InputError: there is no such level.
    """
    if not 1 <= level <= net.levels:
        raise InputError(f"the levels of a {net.kind} are 1 to {net.levels}, not {level}")
    still = Noise(np.zeros((1, 1, sum(net.latents))), np.ones(1), "none")
    P = unpack(net, params)
    return np.concatenate(
        [
            decode(net, params, encode(net, P, part, still)[level - 1].mean[0], part.x, level)
            for part in _parts(net, data)
        ]
    )


def decode(net: Architecture, params: Any, z: Any, x: Any = None, level: int = 1) -> Any:
    """The mean of y (rows, D) given z_level (rows, d_level), and given x in a CVAE."""
    P = unpack(net, params)
    for l in range(level, 1, -1):
        z = mlp(P, f"dec_{l}", len(net.maps[f"dec_{l}"]) - 1, net.activation, z)[0]
    x = np.zeros((len(z), net.inputs)) if x is None else x
    return predict(net, P, Sample(x, x, np.ones(len(z)) / len(z)), z[None])[0][0]


def rates(
    net: Architecture, params: Any, data: Sample, eta_dec: float, eta_enc: float, noise: Noise | None = None
) -> tuple[Any, ...]:
    """E KL of each latent (d_l,) for each level, nats: to N(0, η_enc²) at the top, to p(z_l|z_{l+1}) below it.

    Of a level below the top a single latent's term need not be positive.
    """
    points = noise or noise_for(sum(net.latents))
    found: list[Any] = [0.0] * net.levels
    for part in _parts(net, data, points):
        share = part.weights.sum()
        one = Sample(part.x, part.y, part.weights / share)
        terms = build_objective(net, one, eta_dec, eta_enc, 1.0, points).terms(params)
        found = [a + share * b for a, b in zip(found, terms.rates, strict=True)]
    return tuple(found)


@dataclass(frozen=True)
class LogLikelihood:
    """Mean log p(y[|x]) of a row, nats: a lower bound in expectation, tighter with more samples.

    `standard_error` is that of the importance sampling (delta method), `row_error` that of a sample of so many rows;
    `effective` the least effective sample size of any row: below about 10 the estimate leans on a few draws.
    """

    value: float
    standard_error: float
    row_error: float
    effective: float
    samples: int


def log_likelihood(
    net: Architecture,
    params: Any,
    data: Sample,
    eta_dec: float,
    eta_enc: float,
    samples: int = 256,
    seed: int = 0,
    temper: float = 1.0,
) -> LogLikelihood:
    """Mean over the rows of log 1/K Σ_k p(y, z_k)/q(z_k|x, y), z_k ~ q.

    An encoder trained with β < 1 believes the data 1/β times too much: its variance may be less than half of the true
    posterior's, where p/q has no second moment and the standard error means nothing. With `temper` = β the proposal's
    precision beyond the prior's is that many times the encoder's; at a linear optimum that is the posterior's own.

    Raises:
        InputError: `temper` is not in (0, 1], or is below 1 for more than one level.
    """
    if not 0 < temper <= 1 or (temper < 1 and net.levels > 1):
        raise InputError(f"temper is in (0, 1], and 1 for a hierarchy, not {temper}")
    P, d = unpack(net, params), sum(net.latents)
    value, variance, effective = [], [], []
    width = max(max(widths) for widths in net.maps.values())
    rows = max(1, CHUNK // (width * samples))
    for start in range(0, len(data), rows):
        part = data.rows(slice(start, start + rows))
        draws = np.random.default_rng([seed, 20, start]).standard_normal((samples, len(part), d))
        wider = 1.0 if temper == 1 else _wider(net, P, part, eta_enc, temper)
        noise = Noise(wider * draws, np.full(samples, 1 / samples), "draws")
        log = _log_weights(net, P, part, noise, eta_dec, eta_enc, wider)
        top = log.max(0)
        w = np.exp(log - top)
        mean = w.mean(0)
        value.append(top + np.log(mean))
        variance.append(w.var(0, ddof=1) / (samples * mean**2))
        effective.append(w.sum(0) ** 2 / (w * w).sum(0))
    each = np.concatenate(value)
    p = data.weights
    mean = float(p @ each)
    return LogLikelihood(
        mean,
        float(np.sqrt(p**2 @ np.concatenate(variance))),
        float(np.sqrt(p**2 @ (each - mean) ** 2)),
        float(np.concatenate(effective).min()),
        samples,
    )


def _wider(net: Architecture, P: Any, data: Sample, eta_enc: float, temper: float) -> Any:
    """The proposal's deviation over the encoder's, (1, rows or 1, d); 1 where the prior is no wider."""
    still = Noise(np.zeros((1, 1, net.latents[0])), np.ones(1), "none")
    inverse = encode(net, P, data, still)[0].deviation ** -2.0
    prior = eta_enc**-2.0
    return np.sqrt(inverse / np.where(inverse > prior, prior + temper * (inverse - prior), inverse))


def _log_weights(
    net: Architecture, P: Any, data: Sample, noise: Noise, eta_dec: float, eta_enc: float, wider: Any
) -> Any:
    """The logarithm of p(y, z)/q(z|·), (samples, rows)."""
    codes = encode(net, P, data, noise)
    square = ((predict(net, P, data, codes[0].z)[0] - data.y[None]) ** 2).sum(-1)
    total = -likelihood(square, eta_dec**2, net.outputs)[0] / 2
    for l, code in enumerate(codes):
        q = (wider * code.deviation) ** 2
        total += likelihood((code.z - code.mean) ** 2, np.broadcast_to(q, code.z.shape), 1)[0].sum(-1) / 2
        if l + 1 < len(codes):
            above = codes[l + 1].z
            flat = above.reshape(-1, above.shape[-1])
            prior = mlp(P, f"dec_{l + 2}", len(net.maps[f"dec_{l + 2}"]) - 1, net.activation, flat)[0]
            error, variance = code.z - prior.reshape(code.z.shape), eta_dec**2
        else:
            error, variance = code.z, eta_enc**2
        total -= likelihood((error**2).sum(-1), variance, net.latents[l])[0] / 2
    return total
