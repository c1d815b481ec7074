"""From a loss of matrices to its modes: scripts that say why no matrices have a lower loss, in every dimension.

The decoder U of a latent z = Wx + noise of variance Σ aims at Zx, where E[xxᵀ] = M: that of the VAE at its output, with
M = I; that of a CVAE at the residual itself. The best U leaves at least Σ λ_i(ZMZᵀ)/(1 + g_i), where the signals
g_1 ≥ g_2 ≥ … are the eigenvalues of M^½WᵀΣ⁻¹WM^½; none is left beyond the d latents.
"""

from __future__ import annotations

from typing import Any

from sympy import And, Min, Piecewise, log, oo, sqrt

from derivations.algebra.nodes import Eigenvalue, SumModes, indicator
from derivations.notation import Sigma, beta, c, d, eta_enc, index, root, sigma, theta, water_level
from derivations.statements import script

__all__ = ["fixed", "learnable"]

# What is lost of a mode by the best signal, of any noise or of noise σ², and by none.
_LEARNT = Piecewise(
    (water_level * (1 + log(theta**2 / water_level)), And(theta**2 > water_level, index <= d)), (theta**2, True)
)
_NOISY = root * sigma
_PASSED = Piecewise((2 * _NOISY * theta - _NOISY**2, And(theta > _NOISY, index <= d)), (theta**2, True))


def _carried(W: Any, M: Any) -> Any:
    """1 + g_i, where a latent Wx + noise of variance Σ carries the signal g of an input x of moment M."""
    root = sqrt(M)
    return 1 + Eigenvalue(root * W.T * Sigma.inverse() * W * root)


def learnable(U: Any, W: Any, target: Any, M: Any, value: Any, *others: Any) -> Any:
    """Why the loss is at least `value` for any Σ ≻ 0."""
    moment, share, known = W * M * W.T + Sigma, _carried(W, M), target * M * target.T
    s, t, ends = Eigenvalue(moment), Eigenvalue(known), tuple(dict.fromkeys((target.rows, M.rows)))
    seen = indicator(index <= ends[0]) * indicator(index <= ends[-1])
    one = script.square(1)
    prior = water_level * (1 - log(eta_enc**2))
    best_variance = script.have(
        SumModes(beta * c**2 * s - water_level * log(s), 0, d) >= SumModes(prior, 0, d),
        script.mode_by_mode(script.combine((water_level, script.tangent(s / eta_enc**2)))),
    )
    best_share = script.have(
        SumModes(t / share * seen + water_level * log(share) * indicator(index <= d)) >= SumModes(_LEARNT * seen),
        script.mode_by_mode(
            script.by_cases(
                (1 / share, script.framed(known, theta)),
                (water_level, script.tangent(theta**2 / (water_level * share))),
                (water_level, script.tangent(1 / share)),
                (water_level * (share - 1) / share, one),
                ((water_level - theta**2) * (share - 1) / share, one),
                (theta**2 / share, script.beyond(W, Sigma, M, d)),
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
        (water_level, script.reach(log(share), oo, d)),
        script.reach(_LEARNT, oo, *ends),
        script.have(SumModes(_LEARNT, 0, Min(*ends)) + SumModes(prior, 0, d) >= value, script.over_modes(None)),
        *others,
    )


def fixed(U: Any, W: Any, target: Any, M: Any, value: Any, *others: Any) -> Any:
    """Why the loss is at least `value` where Σ = diag(σ_1² ≤ σ_2² ≤ …): the largest signal goes with least noise."""
    share, known = _carried(W, M), target * M * target.T
    signal, ends = share - 1, tuple(dict.fromkeys((target.rows, M.rows)))
    seen = indicator(index <= ends[0]) * indicator(index <= ends[-1])
    one = script.square(1)
    best_share = script.have(
        SumModes(Eigenvalue(known) / share * seen + _NOISY**2 * signal * indicator(index <= d))
        >= SumModes(_PASSED * seen),
        script.mode_by_mode(
            script.by_cases(
                (1 / share, script.framed(known, theta)),
                (1 / share, script.square(theta - _NOISY * share)),
                (signal / share * (_NOISY - theta) * (_NOISY + theta), one),
                (_NOISY**2 * signal**2 / share, one),
                (theta**2 / share, script.beyond(W, Sigma, M, d)),
                on=(index <= ends[0], index <= ends[-1], index <= d, theta > _NOISY),
            )
        ),
    )
    return script.combine(
        script.best_decoder(U, W, Sigma, target, M),
        (beta * c**2, script.paired_encoder(W, sigma**2, sigma, M)),
        best_share,
        script.reach(Eigenvalue(known) / share, oo, *ends),
        (1, script.reach(_NOISY**2 * signal, oo, d)),
        script.reach(_PASSED, oo, *ends),
        script.have(
            SumModes(_PASSED, 0, Min(*ends)) + SumModes(beta * c**2 * sigma**2 - water_level * log(sigma**2), 0, d)
            >= value,
            script.over_modes(None),
        ),
        *others,
    )
