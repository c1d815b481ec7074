"""Theorem (y ~ N(0, B), y = x; eigenvalues θ_i² of B). Any VAE — encoder, decoder and prior of any kind — has

    E‖y − ŷ‖² + 2βη_dec²·E KL ≥ min_D [Σ D_i + βη_dec² Σ log(θ_i²/D_i)],

and the linear VAE with learnable Σ attains it when d is at least its active count: collapse is reverse water-filling at
level w = βη_dec²: D_i = min(θ_i², w).

Proof. E KL ≥ I(x; z) (the aggregate posterior is the best prior) ≥ I(y; ŷ) (data processing) ≥ Σ I(y_i; ŷ_i)
(independent y_i) ≥ Σ ½ log(θ_i²/D_i), D_i = E(y_i − ŷ_i)² (Shannon). Coordinate by coordinate the least value of
D + w log(θ²/D) over 0 < D ≤ θ² is that at min(θ², w), by the tangents below. Only a finite sample or another law can go
below: for y = ±1 at w = 0.1 a tanh network does. For a CVAE the same with everything given x (E[rrᵀ] for B); a
hierarchy's KL is that of its levels together, at equal β.
"""

from __future__ import annotations

from sympy import Eq, Ge, MatrixSymbol, Piecewise, Symbol, Trace, log

from derivations.claim import THEORY, Always, Claim, Domain, Lemma, Observation, Observed, Variable
from derivations.models.networks import error, loss
from derivations.models.vae import MOMENTS, distortion, rate
from derivations.nodes import LogDet, SumModes, count, indicator
from derivations.notation import Sigma, U, V, d, theta, water_level
from derivations.program.mode_program import vae
from derivations.statements.script import by_cases, combine, concat, empty, have, mode_by_mode, segment, tangent
from derivations.variables import FRAME, INPUT_FRAME, SCALES, SPECTRUM

excess = Symbol("g", nonnegative=True)
delta = 1 / (1 + excess)  # a mode's distortion is D = δθ² ≤ θ²
P = MatrixSymbol("P", d, d)
ACTIVE = theta**2 > water_level

coding = theta**2 * delta - water_level * log(delta)
filled = Piecewise((water_level + water_level * log(theta**2 / water_level), ACTIVE), (theta**2, True))
above = filled - theta**2
log_grows = have(  # log(1 + g) = (δ − 1 − log δ) + δg
    Ge(log(1 + excess), 0, evaluate=False), combine(tangent(delta), (delta, have(Ge(excess, 0, evaluate=False))))
)

program = vae(learnable=True)
s, q = program.solution[program.s], program.solution[program.q]
attained = SumModes(theta**2 * q / s, 0, d) + SumModes(theta**2, d) + 2 * water_level * SumModes(log(s / q) / 2, 0, d)
reached = SumModes(theta**2 * q / s + water_level * log(s / q), 0, d)
none_beyond = have(Eq(count(ACTIVE, d), 0), by_cases(segment(ACTIVE, theta, d), concat(indicator(ACTIVE), d)))

CLAIM = Claim(
    id="rate-distortion-bound",
    title="the linear VAE is reverse water-filling, and nothing is better on Gaussian data",
    source=f"{THEORY}; Cover & Thomas, Elements of Information Theory, §10.3",
    text="On y ~ N(0, B), y = x, every VAE has distortion + 2βη_dec²·KL at least that of reverse water-filling at "
    "level βη_dec², which the linear VAE with learnable Σ attains; a CVAE likewise, with y given x.",
    variables=(
        SPECTRUM,
        *SCALES,
        FRAME,
        INPUT_FRAME,
        Variable(excess, Domain.MODES, "a mode's distortion is D = θ²/(1 + g)"),
        *(Variable(M, Domain.MATRIX) for M in (U, V)),
        Variable(Sigma, Domain.DIAGONAL),
        Variable(P, Domain.DEFINITE),
    ),
    definitions=MOMENTS,
    assumptions=(count(ACTIVE) <= d,),
    statements=(
        Always(
            "no code is better",
            coding >= filled,
            scale=theta**2 + water_level,
            proof=by_cases(
                (water_level, tangent(theta**2 * delta / water_level)),
                (theta**2, tangent(delta)),
                (water_level - theta**2, log_grows),
            ),
        ),
        Always(
            "the linear VAE attains it",
            Eq(attained, SumModes(filled)),
            scale=SumModes(theta**2) + water_level,
            proof=combine(
                have(Eq(reached, SumModes(filled, 0, d)), mode_by_mode()),
                have(Eq(SumModes(filled, d), SumModes(theta**2 + above * indicator(ACTIVE), d)), mode_by_mode()),
                empty(none_beyond, above),
                concat(filled, d),
            ),
        ),
        Observed(
            "no network is better on a Gaussian population",
            loss >= SumModes(filled),
            Observation.GAUSSIAN,
            reason="4 standard errors of the fresh rows",
            slack=4 * error,
            figure=loss / SumModes(filled),
            note="{count} networks, fresh rows; loss over bound {least:.4f} to {greatest:.4f}",
        ),
        Observed(
            "one is better on y = ±1",
            loss < SumModes(filled),
            Observation.SIGNS,
            figure=loss,
            beside=SumModes(filled),
            note="a tanh network reaches {least:.4f} at βη_dec² = 0.1, against {beside:.4f} of a Gaussian law",
        ),
    ),
    proof=(
        Lemma(
            "E KL(q(z|x) ‖ p(z)) ≥ I(x; z)",
            "Cover & Thomas, Elements of Information Theory, Lemma 10.8.1",
            Trace(P) - d - LogDet(P) >= 0,
        ),
        Lemma(
            "rate distortion of a Gaussian vector, with data processing",
            "Cover & Thomas, Elements of Information Theory, Theorems 2.8.1 and 10.3.3",
            distortion + 2 * water_level * rate >= SumModes(filled),
        ),
    ),
    uses=("vae-learnable", "vae-collapse-threshold"),
)
