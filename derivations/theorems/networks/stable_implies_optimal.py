"""Refuted: "a stable collapsed point is optimal". The bits of a triple of even parity are pairwise independent, so that
their score matrix is I, and with a decoder of features ψ complete collapse is stable from β = λ_max(κ) ≤ 1 on
(`score-threshold`). With t = tanh(2.5z) and logits (At_1, At_2, −Bt_1t_2), a third bit that is the product of the other
two, it is beaten at β = 1.1, where every eigenvalue of the Hessian at collapse is above 0: a loss of 1.9519 nats
against 3 log 2 = 2.0794. What does say that collapse is optimal is `discrete-shared-variance-global` for logits linear
in z, and `collapse-entropy-floor` (here β ≥ 3) for any network.
"""

from __future__ import annotations

from sympy import Eq, Rational, log

from derivations.claim import THEORY, Claim, Expected, Observation, Observed, Variable
from derivations.models.networks import divergence, error, least, loss
from derivations.notation import beta

CLAIM = Claim(
    id="stable-implies-optimal",
    title="“a stable collapsed point is optimal”",
    source=THEORY,
    text="Where complete collapse is a local minimum it is a global one.",
    variables=(Variable(beta), Variable(loss), Variable(error), Variable(divergence)),
    statements=(
        Observed(
            "collapse is stable", least > 0, Observation.PARITY, figure=least, note="least eigenvalue {least:.4f}"
        ),
        Observed(
            "the loss is error and KL",
            Eq(loss, error + beta * divergence),
            Observation.PARITY,
            Rational(1, 10**9),
            "round-off",
        ),
        Observed(
            "no network is better",
            error + beta * divergence >= 3 * log(2),
            Observation.PARITY,
            figure=error + beta * divergence,
            note="a network with a loss of {least:.5f} nats",
            expected=Expected.REFUTED,
        ),
    ),
    uses=("score-threshold",),
    expected=Expected.REFUTED,
    instead="collapse is optimal from the β of discrete-shared-variance-global on (logits linear in z), or for β ≥ D "
    "(collapse-entropy-floor)",
)
