"""Proposition (linear VAE, learnable Σ). Coordinate i is prior-collapsed — q(z_i|x) = p(z_i) — iff
θ_i² ≤ βη_dec². With k = #{i ≤ d: θ_i² > βη_dec²} active coordinates

    KL_i = ½ log(θ_i²/(βη_dec²)) when active, 0 otherwise,
    E‖y − ŷ‖² = Σ_{i≤d} min(θ_i², βη_dec²) + Σ_{i>d} θ_i² + tr B − ‖Z‖².

The left-hand sides are the derived minimiser's (the mode program's s_i = E z_i² and q_i = σ_i², the loss's own
reconstruction term); the right-hand sides are what the paper says.
"""

from __future__ import annotations

from sympy import And, Eq, Piecewise, log

from derivations.claim import Always, Certificate, Claim, Same
from derivations.models.vae import FRAMES, MOMENTS, distortion
from derivations.nodes import SumModes, count, one_mode
from derivations.notation import Sigma, U, V, Z, d, eta_enc, lamda, omega, sigma, theta, water_level
from derivations.program.mode_program import vae
from derivations.statements.script import by_cases, mode_by_mode, over_modes
from derivations.theorems.vae.vae_learnable import ACTIVE, MODES
from derivations.variables import FRAME, INPUT_FRAME, LATENT_FRAME, SCALES, SPECTRUM

program = vae(learnable=True)
s, q = program.solution[program.s], program.solution[program.q]
KL = Piecewise((log(theta**2 / water_level) / 2, ACTIVE), (0, True))
DISTORTION = Piecewise((water_level, ACTIVE), (theta**2, True))

kl = (program.s / eta_enc**2 - 1 - log(program.q / eta_enc**2)) / 2
mode = one_mode(distortion, {U: omega, V: lamda, Sigma: sigma**2, Z: theta})


def steps() -> tuple[Certificate, ...]:
    """In each derived region both sides are the same expression."""
    found = []
    for k, region in enumerate(program.regions):
        typed = {x: e.args[k][0] for x, e in MODES.items()}
        found += [
            Certificate(f"KL, region {k + 1}", kl.subs(region.solution) - KL.args[k][0], (), region.conditions),
            Certificate(f"distortion, region {k + 1}", mode.subs(typed) - DISTORTION.args[k][0], (), region.conditions),
        ]
    return tuple(found)


CLAIM = Claim(
    id="vae-collapse-threshold",
    title="linear VAE, learnable Σ: which latents collapse, rate and distortion",
    source="arXiv 2306.05023, posterior collapse in linear VAEs",
    text="Latent i ≤ d is prior-collapsed iff θ_i² ≤ βη_dec²; KL_i = ½ log(θ_i²/(βη_dec²)) when active; the "
    "distortion is Σ_{i≤d} min(θ_i², βη_dec²) + Σ_{i>d} θ_i² + tr B − ‖Z‖².",
    variables=(SPECTRUM, *SCALES, FRAME, INPUT_FRAME, LATENT_FRAME),
    definitions=MOMENTS,
    statements=(
        Always(
            "prior-collapsed iff θ² ≤ βη_dec²",
            Eq(count(And(Eq(s, q), Eq(q, eta_enc**2)), 0, d), count(theta**2 <= water_level, 0, d)),
            proof=mode_by_mode(),
        ),
        Always("KL of each latent", Eq((s / eta_enc**2 - 1 - log(q / eta_enc**2)) / 2, KL), proof=by_cases()),
        Always(
            "distortion",
            Eq(distortion, SumModes(DISTORTION, 0, d) + SumModes(theta**2, d)),
            definitions={**MODES, **FRAMES},
            proof=over_modes(d),
        ),
    ),
    proof=(
        Same("distortion in the frames", distortion, SumModes(mode, 0, d) + SumModes(theta**2, d), FRAMES),
        *steps(),
    ),
    uses=("vae-learnable",),
)
