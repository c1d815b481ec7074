"""Stacks of linear VAEs, CVAEs and MHVAEs minimised by reduced descent, each put back into its whole matrix loss.

Linear blocks, Σ and rotations are eliminated (lemma-variable-projection, lemma-hierarchy-projection; a diagonal Σ by
Hadamard's inequality), the rest is scaled by the data (`whitened`) and descended on from random starts. No optimum is
consulted: neither start, nor end, nor what counts as converged depends on one. Values are those of the whole loss at
the whole point, so that a wrong elimination cannot lower them; `raw` descends that loss itself, for a sample.
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
from derivations.notation import D0, U1, U2, W1, W2, D, G, H, K, Sigma, U, V, Z, beta, c, d, eta_dec, r, water_level
from derivations.statements.claim import Domain, Optimum
from verify.evaluate.stack import Stack
from verify.minimise.columns import Ends, minimised
from verify.minimise.combined import descend
from verify.minimise.objective import raw_objective
from verify.minimise.whitened import Hierarchy, Vae, whitened

__all__ = ["GAP", "Reduced", "cvae", "mhvae", "raw", "vae"]

GAP = 1e-10
"""To which values are good, relative to 1 + |F|."""

TOLERANCE = 3e-8
"""Of the gradient of a loss of size 1: on a quartic threshold, the flattest end there is, what is left is below GAP."""

SPREAD = 0.75
"""Of a start's entries, times √n: its singular values are below 1.5 then, those of the scaled minimisers below 1."""

LOWER, UPPER = chain(2).levels


@dataclass(frozen=True)
class Reduced:
    """Ends of k descents: `point` has the data and every unknown of the whole loss F (of η_dec²·2 nats), by symbol.

    `value` (k,) is F at the point, `reduced` (k,) the reduced loss that was descended on, in F's units: they agree to
    round-off or the reduction is wrong. `gradient` (k,) is that of the scaled loss, `steps` (k,) how many it took,
    `stalled` (k,) whether it ended above TOLERANCE: undecided then. Stack do not depend on one another.
    """

    loss: Any
    domains: Mapping[Any, Domain]
    point: Stack
    value: Any
    reduced: Any
    gradient: Any
    steps: Any
    stalled: Any


def vae(root: Any, scales: Mapping[Any, Any], latent: int, seed: int = 0) -> Reduced:
    """Linear VAEs, Σ diagonal and learnable, of cross moments Z = `root` (k, D, r).

    `scales` has (k,) or single numbers for β, η_dec and η_enc, by symbol of `derivations.notation`.
    """
    known = _columns(scales, len(root))
    dims = {D: root.shape[1], r: root.shape[2], d: latent}
    decoder, ends, value = _decoders(root @ root.mT, known, dims, seed)
    batch = _batch(dims, latent, {Z: root, **known, U: decoder})
    batch = batch.define({V: one.best_encoder, Sigma: one.best_variance})
    domains = {U: Domain.MATRIX, V: Domain.MATRIX, Sigma: Domain.DIAGONAL}
    return _reduced(plain.loss, domains, batch, value, ends)


def cvae(data: Mapping[Any, Any], scales: Mapping[Any, Any], latent: int, seed: int = 0) -> Reduced:
    """Linear CVAEs, Σ diagonal and learnable, of the data of `derivations.models.cvae`: H (k, D_0, D_0) with
    E[xxᵀ] = HHᵀ, K (k, D, D_0) with E[yxᵀ] = KHHᵀ, and G (k, D, D), GGᵀ the conditional second moment of y.
    """
    known = _columns(scales, len(data[G]))
    dims = {D: data[G].shape[1], D0: data[H].shape[1], d: latent}
    decoder, ends, value = _decoders(data[G] @ data[G].mT, known, dims, seed)
    # Its VAE is that of the residual: Z = G and V = W_2G.
    best = {
        Sigma: one.best_variance.xreplace({U: U1}),
        W2: (one.Q.inverse() * U.T).xreplace({U: U1}),
        U2: K,
        W1: -W2 * K,
    }
    batch = _batch(dims, latent, {**data, **known, U1: decoder}).define(best)
    domains = dict.fromkeys((U1, U2, W1, W2), Domain.MATRIX) | {Sigma: Domain.DIAGONAL}
    return _reduced(conditional.loss, domains, batch, value, ends)


