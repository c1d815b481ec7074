"""Stacks of linear VAEs, CVAEs and MHVAEs minimised by reduced descent, each put back into its whole matrix loss.

Linear blocks, Σ and rotations are eliminated (lemma-variable-projection, lemma-hierarchy-projection; a diagonal Σ by
Hadamard's inequality), the rest is scaled by the data (`whiten`) and descended on from random starts. No optimum is
consulted: neither start, nor end, nor what counts as converged depends on one. Values are those of the whole loss at
the whole point, so that a wrong elimination cannot lower them. Data wider than `WIDE` are descended on in their leading
principal directions: the whole loss is then stationary at the point, but only those directions were searched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from derivations.models import cvae as conditional
from derivations.models import vae as plain
from derivations.models.chain import build_chain
from derivations.notation import D0, U1, U2, W1, W2, D, G, H, K, Sigma, U, V, Z, beta, c, d, eta_dec, r, water_level
from derivations.statements.claim import Domain
from derivations.theorems.lemmas import hierarchy_projection as two
from derivations.theorems.lemmas import variable_projection as one
from verify.evaluate.stack import Stack
from verify.minimise.limited_memory import lbfgs
from verify.minimise.objective import slope
from verify.minimise.result import Descent, scaled_gradient
from verify.minimise.unknowns import Unknowns
from verify.minimise.whitened import Hierarchy, Vae, whiten

__all__ = ["Reduced", "cvae", "flatness", "mhvae", "vae"]

TOLERANCE = 3e-8
"""Of the gradient of a loss of size 1: on a quartic threshold, the flattest end there is, what is left of 1 + |F| is
below 1e-10."""

SPREAD = 0.75
"""Of a start's entries, times √n: its singular values are below 1.5 then, those of the scaled minimisers below 1."""

MEMORY = 5
"""Pairs of L-BFGS: fewer cost less and lose nothing on well-scaled problems; at thresholds three take twice the steps.
Whole matrices (`bfgs`) take a fifth more evaluations here and half as long again."""

WIDE, LEADING = 128, 64
"""Data wider than this are descended on in so many leading directions, or in twice as many as there are latents."""

LOWER, UPPER = build_chain(2).levels


@dataclass(frozen=True)
class Reduced:
    """Where k descents ended: `point` has the data and every unknown of the whole loss F = 2η_dec²·nats, by symbol.

    `value` (k,) is F at the point, `reduced` (k,) the reduced loss that was descended on, in F's units: they agree to
    round-off or the reduction is wrong. `descent` is that of the scaled loss. Rows do not depend on one another.
    """

    loss: Any
    domains: Mapping[Any, Domain]
    point: Stack
    value: Any
    reduced: Any
    descent: Descent


def flatness(found: Reduced) -> Any:
    """The scaled gradient (k,) of the whole loss at the point, in every entry of every unknown."""
    unknowns, values = Unknowns(found.domains, found.point.dims), found.point.values
    x = unknowns.raw({X: values[X] for X in found.domains})
    g = unknowns.pull(x, found.point.evaluate(*(slope(found.loss, X) for X in found.domains)))
    return scaled_gradient(x, found.value, g)


def vae(root: Any, scales: Mapping[Any, Any], latent: int, seed: int = 0, *, tolerance: float = TOLERANCE) -> Reduced:
    """Linear VAEs, Σ diagonal and learnable, of cross moments Z = `root` (k, D, r).

    `scales` has (k,) or single numbers for β, η_dec and η_enc, by symbol of `derivations.notation`; `tolerance` is of
    the scaled gradient.
    """
    known = _columns(scales, len(root))
    dims = {D: root.shape[1], r: root.shape[2], d: latent}
    decoder, value, descent = _decoders(root @ root.mT, known, latent, seed, tolerance)
    point = Stack(dims, latent, {Z: root, **known, U: decoder}, len(root))
    point = point.define({V: one.best_encoder, Sigma: one.best_variance})
    domains = {U: Domain.MATRIX, V: Domain.MATRIX, Sigma: Domain.DIAGONAL}
    return _reduced(plain.loss, domains, point, value, descent)


def cvae(
    data: Mapping[Any, Any], scales: Mapping[Any, Any], latent: int, seed: int = 0, *, tolerance: float = TOLERANCE
) -> Reduced:
    """Linear CVAEs, Σ diagonal and learnable, of the data of `derivations.models.cvae`: H (k, D_0, D_0) with
    E[xxᵀ] = HHᵀ, K (k, D, D_0) with E[yxᵀ] = KHHᵀ, and G (k, D, D), GGᵀ the conditional second moment of y.

    The other parameters are those of `vae`.
    """
    known = _columns(scales, len(data[G]))
    dims = {D: data[G].shape[1], D0: data[H].shape[1], d: latent}
    decoder, value, descent = _decoders(data[G] @ data[G].mT, known, latent, seed, tolerance)
    # Its VAE is that of the residual: Z = G and V = W_2G.
    best = {
        Sigma: one.best_variance.xreplace({U: U1}),
        W2: (one.Q.inverse() * U.T).xreplace({U: U1}),
        U2: K,
        W1: -W2 * K,
    }
    point = Stack(dims, latent, {**data, **known, U1: decoder}, len(decoder)).define(best)
    domains = dict.fromkeys((U1, U2, W1, W2), Domain.MATRIX) | {Sigma: Domain.DIAGONAL}
    return _reduced(conditional.loss, domains, point, value, descent)


