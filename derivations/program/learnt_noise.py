"""The linear VAE or CVAE whose decoder noise τ = η_dec² is learnt too, derived from the mode program.

In log τ the loss at the optimal encoder and decoder is convex (`learnable-noise-root`). Where k latents are
active its slope is D, plus k times the slope of an active mode, less S/τ, S = Σ θ_i² of all that is not active.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sympy import Symbol, diff, expand, log, solve, sqrt

from derivations.notation import D, beta, eta_dec, eta_enc, theta
from derivations.program.mode_program import vae

__all__ = ["S", "i", "k", "latent_edge", "share", "variance"]

tau, S = Symbol("tau", positive=True), Symbol("S", positive=True)
k, i = Symbol("k", integer=True, nonnegative=True), Symbol("i", integer=True, positive=True)


def share(f: Any, noise: Any) -> Any:
    """A mode's share of −2·ELBO_β, nats, at decoder noise √noise; f is what it costs in the matrix loss."""
    return (f / eta_dec**2 + beta * (log(eta_enc**2) - 1)).subs(eta_dec, sqrt(noise))


@cache
def variance() -> Any:
    """τ at the optimum with k latents active."""
    program = vae(learnable=True)
    slope = expand(tau * diff(share(program.value(program.regions[0]), tau), tau))
    (found,) = solve(D + k * slope - S / tau, tau)
    return found


@cache
def latent_edge() -> Any:
    """β at which latent i collapses, where θ² = βτ with i − 1 latents active; S includes its own θ²."""
    (found,) = solve(theta**2 - beta * variance().subs(k, i - 1), beta)
    return found
