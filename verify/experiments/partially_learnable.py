"""Σ learnable on some latents only: single coordinates, a block, all; linear by descent, and ReLU networks."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment
from sympy import Identity, S

from derivations.algebra.nodes import Diagonal
from derivations.notation import D, Sigma, U, Z, d, free, lamda, omega, r, sigma, theta
from derivations.statements.claim import Domain, Optimum
from derivations.theorems.lemmas.variable_projection import reduced_fixed
from derivations.theorems.vae import partially_learnable as theorem
from derivations.theorems.vae import vae_fixed, vae_learnable
from verify.data.data import Floats
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower
from verify.evaluate.stack import Stack
from verify.experiments.expectations import Close, Ranked, SameCounts
from verify.experiments.experiment import Experiment, Problem, Reading
from verify.experiments.linear_cvae import counted
from verify.experiments.networks import EPSILON, count_directions, fit
from verify.experiments.optima import TOLERANCE
from verify.experiments.records import Quantity
from verify.experiments.theory import Scales, near_threshold
from verify.forecast.moments import second_moments
from verify.minimise import descend
from verify.minimise.objective import raw_objective
from verify.minimise.unknowns import Unknowns

__all__ = ["LINEAR", "RELU"]

LATENT = 6
SIGMA = 0.8
STARTS = 12  # spurious minima exist
_PATTERNS = {"none": 0, "one": 1, "two": 2, "half": 3, "block": 3, "all": LATENT}
_CHOSEN = Diagonal(free, d, d)
_KEPT = Diagonal(sigma**2, d, d) * (Identity(d) - _CHOSEN)
_DIAGONAL = reduced_fixed.xreplace({Sigma: theorem.S * _CHOSEN + _KEPT})
_BLOCK = reduced_fixed.xreplace({Sigma: _CHOSEN * theorem.S * _CHOSEN + _KEPT})


def _flags(pattern: str, length: int = LATENT) -> Floats:
    return (np.arange(length) < _PATTERNS[pattern]).astype(float)


def _predicted(spectrum: Floats, pattern: str, scales: Scales) -> tuple[float, Floats, Floats]:
    """(least loss, λ² of each latent, ω of each latent) of the best matching of modes to latents."""
    m, flags = len(spectrum), _flags(pattern)
    padded = np.concatenate([flags, np.ones(m - LATENT)])
    deviations = np.full((1, m), SIGMA)
    known = {theta: spectrum[None], free: padded[None], sigma: deviations, **scales.values()}
    value = float(lower(theorem.value).run(Float64(), known, {d: LATENT, D: m, r: m}, m)[0][0, 0])
    pairs = m * LATENT
    grid = {
        theta: np.repeat(spectrum, LATENT)[None],
        free: np.tile(flags, m)[None],
        sigma: np.full((1, pairs), SIGMA),
        **scales.values(),
    }
    picked = [theorem.gain, *(side.MODES[x] for side in (vae_learnable, vae_fixed) for x in (lamda, omega))]
    gain, *rest = (
        np.broadcast_to(v, (1, pairs)).reshape(m, LATENT) for v in lower(*picked).run(Float64(), grid, {}, pairs)
    )
    row, column = linear_sum_assignment(gain, maximize=True)
    learnt = flags[column] > 0
    used = gain[row, column] > 0
    squares, omegas = np.zeros(LATENT), np.zeros(LATENT)
    squares[column] = used * np.where(learnt, rest[0][row, column], rest[2][row, column]) ** 2
    omegas[column] = used * np.where(learnt, rest[1][row, column], rest[3][row, column])
    return value, squares, omegas


def _spectrum(problem: Problem) -> tuple[Floats, Floats, Floats]:
    """(outputs (rows, D), θ, a square root of E[yyᵀ])."""
    y = problem.images.varying()
    squares, frame = np.linalg.eigh(second_moments(y).B)
    squares = np.maximum(squares, 0.0)
    return y, np.sqrt(squares)[::-1], (frame * np.sqrt(squares)) @ frame.T


def _descended(loss: Any, over: dict[Any, Domain], stack: Stack, seed: int) -> tuple[dict[Any, Any], float]:
    """(the unknowns at the lowest end, its value) of descents from random starts; no reduction fits every pattern."""
    objective, width = raw_objective(stack, Optimum("", loss, over, S.Zero))
    start = np.random.default_rng([seed, 30]).normal(size=(STARTS, width)) / np.sqrt(max(stack.dims.values()))
    ends = descend(lambda x, _: objective(x, np.zeros(len(x), dtype=int)), start, tolerance=TOLERANCE)
    best = int(np.argmin(ends.value))
    return Unknowns(over, stack.dims).values(ends.x[best : best + 1]), float(ends.value[best])


def _linear(problem: Problem) -> Reading:
    _, spectrum, root = _spectrum(problem)
    pattern, beta = str(problem.at["learnable"]), float(problem.at["beta"])
    value, squares, _ = _predicted(spectrum, pattern, Scales(beta))
    flags = _flags(pattern)
    whole = pattern == "block"
    known = {Z: root[None], free: flags[None], sigma: np.full((1, LATENT), SIGMA), **Scales(beta).values()}
    over: dict[Any, Domain] = {U: Domain.MATRIX}
    if flags.any():
        over[theorem.S] = Domain.DEFINITE if whole else Domain.DIAGONAL
    dims = {D: len(root), r: len(root), d: LATENT}
    loss = _BLOCK if whole else _DIAGONAL
    known |= {} if flags.any() else {theorem.S: np.eye(LATENT)[None]}
    found, least = _descended(loss, over, Stack(dims, LATENT, known, 1), problem.seed)
    learnt = found[U][0][:, flags > 0]
    lost, zero = int(((squares == 0) & (flags > 0)).sum()), int((np.linalg.norm(learnt, axis=0) < 1e-4).sum())
    rank = counted(np.linalg.svd(learnt, compute_uv=False)) if flags.any() else 0

    def counts(factor: float) -> Any:
        squares = _predicted(spectrum, pattern, Scales(beta * factor))[1]
        return int((squares > 0).sum()), int(((squares == 0) & (flags > 0)).sum())

    active = counted(np.linalg.svd(found[U][0], compute_uv=False))
    theory: dict[str, Quantity] = {"loss": value, "active": int((squares > 0).sum()), "lost": lost}
    measured: dict[str, Quantity] = {"loss": least, "active": active, "lost": int(flags.sum()) - rank, "zero": zero}
    return Reading(theory, measured, near_threshold(counts))


def _relu(problem: Problem) -> Reading:
    y, spectrum, _ = _spectrum(problem)
    pattern, beta = str(problem.at["learnable"]), float(problem.at["beta"])
    flags = _flags(pattern)

    def predicted(factor: float) -> int:
        return int((_predicted(spectrum, pattern, Scales(beta * factor))[1] > 2 * EPSILON).sum())

    deviations = (tuple(np.where(flags > 0, 1.0, SIGMA).tolist()),)
    net = fit(
        problem, "vae", (LATENT,), Scales(beta), y, deviation=deviations, learnable=(tuple((flags > 0).tolist()),)
    )
    means = net.means()
    silent = means.var(0) <= 2 * EPSILON
    measured: dict[str, Quantity] = {"active": count_directions(means, 1.0), "zero": int(silent[flags > 0].sum())}
    return Reading(
        {"active": predicted(1.0)}, measured | {"distortion": net.distortion()}, near_threshold(predicted), net.notes
    )


_CLAIMS = ("partially-learnable", "vae-fixed", "vae-learnable")
LINEAR = Experiment(
    name="partially-learnable",
    title=f"linear VAE with Σ learnable on some of {LATENT} latents, the others fixed at σ = {SIGMA}",
    question="Which part of Σ must be learnable for a latent to collapse?",
    claims=_CLAIMS,
    axes={"beta": (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0), "learnable": tuple(_PATTERNS)},
    quick={"beta": (0.5, 1.5, 3.0, 6.0), "learnable": ("none", "one", "block", "all")},
    measure=_linear,
    expectations=(
        Close("loss", 1e-8, "descents stall between 1e-10 and 1e-8 of the loss"),
        SameCounts("active"),
        SameCounts("lost"),
    ),
    shown={"active": "active", "lost": "lost, learnable", "zero": "zero columns", "loss": "least loss"},
    latents=LATENT,
)
RELU = Experiment(
    name="partially-learnable-relu",
    title=f"ReLU VAE with Σ learnable on some of {LATENT} latents, the others fixed at σ = {SIGMA}",
    question="Do ReLU networks collapse as the matching of modes to latents says?",
    claims=_CLAIMS,
    axes={"beta": (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0), "learnable": ("none", "one", "half", "all")},
    quick={"beta": (0.5, 1.5, 2.5, 4.0, 6.0), "learnable": ("none", "half", "all")},
    measure=_relu,
    expectations=(Ranked("active", "beta"),),
    shown={"active": "active", "zero": "silent, learnable", "distortion": "distortion"},
    latents=LATENT,
)
