"""Statement of the summary: "fixed Σ prevents collapse" — which collapse, and at which minimiser?

Prior collapse: impossible where σ_i ≠ η_enc, since q(z_i|x) = p(z_i) needs σ_i = η_enc. Rank collapse: not prevented,
the rank is #{i ≤ d: θ_i > √βcσ_i}. Locally collapsed coordinates: avoidable at some minimiser when Σ is isotropic (a
rotation without zero entries), forced at every minimiser when the σ_i are distinct.
"""

from __future__ import annotations

from sympy import Eq, Symbol

from derivations.claim import Always, Claim, Domain, Expected, Variable
from derivations.nodes import Diagonal, Reflection, ZeroRows, count
from derivations.notation import S, V, d, eta_enc, lamda, r, sigma
from derivations.program.mode_program import vae
from derivations.theorems.vae.vae_fixed import ACTIVE, KL, MODES
from derivations.variables import INPUT_FRAME, SCALES, SPECTRUM

tau = Symbol("sigma_0", positive=True)
isotropic = {x: e.subs(sigma, tau) for x, e in MODES.items()}
program = vae(learnable=False)
rank = count(program.solution[program.s] > sigma**2, 0, d)

CLAIM = Claim(
    id="summary-fixed-variance-prevents-collapse",
    title="“fixed Σ prevents collapse”, per sense",
    source="Summary of arXiv 2306.05023, on fixed Σ",
    text="Fixed Σ prevents (a) prior collapse where σ_i ≠ η_enc, (b) rank collapse, (c) locally collapsed coordinates "
    "at some minimiser (isotropic Σ), (d) locally collapsed coordinates at every minimiser (distinct σ_i).",
    variables=(
        SPECTRUM,
        *SCALES,
        INPUT_FRAME,
        Variable(sigma, Domain.DISTINCT, "σ_1 < σ_2 < …"),
        Variable(tau, Domain.POSITIVE, "the common σ of the isotropic reading"),
    ),
    assumptions=(count(ACTIVE.subs(sigma, tau), 0, d) >= 1, count(Eq(sigma, eta_enc), 0, d) <= 0),
    statements=(
        Always("no prior collapse where σ ≠ η_enc", count(KL <= 0, 0, d) <= 0, definitions=MODES),
        Always(
            "no rank collapse",
            Eq(rank, d),
            Expected.REFUTED,
            reads="at fixed Σ the encoder has rank {rank:.0f} with {latents:.0f} latents: the others follow no input",
            figures={"rank": rank, "latents": d},
        ),
        Always(
            "isotropic: some minimiser has no zero row",
            Eq(ZeroRows(V), 0),
            definitions={**isotropic, V: Reflection(d, 0) * Diagonal(lamda, d, r) * S.T},
        ),
        Always(
            "distinct: no zero row",
            Eq(ZeroRows(V), 0),
            Expected.REFUTED,
            {**MODES, V: Diagonal(lamda, d, r) * S.T},
            reads="at distinct fixed σ_i {zero:.0f} of {latents:.0f} latents ignore the input",
            figures={"zero": ZeroRows(V), "latents": d},
        ),
    ),
    uses=("vae-fixed", "vae-fixed-isotropic-rotation", "vae-fixed-distinct-zero-columns"),
    expected=Expected.REFUTED,
    instead="Only prior collapse is prevented, and only where σ_i ≠ η_enc; rank collapse follows θ_i ≤ √βcσ_i.",
)
