"""Statement of the summary: "fixed Σ prevents collapse" — which collapse, and at which minimiser?

Prior collapse: impossible where σ_i ≠ η_enc, since q(z_i|x) = p(z_i) needs σ_i = η_enc. Rank collapse: not prevented,
the rank is #{i ≤ d: θ_i > √βcσ_i}. Locally collapsed coordinates: avoidable at some minimiser when Σ is isotropic (a
rotation without zero entries), forced at every minimiser when the σ_i are distinct.
"""

from __future__ import annotations

from sympy import Eq, Ne, Symbol

from derivations.claim import Always, Claim, Domain, Expected, Variable
from derivations.nodes import Diagonal, Reflection, SumModes, ZeroRows, count, indicator
from derivations.notation import D, R, S, V, Z, d, eta_enc, lamda, r, sigma, theta
from derivations.program.mode_program import vae
from derivations.statements.script import (
    by_cases,
    combine,
    given,
    have,
    mode_by_mode,
    padded,
    square,
    tangent,
    zero_rows,
)
from derivations.theorems.vae.vae_fixed import ACTIVE, KL, MODES
from derivations.variables import FRAME, INPUT_FRAME, SCALES, SPECTRUM

tau = Symbol("sigma_0", positive=True)
isotropic = {x: e.subs(sigma, tau) for x, e in MODES.items()}
program = vae(learnable=False)
rank = count(program.solution[program.s] > sigma**2, 0, d)
follows = indicator(Ne(lamda, 0))
# KL is half of σ²/η² − 1 − log(σ²/η²), which is 0 at 1 only, and of λ²/η².
off_the_prior = by_cases(
    tangent(sigma**2 / eta_enc**2), square(lamda / eta_enc), on=(sigma > eta_enc, sigma >= eta_enc)
)

CLAIM = Claim(
    id="summary-fixed-variance-prevents-collapse",
    title="“fixed Σ prevents collapse”, per sense",
    source="Summary of arXiv 2306.05023, on fixed Σ",
    text="Fixed Σ prevents (a) prior collapse where σ_i ≠ η_enc, (b) rank collapse, (c) locally collapsed coordinates "
    "at some minimiser (isotropic Σ), (d) locally collapsed coordinates at every minimiser (distinct σ_i).",
    variables=(
        SPECTRUM,
        *SCALES,
        FRAME,
        INPUT_FRAME,
        Variable(sigma, Domain.DISTINCT, "σ_1 < σ_2 < …"),
        Variable(tau, Domain.POSITIVE, "the common σ of the isotropic reading"),
    ),
    definitions={Z: R * Diagonal(theta, D, r) * S.T},
    assumptions=(count(ACTIVE.subs(sigma, tau), 0, d) >= 1, count(Eq(sigma, eta_enc), 0, d) <= 0),
    statements=(
        Always(
            "no prior collapse where σ ≠ η_enc",
            count(KL <= 0, 0, d) <= 0,
            definitions=MODES,
            proof=combine(
                given(count(Eq(sigma, eta_enc), 0, d) <= 0),
                have(count(KL <= 0, 0, d) <= count(Eq(sigma, eta_enc), 0, d), mode_by_mode(off_the_prior)),
            ),
        ),
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
            proof=by_cases(
                zero_rows(V),
                padded(follows, d),
                padded(follows, d, r),
                have(SumModes(follows, 0, d) >= count(ACTIVE.subs(sigma, tau), 0, d), mode_by_mode()),
            ),
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
