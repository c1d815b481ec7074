"""Bernoulli and Poisson VAEs with ξ linear in z: where the first latent appears in training, and how many follow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from verify.data.data import Floats
from verify.data.datasets import Images
from verify.experiments.expectations import Monotone, Ranked, Shown, place
from verify.experiments.experiment import Experiment, Problem, Reading
from verify.experiments.records import Cell
from verify.forecast.score_spectrum import measured_spectrum
from verify.forecast.scores import RARE
from verify.networks.logits import LogitLinear

__all__ = ["BINARY_ONSET"]

LATENT = 8
EPSILON = 1e-3  # nats: 2 % below the onset the first latent carries about 0.01
_ROWS, _STEPS, _ORDER = {True: 400, False: 800}, {True: 800, False: 1500}, 8


def _outputs(images: Images, likelihood: str, rows: int) -> Floats:
    """Pixels above half of full ink, or as counts; without those that are above 0 (or below) in fewer than 1 %."""
    pixels = images.pixels[:rows] / images.scale + images.mean
    y = pixels > images.peak / 2 if likelihood == "bernoulli" else np.rint(16 * pixels / images.peak)
    share = (y > 0).mean(0)
    often = (share >= RARE) & ((share <= 1 - RARE) | (likelihood == "poisson"))
    return y[:, often].astype(float)


def _measure(problem: Problem) -> Reading:
    likelihood = str(problem.at["likelihood"])
    y = _outputs(problem.images, likelihood, _ROWS[problem.quick])
    values = measured_spectrum(y, likelihood, None).values
    beta = float(problem.at["level"]) * float(values[0])
    # Scaled, because descent depends on units; the span of the features, and with it the optimum, does not.
    net = LogitLinear(likelihood, y, (y - y.mean(0)) / y.std(0), LATENT, beta, _ORDER)
    start, D = net.collapsed(), y.shape[1]
    start[D:] += 0.1 * np.random.default_rng([problem.seed, 17]).normal(size=start.size - D)
    kl = net.rates(net.trained(start, _STEPS[problem.quick]))

    def estimate(factor: float) -> int:
        return int((values[:LATENT] > factor * beta).sum())

    near = estimate(0.99) != estimate(1.01)
    theory = {"active": estimate(1.0), "beta": beta}
    return Reading(theory, {"active": int((kl > EPSILON).sum()), "kl": float(kl.sum())}, near)


def _met(cells: Sequence[Cell]) -> tuple[bool, str, tuple[str, ...]]:
    """Whether latents are active below λ_1, and none above."""
    wrong = tuple(
        f"{place(c)}: {c.measured['active']} active"
        for c in cells
        if (int(c.measured["active"]) > 0) != (float(c.at["level"]) < 1)  # type: ignore[arg-type]
    )
    closest = min(abs(float(c.at["level"]) - 1) for c in cells)
    return not wrong, f"{len(cells) - len(wrong)} of {len(cells)} settings, the closest {closest:.0%} from it", wrong


def _counted(cells: Sequence[Cell]) -> tuple[bool, str, tuple[str, ...]]:
    """Whether estimates are off by more than a latent or two; those that are off at all are listed."""
    off = {place(c): int(c.measured["active"]) - int(c.theory["active"]) for c in cells}  # type: ignore[arg-type]
    wrong = tuple(f"{where}: {more:+d} than estimated" for where, more in off.items() if more)
    least, most = min(off.values()), max(off.values())
    found = f"{len(off) - len(wrong)} of {len(off)} exact, off by {least:+d} to {most:+d}"
    return max(-least, most) <= 2, found, wrong


BINARY_ONSET = Experiment(
    name="binary-onset",
    title="the onset of collapse for binary outputs and counts",
    question="Does the first latent appear at λ_1 of the score matrix, and is the number of eigenvalues above β a fair "
    "estimate of how many are active?",
    claims=("score-threshold",),
    axes={"level": (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.98, 1.02, 1.2), "likelihood": ("bernoulli", "poisson")},
    quick={"level": (0.4, 0.6, 0.8, 0.98, 1.02), "likelihood": ("bernoulli", "poisson")},
    measure=_measure,
    expectations=(
        Shown("latents are active below λ_1 and not above", "at every setting, 2 % from it too", _met),
        Ranked("active", "level"),
        Monotone("kl", "level", falls=True),
        Shown("eigenvalues above β are about as many as active latents", "within 2", _counted),
    ),
    shown={"active": "active", "kl": "KL (nats)"},
    latents=LATENT,
)
