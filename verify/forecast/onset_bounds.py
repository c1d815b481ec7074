"""What is known of complete collapse beyond its stability: from which β on it is optimal, and what is lost to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from derivations.models.likelihoods import (
    CATEGORICAL,
    entropy,
    freedom,
    growth,
    largest,
    memorised,
    rows_entropy,
    shared_bound,
)
from derivations.theorems.likelihoods import bernoulli_bifurcation as bifurcation
from derivations.theorems.likelihoods import (
    collapse_entropy_floor,
    discrete_fixed_variance_global,
    discrete_shared_variance_global,
)
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower
from verify.forecast.onsets import Bound
from verify.forecast.score_spectrum import ScoreSpectrum

__all__ = ["bounds_on_optimality", "evaluated", "gain_below"]

CLOSE = 0.1  # below λ_1, relative: nearer than that the leading order is the gain to a few percent


def gain_below(found: ScoreSpectrum, likelihood: str, level: float) -> float | None:
    """What the first latent is worth just below a simple λ_1, nats per row (`bernoulli-bifurcation`)."""
    first, second = (float(x) for x in (*found.values, 0.0)[:2])
    below = 1 - level / first
    known = bifurcation.KAPPA.get(likelihood)
    if known is None or found.scores.grey or not 0 < below <= CLOSE or second >= level:
        return None
    return evaluated(
        bifurcation.gained, {largest: first, bifurcation.parts: known / found.outputs, bifurcation.delta: below}
    )


def bounds_on_optimality(
    found: ScoreSpectrum, likelihood: str, threshold: float, least: float | None, unit: float
) -> Iterator[Bound]:
    """What is known of collapse as a global minimum, in the script's β."""
    if likelihood not in ("bernoulli", CATEGORICAL):
        return
    total, R = float(found.scores.entropy or 0.0), float(found.scores.freedom)
    if least is None:
        claim = discrete_shared_variance_global.CLAIM
        values = {freedom: R, largest: float(found.values[0]), growth: float(np.exp(2 * total / R))}
        known = evaluated(shared_bound, values)
    else:
        claim, known = discrete_fixed_variance_global.CLAIM, threshold
    yield Bound(claim=claim.id, expected=str(claim.expected), optimal_from=known / unit, beaten_below=None)
    if not found.scores.grey:
        claim = collapse_entropy_floor.CLAIM
        beaten = evaluated(memorised, {entropy: total, rows_entropy: found.rows_entropy})
        outputs = found.scores.outputs / unit
        yield Bound(claim=claim.id, expected=str(claim.expected), optimal_from=outputs, beaten_below=beaten / unit)


def evaluated(e: Any, values: dict[Any, float]) -> float:
    """A formula at numbers."""
    rows = {symbol: np.full((1, 1), value) for symbol, value in values.items()}
    return float(np.asarray(lower(e).run(Float64(), rows, {}, 1)[0])[0, 0])
