"""The matrix loss of the linear CVAE is −2·ELBO_β of its densities, every constant kept.

    −2·ELBO_β = F/η_dec² + D log 2πη_dec² + βd(log η_enc² − 1)   (nats).

Derived twice: by expected squares and the Gaussian KL for matrices of any size (an exact identity), and from
the log densities themselves, entry by entry, with all entries symbolic.
"""

from __future__ import annotations

from derivations.claim import THEORY, Claim, Derivation, Domain, Same, Variable
from derivations.models.cvae import MODEL
from derivations.notation import U1, U2, W1, W2, G, H, K, Sigma, beta, eta_dec, eta_enc

CLAIM = Claim(
    id="elbo-cvae",
    title="the linear CVAE's loss is its negative ELBO",
    source=THEORY,
    text="F/η_dec² plus the stated constants is −2·ELBO_β of the linear CVAE, for any "
    "U_1, U_2, W_1, W_2, Σ and moments, singular A included.",
    variables=(
        Variable(U1, Domain.MATRIX, "decoder of z"),
        Variable(U2, Domain.MATRIX, "decoder of x"),
        Variable(W1, Domain.MATRIX, "encoder of x"),
        Variable(W2, Domain.MATRIX, "encoder of y"),
        Variable(Sigma, Domain.DIAGONAL, "encoder variance"),
        Variable(H, Domain.SINGULAR, "A = HHᵀ"),
        Variable(K, Domain.MATRIX, "regression of y on x, C = KA"),
        Variable(G, Domain.SINGULAR, "E = GGᵀ, B = E + KAKᵀ"),
        Variable(beta, Domain.POSITIVE),
        Variable(eta_dec, Domain.POSITIVE),
        Variable(eta_enc, Domain.POSITIVE),
    ),
    statements=(
        Same("expected squares and Gaussian KL", MODEL.minus_two_elbo, MODEL.loss / eta_dec**2 + MODEL.constants),
        Derivation("log densities, d = D = 2, one condition", MODEL),
    ),
)
