"""A published formula with a misplaced factor, found from the loss alone: the scale c of a CVAE mode.

The mode θ of a linear CVAE with learnable variance q has the loss below, c = η_dec/η_enc. One of the scripts published
with arXiv 2306.05023 has c = η_enc/η_dec, which is right only if the two scales are equal.

Audit it:  collapse-audit check docs/examples/published_scale.py
"""

from sympy import Piecewise, log, sqrt, symbols

from derivations.claim import Claim, Expected, Minimum, Variable
from derivations.nodes import LogGap

theta, beta, eta_dec, eta_enc, q = symbols("theta beta eta_dec eta_enc q", positive=True)
omega, lamda = symbols("omega lambda", nonnegative=True)

c = eta_dec / eta_enc
loss = (omega * lamda - theta) ** 2 + omega**2 * q + beta * c**2 * (lamda**2 + q) - beta * eta_dec**2 * log(q)
water, active = beta * eta_dec**2, theta**2 > beta * eta_dec**2


def minimiser(c):
    """The closed form, for either reading of c."""
    gain = sqrt(theta**2 - water)
    return {
        omega: Piecewise((c * gain / eta_dec, active), (0, True)),
        lamda: Piecewise((eta_dec * gain / (c * theta), active), (0, True)),
        q: Piecewise((water * eta_dec**2 / (c * theta) ** 2, active), (eta_dec**2 / c**2, True)),
    }


t = omega**2 + beta * c**2
excess = (
    t * (lamda - omega * theta / t) ** 2,
    water * LogGap(t * q / water),
    water * Piecewise((LogGap(theta**2 * c**2 / (eta_dec**2 * t)), active), (LogGap(beta * c**2 / t), True)),
    Piecewise((0, active), ((water - theta**2) * omega**2 / t, True)),
)
PARAMETERS = tuple(Variable(x) for x in (theta, beta, eta_dec, eta_enc))

CLAIMS = [
    Claim(
        id="cvae-mode-published",
        title="the closed form with c = η_enc/η_dec",
        source="companion code of arXiv 2306.05023, Theorem 2",
        text="ω² = c²(θ² − βη_dec²)₊/η_dec² with c = η_enc/η_dec.",
        variables=PARAMETERS,
        statements=(Minimum("", loss, minimiser(eta_enc / eta_dec)),),
        expected=Expected.REFUTED,
        instead="c = η_dec/η_enc, see cvae-mode.",
    ),
    Claim(
        id="cvae-mode",
        title="the closed form with c = η_dec/η_enc",
        source="arXiv 2306.05023, Theorem 2",
        text="ω² = c²(θ² − βη_dec²)₊/η_dec² with c = η_dec/η_enc.",
        variables=PARAMETERS,
        statements=(Minimum("", loss, minimiser(c), excess=excess),),
    ),
]
