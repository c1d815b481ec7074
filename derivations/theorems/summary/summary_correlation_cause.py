"""Statement of the summary: CVAE collapse is caused by a high correlation of x and y, and by a learnable Σ.

With x = ρy + √(1 − ρ²)n, E = (1 − ρ²)B (cvae-correlation), only λ_max(E) against βη_dec² decides. High |ρ| is neither
necessary (ρ = 0 collapses everything when λ_max(B) ≤ βη_dec²) nor sufficient (a large B survives any |ρ| < 1), and a
fixed Σ collapses latents too, locally and in rank: θ_i ≤ √βcσ_i.
"""

from __future__ import annotations

from sympy import Eq, Not, Or, Rational, Symbol, sqrt

from derivations.claim import Always, Claim, Domain, Expected, Variable
from derivations.nodes import count
from derivations.notation import d, eta_enc, sigma, theta, water_level
from derivations.program.mode_program import vae
from derivations.statements.script import mode_by_mode
from derivations.variables import DEVIATIONS, SCALES, SPECTRUM

rho = Symbol("rho", real=True)
high = rho**2 > Rational(1, 2)
learnable, fixed = vae(learnable=True), vae(learnable=False)

# The eigenvalues of E are (1 − ρ²)θ_i² when θ_i² are those of B.
q = learnable.solution[learnable.q].subs(theta, sqrt(1 - rho**2) * theta)
collapsed = count(q >= eta_enc**2, 0, d)
fixed_collapsed = count(fixed.solution[fixed.s] <= sigma**2, 0, d)

CLAIM = Claim(
    id="summary-correlation-cause",
    title="“CVAE collapse is caused by high correlation and learnable Σ”",
    source="Summary of arXiv 2306.05023, on the CVAE",
    text="(a) Collapse needs high |ρ| (ρ² > ½); (b) high |ρ| collapses every latent; (c) a fixed Σ collapses none; "
    "(d) what decides is (1 − ρ²)λ_i(B) against βη_dec².",
    variables=(SPECTRUM, *SCALES, DEVIATIONS, Variable(rho, Domain.UNIT, "correlation")),
    statements=(
        Always(
            "collapse needs high |ρ|",
            Or(collapsed < 1, high),
            Expected.REFUTED,
            reads="at ρ = {rho:g} already {n:.0f} of {latents:.0f} latents are collapsed",
            figures={"rho": rho, "n": collapsed, "latents": d},
        ),
        Always(
            "high |ρ| suffices",
            Or(Not(high), collapsed >= d),
            Expected.REFUTED,
            reads="at ρ = {rho:g} only {n:.0f} of {latents:.0f} latents are collapsed",
            figures={"rho": rho, "n": collapsed, "latents": d},
        ),
        Always(
            "fixed Σ collapses none",
            Eq(fixed_collapsed, 0),
            Expected.REFUTED,
            reads="with fixed Σ {n:.0f} of {latents:.0f} latents ignore the input",
            figures={"n": fixed_collapsed, "latents": d},
        ),
        Always(
            "what decides", Eq(collapsed, count((1 - rho**2) * theta**2 <= water_level, 0, d)), proof=mode_by_mode()
        ),
    ),
    uses=("cvae-correlation", "cvae-learnable", "cvae-fixed"),
    expected=Expected.REFUTED,
    instead="Only (1 − ρ²)λ_max(B), the largest eigenvalue of E, against βη_dec² decides; a fixed Σ collapses too.",
)
