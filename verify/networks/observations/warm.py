"""Networks that contain the linear ones, trained from the linear optimum, on laws that are not Gaussian.

A law is a sample, each row equally likely, so that its second moments, and the linear optimum, are exact. Training
integrates over the noise at 24 points, judging at 64: what it gains is not the quadrature's error. Where it is, both
are repeated with more points.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from derivations.models.networks import loss, start
from derivations.notation import beta, d, eta_dec, lamda, omega, sigma, theta
from derivations.notation import eta_enc as prior
from derivations.statements.observed import Observation
from derivations.theorems.vae.vae_learnable import MODES
from verify.draw.instances import Instances
from verify.evaluate.stack import Stack
from verify.networks.architecture import Architecture
from verify.networks.linear import embedded
from verify.networks.noise import gauss_hermite, trapezoid
from verify.networks.objective import Objective, build_objective
from verify.networks.observations.count import many
from verify.networks.sample import build_sample
from verify.networks.training import Settings, train

__all__ = ["observe_warm"]

ROWS = 60
RULES = (
    (gauss_hermite(1, 24), gauss_hermite(1, 64)),
    (trapezoid(257), trapezoid(1025)),
    (trapezoid(1025), trapezoid(4097)),
)
LAWS = ("two points", "uniform", "Laplace", "three clusters")
LEVELS = (0.3, 0.6, 0.45)  # the water level over θ_1²: one mode is active, now more, now less
NETWORKS = 6  # at a thousand examples


def observe_warm(_: Observation, seed: int, examples: int) -> tuple[Instances, ...]:
    """For each network the loss at the linear optimum and after training, beside the law's θ."""
    count = many(NETWORKS, examples, least=2)
    return tuple(_trained(k, np.random.default_rng([seed, 50, k])) for k in range(count))


def _trained(k: int, rng: np.random.Generator) -> Instances:
    cvae, law, activation = k % 2 == 1, LAWS[k % len(LAWS)], ("softplus", "relu")[(k // 2) % 2]
    net = Architecture("cvae" if cvae else "vae", 2, 2, (1,), (6,), activation)
    r = _law(law, rng)
    x = rng.normal(size=(ROWS, 2)) if cvae else r
    x = x - x.mean(0)
    A = x.T @ x
    if cvae:  # y's regression on x is K, exactly
        r = r - x @ np.linalg.solve(A, x.T @ r)
    K = rng.normal(size=(2, 2)) if cvae else np.zeros((2, 2))
    y = r + x @ K.T
    squares, R = np.linalg.eigh(r.T @ r / ROWS)
    spectrum, R = np.sqrt(np.maximum(squares[::-1], 0)), R[:, ::-1]
    w, dec, enc = LEVELS[k % 3] * spectrum[0] ** 2, float(rng.choice([0.5, 1.0])), float(rng.choice([0.8, 1.0]))
    values = {
        theta: spectrum[None],
        beta: np.full((1, 1), w / dec**2),
        eta_dec: np.full((1, 1), dec),
        prior: np.full((1, 1), enc),
    }
    batch = Instances(Stack({d: 1}, 2, values, 1), np.array([k]), np.array([f"{net.kind}, {activation}, {law}"]))
    o, l, s = (float(batch.evaluate(MODES[m])[0][0, 0]) for m in (omega, lamda, sigma))
    encoder, decoder = l / spectrum[0] * R[:, :1].T, o * R[:, :1]
    maps = {"enc_1": encoder, "dec_1": decoder}
    if cvae:
        maps = {"enc_x": -encoder @ K, "enc_y": encoder, "dec_z": decoder, "dec_x": K}
    begin = embedded(net, maps, [s], seed=k)
    data, b = build_sample(net, x, y), w / dec**2
    ends: dict[Any, float] = {}
    for rule, judge in RULES:
        found = train(net, data, dec, enc, b, Settings("lbfgs", epochs=1, iterations=150), start=begin, noise=rule)
        fine = build_objective(net, data, dec, enc, b, judge)
        ends = {start: _value(fine, begin), loss: _value(fine, found.params)}
        if ends[loss] <= ends[start]:
            break  # else the network has found out where the rule has no points, which only the judge sees
    values |= {symbol: np.full((1, 1), value) for symbol, value in ends.items()}
    return Instances(Stack({d: 1}, 2, values, len(batch)), batch.index, batch.kind)


def _law(name: str, rng: np.random.Generator) -> Any:
    """Centred rows (ROWS, 2) with unequal scales."""
    if name == "two points":
        r = rng.choice([-1.0, 1.0], (ROWS, 2))
    elif name == "uniform":
        r = rng.uniform(-1.7, 1.7, (ROWS, 2))
    elif name == "Laplace":
        r = rng.laplace(size=(ROWS, 2))
    else:
        r = np.array([[2.0, 0], [-1, 1.5], [-1, -1.5]])[rng.integers(0, 3, ROWS)] + 0.1 * rng.normal(size=(ROWS, 2))
    r = (r - r.mean(0)) * [1.0, 0.5]
    turn = rng.uniform(0, np.pi)
    return r @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])


def _value(f: Objective, params: Any) -> float:
    terms = f.terms(params)
    return float(terms.distortion + 2 * f.scales.betas[0] * f.scales.eta_dec**2 * terms.rates[0].sum())
