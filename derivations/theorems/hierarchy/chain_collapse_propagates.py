"""Theorem (hierarchies; the paper's Open Question 2). If z_k is uninformative about x, so is every z_l with l > k:
without skip connections x → z_1 → z_2 → … is a Markov chain, so I(x; z_l) ≤ I(x; z_k) (data processing), for
non-linear models too.

In the linear hierarchy E[z_lxᵀ] = W_l ⋯ W_{k+1}E[z_kxᵀ], which vanishes with E[z_kxᵀ]; and for Gaussian latents the
inequality is one of log determinants: I(x; z_1) = ½(log det M_1 − log det Σ_1), I(x; z_2) = ½(log det M_2 − log det N)
with N = W_2Σ_1W_2ᵀ + Σ_2.
"""

from __future__ import annotations

from sympy import Eq, Ge, Not, Or, Rational, Trace

from derivations.claim import THEORY, Always, Claim, Domain, Lemma, Observation, Observed, Same, Variable
from derivations.models.chain import build_chain
from derivations.models.networks import first as of_first
from derivations.models.networks import second as of_second
from derivations.nodes import LogDet, square
from derivations.statements.script import by_cases, cite, given, have, norm

low, top = build_chain(2).levels
M_1, M_2 = build_chain(2).second_moments
noise = top.W * low.Sigma * top.W.T + top.Sigma

first = LogDet(M_1) - LogDet(low.Sigma)
second = LogDet(M_2) - LogDet(noise)
cross = top.W * low.W  # E[z_2x̃ᵀ]
silent = Eq(square(low.W), 0)
PROCESSING = "data processing inequality: Cover & Thomas, Elements of Information Theory, Theorem 2.8.1"
processing = second <= first
# log det loses digits with the condition number: 1e-6 of it, times the relations' 1e-9, is ten times its round-off.
conditioning = (Trace(M_1) * Trace(low.Sigma.inverse()) + Trace(M_2) * Trace(noise.inverse())) / 10**6

CLAIM = Claim(
    id="chain-collapse-propagates",
    title="what is uninformative stays so further up",
    source=f"{THEORY}; arXiv 2306.05023, Open Question 2",
    text="Without skip connections z_l, l > k, is no more informative about x than z_k: if z_k is not, nor is z_l.",
    variables=(
        Variable(low.W, Domain.SINGULAR, "encoder of z_1, possibly 0"),
        Variable(top.W, Domain.MATRIX, "encoder of z_2"),
        Variable(low.Sigma, Domain.DIAGONAL),
        Variable(top.Sigma, Domain.DIAGONAL),
    ),
    statements=(
        Always("I(x; z_2) ≤ I(x; z_1)", processing, scale=conditioning, proof=cite(PROCESSING, processing)),
        Always(
            "V_1 = 0 leaves E[z_2xᵀ] = 0",
            Or(Not(silent), Eq(square(cross), 0)),
            proof=by_cases(
                norm(top.W, low.W),
                (square(top.W), given(silent)),
                have(Ge(square(cross), 0, evaluate=False)),
                on=(silent,),
            ),
        ),
        Same("E[z_2z_2ᵀ] less its noise", M_2 - noise, cross * cross.T),
        Observed(
            "networks: I(x; z_2) ≤ I(x; z_1)",
            of_second <= of_first,
            Observation.CHAIN,
            figure=of_second,
            note="{count} networks, I(x; z_2) from {least:.2g} to {greatest:.3g} nats",
        ),
        Observed(
            "networks: z_2 knows nothing of x if z_1 does not",
            Eq(of_second, 0),
            Observation.SILENT,
            Rational(1, 10**9),
            "round-off of probabilities that add up to 1",
        ),
    ),
    proof=(
        Lemma(
            "data processing inequality",
            "Cover & Thomas, Elements of Information Theory, Theorem 2.8.1",
            processing,
            conditioning,
        ),
        Same("what z_2 knows of x passes through W_2", M_2 - noise, top.W * (M_1 - low.Sigma) * top.W.T),
    ),
    uses=("elbo-chain",),
)
