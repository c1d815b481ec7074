"""How far reduced descents end above the derived minimum: consulted afterwards, never while descending."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from derivations.notation import G, Z, theta
from derivations.statements.claim import Minimiser
from derivations.theorems.cvae import cvae_learnable
from derivations.theorems.hierarchy import mhvae_fixed, mhvae_learnable_top
from derivations.theorems.vae import vae_learnable
from verify.minimise.reduced import LOWER, UPPER, Reduced
from verify.proof.structure import bound

__all__ = ["gaps", "minimum"]


def minimum(found: Reduced, spectrum: Any = None) -> Any:
    """The least F (k,), from the mode program; `spectrum` has θ (k, n), descending, else it is worked out of Z or G."""
    point = found.point
    if spectrum is None:
        spectrum = np.linalg.svd(point.values[Z if Z in point.values else G], compute_uv=False)
    claim = {Z: vae_learnable, G: cvae_learnable}[Z if Z in point.values else G].CLAIM
    if LOWER.W in point.values:
        claim = (mhvae_fixed if UPPER.sigma in point.values else mhvae_learnable_top).CLAIM
    statement = next(s for s in claim.statements if isinstance(s, Minimiser))
    modes = max(point.modes, spectrum.shape[1])
    padded = np.zeros((len(spectrum), modes))
    padded[:, : spectrum.shape[1]] = spectrum
    batch = replace(point.with_values({theta: padded}), modes=modes)
    least: np.ndarray = batch.evaluate(bound(statement))[0][:, 0]
    return least


def gaps(found: Reduced, spectrum: Any = None) -> Any:
    """(F − F*)/(1 + |F*|), (k,), of the whole loss F."""
    least = minimum(found, spectrum)
    return (found.value - least) / (1 + np.abs(least))
