"""The variables that most claims share, with their domains."""

from __future__ import annotations

from derivations.claim import Domain, Variable
from derivations.notation import R, S, T, beta, eta_dec, eta_enc, sigma, theta

__all__ = ["DEVIATIONS", "FRAME", "INPUT_FRAME", "LATENT_FRAME", "SCALES", "SPECTRUM"]

SCALES = (
    Variable(beta, Domain.POSITIVE, "KL weight"),
    Variable(eta_dec, Domain.POSITIVE, "decoder noise"),
    Variable(eta_enc, Domain.POSITIVE, "prior scale"),
)
SPECTRUM = Variable(theta, Domain.SPECTRUM, "θ_1 ≥ θ_2 ≥ …, padded with 0")
DEVIATIONS = Variable(sigma, Domain.DEVIATIONS, "σ_1 ≤ σ_2 ≤ …")
FRAME = Variable(R, Domain.ORTHOGONAL, "left frame of Z, eigenvectors of E")
INPUT_FRAME = Variable(S, Domain.ORTHOGONAL, "right frame of Z")
LATENT_FRAME = Variable(T, Domain.SIGNED_PERMUTATION, "order and signs of the latents")
