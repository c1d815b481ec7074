"""Statement of the summary: "lower β … risks collapse". **False.**

Read as: for β' ≤ β the number of collapsed latents at β' is at least that at β. It is the other way about: a lower β
collapses no latent that a higher one keeps.
"""

from __future__ import annotations

from typing import Any

from sympy import Symbol

from derivations.claim import Always, Claim, Domain, Expected, Variable
from derivations.nodes import count
from derivations.notation import beta, d, eta_enc
from derivations.program.mode_program import vae
from derivations.variables import SCALES, SPECTRUM

lower = Symbol("beta'", positive=True)
program = vae(learnable=True)
q = program.solution[program.q]


def collapsed(weight: Any) -> Any:
    """The derived minimiser's prior-collapsed latents (q = η_enc²) at a KL weight."""
    return count(q.subs(beta, weight) >= eta_enc**2, 0, d)


CLAIM = Claim(
    id="summary-low-beta-risks-collapse",
    title="“lower β risks collapse”",
    source="Summary of arXiv 2306.05023, on β",
    text="For β' ≤ β at least as many latents are collapsed at β' as at β.",
    variables=(SPECTRUM, *SCALES, Variable(lower, Domain.POSITIVE, "a KL weight at most as large")),
    assumptions=(lower <= beta,),
    statements=(
        Always(
            "collapsed latents do not fall",
            collapsed(lower) >= collapsed(beta),
            Expected.REFUTED,
            reads="lowering β = {before:g} → {after:g} turns latent {latent:.0f} from collapsed to active",
            figures={"before": beta, "after": lower, "latent": d - collapsed(lower)},
        ),
    ),
    expected=Expected.REFUTED,
    instead="The collapsed count is non-decreasing in β: lowering β can only revive latents.",
)
