"""Networks at their collapsed point: moments of their features, and where their Hessian loses its negative eigenvalue.

The loss is affine in w = βη_dec², F = distortion + w·2KL + …, and so is its Hessian; two of them give the crossing w_0,
and two more, at 0.98 w_0 and 1.02 w_0, must have and not have a negative eigenvalue, or w_0 is undefined. All
parameters take part, hidden layers, biases and log σ included. A CVAE's rows come in pairs y = f(x) ± r, so that f is
the best fit and E[r|x] = 0 exactly. A network is drawn again if a feature is on a kink, if its features are so
dependent that nothing shows just below the crossing, or so steep that the Gauss–Hermite rule does not resolve them. The
statement's note says how many were.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from derivations.models import collapsed as at
from derivations.notation import D, eta_enc
from derivations.statements.observed import Observation
from verify.draw.instances import Instances
from verify.evaluate.stack import Stack
from verify.networks.architecture import Architecture, unpack
from verify.networks.differences import hessian
from verify.networks.observations.count import many
from verify.networks.observations.draws import (
    Case,
    decoder_inputs,
    dependent,
    drawn,
    encoder_inputs,
    feature_slopes,
    features,
    fit,
    on_a_kink,
    product,
)

__all__ = ["clear", "measured", "observe_collapsed", "sharp"]

FLAT = 1e-9  # of the largest eigenvalue: above the crossing round-off leaves −5e-11
CLEAR, FAINT, SHARP = 10 * FLAT, FLAT / 10, 0.002  # 0.2 % below and above: else FLAT itself moves the crossing as much
RESOLVED = 1e-3  # of the whitened slopes, whose square the threshold is: it is off by 0.2 % at most
SIDE = 0.02
NETWORKS = 6  # two of each activation, for each observation, at a thousand examples
ATTEMPTS = 64  # most are put aside at a glance


def observe_collapsed(observation: Observation, seed: int, examples: int) -> tuple[Instances, ...]:
    """One row for each network: its moments, and the measured crossing (NaN if it is not confirmed on both sides)."""
    again = 0
    if observation is Observation.PRODUCT:
        cases = [product(eta) for eta in (1.0, 0.7)]
    else:
        count = many(NETWORKS, examples, least=2)
        tried = [clear(observation, seed, k) for k in range(count)]
        again = int(sum(attempts for _, attempts in tried))
        cases = [case for case, _ in tried if case is not None]
    mixed, kind = observation in (Observation.MIXED, Observation.PRODUCT), str(observation.name).lower()
    return tuple(measured(case, k, mixed, kind, again) for k, case in enumerate(cases))


def clear(observation: Observation, seed: int, k: int) -> tuple[Case | None, int]:
    """The first draw whose crossing differences can see, and how many were put aside before it."""
    for attempt in range(ATTEMPTS):
        case = drawn(observation, np.random.default_rng([seed, 31, k, attempt]), k)
        if on_a_kink(case) or dependent(case):
            continue
        if _unresolved(case) < RESOLVED and sharp(case):  # the Hessians last: they take longest
            return case, attempt
    return None, ATTEMPTS


def sharp(case: Case) -> bool:
    """Whether it hardly matters which level counts as no eigenvalue, as it does where directions are almost flat."""
    root = _root(case)
    return _at(case, root * (1 - SHARP)) < -CLEAR and _at(case, root * (1 + SHARP)) > -FAINT


def _unresolved(case: Case) -> float:
    """How far L⁻¹P, P = η E[∂ψ/∂z], is from L⁻¹E[ψzᵀ]/η by the rule, LLᵀ = E[ψψᵀ], relative to it.

    By Stein's identity they agree where the rule has points enough; a threshold is a square of L⁻¹P.
    """
    net, views, eta, d = case.net, unpack(case.net, case.params), case.eta_enc, sum(case.net.latents)
    rule, name, z = case.rule, case.decoder, decoder_inputs(case)
    psi, slopes = features(net, views, name, z), feature_slopes(net, views, name, z, d)
    each = rule.weights / (len(z) // len(rule))  # of a point, for one of the x that the decoder reads, if it does
    root = np.linalg.cholesky(psi.T @ (np.tile(each, len(z) // len(rule))[:, None] * psi))

    def whitened(values: Any) -> Any:
        per_x = np.einsum("t,xtnk->xnk", rule.weights, values.reshape(-1, len(rule), *values.shape[1:]))
        return np.linalg.norm(np.linalg.solve(root, per_x), axis=(1, 2)).max()

    return float(whitened(eta * slopes - psi[:, :, None] * z[:, None, :d] / eta) / whitened(eta * slopes))


def measured(case: Case, index: int, mixed: bool, kind: str, again: int = 0) -> Instances:
    """One row: the moments of a network's features, and the crossing that its Hessians show."""
    net, params, data = case.net, case.params, case.data
    views, eta, rule = unpack(net, params), case.eta_enc, case.rule
    z, x, y, p = eta * rule.nodes[:, 0], data.x, data.y, data.weights
    each = [features(net, views, name, inputs) for name, inputs in encoder_inputs(case).items()]
    phi = np.hstack([each[0], *(f[:, :-1] for f in each[1:])])
    r = y - fit(net, views, x)
    values = {at.E_r: r.T @ (p[:, None] * r), eta_enc: eta, at.crossing: _crossing(case), at.redrawn: float(again)}
    dims = {D: y.shape[1]}
    if mixed:
        values |= _mixed_moments(net, views, z, rule.weights, eta, x, r, p, phi)
        dims |= {at.p: values[at.Psi].shape[0], at.q: values[at.L].shape[0]}
    else:
        name, w = case.decoder, rule.weights
        psi, slopes = features(net, views, name, z), feature_slopes(net, views, name, z)
        P = eta * np.einsum("t,tnk->nk", w, slopes)
        if net.variances[0] == "head":
            P = np.hstack([P, np.einsum("t,tnk,tk->nk", w, slopes, z) / np.sqrt(2)])
        values |= {
            at.G: r.T @ (p[:, None] * phi),
            at.Phi: phi.T @ (p[:, None] * phi),
            at.K: psi.T @ (w[:, None] * psi),
            at.P: P,
        }
        dims |= {at.m: phi.shape[1], at.n: psi.shape[1], at.k: P.shape[1]}
    stacked = {s: np.asarray(v)[None] if np.ndim(v) else np.full((1, 1), v) for s, v in values.items()}
    return Instances(Stack(dims, max(dims.values()), stacked, 1), np.array([index]), np.array([kind]))


