"""Linear optima found by reduced descents from two random starts; the known optimum is never consulted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from derivations.models.chain import build_chain
from derivations.notation import U1, W2, G, H, K, Sigma, U, V
from verify.data.data import Floats
from verify.experiments.theory import Scales
from verify.minimise import reduced

__all__ = ["STARTS", "TOLERANCE", "Found", "cvae", "mhvae", "vae"]

STARTS = 2
TOLERANCE = 1e-12  # of the scaled gradient: singular values are then good to 1e-9 but at thresholds
_LOWER, _UPPER = build_chain(2).levels


@dataclass(frozen=True)
class Found:
    """A minimum: singular values of U and V (or of U_2 and V_1), descending; deviations in the order of ω; the loss F.

    `gradient` is that of the whole matrix loss at the point, scaled as in `verify.minimise`; `spread` how far apart,
    relative, the starts ended.
    """

    omega: Floats
    lamda: Floats
    sigma: Floats
    value: float
    gradient: float
    spread: float


def vae(root: Floats, latent: int, scales: Scales, seed: int) -> Found:
    """The linear VAE with Σ learnable, of a cross moment Z = `root` (D, r)."""
    ends = reduced.vae(_twice(root), _known(scales), latent, seed, tolerance=TOLERANCE)
    return _best(ends, U, Sigma, np.linalg.norm(ends.point.values[V], axis=2))


def cvae(moments: tuple[Floats, Floats, Floats], latent: int, scales: Scales, seed: int) -> Found:
    """The linear CVAE with Σ learnable, of moments (A, B, C); V is that of the residual, W_2 times its root."""
    A, B, C = moments
    values, vectors = np.linalg.eigh(A)
    kept = values > 10 * len(A) * np.finfo(float).eps * values[-1]
    whitened = C @ (vectors[:, kept] / np.sqrt(values[kept]))  # x̃ has moment I: H = I and K = E[yx̃ᵀ]
    squares, frame = np.linalg.eigh(B - whitened @ whitened.T)
    squares = np.where(squares > 10 * len(B) * np.finfo(float).eps * np.linalg.norm(B), squares, 0.0)
    data = {H: np.eye(whitened.shape[1]), K: whitened, G: (frame * np.sqrt(squares)) @ frame.T}
    ends = reduced.cvae({X: _twice(M) for X, M in data.items()}, _known(scales), latent, seed, tolerance=TOLERANCE)
    return _best(ends, U1, Sigma, np.linalg.norm(ends.point.values[W2] @ data[G], axis=2))


def mhvae(
    root: Floats, latents: tuple[int, int], scales: Scales, deviations: tuple[float, float | None], seed: int
) -> Found:
    """The linear MHVAE with Σ_1 = σ_1²I fixed, and Σ_2 = σ_2²I fixed or (None) learnable."""
    fixed = {level.sigma: s for level, s in zip((_LOWER, _UPPER), deviations, strict=True) if s is not None}
    ends = reduced.mhvae(_twice(root), _known(scales) | fixed, latents, seed, tolerance=TOLERANCE)
    lamda = np.linalg.svd(ends.point.values[_LOWER.W], compute_uv=False)
    return _best(ends, _UPPER.U, _UPPER.Sigma, lamda)


def _twice(A: Floats) -> Floats:
    return np.repeat(A[None], STARTS, axis=0)


def _known(scales: Scales) -> dict[Any, float]:
    return {X: float(v[0, 0]) for X, v in scales.values().items()}


def _best(ends: reduced.Reduced, decoder: Any, variance: Any, lamda: Floats) -> Found:
    """The lowest end; columns of its decoder, and what belongs to them, are in ω's order already."""
    value, flat, point = ends.value, reduced.flatness(ends), ends.point.values
    k = int(np.argmin(value))
    omega = np.linalg.norm(point[decoder][k], axis=0)
    sigma = np.sqrt(np.diagonal(point[variance][k]))
    spread = float(np.ptp(value) / (1 + abs(value[k])))
    return Found(omega, lamda[k], sigma, float(value[k]), float(flat[k]), spread)