def mhvae(root: Any, scales: Mapping[Any, Any], latents: tuple[int, int], seed: int = 0) -> Reduced:
    """Linear MHVAEs of two latents, Σ_1 = σ_1²I fixed, Σ_2 diagonal and learnable, of Z = `root` (k, D, r).

    `scales` has β_1, β_2, η_dec, η_enc and σ_1, the levels' own symbols (`LOWER.beta`, `UPPER.beta`, `LOWER.sigma`).
    """
    known = _columns(scales, len(root))
    dims = {D: root.shape[1], r: root.shape[2], LOWER.d: latents[0], UPPER.d: latents[1]}
    given = _batch(dims, max(latents), {Z: root, **known})
    water, stiffness, floor = _evaluated(given, UPPER.beta * eta_dec**2, LOWER.beta * LOWER.sigma**2, UPPER.beta * c**2)
    sigma = known[LOWER.sigma][:, 0]
    L, C = whitened(root.mT @ root, water)
    rows, n, few = len(root), root.shape[2], min(latents)
    objective = Hierarchy(C, L, stiffness / water, latents)
    end = minimised(objective, _start(rows, (latents[0], n), seed), tolerance=TOLERANCE)
    X = np.ascontiguousarray(end.x.T).reshape(rows, latents[0], n)
    frame, t = objective.decoder(X)
    U_2 = np.zeros((rows, *latents))
    U_2[:, :, :few] = (frame * np.sqrt(floor[:, None] * (t - 1) / known[LOWER.beta])[:, None])[:, :, :few]
    fixed = sigma[:, None, None] ** 2 * np.eye(latents[0])
    values = {Z: root, **known, LOWER.Sigma: fixed, LOWER.W: sigma[:, None, None] * X @ L.mT, UPPER.U: U_2}
    batch = _batch(dims, max(latents), values).define(two.best)
    # What the scaled loss leaves out: log t in units of the floor, and the entropies of `two.reduced`.
    reduced = water * (end.value + latents[1] * (1 + np.log(floor) - np.log(water)))
    reduced -= known[LOWER.beta][:, 0] * known[eta_dec][:, 0] ** 2 * latents[0] * 2 * np.log(sigma)
    domains = dict.fromkeys((LOWER.U, LOWER.W, UPPER.U, UPPER.W), Domain.MATRIX) | {UPPER.Sigma: Domain.DIAGONAL}
    return _reduced(chain(2).loss, domains, batch, reduced, end)


def raw(found: Reduced, rows: Any, seed: int = 0, max_iterations: int = 3000) -> Any:
    """(F by descent of the raw loss − `value`)/(1 + |value|) of these rows, (len(rows),).

    From starts of its own, in every entry of every unknown: nothing of the reduction is used. Below −GAP the reduction
    misses the minimum; far above 0 the raw descent, which is slow, had not arrived.
    """
    batch = found.point.take(np.asarray(rows))
    known = {X: v for X, v in batch.values.items() if X not in found.domains}
    given = Stack(batch.dims, batch.modes, known, len(batch))
    objective, width = raw_objective(given, Optimum("", found.loss, dict(found.domains), sp.S.Zero))
    start = np.random.default_rng([seed, 41]).standard_normal((len(batch), width)) / np.sqrt(batch.modes)
    value = found.value[rows]
    return (descend(objective, start, max_iterations=max_iterations).value - value) / (1 + np.abs(value))


def _decoders(M: Any, known: dict[Any, Any], dims: dict[Any, int], seed: int) -> tuple[Any, Ends, Any]:
    """(decoders (k, D, d) with orthogonal columns, ends, reduced losses) of VAEs of second moments M."""
    rows, n = M.shape[:2]
    latent = dims[d]
    given = _batch(dims, latent, known)
    water, kappa = _evaluated(given, water_level, beta * c**2)
    L, C = whitened(M, water)
    end = minimised(Vae(C, latent), _start(rows, (n, latent), seed), tolerance=TOLERANCE)
    X = np.ascontiguousarray(end.x.T).reshape(rows, n, latent)
    frame, omega, _ = np.linalg.svd(L @ X, full_matrices=False)  # Σ full: z may be rotated until Σ is diagonal
    decoder = np.zeros((rows, n, latent))
    few = omega.shape[1]
    decoder[:, :, :few] = frame * (np.sqrt(kappa)[:, None] * omega)[:, None]
    # What the scaled loss leaves out: log det N, κ in units of which B is, and the entropy of `one.reduced_learnable`.
    whitening = 2 * np.log(np.diagonal(L, axis1=1, axis2=2)).sum(1)
    return decoder, end, water * (end.value + whitening + latent * (1 + np.log(kappa) - np.log(water)))


def _start(rows: int, shape: tuple[int, int], seed: int) -> Any:
    """Random matrices as columns; a row's depends on its number and the seed alone."""
    found = np.random.default_rng([seed, 40]).standard_normal((rows, shape[0] * shape[1]))
    return np.ascontiguousarray(SPREAD / np.sqrt(max(shape)) * found.T)


def _columns(scales: Mapping[Any, Any], rows: int) -> dict[Any, Any]:
    return {s: np.broadcast_to(np.asarray(v, dtype=float), (rows,))[:, None] for s, v in scales.items()}


def _batch(dims: dict[Any, int], modes: int, values: dict[Any, Any]) -> Stack:
    rows = max(len(v) for v in values.values())
    return Stack(dims, modes, values, rows)


def _evaluated(batch: Stack, *expressions: Any) -> list[Any]:
    return [x[:, 0] for x in batch.evaluate(*expressions)]


def _reduced(loss: Any, domains: dict[Any, Domain], batch: Stack, reduced: Any, end: Ends) -> Reduced:
    (value,) = _evaluated(batch, loss)
    return Reduced(loss, domains, batch, value, reduced, end.gradient, end.steps, end.stalled)
