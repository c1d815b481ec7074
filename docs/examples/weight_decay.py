"""A false statement with its witness, and what is true instead. Weight decay on a product of two weights:

f(u, v) = (uv − θ)² + α(u² + v²). It is said to shrink: u = v = √(θ/(1 + α)). It thresholds: u = v = √(θ − α)₊.

Audit it:  collapse-audit check docs/examples/weight_decay.py
"""

from sympy import Piecewise, Symbol, sqrt

from derivations.claim import Claim, Expected, Minimum, Variable

theta = Symbol("theta", nonnegative=True)
alpha = Symbol("alpha", positive=True)
u, v = Symbol("u", nonnegative=True), Symbol("v", nonnegative=True)  # signs can be moved from one to the other

loss = (u * v - theta) ** 2 + alpha * (u**2 + v**2)
shrunk = sqrt(theta / (1 + alpha))
survives = theta > alpha
kept = Piecewise((sqrt(theta - alpha), survives), (0, True))

SHRINKS = Claim(
    id="weight-decay-shrinks",
    title="weight decay on two factors shrinks",
    source="said in passing",
    text="u = v = √(θ/(1 + α)) minimises (uv − θ)² + α(u² + v²).",
    variables=(Variable(theta), Variable(alpha)),
    statements=(Minimum("", loss, at={u: shrunk, v: shrunk}),),
    expected=Expected.REFUTED,
    instead="u = v = √(θ − α)₊: every θ ≤ α is lost, see weight-decay-thresholds.",
)

THRESHOLDS = Claim(
    id="weight-decay-thresholds",
    title="weight decay on two factors is a soft threshold",
    source="Srebro, Rennie and Jaakkola, 2004 (nuclear norm)",
    text="u = v = √(θ − α)₊ minimises (uv − θ)² + α(u² + v²).",
    variables=(Variable(theta), Variable(alpha)),
    statements=(
        Minimum(
            "",
            loss,
            at={u: kept, v: kept},
            excess=(
                Piecewise(((u * v - (theta - alpha)) ** 2, survives), ((u * v) ** 2, True)),
                Piecewise((0, survives), (2 * (alpha - theta) * u * v, True)),
                alpha * (u - v) ** 2,
            ),
        ),
    ),
)
