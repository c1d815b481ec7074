"""Proposition (trained models). Let one latent be dead at a stationary point: its column of U and its row of w are 0,
its σ is the prior's. All others are as they are, ξ = g(active z, x) + uz with a free constant, the posterior factorises
over latents. With s = −∂loss/∂ξ and H = E[∂²loss/∂ξ²] at the current decoder, active latents drawn from the posterior,
and s̄ = E[s|x], the dead latent's block of the Hessian does not couple to the rest and has a negative direction iff

    β < λ_1(S),   S = GΦ⁻¹Gᵀ, G = H^{-1/2}E[s̄φᵀ].

Then training has failed, and the first eigenvector is the way out; else no infinitesimal change of that latent helps
this encoder. A posterior with correlated latents has a larger S, so the test is not for it.

Argument. The dead latent's noise is independent of all else, so that expectations over it are those at the collapsed
point (`score-threshold`) with s̄ for s; mixed derivatives hold a factor E[ε] = 0 or E[s̄] = 0. What is measured: Hessians
of models that were trained with one latent, a dead one beside it, at 0.6 of the onset of the first.
"""

from __future__ import annotations

from sympy import Eq, Rational

from derivations.claim import THEORY, Claim, Domain, Expected, Observation, Observed, Variable
from derivations.models import collapsed as at
from derivations.models.collapsed import G, K, P, Phi, crossed


def apart(label: str, observation: Observation) -> Observed:
    """The statement that a dead latent's block stands alone in the Hessian."""
    return Observed(
        label,
        Eq(1 + at.coupling, 1),
        observation,
        Rational(1, 10**5),
        "training stops at gradients of 1e-7, and differences add some 1e-9",
        figure=at.coupling,
        note="{count} networks; largest entry outside the block, relative to the largest of all, {greatest:.1e}",
    )


CLAIM = Claim(
    id="next-latent-test",
    title="whether a dead latent of a trained model could be used",
    source=THEORY,
    text="A dead latent of a trained model with a factorised posterior has a negative direction iff β < λ_1(S), S the "
    "score matrix of what the model leaves.",
    variables=(
        Variable(G, note="H^{-1/2}E[E[s|x]φᵀ]"),
        Variable(Phi, Domain.DEFINITE, "E[φφᵀ]"),
        Variable(K, Domain.DEFINITE, "E[ψψᵀ]"),
        Variable(P, note="E[ψ'(z)]"),
    ),
    statements=(
        crossed("Bernoulli", Observation.NEXT_BERNOULLI, at.threshold),
        crossed("Poisson", Observation.NEXT_POISSON, at.threshold),
        apart("Bernoulli: the dead latent stands alone", Observation.NEXT_BERNOULLI),
        apart("Poisson: the dead latent stands alone", Observation.NEXT_POISSON),
    ),
    uses=("score-threshold",),
    expected=Expected.SUPPORTED,
)
