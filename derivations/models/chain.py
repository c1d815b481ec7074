"""The linear Markovian hierarchy with L latents; L = 1 is the linear VAE, L = 2 the paper's MHVAE.

    q(z_1|x) = N(V x̃, Σ_1),  q(z_l|z_{l−1}) = N(W_l z_{l−1}, Σ_l),
    p(y|z_1) = N(U_1z_1, η_dec²I),  p(z_{l−1}|z_l) = N(U_l z_l, η_dec²I),  p(z_L) = N(0, η_enc²I).

Level l's part of −2·ELBO_β, weighted by β_l, is the log ratio of q(z_l|z_{l−1}) to z_l's prior. The loss is

    F = ‖U_1V − Z‖² + tr U_1Σ_1U_1ᵀ + Σ_{l≥2} β_{l−1}E‖z_{l−1} − U_lz_l‖² + β_Lc² tr M_L − η_dec² Σ_l β_l log det Σ_l.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

from sympy import Identity, MatrixSymbol, Trace, log, pi

from derivations.algebra.nodes import Diagonal, LogDet, square
from derivations.models.density import Factor, LinearGaussian, Noise
from derivations.models.gaussian import combine
from derivations.notation import (
    B,
    D,
    R,
    S,
    Sigma,
    T,
    U,
    V,
    Z,
    at_level,
    beta,
    c,
    d,
    eta_dec,
    eta_enc,
    lamda,
    omega,
    r,
    sigma,
    theta,
)

__all__ = ["MOMENTS", "Chain", "LevelSymbols", "build_chain"]

MOMENTS = {Z: R * Diagonal(theta, D, r) * S.T}


@dataclass(frozen=True)
class LevelSymbols:
    """The symbols of one level: width, KL weight, decoder, encoder, variance, their singular values, and its frame."""

    d: Any
    beta: Any
    U: Any
    W: Any
    Sigma: Any
    omega: Any
    lamda: Any
    sigma: Any
    T: Any


@dataclass(frozen=True, eq=False)
class Chain:
    """A hierarchy: its levels from below, its densities, its matrix loss and its frames."""

    levels: tuple[LevelSymbols, ...]
    second_moments: tuple[Any, ...]
    distortion: Any
    loss: Any
    constants: Any

    @property
    def model(self) -> LinearGaussian:
        """The hierarchy's densities. Entry by entry they are written out for one output, one input, two latents on
        the first level and one on each other.
        """
        z: dict[str, Any] = {"x": Identity(r)}
        factors: list[Factor] = []
        below = {"y": Identity(D)}
        for l, level in enumerate(self.levels, 1):
            noise = {f"e{l}": Identity(level.d)}
            z = combine((level.W, z), (Identity(level.d), noise))
            residual = combine((Identity(level.U.rows), below), (-1 * level.U, z))
            factors.append(Factor(residual, eta_dec**2, self.levels[l - 2].beta if l > 1 else 1))
            below = z
        factors.append(Factor(z, eta_enc**2, self.levels[-1].beta))
        return LinearGaussian(
            factors=tuple(factors),
            noises={f"e{l}": Noise(level.Sigma, level.beta) for l, level in enumerate(self.levels, 1)},
            moments={("x", "x"): Identity(r), ("y", "y"): B, ("y", "x"): Z},
            loss=self.loss,
            constants=self.constants,
            small={D: 1, r: 1, **{level.d: 2 if l == 0 else 1 for l, level in enumerate(self.levels)}},
        )

    @cached_property
    def frames(self) -> Mapping[Any, Any]:
        """Each matrix as a diagonal one between orthogonal frames: U_l = T_{l−1}Ω_lT_lᵀ and W_l = T_lΛ_lT_{l−1}ᵀ.

        T_l is the frame of z_l; below the first level stand the frames of Z.
        """
        at: dict[Any, Any] = {}
        left, right = R, S
        for level in self.levels:
            at[level.U] = left * Diagonal(level.omega, *level.U.shape) * level.T.T
            at[level.W] = level.T * Diagonal(level.lamda, *level.W.shape) * right.T
            at[level.Sigma] = level.T * Diagonal(level.sigma**2, level.d, level.d) * level.T.T
            left = right = level.T
        return at


@lru_cache
def _symbols_of(l: int, L: int) -> LevelSymbols:
    """The symbols of level l of L, which are those of the VAE if L = 1."""
    if L == 1:
        return LevelSymbols(d, beta, U, V, Sigma, omega, lamda, sigma, T)
    here = at_level(d, l)
    below, source = (at_level(d, l - 1),) * 2 if l > 1 else (D, r)
    return LevelSymbols(
        d=here,
        beta=at_level(beta, l),
        U=MatrixSymbol(f"U_{l}", below, here),
        W=MatrixSymbol("V_1" if l == 1 else f"W_{l}", here, source),
        Sigma=MatrixSymbol(f"Sigma_{l}", here, here),
        omega=at_level(omega, l),
        lamda=at_level(lamda, l),
        sigma=at_level(sigma, l),
        T=MatrixSymbol(f"T_{l}", here, here),
    )


@lru_cache
def build_chain(L: int) -> Chain:
    """The linear Markovian hierarchy of L levels.

    Raises:
        ValueError: there is no level (L < 1).
    """
    if L < 1:
        raise ValueError(f"a hierarchy has at least one level, not {L}")
    levels = tuple(_symbols_of(l, L) for l in range(1, L + 1))
    first, top = levels[0], levels[-1]
    M = first.W * first.W.T + first.Sigma
    moments = [M]
    distortion = square(first.U * first.W - Z) + Trace(first.U * first.Sigma * first.U.T)
    loss = distortion
    for below, level in pairwise(levels):
        gap = level.U * level.W - Identity(below.d)
        loss += below.beta * (Trace(gap * M * gap.T) + Trace(level.U * level.Sigma * level.U.T))
        M = level.W * M * level.W.T + level.Sigma
        moments.append(M)
    loss += top.beta * c**2 * Trace(M) - sum(level.beta * eta_dec**2 * LogDet(level.Sigma) for level in levels)
    constants = D * log(2 * pi * eta_dec**2) + (Trace(B) - square(Z)) / eta_dec**2
    constants += sum(level.beta * level.d * (log(eta_dec**2) - 1) for level in levels[:-1])
    constants += top.beta * top.d * (log(eta_enc**2) - 1)
    return Chain(levels, tuple(moments), distortion, loss, constants)
