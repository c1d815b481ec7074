"""Theorem (D discrete outputs, independent given z; any encoder, decoder and prior). With H = H(y), h = Σ H(y_i) and
the total correlation TC = h − H, the loss L = ℓ + β·E KL, nats, at complete collapse is h at best, and

    L ≥ H + (β − 1)TC/(D − 1) for 1 ≤ β ≤ D;   L ≥ βH for β ≤ 1;   L ≥ h for β ≥ D,

so that from β = D on collapse is optimal whatever the network. Below β = h/H it is not: a network that tells all rows
apart (z = y, posterior or prior flexible) has ℓ = 0 and E KL = H. On N different rows H = log N: memorising beats
collapse for β < h/log N, stable or not.

Proof. ℓ ≥ Σ H(y_i|z) and E KL ≥ J = I(y; z). Of J each H(y_i|z) takes at most J, so that ℓ ≥ h − D·J; and
Σ H(y_i|z) ≥ H(y|z) = H − J. The bound for 1 ≤ β ≤ D is a mixture of the two, with weights (β − 1)/(D − 1) and the rest.
"""

from __future__ import annotations

from sympy import Ge, Piecewise, Symbol, log

from derivations.claim import THEORY, Always, Claim, Lemma, Same, Variable
from derivations.models.likelihoods import entropy, memorised, rows_entropy
from derivations.notation import beta
from derivations.statements.script import by_cases, given, have

loss, divergence = Symbol("ell", real=True), Symbol("k", real=True)  # E[−log p(y|z)], E KL
slack, extra = Symbol("ell'", nonnegative=True), Symbol("k'", nonnegative=True)
information = Symbol("J", nonnegative=True)
outputs = Symbol("n", positive=True)
u, v = Symbol("u", positive=True), Symbol("v", positive=True)

total = loss + beta * divergence
correlation = entropy - rows_entropy
coded, of_each, of_all = (
    divergence >= information,
    loss >= entropy - outputs * information,
    loss >= rows_entropy - information,
)
share = (beta - 1) / (outputs - 1)
floor = Piecewise(
    (beta * rows_entropy, beta <= 1), (rows_entropy + share * correlation, beta <= outputs), (entropy, True)
)

# A variable of two values with odds u, coded as if they were v.
gibbs = u * log(u / v) / (1 + u) - log((1 + u) / (1 + v))

CLAIM = Claim(
    id="collapse-entropy-floor",
    title="from β = D on collapse is optimal; below Σ H(y_i)/H(y) it is not",
    source=THEORY,
    text="For D discrete outputs and any VAE L ≥ H(y) + (β − 1)TC/(D − 1) where 1 ≤ β ≤ D, and ≥ βH(y) where β ≤ 1: "
    "collapse is optimal for β ≥ D. For β < Σ H(y_i)/H(y) it costs more than βH(y), the loss of a "
    "network that tells all rows apart.",
    variables=(
        Variable(beta),
        Variable(outputs, note="D, the number of outputs"),
        Variable(slack, note="how far E[−log p(y|z)] is above h − D·J"),
        Variable(extra, note="how far E KL is above J"),
        Variable(information, note="I(y; z)"),
        Variable(entropy, note="Σ H(y_i)"),
        Variable(rows_entropy, note="H(y)"),
        Variable(u, note="odds"),
        Variable(v, note="odds of another law"),
    ),
    # So that both are tight on many instances; that they are what they stand for is for the assumptions to say.
    definitions={loss: entropy - outputs * information + slack, divergence: information + extra},
    assumptions=(outputs > 1, entropy >= rows_entropy, coded, of_each, of_all, loss >= 0),
    statements=(
        Always(
            "no network is below the floor",
            total >= floor,
            scale=entropy + rows_entropy + beta,
            proof=by_cases(
                (share, given(of_each)),
                (1 - share, given(of_all)),
                (beta, given(of_all)),
                (beta, given(coded)),
                (1 - beta, given(loss >= 0)),
                (beta - outputs, have(Ge(information, 0, evaluate=False))),
            ),
        ),
        Same("what memorising gains", entropy - beta * rows_entropy, rows_entropy * (memorised - beta)),
    ),
    proof=(
        Lemma("E KL ≥ I(y; z)", "Cover & Thomas, Elements of Information Theory, Lemma 10.8.1", gibbs >= 0),
        Lemma(
            "I(y_i; z) ≤ I(y; z), Σ H(y_i|z) ≥ H(y|z), E[−log p(y|z)] ≥ Σ H(y_i|z)",
            "Cover & Thomas, Elements of Information Theory, Theorems 2.8.1, 2.6.6 and 2.6.3",
            gibbs >= 0,
        ),
    ),
)
