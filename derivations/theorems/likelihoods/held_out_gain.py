"""Proposition (linear VAE, Σ learnable). A latent that training made active on a mode θ̂², r = βη_dec²/θ̂² < 1, gains

    ρ(1 − r) + βη_dec² log r,    ρ = 2θ̂E[pt] − θ̂²E[t²],

of the loss F on other data, every other latent as it is: p = r̂ᵀy and t = ŝᵀx̃ are the mode's output and whitened
input there, about the means of *training*. It pays iff ρ > ρ* = βη_dec² log(1/r)/(1 − r), which is above the level
βη_dec² and below θ̂². For x = y, ρ = E(v̂ᵀ(x − x̄))². In nats F is divided by 2η_dec².

Proof. A mode costs E(p − ωλt)² + ω²σ² + βc²(λ²E[t²] + σ²) − βη_dec² log σ² at the trained ω, λ, σ, and
E[p²] + βη_dec² − βη_dec² log η_enc² without the latent; the difference is the formula. ρ* is between the two because
log(1/r) is between 1 − r and 1/r − 1.
"""

from __future__ import annotations

from typing import Any

from sympy import Symbol, log

from derivations.claim import THEORY, Always, Claim, Same, Variable
from derivations.notation import beta, c, eta_enc, lamda, omega, sigma, theta, water_level
from derivations.statements.script import combine, tangent
from derivations.theorems.vae.vae_learnable import MODES
from derivations.variables import SCALES

size = Symbol("theta_1", positive=True)  # θ̂ of one mode
power, together, rest = Symbol("a", nonnegative=True), Symbol("b", real=True), Symbol("e", nonnegative=True)
spread = Symbol("rho", real=True)

level = water_level / size**2  # r
o, l, s = (MODES[x].args[0][0].subs(theta, size) for x in (omega, lamda, sigma))


def cost(product: Any, square: Any, variance: Any, code: Any) -> Any:
    """A mode's share of F on other data: E[p²] − 2ωλE[pt] + …, from ωλ, ω², σ² and λ²."""
    error = rest - 2 * product * together + product**2 * power + square * variance
    return error + beta * c**2 * (code * power + variance) - water_level * log(variance)


with_latent = cost(o * l, o**2, s**2, l**2)
without = cost(0, 0, eta_enc**2, 0)
gained = 2 * size * together - size**2 * power  # ρ
threshold = water_level * log(1 / level) / (1 - level)  # ρ*

CLAIM = Claim(
    id="held-out-gain",
    title="what a trained latent is worth on other data",
    source=THEORY,
    text="On other data an active latent gains ρ(1 − r) + βη_dec² log r, r = βη_dec²/θ²; it pays iff ρ exceeds "
    "βη_dec² log(1/r)/(1 − r), which is above βη_dec² and below θ².",
    variables=(
        Variable(size, note="θ as training saw it"),
        *SCALES,
        Variable(power, note="E[t²]"),
        Variable(together, note="E[pt]"),
        Variable(rest, note="E[p²]"),
        Variable(spread, note="ρ"),
    ),
    assumptions=(size**2 > water_level,),
    statements=(
        Same("what it gains", without - with_latent, gained * (1 - level) + water_level * log(level)),
        Same("when it pays", spread * (1 - level) + water_level * log(level), (1 - level) * (spread - threshold)),
        Always(
            "the threshold is above the level",
            threshold > water_level,
            scale=threshold,
            proof=combine((water_level / (1 - level), tangent(level))),
        ),
        Always(
            "what training saw pays",
            threshold < size**2,
            scale=size**2,
            proof=combine((water_level / (1 - level), tangent(1 / level))),
        ),
    ),
    uses=("elbo-vae", "vae-learnable"),
)
