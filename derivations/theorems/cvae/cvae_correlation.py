"""Proposition. If x = ρy + √(1 − ρ²) n with E[ynᵀ] = 0 and E[nnᵀ] = B, then A = B, C = ρB and E = (1 − ρ²)B: the active
count never grows with |ρ|, and with learnable Σ every latent is prior-collapsed iff (1 − ρ²)λ_max(B) ≤ βη_dec².
"""

from __future__ import annotations

from sympy import And, Eq, Not, Or, Symbol

from derivations.claim import Always, Certificate, Claim, Domain, Implication, Same, Variable
from derivations.nodes import Eigenvalue, SumModes, count
from derivations.notation import B, D, beta, eta_dec, eta_enc, theta, water_level
from derivations.program.mode_program import vae
from derivations.statements.script import by_cases, combine, first, given, have, mode_by_mode, scaled, supposing, uses
from derivations.variables import SCALES

rho, far = Symbol("rho", real=True), Symbol("rho'", real=True)
A = rho**2 * B + (1 - rho**2) * B
C = rho * B
E = B - C * A.inverse() * C.T
program = vae(learnable=True)

# The derived minimiser's q at θ² = (1 − ρ²)λ: a latent is collapsed iff q = η_enc².
spectrum = Eigenvalue(B)
derived_active = count(program.solution[program.q].subs(theta**2, Eigenvalue(E)) < eta_enc**2, 0, D)
largest = SumModes(spectrum, 0, 1)
all_collapsed = (1 - rho**2) * largest <= water_level
none = derived_active < 1
E_far = E.subs(rho, far)

eigenvalue = Symbol("lambda_i", positive=True)
near_share, far_share = Symbol("u", positive=True), Symbol("w", positive=True)

CLAIM = Claim(
    id="cvae-correlation",
    title="more correlation never revives a latent",
    source="arXiv 2306.05023, correlation of input and output",
    text="x = ρy + √(1−ρ²)n gives E = (1−ρ²)B: the active count is non-increasing in |ρ|, and all collapse iff "
    "(1−ρ²)λ_max(B) ≤ βη_dec².",
    variables=(
        Variable(B, Domain.DEFINITE, "E[yyᵀ] = E[nnᵀ]"),
        Variable(rho, Domain.UNIT, "correlation"),
        Variable(far, Domain.UNIT, "a correlation at least as large"),
        *SCALES,
    ),
    assumptions=(far**2 >= rho**2,),
    statements=(
        Same("E = (1 − ρ²)B", E, (1 - rho**2) * B),
        Always(
            "active count at ρ",
            Eq(derived_active, count((1 - rho**2) * spectrum > water_level, 0, D)),
            proof=mode_by_mode(supposing(scaled(E, 1 - rho**2, B), then=by_cases())),
        ),
        Always(
            "active count falls with |ρ|",
            count(Eigenvalue(E) > water_level, 0, D) >= count(Eigenvalue(E_far) > water_level, 0, D),
            proof=mode_by_mode(
                supposing(
                    scaled(E, 1 - rho**2, B),
                    scaled(E_far, 1 - far**2, B),
                    have(1 - rho**2 >= 1 - far**2, combine(given(far**2 >= rho**2))),
                    then=by_cases(),
                )
            ),
        ),
        Always(
            "all collapse iff",
            Or(And(all_collapsed, derived_active < 1), And(Not(all_collapsed), derived_active >= 1)),
            proof=by_cases(
                first((1 - rho**2) * eigenvalue > water_level, eigenvalue, B),
                uses("cvae-correlation", "active count at ρ"),
                on=(all_collapsed,),
            ),
        ),
    ),
    proof=(
        # u = 1 − ρ², w = 1 − ρ'² ≤ u: what is active at ρ' is active at ρ.
        Implication(
            "activity at ρ' implies activity at ρ",
            (near_share >= far_share, far_share * eigenvalue > beta * eta_dec**2),
            near_share * eigenvalue > beta * eta_dec**2,
        ),
        Certificate("1 − ρ² falls with |ρ|", (1 - rho**2) - (1 - far**2), (far**2 - rho**2,), (far**2 >= rho**2,)),
    ),
    uses=("cvae-learnable",),
)
