"""Proposition (any model, linear or not, any data; η_dec fixed). Let (D, K) be distortion and KL at a global minimum of
D + 2βη_dec²K, and (D', K') at β' > β. Then

    D' ≥ D  and  K' ≤ K:

each of the two is at least as good as the other at its own β. Add the two inequalities for K; put K' ≤ K into the
first for D. A violation by trained networks therefore shows a local minimum, never an exception.
"""

from __future__ import annotations

from typing import Any

from sympy import Rational, Symbol

from derivations.claim import THEORY, Always, Certificate, Claim, Domain, Observation, Observed, Variable
from derivations.models.networks import repaired
from derivations.notation import beta, eta_dec, water_level
from derivations.statements.script import combine, given, uses

later = Symbol("beta'", positive=True)
D, K = Symbol("D", nonnegative=True), Symbol("K", nonnegative=True)
D_, K_ = Symbol("D'", real=True), Symbol("K'", nonnegative=True)
share = Symbol("t", real=True)
weight, weight_ = 2 * water_level, 2 * water_level.subs(beta, later)

here = D_ + weight * K_ >= D + weight * K
there = D + weight_ * K >= D_ + weight_ * K_
grows = later >= beta


def measured(label: str, relation: Any) -> Observed:
    """The same of networks: the best of many starts at each β. A violation would show a local minimum."""
    return Observed(
        label,
        relation,
        Observation.PATH,
        Rational(1, 500),
        "a descent that stops 1e-6 above its minimum moves distortion and KL by the root of that",
        figure=repaired,
        note="{count} steps of β; {greatest:.0f} local minima found out by a neighbour were descended from there",
        refutes=False,
    )


CLAIM = Claim(
    id="exchange-in-beta",
    title="distortion rises and KL falls in β, for any model",
    source=f"{THEORY}: exchange argument",
    text="At global minima with fixed η_dec, distortion is non-decreasing and KL non-increasing in β.",
    variables=(
        Variable(D, Domain.NONNEGATIVE, "distortion of the minimum at β"),
        Variable(K, Domain.NONNEGATIVE, "its KL, nats"),
        Variable(K_, Domain.NONNEGATIVE, "its KL, nats"),
        Variable(beta, Domain.POSITIVE, "KL weight"),
        Variable(later, Domain.POSITIVE, "a larger one"),
        Variable(eta_dec, Domain.POSITIVE, "decoder noise"),
        Variable(share, Domain.UNIT, "where between its bounds D' lies"),
    ),
    # D' anywhere, so that pairs of minima are met often; whether they are minima is for the assumptions to say.
    definitions={D_: D + (weight + share * (weight_ - weight)) * (K - K_)},
    assumptions=(later > beta, here, there),
    statements=(
        Always(
            "KL does not rise",
            K >= K_,
            scale=K + K_,
            proof=combine((1 / (weight_ - weight), given(here)), (1 / (weight_ - weight), given(there))),
        ),
        Always(
            "distortion does not fall",
            D_ >= D,
            scale=D + D_ + weight * K + weight * K_,
            proof=combine(given(here), (weight, uses("exchange-in-beta", "KL does not rise"))),
        ),
        measured("networks: KL does not rise", K >= K_),
        measured("networks: distortion does not fall", D_ >= D),
    ),
    proof=(
        Certificate(
            "add the two",
            (weight_ - weight) * (K - K_),
            (here.gts - here.lts, there.gts - there.lts),
            given=(here, there),
        ),
        Certificate(
            "put K' ≤ K into the first", D_ - D, (here.gts - here.lts, weight * (K - K_)), given=(here, K >= K_)
        ),
    ),
)
