"""Reduced losses in coordinates in which the data are of size 1, so that graded spectra descend like any other.

Both are exact rewritings of the losses of `theorems.lemmas` (the tests compare value and gradient with what is
generated from them). With w the water level, N = ZZᵀ/w + I = LLᵀ by Cholesky, C = L⁻¹L⁻ᵀ and P = I − C, the VAE's
loss with encoder and full Σ eliminated is, at U = √β·c·LX,

    w·[tr(PB⁻¹) + log det B + log det N] + a constant,  B = XXᵀ + C:

the eigenvalues of P are θ²/(θ² + w) < 1, and B ends with those of max(P, C), between ½ and 1, whatever θ is.
A hierarchy's encoder V_1 = σ_1XLᵀ, where N = ZᵀZ/w + I and w = β_2η_dec², leaves tr(P(XᵀX + C)⁻¹), and U_2
enters by T = β_1U_2U_2ᵀ + β_2c²I alone: a·tr(ST⁻¹) + w·log det T, or with Σ_2 = σ_2²I fixed a·tr(ST⁻¹) + σ_2²·tr T,
is least where T has S's eigenvectors (lemma-alignment) and t_i = max(β_2c², as_i/w), or max(β_2c², √(as_i)/σ_2), a
function of the eigenvalues of S = V_1V_1ᵀ + σ_1²I.

Both are objectives of `verify.minimise.result`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from verify.minimise.layouts import layout

__all__ = ["Hierarchy", "Vae", "whiten"]

GRADED = 100.0
"""Of ‖L‖, whose least singular value is at least 1. Beyond it a singular value decomposition, which takes longer, is
worth it: eigenvalues of the square are good to 1e-16·‖L‖² only, here 1e-12."""


def whiten(M: Any, water: Any) -> tuple[Any, Any]:
    """(L, C) of second moments (k, n, n) in units of the water level (k,)."""
    L = np.linalg.cholesky(M / water[:, None, None] + np.eye(M.shape[1]))
    inverse = np.linalg.inv(L)
    return L, inverse @ inverse.mT


class Vae:
    """tr(P B⁻¹) + log det B of X (n, d)."""

    def __init__(self, C: Any, latent: int) -> None:
        n = C.shape[1]
        self.of, self.shape, self.whole, self.rows = layout(n), (n, latent), C, None

    def _gather(self, rows: Any) -> None:
        C, self.rows = self.whole[rows], rows
        self.C, self.P = self.of.stack(C), self.of.stack(np.eye(C.shape[1]) - C)

    def __call__(self, points: Any, rows: Any) -> tuple[Any, Any]:
        """Values and gradients."""
        if rows is not self.rows:
            self._gather(rows)
        of = self.of
        X = of.load(points, self.shape)
        Q, entropy = of.inverse(of.product(X, of.transposed(X)) + self.C)
        QX = of.product(Q, X)
        gradient = of.product(Q, X - of.product(self.P, QX))  # QX − QPQX
        return of.inner(self.P, Q) + entropy, of.points(2 * gradient)


class Hierarchy:
    """tr(P(XᵀX + C)⁻¹) + Σ_i ρs_i/t_i + log t_i of X (d_1, n), t_i = max(1, ρs_i), s_i those of XLᵀLXᵀ + I.

    ρ = β_1σ_1²/w. Only the `upper` largest s_i are carried up; t_i = 1 for the others. With τ = β_2c²σ_2²/w, of a fixed
    Σ_2 = σ_2²I, τ(t_i − 1) takes the place of log t_i, and t_i = max(1, √(ρs_i/τ)).
    """

    def __init__(self, C: Any, L: Any, rho: Any, tau: Any, latents: tuple[int, int]) -> None:
        n = C.shape[1]
        self.of, self.shape, self.upper = layout(max(n, latents[0])), (latents[0], n), latents[1]
        self.whole, self.taus, self.rows = (C, L, rho), tau, None
        self.steep = np.einsum("kij,kij->k", L, L) > GRADED**2

    def _gather(self, rows: Any) -> None:
        C, self.L, self.rho = (A[rows] for A in self.whole)
        self.tau, self.rows = None if self.taus is None else self.taus[rows], rows
        self.C, self.P, self.H = (self.of.stack(A) for A in (C, np.eye(C.shape[1]) - C, self.L.mT @ self.L))
        self.graded = self.steep[rows]

    def __call__(self, points: Any, rows: Any) -> tuple[Any, Any]:
        """Values and gradients."""
        if rows is not self.rows:
            self._gather(rows)
        of = self.of
        X = of.load(points, self.shape)
        Q, _ = of.inverse(of.product(of.transposed(X), X) + self.C)
        XH = of.product(X, self.H)
        s, frame = np.linalg.eigh(of.matrices(of.product(XH, of.transposed(X))))
        s, t = self._spread(s, self.rho, self.tau)
        pull = of.product(of.stack((frame * (self.rho[:, None] / t)[:, None]) @ frame.mT), XH)
        if self.graded.any():
            s, t, pull = self._accurate(of.matrices(X), s, t, of.matrices(pull))
            pull = of.stack(pull)
        gradient = pull - of.product(of.product(of.product(X, Q), self.P), Q)
        size = np.log(t) if self.tau is None else self.tau[:, None] * (t - 1)
        value = of.inner(self.P, Q) + (self.rho[:, None] * s / t + size).sum(1)
        return value, of.points(2 * gradient)

    def _accurate(self, X: Any, s: Any, t: Any, pull: Any) -> tuple[Any, Any, Any]:
        """The same from the singular values of XLᵀ: squaring them would lose half the digits of a graded spectrum."""
        rows = np.flatnonzero(self.graded)
        L = self.L[rows]
        frame, size, other = _singular(X[rows] @ L.mT)
        s[rows], t[rows] = self._spread(size**2, self.rho[rows], None if self.tau is None else self.tau[rows])
        few = other.shape[1]
        weight = (self.rho[rows, None] / t[rows] * size)[:, -few:]
        pull = pull.copy()
        pull[rows] = (frame[:, :, -few:] * weight[:, None]) @ other @ L
        return s, t, pull

    def _spread(self, excess: Any, rho: Any, tau: Any) -> tuple[Any, Any]:
        s = 1 + np.maximum(excess, 0)  # round-off of a zero eigenvalue may be negative
        t = np.maximum(1, rho[:, None] * s if tau is None else np.sqrt((rho / tau)[:, None] * s))
        t[:, : max(0, s.shape[1] - self.upper)] = 1  # ascending: the largest come last
        return s, t

    def decoder(self, X: Any) -> tuple[Any, Any]:
        """(eigenvectors of S for X (k, d_1, n), t) of the best U_2, the largest first; of all problems."""
        _, L, rho = self.whole
        frame, size, _ = _singular(X @ L.mT)
        return frame[:, :, ::-1], self._spread(size**2, rho, self.taus)[1][:, ::-1]


def _singular(A: Any) -> tuple[Any, Any, Any]:
    """Singular vectors and values of (k, p, n), ascending, p values: padded with 0."""
    frame, size, other = np.linalg.svd(A)
    few = size.shape[1]
    padded = np.zeros(A.shape[:2])
    padded[:, :few] = size
    return frame[:, :, ::-1], padded[:, ::-1], other[:, :few][:, ::-1]
