"""Theorem (linear VAE, Σ = diag(σ_1² ≤ σ_2² ≤ …) fixed). With a_i = √β c σ_i, c = η_dec/η_enc,

    ω_i² = √βc(θ_i − a_i)₊/σ_i,  λ_i² = σ_i(θ_i − a_i)₊/(√βc),  U = RΩ, V = ΛSᵀ:

the largest θ goes with the smallest σ. The distortion of mode i is θ_i·min(θ_i, a_i),
KL_i = ½[(λ_i² + σ_i²)/η_enc² − 1 − log(σ_i²/η_enc²)].

Proof. With g_i ≥ 0 the eigenvalues of VᵀΣ⁻¹V in descending order, g_i = 0 for i > d, the best U leaves at least
Σ θ_i²/(1 + g_i) (vae-learnable-bound), and ‖V‖² is at least Σ σ_i²g_i: the largest signal goes through the least noise.
So mode i has at least θ_i²/(1 + g_i) + a_i²g_i, which is 2a_iθ_i − a_i² + (θ_i − a_i(1 + g_i))²/(1 + g_i), and also
θ_i² + g_i((a_i² − θ_i²) + a_i²g_i)/(1 + g_i).

One mode, certified by squares: for θ > a,
(ωλ − θ)² + σ²ω² + βc²λ² = (ωλ − (θ − a))² + (σω − √βcλ)² + θ² − (θ − a)²; for θ ≤ a it is
(ωλ)² + 2(a − θ)ωλ + (σω − √βcλ)² + θ², where ωλ ≥ 0 without loss of generality.
"""

from __future__ import annotations

from sympy import Eq, Identity, Piecewise, log, sqrt

from derivations.claim import Always, Certificate, Claim, Minimiser
from derivations.models.vae import MOMENTS, distortion, loss, rate, second_moment
from derivations.nodes import Diagonal, SumModes, one_mode
from derivations.notation import D, R, S, Sigma, U, V, Z, d, eta_enc, lamda, omega, r, root, sigma, theta
from derivations.program.lower_bounds import fixed
from derivations.program.mode_program import vae
from derivations.statements.minimiser import at_point
from derivations.statements.script import over_modes
from derivations.variables import DEVIATIONS, FRAME, INPUT_FRAME, SCALES, SPECTRUM

a = root * sigma
ACTIVE = theta > a

MODES = {
    omega: Piecewise((sqrt(root * (theta - a) / sigma), ACTIVE), (0, True)),
    lamda: Piecewise((sqrt(sigma * (theta - a) / root), ACTIVE), (0, True)),
}
AT = {U: R * Diagonal(omega, D, d), V: Diagonal(lamda, d, r) * S.T}
KL = ((lamda**2 + sigma**2) / eta_enc**2 - 1 - log(sigma**2 / eta_enc**2)) / 2
DISTORTION = theta * Piecewise((a, ACTIVE), (theta, True))

mode = one_mode(loss, {U: omega, V: lamda, Sigma: sigma**2, Z: theta})
program = vae(learnable=False)
active, collapsed = program.regions
mismatch = (sigma * omega - root * lamda) ** 2

PROOF = fixed(U, V, Z, Identity(r), at_point(loss, AT, MODES))

CLAIM = Claim(
    id="vae-fixed",
    title="linear VAE, fixed Σ: the global minimisers",
    source="arXiv 2306.05023, linear VAE with fixed Σ",
    text="ω_i² = √βc(θ_i − √βcσ_i)₊/σ_i, λ_i² = σ_i(θ_i − √βcσ_i)₊/(√βc), the largest θ with the smallest σ.",
    variables=(SPECTRUM, *SCALES, FRAME, INPUT_FRAME, DEVIATIONS),
    definitions={**MOMENTS, Sigma: Diagonal(sigma**2, d, d)},
    statements=(
        Minimiser("", loss, AT, MODES, program, (second_moment,), proof=PROOF),
        Always(
            "distortion",
            Eq(distortion, SumModes(DISTORTION, 0, d) + SumModes(theta**2, d)),
            definitions={**MODES, **AT},
            proof=over_modes(d),
        ),
        Always("KL", Eq(rate, SumModes(KL, 0, d)), definitions={**MODES, **AT}, proof=over_modes(d)),
    ),
    proof=(
        Certificate("active mode", mode - program.value(active), ((omega * lamda - (theta - a)) ** 2, mismatch)),
        Certificate(
            "collapsed mode",
            mode - program.value(collapsed),
            ((omega * lamda) ** 2, 2 * (a - theta) * omega * lamda, mismatch),
            given=(a >= theta,),
        ),
    ),
    uses=("elbo-vae", "lemma-whitening"),
)
