"""Linear optima found by descent, in whitened coordinates, from random starts; the known optimum is never consulted.

The losses are those of `derivations`: with encoder and variance eliminated (lemma-variable-projection,
lemma-hierarchy-projection) where a learnable Σ may be rotated, otherwise with what is left. The point found is put back
into the whole matrix loss: its gradient there is part of the result. More than 128 outputs are descended on in their 64
leading principal directions; the whole loss is then stationary at the point, but only those directions were searched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from derivations.lemmas import hierarchy_projection as two
from derivations.lemmas import variable_projection as one
from derivations.models import cvae as conditional
from derivations.models import vae as plain
from derivations.models.chain import chain
from derivations.notation import D0, U1, U2, W1, W2, D, G, H, K, Sigma, U, V, Z, beta, d, eta_dec, eta_enc, r
from derivations.statements.claim import Domain, Optimum
from verify.data.data import Floats
from verify.evaluate.stack import Stack
from verify.minimise import descend
from verify.minimise.objective import raw_objective, slope
from verify.minimise.unknowns import Unknowns

__all__ = ["Found", "Scales", "cvae", "mhvae", "minimise", "number", "vae"]

STARTS = 2
WIDE, LEADING = 128, 64  # outputs wider than this are descended on in so many leading directions of theirs
TOLERANCE = 1e-12  # of the scaled gradient: singular values are then good to 1e-9 but at thresholds
_LOWER, _UPPER = chain(2).levels


@dataclass(frozen=True)
class Scales:
    """β (of one level, or of two), decoder noise and prior scale."""

    beta: float | tuple[float, float]
    eta_dec: float = 1.0
    eta_enc: float = 1.0

    def values(self) -> dict[Any, Any]:
        """By symbol."""
        betas = (
            {beta: self.beta}
            if not isinstance(self.beta, tuple)
            else dict(zip((_LOWER.beta, _UPPER.beta), self.beta, strict=True))
        )
        return {k: number(v) for k, v in {**betas, eta_dec: self.eta_dec, eta_enc: self.eta_enc}.items()}


@dataclass(frozen=True)
class Found:
    """Singular values, descending, of U and V (or of U_2 and V_1); deviations in ω's order; loss and how flat it is.

    `gradient` is that of the whole matrix loss at the point, scaled as in `verify.minimise`; `spread` how far apart,
    relative, the starts ended.
    """

    omega: Floats
    lamda: Floats
    sigma: Floats
    value: float
    gradient: float
    spread: float


def number(value: float) -> Any:
    """A scalar as the lowering wants it."""
    return np.array([[float(value)]])


def minimise(
    loss: Any,
    over: Mapping[Any, Domain],
    values: Mapping[Any, Any],
    dims: Mapping[Any, int],
    modes: int,
    seed: int,
    starts: int = STARTS,
) -> tuple[dict[Any, Any], float, float]:
    """(the unknowns at the lowest end, its value, how far apart the ends are) of descents from random starts."""
    batch = Stack(dims, modes, values, 1)
    objective, width = raw_objective(batch, Optimum("", loss, dict(over), sp.S.Zero))
    largest = max(int(n) for n in dims.values())
    start = np.random.default_rng([seed, 30]).normal(size=(starts, width)) / np.sqrt(largest)
    ends = descend(lambda x, _: objective(x, np.zeros(len(x), dtype=int)), start, tolerance=TOLERANCE)
    best = int(np.argmin(ends.value))
    spread = float(np.ptp(ends.value) / (1 + abs(ends.value[best])))
    return Unknowns(over, dims).values(ends.x[best : best + 1]), float(ends.value[best]), spread


def _flatness(loss: Any, domains: Mapping[Any, Domain], batch: Stack) -> float:
    """‖g‖_∞·max(1, ‖x‖_∞)/(1 + |F|) of a whole loss in free numbers."""
    unknowns = Unknowns(domains, batch.dims)
    value, *gradients = batch.evaluate(loss, *(slope(loss, X) for X in domains))
    x = unknowns.raw({X: batch.values[X] for X in domains})
    g = unknowns.pull(x, gradients)
    return float(np.abs(g).max() * max(1.0, np.abs(x).max()) / (1 + abs(float(value[0, 0]))))


def vae(root: Floats, latent: int, scales: Scales, seed: int) -> Found:
    """The linear VAE with Σ learnable, of a cross moment Z = `root` (D, r)."""
    point, value, spread = _vae_point(root, latent, scales, seed)
    domains = {U: Domain.MATRIX, V: Domain.MATRIX, Sigma: Domain.DIAGONAL}
    return _of_vae(point, value, _flatness(plain.loss, domains, point), spread)


def _vae_point(root: Floats, latent: int, scales: Scales, seed: int) -> tuple[Stack, float, float]:
    dims = {D: root.shape[0], r: root.shape[1], d: latent}
    known = {Z: root[None], **scales.values()}
    small, lift = _leading(root, latent, seed)
    few = {D: small.shape[0], r: small.shape[1], d: latent}
    found, value, spread = minimise(
        one.reduced_learnable, {U: Domain.MATRIX}, known | {Z: small[None]}, few, latent, seed
    )
    decoder = lift @ found[U][0]
    turned = decoder @ np.linalg.eigh(decoder.T @ decoder)[1][:, ::-1]  # Σ full: z may be rotated until Σ is diagonal
    batch = Stack(dims, latent, {**known, U: turned[None]}, 1)
    return batch.define({V: one.best_encoder, Sigma: one.best_variance}), value, spread


def _leading(root: Floats, latent: int, seed: int) -> tuple[Floats, Floats]:
    """(what is descended on, how its outputs lie in the whole): all of it, or of wide data the leading directions.

    The directions are turned at random, so that no start is aligned with a mode.
    """
    if root.shape[0] <= WIDE:
        return root, np.eye(root.shape[0])
    frame, theta, _ = np.linalg.svd(root)
    count = min(len(theta), max(LEADING, 2 * latent))
    turn = np.linalg.qr(np.random.default_rng([seed, 31]).normal(size=(count, count)))[0]
    return (turn * theta[:count]) @ turn.T, frame[:, :count] @ turn.T


def _of_vae(point: Stack, value: float, gradient: float, spread: float) -> Found:
    omega = np.linalg.norm(point.values[U][0], axis=0)
    lamda = np.linalg.norm(point.values[V][0], axis=1)
    sigma = np.sqrt(np.diagonal(point.values[Sigma][0]))
    order = np.argsort(-omega, kind="stable")
    return Found(omega[order], lamda[order], sigma[order], value, gradient, spread)


def cvae(moments: tuple[Floats, Floats, Floats], latent: int, scales: Scales, seed: int) -> Found:
    """The linear CVAE with Σ learnable, of moments (A, B, C): its residual's VAE, put back into its own loss."""
    A, B, C = moments
    values, vectors = np.linalg.eigh(A)
    kept = values > 10 * len(A) * np.finfo(float).eps * values[-1]
    whitened = C @ (vectors[:, kept] / np.sqrt(values[kept]))  # x̃ has moment I: H = I and K = E[yx̃ᵀ]
    squares, frame = np.linalg.eigh(B - whitened @ whitened.T)
    squares = np.where(squares > 10 * len(B) * np.finfo(float).eps * np.linalg.norm(B), squares, 0.0)
    residual = (frame * np.sqrt(squares)) @ frame.T
    point, value, spread = _vae_point(residual, latent, scales, seed)
    inverse = (frame * np.divide(1.0, np.sqrt(squares), out=np.zeros_like(squares), where=squares > 0)) @ frame.T
    upper = point.values[V][0] @ inverse
    data = {H: np.eye(whitened.shape[1])[None], K: whitened[None], G: residual[None]}
    whole = data | {
        U1: point.values[U],
        U2: whitened[None],
        W2: upper[None],
        W1: -(upper @ whitened)[None],
        Sigma: point.values[Sigma],
    }
    dims = {D: len(B), D0: whitened.shape[1], d: latent}
    batch = Stack(dims, latent, {**whole, **scales.values()}, 1)
    domains = dict.fromkeys((U1, U2, W1, W2), Domain.MATRIX) | {Sigma: Domain.DIAGONAL}
    return _of_vae(point, value, _flatness(conditional.loss, domains, batch), spread)


