"""From a loss of matrices to its modes: scripts that say why no matrices have a lower loss, in every dimension.

The decoder U of a latent z = Wx + noise of variance Σ aims at Zx, where E[xxᵀ] = M: that of the VAE at its output, with
M = I; that of a CVAE at the residual itself. The best U leaves at least Σ λ_i(ZMZᵀ)/(1 + g_i), where the signals
g_1 ≥ g_2 ≥ … are the eigenvalues of M^½WᵀΣ⁻¹WM^½; none is left beyond the d latents.
"""

from __future__ import annotations

from typing import Any

from sympy import And, Min, Mul, Piecewise, log, oo, sqrt

from derivations.algebra.nodes import Eigenvalue, SumModes, indicator
from derivations.notation import Sigma, beta, c, d, eta_enc, index, root, sigma, theta, water_level
from derivations.statements import script

__all__ = ["cut", "fixed", "learnable", "signal"]

# What is lost of a mode by the best signal, of any noise or of noise σ², and by none.
_LEARNT = Piecewise(
    (water_level * (1 + log(theta**2 / water_level)), And(theta**2 > water_level, index <= d)), (theta**2, True)
)
_NOISY = root * sigma
_PASSED = Piecewise((2 * _NOISY * theta - _NOISY**2, And(theta > _NOISY, index <= d)), (theta**2, True))


def signal(W: Any, Q: Any, M: Any) -> Any:
    """g_i, where a latent Wx + noise of variance Q carries the signal g of an input x of moment M."""
    return Eigenvalue(sqrt(M) * W.T * Q.inverse() * W * sqrt(M))


def cut(g: Any, *ends: Any) -> Any:
    """1 + g_i, where it is written as 1 beyond the ends."""
    return 1 + g * Mul(*(indicator(index <= n) for n in ends))


def learnable(U: Any, W: Any, target: Any, M: Any, value: Any, *others: Any) -> Any:
    """Why the loss is at least `value` for any Σ ≻ 0."""
    moment, g, known = W * M * W.T + Sigma, signal(W, Sigma, M), target * M * target.T
    s, t, ends = Eigenvalue(moment), Eigenvalue(known), tuple(dict.fromkeys((target.rows, M.rows)))
    seen, share = indicator(index <= ends[0]) * indicator(index <= ends[-1]), cut(g, d, M.rows)
    one = script.square(1)
    unseen = ((water_level * g / (1 + g), one),) * (len(ends) - 1)  # a mode of the input that the output does not have
    prior = water_level * (1 - log(eta_enc**2))
    best_variance = script.have(
        SumModes(beta * c**2 * s - water_level * log(s), 0, d) >= SumModes(prior, 0, d),
        script.mode_by_mode(script.combine((water_level, script.tangent(s / eta_enc**2)))),
    )
    best_share = script.have(
        SumModes(t / share * seen + water_level * log(1 + g) * indicator(index <= d) * indicator(index <= M.rows))
        >= SumModes(_LEARNT * seen),
        script.mode_by_mode(
            script.by_cases(
                (1 / (1 + g), script.framed(known, theta)),
                script.framed(known, theta),
                (water_level, script.tangent(theta**2 / (water_level * (1 + g)))),
                (water_level, script.tangent(1 / (1 + g))),
                *unseen,
                ((water_level - theta**2) * g / (1 + g), one),
                on=(index <= ends[0], index <= ends[-1], index <= d, theta**2 > water_level),
            )
        ),
    )
    return script.combine(
        script.best_decoder(U, W, Sigma, target, M),
        (water_level, script.sylvester(W, Sigma, M)),
        (beta * c**2, script.trace_sum(moment)),
        (water_level, script.log_sum(moment)),
        best_variance,
        best_share,
        script.reach(t / share, oo, *ends),
        (water_level, script.reach(log(1 + g), oo, d, M.rows)),
        script.reach(_LEARNT, oo, *ends),
        script.have(SumModes(_LEARNT, 0, Min(*ends)) + SumModes(prior, 0, d) >= value, script.over_modes(None)),
        *others,
    )


def fixed(U: Any, W: Any, target: Any, M: Any, value: Any, *others: Any) -> Any:
    """Why the loss is at least `value` where Σ = diag(σ_1² ≤ σ_2² ≤ …): the largest signal goes with least noise."""
    g, known = signal(W, Sigma, M), target * M * target.T
    share, ends = cut(g, d, M.rows), tuple(dict.fromkeys((target.rows, M.rows)))
    seen = indicator(index <= ends[0]) * indicator(index <= ends[-1])
    one = script.square(1)
    best_share = script.have(
        SumModes(Eigenvalue(known) / share * seen + _NOISY**2 * (share - 1)) >= SumModes(_PASSED * seen),
        script.mode_by_mode(
            script.by_cases(
                (1 / (1 + g), script.framed(known, theta)),
                script.framed(known, theta),
                (1 / (1 + g), script.square(theta - _NOISY * (1 + g))),
                (g / (1 + g) * (_NOISY - theta) * (_NOISY + theta), one),
                (_NOISY**2 * g**2 / (1 + g), one),
                on=(index <= ends[0], index <= ends[-1], index <= d, theta > _NOISY),
            )
        ),
    )
    return script.combine(
        script.best_decoder(U, W, Sigma, target, M),
        (beta * c**2, script.paired_encoder(W, sigma**2, sigma, M)),
        best_share,
        script.reach(Eigenvalue(known) / share, oo, *ends),
        (1, script.reach(_NOISY**2 * g, oo, d, M.rows)),
        script.reach(_PASSED, oo, *ends),
        script.have(
            SumModes(_PASSED, 0, Min(*ends)) + SumModes(beta * c**2 * sigma**2 - water_level * log(sigma**2), 0, d)
            >= value,
            script.over_modes(None),
        ),
        *others,
    )
