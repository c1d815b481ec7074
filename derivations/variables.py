"""The variables that most claims share, with their domains."""

from __future__ import annotations

from typing import Any

from derivations.notation import R, S, T, beta, eta_dec, eta_enc, sigma, theta
from derivations.statements.claim import Domain, Variable

__all__ = ["DEVIATIONS", "FRAME", "INPUT_FRAME", "LATENT_FRAME", "SCALES", "SPECTRUM", "of_hierarchy"]

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


def of_hierarchy(levels: tuple[Any, ...], learnable: tuple[bool, ...]) -> tuple[Variable, ...]:
    """Spectrum, scales and frames of a hierarchy, its fixed variances σ_l²I; a frame is free where σ_l is isotropic."""
    found = [SPECTRUM, SCALES[1], SCALES[2], FRAME, INPUT_FRAME]
    for level, free in zip(levels, learnable, strict=True):
        found.append(Variable(level.beta, Domain.POSITIVE, "KL weight"))
        if not free:
            found.append(Variable(level.sigma, Domain.EQUAL, "fixed, the same for every latent of its level"))
        frame = Domain.SIGNED_PERMUTATION if free else Domain.ORTHOGONAL
        found.append(Variable(level.T, frame, "order and signs of the latents" if free else "rotation of the latents"))
    return tuple(found)