def mhvae(
    root: Any, scales: Mapping[Any, Any], latents: tuple[int, int], seed: int = 0, *, tolerance: float = TOLERANCE
) -> Reduced:
    """Linear MHVAEs of two latents, Σ_1 = σ_1²I fixed, of Z = `root` (k, D, r).

    `scales` has β_1, β_2, η_dec, η_enc and σ_1, the levels' own symbols (`LOWER.beta`, `UPPER.beta`, `LOWER.sigma`).
    With σ_2 (`UPPER.sigma`) Σ_2 = σ_2²I is fixed, too; without it Σ_2 is diagonal and learnable.
    """
    known = _columns(scales, len(root))
    fixed = UPPER.sigma in known
    dims = {D: root.shape[1], r: root.shape[2], LOWER.d: latents[0], UPPER.d: latents[1]}
    water, stiffness, floor = _evaluated(
        Stack(dims, max(latents), known, len(root)),
        UPPER.beta * eta_dec**2,
        LOWER.beta * LOWER.sigma**2,
        UPPER.beta * c**2,
    )
    M = root.mT @ root
    directions, inside, tail = _leading(M, latents[0])
    L, C = whiten(inside, water)
    tau = floor * known[UPPER.sigma][:, 0] ** 2 / water if fixed else None
    objective = Hierarchy(C, L, stiffness / water, tau, latents)
    descent = _descended(objective, len(root), (latents[0], L.shape[1]), seed, tolerance)
    X = descent.x.reshape(len(root), latents[0], -1)
    frame, t = objective.decoder(X)
    few = min(latents)
    U_2 = np.zeros((len(root), *latents))
    U_2[:, :, :few] = (frame * np.sqrt(floor[:, None] * (t - 1) / known[LOWER.beta])[:, None])[:, :, :few]
    spheres = {level: known[level.sigma][:, :, None] ** 2 for level in ((LOWER, UPPER) if fixed else (LOWER,))}
    values = {level.Sigma: s * np.eye(dims[level.d]) for level, s in spheres.items()}
    values |= {Z: root, **known, LOWER.W: known[LOWER.sigma][:, :, None] * X @ L.mT @ directions.mT, UPPER.U: U_2}
    best = {X: formula for X, formula in two.best.items() if X not in values}
    point = Stack(dims, max(latents), values, len(root)).define(best)
    # What the scaled loss leaves out: t in units of the floor, and the entropies.
    upper = tau - 2 * np.log(known[UPPER.sigma][:, 0]) if fixed else 1 + np.log(floor) - np.log(water)
    reduced = water * (descent.value + latents[1] * upper) + tail
    reduced -= known[LOWER.beta][:, 0] * known[eta_dec][:, 0] ** 2 * latents[0] * 2 * np.log(known[LOWER.sigma][:, 0])
    domains = dict.fromkeys((LOWER.U, LOWER.W, UPPER.U, UPPER.W), Domain.MATRIX)
    domains |= {} if fixed else {UPPER.Sigma: Domain.DIAGONAL}
    return _reduced(build_chain(2).loss, domains, point, reduced, descent)


def _decoders(M: Any, known: dict[Any, Any], latent: int, seed: int, tolerance: float) -> tuple[Any, Any, Descent]:
    """(decoders (k, D, d) with orthogonal columns, reduced losses, descents) of VAEs of second moments M."""
    water, kappa = _evaluated(Stack({d: latent}, latent, known, len(M)), water_level, beta * c**2)
    directions, inside, tail = _leading(M, latent)
    L, C = whiten(inside, water)
    descent = _descended(Vae(C, latent), len(M), (L.shape[1], latent), seed, tolerance)
    X = descent.x.reshape(len(M), -1, latent)
    frame, omega, _ = np.linalg.svd(L @ X, full_matrices=False)  # Σ full: z may be rotated until Σ is diagonal
    decoder = np.zeros((*M.shape[:2], latent))
    few = omega.shape[1]
    decoder[:, :, :few] = directions @ (frame * (np.sqrt(kappa)[:, None] * omega)[:, None])
    # What the scaled loss leaves out: log det N, κ in units of which B is, and the entropy of `one.reduced_learnable`.
    whitening = 2 * np.log(np.diagonal(L, axis1=1, axis2=2)).sum(1)
    value = water * (descent.value + whitening + latent * (1 + np.log(kappa) - np.log(water))) + tail
    return decoder, value, descent


def _leading(M: Any, latent: int) -> tuple[Any, Any, Any]:
    """(leading directions (k, n, m), second moments (k, m, m) in these, what is left of the trace (k,)).

    All directions are kept of data that are not wider than `WIDE`.
    """
    if M.shape[1] <= WIDE:
        return np.eye(M.shape[1]), M, 0.0
    squares, frame = np.linalg.eigh(M)
    m = min(M.shape[1], max(LEADING, 2 * latent))
    return frame[:, :, -m:], squares[:, -m:, None] * np.eye(m), squares[:, :-m].sum(1)


def _descended(objective: Any, rows: int, shape: tuple[int, int], seed: int, tolerance: float) -> Descent:
    """Descents from random matrices; the start of a row depends on its number and the seed alone."""
    start = np.random.default_rng([seed, 40]).standard_normal((rows, shape[0] * shape[1]))
    start *= SPREAD / np.sqrt(max(shape))
    return lbfgs(objective, start, memory=MEMORY, tolerance=tolerance)


def _columns(scales: Mapping[Any, Any], rows: int) -> dict[Any, Any]:
    return {s: np.broadcast_to(np.asarray(v, dtype=float), (rows,))[:, None] for s, v in scales.items()}


def _evaluated(point: Stack, *expressions: Any) -> list[Any]:
    return [x[:, 0] for x in point.evaluate(*expressions)]


def _reduced(loss: Any, domains: dict[Any, Domain], point: Stack, reduced: Any, descent: Descent) -> Reduced:
    (value,) = _evaluated(point, loss)
    return Reduced(loss, domains, point, value, reduced, descent)
