"""Statement of the summary: "if Σ is fixed, U* will not have zero columns even if it is low-rank". **False.**

Read as it stands: every minimiser's U (the decoder, though the summary calls it the encoder) has no zero column. The
minimisers for isotropic Σ are U = RΩTᵀ with T any orthogonal matrix; T = I has one zero column per collapsed mode. For
distinct σ_i every minimiser has them (vae-fixed-distinct-zero-columns).
"""

from __future__ import annotations

from sympy import Eq

from derivations.claim import Always, Claim, Domain, Expected, Variable
from derivations.nodes import Diagonal, ZeroRows, count
from derivations.notation import D, R, S, T, U, Z, d, omega, r, sigma, theta
from derivations.statements.script import over_modes, zero_rows
from derivations.theorems.vae.vae_fixed import ACTIVE, MODES
from derivations.variables import FRAME, INPUT_FRAME, SCALES, SPECTRUM

CLAIM = Claim(
    id="summary-fixed-variance-no-zero-columns",
    title="“with fixed Σ the minimiser has no zero columns”",
    source="Summary of arXiv 2306.05023, on fixed Σ",
    text="For fixed isotropic Σ and rank U ≥ 1 every minimiser U = RΩTᵀ has no zero column.",
    variables=(
        SPECTRUM,
        *SCALES,
        FRAME,
        INPUT_FRAME,
        Variable(sigma, Domain.EQUAL, "σ_1 = σ_2 = …"),
        Variable(T, Domain.ORTHOGONAL, "any rotation of the latents"),
    ),
    assumptions=(count(ACTIVE, 0, d) >= 1, d <= D),
    definitions={Z: R * Diagonal(theta, D, r) * S.T},
    statements=(
        Always(
            "no zero column",
            Eq(ZeroRows(U.T), 0),
            Expected.REFUTED,
            {**MODES, U: R * Diagonal(omega, D, d) * T.T},
            reads="this minimiser's U has {zero:.0f} of {latents:.0f} columns zero, though its rank is {rank:.0f}",
            figures={"zero": ZeroRows(U.T), "latents": d, "rank": count(ACTIVE, 0, d)},
        ),
        Always(
            "T = I: one zero column per collapsed mode",
            Eq(ZeroRows(U.T), d - count(ACTIVE, 0, d)),
            definitions={**MODES, U: R * Diagonal(omega, D, d)},
            proof=over_modes(d, zero_rows(U.T)),
        ),
    ),
    uses=("vae-fixed", "vae-fixed-isotropic-rotation"),
    expected=Expected.REFUTED,
    instead="Isotropic Σ has minimisers with 0 … d − rank zero columns; distinct σ_i force exactly d − rank of them.",
)
