"""Loss conventions: what a training script's reconstruction and KL terms mean as (η_dec², β).

A script minimises r·‖y − ŷ‖² + β·k·KL per example, KL = Σ_i KL_i in nats. Here the loss is ‖y − ŷ‖²/(2η_dec²) + β·KL,
so that η_dec² = 1/(2r), and its β is kβ: the two are equal up to a constant, minimisers and all. What decides collapse
is the water level βη_dec² = kβ/(2r).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Integer, Rational, S, Symbol

from derivations.notation import D, beta, d

__all__ = ["KLS", "LOSSES", "NLLS", "Convention"]

noise = Symbol("sigma", positive=True)


@dataclass(frozen=True)
class Convention:
    """The weight that a training script gives a term per example, as a formula in the number of outputs D, the number
    of latents d and the decoder's σ. `words` say what scripts call the convention.
    """

    name: str
    weight: Any
    words: str


LOSSES = {
    c.name: c
    for c in (
        Convention("gaussian", 1 / (2 * noise**2), "Gaussian likelihood N(ŷ, σ²I), σ = --eta-dec"),
        Convention("mse-sum", S.One, "squared error summed over outputs"),
        Convention("half-mse-sum", Rational(1, 2), "½ squared error summed over outputs, or N(ŷ, I)"),
        Convention("mse-mean", 1 / D, "squared error averaged over outputs, as reduction='mean' does"),
        Convention("half-mse-mean", 1 / (2 * D), "½ squared error averaged over outputs"),
    )
}
"""Reconstruction terms: r as a function of D and σ."""

NLLS = {
    c.name: c
    for c in (
        Convention("nll-sum", S.One, "−log p(y|z), as cross-entropy, summed over outputs"),
        Convention("nll-mean", 1 / D, "−log p(y|z) averaged over outputs, as reduction='mean' does"),
    )
}
"""Those of other likelihoods: what a script multiplies −log p(y|z) by."""

KLS = {
    c.name: c
    for c in (
        Convention("sum", Integer(1), "KL summed over latents"),
        Convention("mean", 1 / d, "KL averaged over latents"),
        Convention("per-output", 1 / D, "KL summed over latents, divided by the number of outputs"),
        Convention("without-half", Integer(2), "KL as Σ(μ² + σ² − 1 − log σ²), without its ½"),
        Convention("normalised", D / d, "KL summed over latents, times D/d: β is the β_norm of β-VAEs"),
    )
}
"""KL terms: k as a function of D and d."""


def decoder_variance(loss: Convention) -> Any:
    """η_dec² = 1/(2r)."""
    return 1 / (2 * loss.weight)


def nats(nll: Convention, kl: Convention) -> Any:
    """β of −log p(y|z) + β·KL in nats."""
    return kl_weight(kl) / nll.weight


def kl_weight(kl: Convention) -> Any:
    """The β of this project: kβ."""
    return kl.weight * beta
