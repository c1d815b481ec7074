"""The matrix loss of the linear VAE is −2·ELBO_β of its densities, every constant kept.

    −2·ELBO_β = F/η_dec² + D log 2πη_dec² + (tr B − ‖Z‖²)/η_dec² + βd(log η_enc² − 1)   (nats).

Derived twice: by expected squares and the Gaussian KL for matrices of any size (an exact identity), and from
the log densities themselves, entry by entry, with all entries symbolic.
"""

from __future__ import annotations

from derivations.claim import THEORY, Claim, Derivation, Domain, Same, Variable
from derivations.models.vae import MODEL
from derivations.notation import B, Sigma, U, V, Z, beta, eta_dec, eta_enc

CLAIM = Claim(
    id="elbo-vae",
    title="the linear VAE's loss is its negative ELBO",
    source=THEORY,
    text="F/η_dec² plus the stated constants is −2·ELBO_β of the linear VAE, for any U, V, Σ and moments.",
    variables=(
        Variable(U, Domain.MATRIX, "decoder"),
        Variable(V, Domain.MATRIX, "whitened encoder"),
        Variable(Sigma, Domain.DIAGONAL, "encoder variance"),
        Variable(Z, Domain.MATRIX, "E[yx̃ᵀ]"),
        Variable(B, Domain.DEFINITE, "E[yyᵀ]"),
        Variable(beta, Domain.POSITIVE),
        Variable(eta_dec, Domain.POSITIVE),
        Variable(eta_enc, Domain.POSITIVE),
    ),
    statements=(
        Same("expected squares and Gaussian KL", MODEL.minus_two_elbo, MODEL.loss / eta_dec**2 + MODEL.constants),
        Derivation("log densities, d = D = 2", MODEL),
    ),
)
