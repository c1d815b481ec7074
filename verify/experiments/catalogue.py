"""All experiments by name."""

from __future__ import annotations

import difflib

from verify.errors import InputError
from verify.experiments import linear_cvae, linear_mhvae
from verify.experiments.experiment import Experiment

__all__ = ["EXPERIMENTS", "experiment"]

EXPERIMENTS: tuple[Experiment, ...] = (
    linear_cvae.CORRELATION,
    linear_cvae.BETA,
    linear_cvae.BY_CLASS,
    linear_mhvae.BETA_2,
)


def experiment(name: str) -> Experiment:
    """The experiment of that name.

    Raises:
        InputError: there is none.
    """
    known = {e.name: e for e in EXPERIMENTS}
    if name not in known:
        near = difflib.get_close_matches(name.lower().replace("_", "-"), known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else "see 'collapse-audit experiment --list'."
        raise InputError(f"there is no experiment {name!r}; {hint}")
    return known[name]
