"""All experiments by name."""

from __future__ import annotations

import difflib

from verify.errors import InputError
from verify.experiments import (
    binary_onset,
    generality,
    initial_variance,
    likelihood,
    linear_cvae,
    linear_mhvae,
    partially_learnable,
    relu_cvae,
    relu_mhvae,
    relu_vae,
)
from verify.experiments.experiment import Experiment

__all__ = ["EXPERIMENTS", "experiment"]

EXPERIMENTS: tuple[Experiment, ...] = (
    linear_cvae.CORRELATION,
    linear_cvae.BETA,
    linear_cvae.BY_CLASS,
    linear_mhvae.BETA_2,
    relu_vae.VARIANCE,
    relu_cvae.BETA_ETA,
    relu_mhvae.BETAS,
    relu_mhvae.ETA,
    partially_learnable.LINEAR,
    partially_learnable.RELU,
    initial_variance.FLOW,
    initial_variance.RELU,
    likelihood.LIKELIHOOD,
    generality.GENERALITY,
    binary_onset.BINARY_ONSET,
)


def experiment(name: str) -> Experiment:
    """The experiment of that name.

    Raises:
        InputError: there is none.
    """
    known = {e.name: e for e in EXPERIMENTS}
    if name not in known:
        near = difflib.get_close_matches(name.lower().replace("_", "-"), known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}."
        raise InputError(f"there is no experiment {name!r}; {hint}")
    return known[name]
