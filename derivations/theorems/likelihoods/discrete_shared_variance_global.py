"""Theorem (Bernoulli or softmax outputs, logits linear in z, free constants; Σ learnable but the same for every row).
With L_0 = Σ H(y_i) nats, R = D (softmax variables: Σ (K_i − 1)) and λ_1 = λ_1(S), complete collapse is a global minimum
if

    β ≥ 2L_0 / log(1 + (R/λ_1)(e^{2L_0/R} − 1)).

Proof. Let X = E‖Σ^{-1/2}m‖² for posterior means m. The gain over collapse is at most L_0, as −log p ≥ 0, and at most
Σ ½ log(1 + g_i) with Σ g_i ≤ λ_1X (`discrete-fixed-variance-global`), so by Jensen (R/2) log q, q = 1 + aX,
a = λ_1/R ≤ 1; and E KL ≥ ½ log p, p = 1 + X. Let P and Q be p and q at X*, where (R/2) log Q = L_0. For X ≤ X*
log p log Q ≥ log q log P, as log(1 + a(e^x − 1)) is convex in x: with u = 1/p, ν = P/p, w = ap/q one has
1/q = 1 − w + wu and Q/q = 1 − w + wν, and of both the logarithm is at least that of u and ν times w: two tangents each.
Beyond X* the gain is L_0 at most.
"""

from __future__ import annotations

from typing import Any

from sympy import Ge, Gt, Symbol, log

from derivations.claim import THEORY, Always, Claim, Lemma, Minimum, Same, Variable
from derivations.models.likelihoods import freedom, growth, largest, reach, shared_bound
from derivations.nodes import LogGap
from derivations.statements.script import Script, combine, given, have, supposing, tangent, uses

w, u, nu, more = (Symbol(name, positive=True) for name in ("w", "u", "nu", "x"))
spread, s = Symbol("X", nonnegative=True), Symbol("s", positive=True)

low, high = 1 - w + w * u, 1 - w + w * nu  # 1/q and Q/q
p, P, q, Q = 1 / u, nu / u, 1 / low, high / low
log_q, log_Q = -log(low), log(high) - log(low)
bound = shared_bound.subs(log(reach), log(P)).subs(log(growth), log_Q)
in_part, in_u, in_nu, in_more = w <= 1, u <= 1, nu > 1, more >= 1


def above(mean: Any, x: Any) -> Script:
    """That log(1 − w + wx) ≥ w log x."""
    relation = Ge(log(mean), w * log(x), evaluate=False)
    return have(relation, combine((1 - w, tangent(1 / mean)), (w, tangent(x / mean))))


minus_log_u = have(Ge(-log(u), 0, evaluate=False), combine(tangent(u), given(in_u)))
log_nu = have(Gt(log(nu), 0, evaluate=False), combine(tangent(1 / nu), (1 / nu, given(in_nu))))
log_more = have(Ge(log(more), 0, evaluate=False), combine(tangent(1 / more), (1 / more, given(in_more))))
log_Q_rises = have(Ge(log_Q, 0, evaluate=False), combine(above(high, nu), tangent(low), (w, log_nu), (w, given(in_u))))
beyond = have(Ge(log_Q * log(more), 0, evaluate=False), supposing(log_more, then=combine((log(more), log_Q_rises))))
RATIO = "X ≤ X*: the ratio of logarithms"

CLAIM = Claim(
    id="discrete-shared-variance-global",
    title="from which β on collapse is optimal for discrete outputs",
    source=THEORY,
    text="With logits linear in z and one Σ for all rows, collapse is globally optimal if "
    "β ≥ 2L_0/log(1 + (R/λ_1)(e^{2L_0/R} − 1)).",
    variables=(
        Variable(freedom, note="directions of the outputs"),
        Variable(u, note="1/(1 + X)"),
        Variable(nu, note="(1 + X*)/(1 + X)"),
        Variable(w, note="a(1 + X)/(1 + aX), a = λ_1/R"),
        Variable(more, note="(1 + X)/(1 + X*) beyond X*"),
        Variable(spread, note="X of one latent"),
    ),
    assumptions=(in_part, low > 0, high > 0, in_u, in_nu, in_more, log(P) > 0),
    statements=(
        Same("1 + X*, where q is Q", reach.subs({growth: Q, largest: freedom * w * u / low}), P),
        Always(
            RATIO,
            log(p) * log_Q >= log_q * log(P),
            scale=log(P) ** 2,
            proof=supposing(minus_log_u, log_nu, then=combine((-log(u), above(high, nu)), (log(nu), above(low, u)))),
        ),
        Always(
            "X ≤ X*: the KL costs as much as there is to gain",
            bound * log(p) / 2 >= freedom * log_q / 2,
            scale=freedom * log_Q,
            proof=combine((freedom / (2 * log(P)), uses("discrete-shared-variance-global", RATIO))),
        ),
        Always(
            "X > X*: it costs L_0",
            bound * log(P * more) / 2 >= freedom * log_Q / 2,
            scale=freedom * log_Q,
            proof=combine((freedom / (2 * log(P)), beyond)),
        ),
        Minimum(
            "the least KL of means with this X, at each latent's share of it",
            (s * (1 + spread) - log(s) - 1) / 2,
            at={s: 1 / (1 + spread)},
            excess=(LogGap(s * (1 + spread)) / 2,),
        ),
    ),
    proof=(
        Lemma("Jensen's inequality", "Cover & Thomas, Elements of Information Theory, Theorem 2.6.2", log_q <= q - 1),
    ),
    uses=("discrete-fixed-variance-global",),
)