def mhvae(
    root: Floats, latents: tuple[int, int], scales: Scales, deviations: tuple[float, float | None], seed: int
) -> Found:
    """The linear MHVAE with Σ_1 = σ_1²I fixed, and Σ_2 = σ_2²I fixed or (None) learnable."""
    dims = {D: root.shape[0], r: root.shape[1], _LOWER.d: latents[0], _UPPER.d: latents[1]}
    first, second = deviations
    known = {Z: root[None], _LOWER.Sigma: first**2 * np.eye(latents[0])[None], **scales.values()}
    best = dict(two.best)
    if second is not None:
        known[_UPPER.Sigma] = second**2 * np.eye(latents[1])[None]
        del best[_UPPER.Sigma]
    loss = two.reduced if second is None else chain(2).loss.xreplace(best)
    over = {_LOWER.W: Domain.MATRIX, _UPPER.U: Domain.MATRIX}
    found, value, spread = minimise(loss, over, known, dims, max(latents), seed)
    decoder = found[_UPPER.U][0]
    turned = decoder @ np.linalg.eigh(decoder.T @ decoder)[1][:, ::-1]
    batch = Stack(dims, max(latents), {**known, _LOWER.W: found[_LOWER.W], _UPPER.U: turned[None]}, 1).define(best)
    domains = dict.fromkeys((_LOWER.U, _LOWER.W, _UPPER.U, _UPPER.W), Domain.MATRIX)
    if second is None:
        domains[_UPPER.Sigma] = Domain.DIAGONAL
    sigma = np.sqrt(np.diagonal(batch.values[_UPPER.Sigma][0]))
    omega = np.linalg.norm(turned, axis=0)
    order = np.argsort(-omega, kind="stable")
    lamda = np.linalg.svd(found[_LOWER.W][0], compute_uv=False)
    return Found(omega[order], lamda, sigma[order], value, _flatness(chain(2).loss, domains, batch), spread)
