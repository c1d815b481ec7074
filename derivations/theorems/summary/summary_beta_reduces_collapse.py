"""Statement of the summary: "increasing β reduces collapse". **False.**

Read as it stands: for β' ≥ β the number of active latents at the minimum does not fall. Any θ_i² in
(βη_dec², β'η_dec²], i ≤ d, is a counterexample; what is true is the reverse: the active count is non-increasing in β.
"""

from __future__ import annotations

from typing import Any

from sympy import Symbol

from derivations.claim import Always, Claim, Domain, Expected, Variable
from derivations.nodes import count
from derivations.notation import beta, d, eta_enc
from derivations.program.mode_program import vae
from derivations.variables import SCALES, SPECTRUM

higher = Symbol("beta'", positive=True)
program = vae(learnable=True)
q = program.solution[program.q]


def active(weight: Any) -> Any:
    """The derived minimiser's active latents (q < η_enc²) at a KL weight."""
    return count(q.subs(beta, weight) < eta_enc**2, 0, d)


CLAIM = Claim(
    id="summary-beta-reduces-collapse",
    title="“increasing β reduces collapse”",
    source="Summary of arXiv 2306.05023, on β",
    text="For β' ≥ β at least as many latents are active at β' as at β.",
    variables=(SPECTRUM, *SCALES, Variable(higher, Domain.POSITIVE, "a KL weight at least as large")),
    assumptions=(higher >= beta,),
    statements=(
        Always(
            "active latents do not fall",
            active(higher) >= active(beta),
            Expected.REFUTED,
            reads="β = {before:g} → {after:g} turns latent {latent:.0f} from active to collapsed",
            figures={"before": beta, "after": higher, "latent": active(beta)},
        ),
    ),
    expected=Expected.REFUTED,
    instead="The active count is non-increasing in β: every θ_i² in (βη_dec², β'η_dec²] collapses. (Raising β_1 alone "
    "in a hierarchy can revive z_2.)",
)
