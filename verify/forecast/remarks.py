"""Sentences about what in a forecast may mislead."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from verify.data.data import Floats
from verify.forecast.sampling import Sampling
from verify.forecast.spectra import Spectrum
from verify.forecast.training import Training

__all__ = ["misleading", "scale_free", "unconfirmed"]

_NEAR = 1e-9  # a relative margin this small is within the rounding of the moments


def misleading(kind: str, found: Spectrum, water_level: float, theta: Floats, margins: Floats) -> Iterator[str]:
    """Sentences about what in this forecast may mislead."""
    if not found.theta.any():
        what = "does not vary with" if kind == "vae" else "is a linear function of"
        yield f"the output {what} the input: nothing is left for a latent to encode."
    elif water_level < found.resolution:
        yield (
            f"water_level is below {found.resolution:.1g}, the rounding error of the moments:"
            " latents of smaller theta² cannot be told from collapsed ones."
        )
    rounding = np.maximum(_NEAR * theta**2, found.resolution * (theta > 0))
    with np.errstate(over="ignore"):  # what overflows is far from the threshold
        near = np.flatnonzero(abs(margins) * theta**2 < rounding) + 1
    if len(near):
        yield f"{len(near)} latent(s) lie within rounding of the threshold, the first is {near[0]}."


def unconfirmed(sampling: Sampling | None, active: int) -> Iterator[str]:
    """That fewer than half of the active latents are confirmed beyond these rows, and why."""
    if sampling is not None and 2 * sampling.at_least < active:
        noise = sampling.noise_active or 0.0
        why = f"; on noise alone about {noise:.0f} would be active in so few rows" if noise >= 1 else ""
        yield f"only {sampling.at_least} of {active} active latents are confirmed beyond these rows{why}."


def scale_free(kind: str, training: Training) -> Iterator[str]:
    """What a learnt noise means for the CVAE's collapse."""
    if training.learnt and kind == "cvae":
        yield (
            "the decoder's noise is learnt, so it does not matter for collapse how much of the output the input"
            " explains, only how what it leaves is spread over directions."
        )
