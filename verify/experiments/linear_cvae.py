"""Linear CVAEs: against correlation, against β, and class by class; descents beside Theorem 2."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from verify.data.data import Floats
from verify.errors import InputError
from verify.experiments.expectations import Close, Monotone, Ranked, SameCounts, Shown
from verify.experiments.experiment import Experiment, Problem, Reading
from verify.experiments.optima import Found, cvae
from verify.experiments.records import Cell
from verify.experiments.theory import Modes, Scales, learnable_vae, near_threshold
from verify.forecast.moments import second_moments
from verify.forecast.spectra import spectrum

__all__ = ["BETA", "BY_CLASS", "CORRELATION", "EXACT", "counted", "linear_reading"]

LATENT = 16
EXACT = 1e-6
_REASON = "the descents' round-off"
_ZERO = 1e-4  # of 1 and the largest: 1 % above its threshold a mode's ω is a tenth of √w


def counted(values: Floats) -> int:
    """How many singular values are not 0."""
    return int((values > _ZERO * max(1.0, float(values.max(initial=0.0)))).sum())


def linear_reading(modes: Modes, found: Found, near: bool, **more: Any) -> Reading:
    """Singular values and counts of a one-level model, side by side."""

    def side(x: Any, active: int) -> dict[str, Any]:
        return {
            "active": active,
            "omega": tuple(map(float, x.omega)),
            "lambda": tuple(map(float, x.lamda)),
            "sigma": tuple(map(float, x.sigma)),
        }

    measured = side(found, counted(found.omega)) | {"gradient": found.gradient, "spread": found.spread} | more
    return Reading(side(modes, modes.active), measured, near)


def _compared(
    moments: tuple[Floats, Floats, Floats], theta: Floats, beta: float, latent: int, seed: int, **more: Any
) -> Reading:
    found = cvae(moments, latent, Scales(beta), seed)
    near = near_threshold(lambda factor: learnable_vae(theta, latent, Scales(beta * factor)).active)
    return linear_reading(learnable_vae(theta, latent, Scales(beta)), found, near, **more)


def _correlation(problem: Problem) -> Reading:
    """X = ρy + √(1−ρ²)n with E[nnᵀ] = B and E[ynᵀ] = 0: moments as of infinitely many rows; ρ = 1 is x = y."""
    y = problem.images.varying()
    B = second_moments(y).B
    rho, beta = float(problem.at["rho"]), float(problem.at["beta"])
    theta = np.sqrt(np.maximum(np.linalg.eigvalsh((1 - rho**2) * B)[::-1], 0.0))
    return _compared((B, B, rho * B), theta, beta, LATENT, problem.seed)


def _halves(problem: Problem, rows: Any = slice(None)) -> tuple[tuple[Floats, Floats, Floats], Floats, float]:
    """Moments (A, B, C) given the lower-left quarter, θ of the residual, and the share that the quarter explains."""
    images = problem.images
    given = images.quarter()
    y, x = images.pixels[rows][:, ~given], images.pixels[rows][:, given]
    y, x = (part[:, np.ptp(part, axis=0) > 0] for part in (y, x))
    moments = second_moments(y, x)
    assert moments.A is not None and moments.C is not None  # noqa: PT018 - there is an input
    theta = spectrum(moments, "cvae").theta
    return (moments.A, moments.B, moments.C), theta, 1 - float((theta**2).sum() / np.trace(moments.B))


def _beta(problem: Problem) -> Reading:
    moments, theta, _ = _halves(problem)
    return _compared(moments, theta, float(problem.at["beta"]), LATENT, problem.seed)


def _by_class(problem: Problem) -> Reading:
    """One class; its outputs at their own scale, or scaled to one total variance so that only correlation differs."""
    images, label = problem.images, int(problem.at["class"])
    rows = np.flatnonzero(images.labels == label)
    if len(rows) < 2 * LATENT:
        raise InputError(f"{images.name} has {len(rows)} rows of class {label}; {LATENT} latents need {2 * LATENT}.")
    (A, B, C), theta, share = _halves(problem, rows)
    factor = TOTAL / float(np.trace(B)) if problem.at["variance"] == "same" else 1.0
    moments, theta = (A, factor * B, factor**0.5 * C), factor**0.5 * theta
    reading = _compared(
        moments, theta, float(problem.at["beta"]), LATENT, problem.seed, explained=share, rows=len(rows)
    )
    collapsed = [LATENT - int(side["active"]) for side in (reading.theory, reading.measured)]  # type: ignore[arg-type]
    return Reading(
        {**reading.theory, "collapsed": collapsed[0]}, {**reading.measured, "collapsed": collapsed[1]}, reading.near
    )


TOTAL = 20.0  # about what a class has


def _most_correlated(cells: Sequence[Cell]) -> tuple[bool, str, tuple[str, ...]]:
    """At one total variance, over all β: does the class whose quarter explains most have most latents collapsed?"""
    from scipy.stats import spearmanr

    share: dict[Any, float] = {}
    gone: dict[str, dict[Any, int]] = {"same": {}, "own": {}}
    for cell in cells:
        kind, label = str(cell.at["variance"]), cell.at["class"]
        share[label] = float(cell.measured["explained"])  # type: ignore[arg-type]
        gone[kind][label] = gone[kind].get(label, 0) + int(cell.measured["collapsed"])  # type: ignore[arg-type]
    top = max(share, key=share.__getitem__)
    order = sorted(share)
    rho = {
        kind: float(spearmanr([share[k] for k in order], [count[k] for k in order]).statistic)
        for kind, count in gone.items()
    }
    same, most = gone["same"], max(gone["same"].values())
    found = f"class {top} (explained {share[top]:.2f}) has {same[top]} over all β, the most of any class is {most}"
    other = max(gone["own"], key=gone["own"].__getitem__)
    apart = f"at its own scale class {other} (explained {share[other]:.2f}) has most: variance counts, too"
    return (
        same[top] == most,
        f"{found}; ρ = {rho['same']:.2f}, at its own scale {rho['own']:.2f}",
        ((apart,) if other != top else ()),
    )


_LINEAR = tuple(Close(key, EXACT, _REASON) for key in ("omega", "lambda", "sigma"))
_SHOWN = {"active": "active", "omega": "ω"}

CORRELATION = Experiment(
    name="linear-cvae-correlation",
    title="linear CVAE against the correlation of input and output",
    question="Does a more correlated input collapse more latents?",
    claims=("cvae-learnable", "cvae-correlation", "cvae-residual-reduction"),
    axes={"rho": (0.0, 0.125, 0.25, 0.5, 1.0), "beta": (0.25, 0.5, 1.0, 2.0)},
    quick={"rho": (0.0, 0.125, 0.25, 0.5, 1.0), "beta": (1.0,)},
    measure=_correlation,
    expectations=(*_LINEAR, SameCounts("active"), Monotone("active", "rho", falls=True)),
    shown=_SHOWN,
    latents=LATENT,
)
BETA = Experiment(
    name="linear-cvae-beta",
    title="linear CVAE against β, the lower-left quarter given",
    question="Where along β do singular values reach 0?",
    claims=("cvae-learnable", "cvae-residual-reduction"),
    axes={"beta": (0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.3, 1.7, 2.2, 3.0, 4.0, 5.0)},
    quick={"beta": (0.1, 0.3, 0.6, 1.0, 1.7, 3.0, 5.0)},
    measure=_beta,
    expectations=(*_LINEAR, SameCounts("active"), Monotone("active", "beta", falls=True), Ranked("active", "beta")),
    shown=_SHOWN,
    latents=LATENT,
)
BY_CLASS = Experiment(
    name="cvae-by-class",
    title="linear CVAE of each class by itself, the lower-left quarter given",
    question="Does the class whose two parts correlate most collapse most?",
    claims=("cvae-learnable", "cvae-residual-reduction"),
    axes={"class": tuple(range(10)), "beta": (0.1, 0.25, 0.5, 1.0), "variance": ("same", "own")},
    quick={"class": tuple(range(10)), "beta": (0.25, 0.5), "variance": ("same", "own")},
    measure=_by_class,
    expectations=(
        *_LINEAR,
        SameCounts("active"),
        Shown(
            "the most correlated class collapses most",
            "its count is the largest, all classes scaled to one total variance",
            _most_correlated,
        ),
    ),
    shown={"collapsed": "collapsed", "explained": "explained"},
    latents=LATENT,
)
