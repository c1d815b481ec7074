"""Theorem (linear VAE, whitened coordinates, σ learnable; the paper's Open Question 1). Under gradient flow
ω' = −∂F/∂ω, λ' = −∂F/∂λ, σ' = −∂F/∂σ of one mode, at the collapsed point (ω, λ, σ) = (0, 0, η_enc):

1. σ decouples, and (ω, λ) grow at the rates −(η_enc² + βc²) ± √((η_enc² − βc²)² + 4θ²); the larger one is positive iff
   θ² > βη_dec² (their product is 4(βη_dec² − θ²), their sum negative), and rises with θ.
2. A collapsed mode (θ² ≤ βη_dec²) has no other stationary point: at the best σ the loss rises along (ω, λ).
3. So a mode above the threshold leaves, in order of θ from equal small amplitudes; one below it returns. From
   σ(0) < η_enc modes with βc²σ(0)² < θ² ≤ βη_dec² grow at first, then return.

1 and 2 are certified; 3, beyond the linearisation, is supported by trajectories.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from sympy import Eq, Matrix, Rational, diff, expand, sqrt

from derivations.claim import THEORY, Always, Certificate, Claim, Domain, Expected, Flow, Variable
from derivations.models.vae import loss
from derivations.nodes import one_mode
from derivations.notation import Sigma, U, V, Z, beta, c, eta_enc, lamda, omega, sigma, theta, water_level
from derivations.statements.script import combine
from derivations.variables import SCALES

mode = one_mode(loss, {U: omega, V: lamda, Sigma: sigma**2, Z: theta})
origin = {omega: 0, lamda: 0, sigma: eta_enc}


def second(x: Any, y: Any) -> Any:
    """A second derivative at the collapsed point."""
    return diff(mode, x, y).subs(origin)


hessian = Matrix(2, 2, [second(x, y) for x, y in product((omega, lamda), repeat=2)])


def rates(deviation: Any) -> tuple[Any, Any]:
    """The growth rates of (ω, λ) at 0, at a given σ."""
    spread = sqrt((deviation**2 - beta * c**2) ** 2 + 4 * theta**2)
    return -(deviation**2 + beta * c**2) + spread, -(deviation**2 + beta * c**2) - spread


fast, slow = rates(eta_enc)
spread = (fast - slow) / 2

# ½(ω∂F/∂ω + λ∂F/∂λ) at the best variance σ² = w/t, times a positive factor: a sum of squares for θ² ≤ w.
t = omega**2 + beta * c**2
radial = ((omega * diff(mode, omega) + lamda * diff(mode, lamda)) / 2).subs(sigma, sqrt(water_level / t))
factor = t + omega**2

small = Rational(1, 1000)
half = eta_enc / 2
growing = (
    small * (2 * half**2 + rates(half)[0]) / (2 * theta)
)  # λ on the growing direction at σ = ½η_enc, for ω = small

CLAIM = Claim(
    id="gradient-flow-escape",
    title="modes above the threshold leave the collapsed point, in order of θ",
    source=f"{THEORY}; arXiv 2306.05023, Open Question 1",
    text="At the collapsed point mode θ grows at rates −(η_enc²+βc²) ± √((η_enc²−βc²)²+4θ²), the larger positive iff "
    "θ² > βη_dec²; a collapsed mode has no other stationary point.",
    variables=(Variable(theta, Domain.POSITIVE_MODES, "singular values of Z"), *SCALES),
    statements=(
        Always(
            "the product of the rates",
            Eq(fast * slow, 4 * (water_level - theta**2)),
            scale=fast**2 + slow**2,
            proof=combine(),
        ),
        Flow(
            "from equal amplitudes",
            mode,
            {omega: small, lamda: small, sigma: eta_enc},
            omega * lamda,
            theta**2 > water_level,
            fast,
        ),
        Flow(
            "from a smaller variance",
            mode,
            {omega: small, lamda: growing, sigma: half},
            omega * lamda,
            theta**2 > water_level,
            fast,
            grows=theta**2 > beta * c**2 * half**2,
        ),
    ),
    proof=(
        *(Certificate(f"σ decouples from {x}", second(sigma, x), ()) for x in (omega, lamda)),
        *(Certificate(f"rate {k}", (hessian + g * Matrix.eye(2)).det(), ()) for k, g in ((1, fast), (2, slow))),
        Certificate("the product of the rates", fast * slow - 4 * (water_level - theta**2), ()),
        Certificate("their sum is negative", -(fast + slow), (2 * eta_enc**2, 2 * beta * c**2)),
        Certificate("the rate rises with θ", diff(expand(spread**2), theta), (8 * theta,)),
        Certificate(
            "a collapsed mode's loss rises along (ω, λ)",
            factor * radial,
            ((factor * lamda - theta * omega) ** 2, (water_level - theta**2) * omega**2, water_level * omega**4 / t),
            given=(water_level >= theta**2,),
        ),
    ),
    uses=("elbo-vae",),
    expected=Expected.SUPPORTED,
)