def _mixed_moments(
    net: Architecture, views: Any, z: Any, w: Any, eta: float, x: Any, r: Any, p: Any, phi: Any
) -> dict[Any, Any]:
    rows, points = len(x), len(z)
    pairs = np.hstack([np.repeat(z, rows, axis=0), np.tile(x, (points, 1))])
    psi = features(net, views, "dec_1", pairs).reshape(points, rows, -1)
    K = np.einsum("t,n,tnj,tnl->jl", w, p, psi, psi)
    slopes = feature_slopes(net, views, "dec_1", pairs, z.shape[1]).reshape(points, rows, psi.shape[-1], -1)
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
        at.B_r: B.reshape(q, -1),
        at.L: np.linalg.cholesky(np.linalg.inv(np.kron(np.eye(outputs), K))),
        at.Psi: np.kron(np.eye(k), phis),
        at.spread: spread,
    }


def _crossing(case: Case) -> float:
    """w_0, confirmed by Hessians at 0.98 w_0 and 1.02 w_0; NaN if they do not confirm it."""
    root = _root(case)
    return root if _at(case, root * (1 - SIDE)) < -FLAT <= _at(case, root * (1 + SIDE)) else float("nan")


@lru_cache(maxsize=256)
def _at(case: Case, w: float) -> float:
    """The least eigenvalue at w, relative to the largest."""
    return _least(hessian(case.loss(w), case.params)[0])


@lru_cache(maxsize=256)
def _root(case: Case) -> float:
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
