"""The matrix loss of the linear hierarchy is −2·ELBO_β of its densities, every constant kept, for L = 2, 3, 4.

    −2·ELBO_β = F/η_dec² + D log 2πη_dec² + (tr B − ‖Z‖²)/η_dec²
                + Σ_{l<L} β_ld_l(log η_dec² − 1) + β_Ld_L(log η_enc² − 1).

Derived twice: by expected squares and relative entropies for matrices of any size (an exact identity), and from the
log densities themselves, entry by entry, with all entries symbolic. L = 1 is elbo-vae.
"""

from __future__ import annotations

from derivations.claim import THEORY, Claim, Derivation, Domain, Same, Variable
from derivations.models.chain import build_chain
from derivations.notation import B, Z, eta_dec, eta_enc

DEPTHS = (2, 3, 4)


def matrices(L: int) -> tuple[Variable, ...]:
    """The matrices and KL weights of L levels."""
    found = []
    for level in build_chain(L).levels:
        found += [Variable(level.U, Domain.MATRIX, "decoder"), Variable(level.W, Domain.MATRIX, "encoder")]
        found += [Variable(level.Sigma, Domain.DIAGONAL, "encoder variance"), Variable(level.beta, Domain.POSITIVE)]
    return tuple(found)


CLAIM = Claim(
    id="elbo-chain",
    title="the hierarchy's loss is its negative ELBO",
    source=THEORY,
    text="F/η_dec² plus the stated constants is −2·ELBO_β of the linear hierarchy, for any matrices and moments.",
    variables=(
        *matrices(max(DEPTHS)),
        Variable(Z, Domain.MATRIX, "E[yx̃ᵀ]"),
        Variable(B, Domain.DEFINITE, "E[yyᵀ]"),
        Variable(eta_dec, Domain.POSITIVE),
        Variable(eta_enc, Domain.POSITIVE),
    ),
    statements=tuple(
        statement
        for model in (build_chain(L).model for L in DEPTHS)
        for statement in (
            Same(
                f"expected squares and relative entropies, L = {len(model.noises)}",
                model.minus_two_elbo,
                model.loss / eta_dec**2 + model.constants,
            ),
            Derivation(f"log densities, L = {len(model.noises)}", model),
        )
    ),
)
