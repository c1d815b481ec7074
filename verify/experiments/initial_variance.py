"""The boundary of complete collapse in (β, initial encoder variance): whether the start matters, and why it seems to.

Gradient flow of the leading mode starts next to the collapsed point, at deviation σ(0), on its growing direction. It
grows at first iff θ_1² > βc²σ(0)² and stays away iff θ_1² > βη_dec²; between the two it grows, then returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import sympy as sp
from scipy.integrate import solve_ivp

from derivations.notation import beta, c, lamda, omega, sigma, theta, water_level
from derivations.theorems.landscape import gradient_flow_escape as theorem
from verify.data.data import Floats
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower
from verify.experiments.expectations import Ranked, SameCounts, Shown
from verify.experiments.experiment import Experiment, Problem, Reading
from verify.experiments.networks import count_latents, fit
from verify.experiments.records import Cell
from verify.experiments.theory import Scales, learnable_vae, near_threshold, number
from verify.forecast.moments import second_moments
from verify.forecast.spectra import spectrum

__all__ = ["FLOW", "RELU"]

LATENT = 8
_SLOPES = tuple(sp.diff(theorem.mode, x) for x in (omega, lamda, sigma))
_SIGN = theta**2 > beta * c**2 * sigma**2
_FAST = theorem.rates(sigma)[0]
_DIRECTION = (2 * sigma**2 + _FAST) / (2 * theta)  # λ/ω on the growing direction
_SMALL = 1e-3


def _evaluate(scales: Scales, leading: float, deviation: Any, *expressions: Any, **more: Any) -> list[float]:
    known = {**scales.values(), theta: number(leading), sigma: number(deviation)}
    known |= {{"omega": omega, "lamda": lamda}[k]: number(v) for k, v in more.items()}
    return [float(np.asarray(v).ravel()[0]) for v in lower(*expressions).run(Float64(), known, {}, 1)]


def _flow(problem: Problem) -> Reading:
    y = problem.images.varying()
    leading = float(spectrum(second_moments(y), "vae").theta[0])
    scales, start = Scales(float(problem.at["beta"])), float(problem.at["sigma_0"])
    grows, stays, ratio = _evaluate(scales, leading, start, _SIGN, theta**2 > water_level, _DIRECTION)
    (settled,) = _evaluate(scales, leading, scales.eta_enc, _FAST)
    begin = np.array([_SMALL, _SMALL * abs(ratio), start])
    path = _path(scales, leading, begin, 60 / abs(settled))
    size = np.abs(path[0] * path[1])
    near = near_threshold(lambda f: leading**2 > scales.eta_dec**2 * float(problem.at["beta"]) * f)
    return Reading(
        {"grows": int(grows), "stays": int(stays)},
        {"grows": int(size[1] > size[0]), "stays": int(size[-1] > 100 * size[0]), "peak": float(size.max() / size[0])},
        near or abs(leading**2 / (float(problem.at["beta"]) * start**2) - 1) < 0.01,
    )


def _path(scales: Scales, leading: float, begin: Floats, horizon: float) -> Floats:
    """ω, λ and σ (3, times) along the flow −∂F from `begin`, up to the time `horizon`."""
    plan, known = lower(*_SLOPES), {**scales.values(), theta: number(leading)}

    def slope(_: float, x: Floats) -> Floats:
        at = known | {symbol: number(v) for symbol, v in zip((omega, lamda, sigma), x, strict=True)}
        return np.array([-float(np.asarray(v).ravel()[0]) for v in plan.run(Float64(), at, {}, 1)])

    times = np.concatenate([[0.0], np.geomspace(1e-6, horizon, 400)])
    return np.asarray(solve_ivp(slope, (0, horizon), begin, method="LSODA", rtol=1e-8, atol=1e-13, t_eval=times).y)


def _relu(problem: Problem) -> Reading:
    y, level = problem.images.varying(), float(problem.at["beta"])
    modes = spectrum(second_moments(y), "vae").theta
    start = float(problem.at["sigma_0"])
    net = fit(problem, "vae", (LATENT,), Scales(level), y, deviation=start)
    kl = net.rates()[0]

    def predicted(factor: float) -> int:
        return count_latents(learnable_vae(modes, LATENT, Scales(level * factor)).kl)

    best = learnable_vae(modes, LATENT, Scales(level)).kl
    theory = {"active": predicted(1.0), "kl": float(np.sum(best))}  # type: ignore[arg-type]
    measured = {"active": count_latents(kl), "kl": float(kl.sum())}
    return Reading(theory, measured, near_threshold(predicted), net.notes)


def _same_boundary(cells: Sequence[Cell]) -> tuple[bool, str, tuple[str, ...]]:
    """Whether complete collapse begins at the same β from every start; and by how much counts differ."""
    by_beta: dict[Any, list[int]] = {}
    for cell in cells:
        by_beta.setdefault(cell.at["beta"], []).append(int(cell.measured["active"]))  # type: ignore[arg-type]
    gone = {level: {count == 0 for count in counts} for level, counts in by_beta.items()}
    ranges = tuple(
        f"β = {level:g}: {min(counts)} to {max(counts)} active, by σ(0)" for level, counts in by_beta.items()
    )
    apart = max(max(counts) - min(counts) for counts in by_beta.values())
    first = [level for level, states in gone.items() if states == {True}]
    text = f"everything is gone from β = {min(first):g} on" if first else "not everything is gone at any β"
    return all(len(s) == 1 for s in gone.values()), f"{text}; counts differ by at most {apart}", ranges


def _transient(cells: Sequence[Cell]) -> tuple[bool, str, tuple[str, ...]]:
    """Whether collapsed modes that grow at first really leave a tenfold trace, and how large it gets."""
    grown = [c for c in cells if c.theory["grows"] and not c.theory["stays"] and not c.near]
    peaks = [float(c.measured["peak"]) for c in grown]  # type: ignore[arg-type]
    back = [c for c in grown if not c.measured["stays"]]
    text = f"{len(back)} of {len(grown)} return, after growing up to {max(peaks, default=0):.3g}-fold"
    return bool(grown) and len(back) == len(grown) and min(peaks) > 1, text, ()


FLOW = Experiment(
    name="initial-variance",
    title="gradient flow of the leading mode from deviation σ(0), next to complete collapse",
    question="Does the encoder's starting variance decide whether everything collapses?",
    claims=("gradient-flow-escape", "no-spurious-minima"),
    axes={
        "beta": (0.5, 1.0, 2.0, 3.0, 4.0, 4.5, 4.9, 5.1, 5.5, 6.5, 8.0, 12.0),
        "sigma_0": (0.1, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0),
    },
    quick={"beta": (1.0, 3.0, 4.5, 5.5, 8.0), "sigma_0": (0.1, 0.5, 1.0, 2.0)},
    measure=_flow,
    expectations=(
        SameCounts("grows"),
        SameCounts("stays"),
        Shown("collapsed modes that grow at first return", "all of them", _transient),
    ),
    shown={"stays": "stays away", "grows": "grows at first", "peak": "largest growth"},
    latents=1,
)
RELU = Experiment(
    name="initial-variance-relu",
    title="ReLU VAE trained from deviation σ(0)",
    question="Does the starting variance move the boundary of collapse for a ReLU network?",
    claims=("gradient-flow-escape", "vae-collapse-threshold"),
    axes={"beta": (0.5, 1.0, 2.0, 3.0, 4.0, 5.5), "sigma_0": (0.1, 0.3, 1.0, 2.0)},
    quick={"beta": (1.0, 2.5, 5.5), "sigma_0": (0.1, 1.0, 2.0)},
    measure=_relu,
    expectations=(
        Ranked("active", "beta"),
        Shown("complete collapse begins at the same β from every σ(0)", "at every β of the grid", _same_boundary),
    ),
    shown={"active": "active", "kl": "KL (nats)"},
    latents=LATENT,
)
