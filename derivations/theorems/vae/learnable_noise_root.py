"""Proposition (x = y, η_dec learnable too). With k ≥ 1 latents active, d < D, βk < D and Σ_{i>k} θ_i² > 0,

    η_dec² = Σ_{i>k} θ_i²/(D − βk)

minimises −2·ELBO_β over η_dec², everything else being optimal. With τ = η_dec², ℓ(τ) = D log 2πτ + Σ_i m_i(τ)
where m_i = β(1 + log(θ_i²/(βτ))) while θ_i² > βτ and θ_i²/τ afterwards (and for i > d): in t = log τ each m_i is
first linear, then convex, with a continuous slope −β at θ_i² = βτ, so ℓ is convex in t and a stationary point
is its global minimum. Among noises with the same k active it is
the tangent of the logarithm alone; where S = 0 the loss goes to −∞ with η_dec. For β ≤ 1 nothing collapses unless
β = 1 and all trailing eigenvalues tie: a collapsed θ² ≤ βτ is at least the mean S/(D − k) of those it leads, and
(D − βk)θ² − βS is then a sum of two terms ≥ 0.
"""

from __future__ import annotations

from typing import Any

from sympy import And, Eq, Or, Symbol, diff, exp, log, pi, sqrt

from derivations.claim import Always, Certificate, Claim, Domain, Expected, Minimum, Variable
from derivations.nodes import LogGap, SumModes, count
from derivations.notation import D, beta, d, eta_enc, theta
from derivations.program.learnt_noise import share
from derivations.program.mode_program import vae
from derivations.variables import SPECTRUM

k = Symbol("k", integer=True, positive=True)
tau, other, t = Symbol("tau", positive=True), Symbol("tau'", positive=True), Symbol("t", real=True)

program = vae(learnable=True)
active, collapsed = program.regions


def profile(noise: Any) -> Any:
    """−2·ELBO_β, nats, at the optimal encoder and decoder."""
    latent = SumModes(share(program.optimum, noise), 0, d)
    return D * log(2 * pi * noise) + latent + SumModes(theta**2, d) / noise


def curvature(region: Any) -> Any:
    """The second derivative of a latent's share in t = log τ."""
    return diff(share(program.value(region), exp(t)), t, 2)


trailing = Symbol("S", positive=True)  # Σ_{i>k} θ_i²
slope, noise = Symbol("a", positive=True), Symbol("e", positive=True)  # D − βk; η_dec²
ties = Eq(SumModes(theta**2, k), (D - k) * SumModes(theta**2, k, k + 1))

slopes = [diff(share(program.value(region), tau), tau) * tau for region in (active, collapsed)]
stationary = D + k * slopes[0] - trailing / tau

CLAIM = Claim(
    id="learnable-noise-root",
    title="learnable decoder noise settles at the mean of the collapsed spectrum",
    source="arXiv 2306.05023, on learnable η_dec",
    text="With k ≥ 1 latents active, d < D, βk < D and Σ_{i>k} θ_i² > 0 the optimal decoder variance is "
    "Σ_{i>k} θ_i²/(D − βk).",
    variables=(
        SPECTRUM,
        Variable(beta, Domain.POSITIVE, "KL weight"),
        Variable(eta_enc, Domain.POSITIVE, "prior scale"),
        Variable(other, Domain.POSITIVE, "another decoder variance"),
        Variable(trailing, note="Σ_{i>k} θ_i²"),
        Variable(slope, note="D − βk"),
    ),
    definitions={tau: SumModes(theta**2, k) / (D - beta * k)},
    dimensions=(k <= d, d < D),
    assumptions=(And(beta * k < D, SumModes(theta**2, k) > 0), Eq(count(theta**2 > beta * tau, 0, d), k)),
    statements=(
        Always("no other noise is better", profile(other) >= profile(tau)),
        Always("for β ≤ 1 nothing collapses, but for ties at β = 1", Or(beta > 1, Eq(k, d), And(Eq(beta, 1), ties))),
        Minimum(
            "among noises with the same k active",
            slope * log(noise) + trailing / noise,
            at={noise: trailing / slope},
            excess=(slope * LogGap(trailing / (slope * noise)),),
        ),
    ),
    proof=(
        Certificate("active share is linear in log τ", curvature(active), ()),
        Certificate("collapsed share is convex in log τ", curvature(collapsed), (theta**2 * exp(-t),)),
        Certificate("slopes meet at θ² = βτ", (slopes[0] - slopes[1]).subs(theta, sqrt(beta * tau)), ()),
        # A collapsed θ = θ_{k+1} > 0 has θ² ≤ βτ, so the left side is ≤ 0; both terms on the right must vanish.
        Certificate(
            "(D − βk)θ² − βS",
            (D - beta * k) * theta**2 - beta * trailing,
            ((1 - beta) * D * theta**2, beta * ((D - k) * theta**2 - trailing)),
            given=(beta <= 1, (D - k) * theta**2 >= trailing),
        ),
        Certificate(
            "stationary at τ = S/(D − βk)",
            stationary.subs(tau, trailing / (D - beta * k)),
            (),
            given=(beta * k < D, theta**2 > beta * trailing / (D - beta * k)),
        ),
    ),
    uses=("vae-learnable",),
    expected=Expected.SUPPORTED,
)
