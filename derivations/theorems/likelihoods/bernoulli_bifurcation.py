"""Proposition (separable exponential family with log-partition A, canonical link, ξ = a + Uz). Where λ_1(S) is simple
with unit eigenvector v, the best model with U = tH^{-1/2}v has L − L_0 = ½t²(1 − λ_1/β) + c_4t⁴ + O(t⁶), at β = λ_1

    c_4 = 1/(4λ_1) + ⅛ Σ κ_i v_i⁴/H_i²,   κ = A⁗ − A‴²/A″ at the fit, H = A″:

the onset is continuous where c_4 > 0. For Poisson κ = 0; for Bernoulli κ = −2A″², so that c_4 = ¼(1/λ_1 − Σ v_i⁴) ≥ 0,
as λ_1v_i² ≤ S_ii ≤ 1. Just below, at β = λ_1(1 − δ), the gain is δ²/(16c_4) nats to first order.

Proof. Let m = wφ, E[φ²] = λ_1, be the mean, q its variance, and δ_i the changes of the constants. w is of order t,
q − 1 and δ of order t²; up to t⁴ the loss is what is minimised below (E m = 0 and E m³ enter later), one output
standing for all: by squares, and the tangent of log q. Its value at the minimum, differentiated, is c_4.
"""

from __future__ import annotations

from typing import Any

from sympy import Ge, Rational, Symbol, diff, log, simplify

from derivations.claim import THEORY, Always, Certificate, Claim, Domain, Minimum, Same, Variable
from derivations.models.likelihoods import LIKELIHOODS, largest, odds, partition
from derivations.nodes import LogGap, SumModes
from derivations.notation import beta
from derivations.statements.script import combine, have, mode_by_mode

t, w, shift = (Symbol(name, real=True) for name in ("t", "w", "delta_a"))
q = Symbol("q", positive=True)
room = Symbol("g", nonnegative=True)
A2, A3, A4 = Symbol("A_2", positive=True), Symbol("A_3", real=True), Symbol("A_4", real=True)


def curved(second: Any, third: Any, fourth: Any) -> Any:
    """κ."""
    return fourth - third**2 / second


def quartic(kappa: Any) -> Any:
    """c_4, of Σ κ_i v_i⁴/H_i²."""
    return 1 / (4 * largest) + kappa / 8


u = t / A2 ** Rational(1, 2)  # one output's share of U, v = 1
trained = (
    -t * w * largest
    + t**2 * (q + w**2 * largest) / 2
    + beta * (w**2 * largest + q - 1 - log(q)) / 2
    + A2 * shift**2 / 2
    + A3 * shift * u**2 / 2
    + A4 * u**4 / 8
)
best = {w: t / (t**2 + beta), q: beta / (beta + t**2), shift: -A3 * u**2 / (2 * A2)}
least = trained.subs(best)
fourth = diff(least, t, 4).subs(t, 0).subs(beta, largest) / 24
bernoulli, poisson = ([partition(LIKELIHOODS[name], k) for k in (2, 3, 4)] for name in ("bernoulli", "poisson"))

KAPPA = {name: simplify(curved(*A) / A[0] ** 2) for name, A in (("bernoulli", bernoulli), ("poisson", poisson))}
parts, delta = Symbol("K", real=True), Symbol("delta", positive=True)  # Σ κ_i v_i⁴/H_i²; 1 − β/λ_1
gained = delta**2 / (16 * quartic(parts))

# λ_1v_i² = 1/(1 + g_i) ≤ 1, and Σ v_i² = 1: λ_1 = Σ 1/(1 + g_i).
part = 1 / (1 + room)
first = SumModes(part)
more = have(Ge(room, 0, evaluate=False))

CLAIM = Claim(
    id="bernoulli-bifurcation",
    title="how the first latent appears below the threshold",
    source=THEORY,
    text="At a simple λ_1 the loss along the first eigenvector is ½t²(1 − λ_1/β) + c_4t⁴ + O(t⁶), for Bernoulli "
    "outputs with c_4 = ¼(1/λ_1 − Σv_i⁴) ≥ 0: at β = λ_1(1 − δ) the gain is δ²/(16c_4) to first order.",
    variables=(
        Variable(beta),
        Variable(largest, note="λ_1(S)"),
        Variable(t),
        Variable(A2, note="A″ at the fit"),
        Variable(A3, note="A‴"),
        Variable(A4, note="A⁗"),
        Variable(odds, note="e^ξ at the fit"),
        Variable(room, Domain.MODES, "λ_1v_i² = 1/(1 + g_i)"),
    ),
    statements=(
        Minimum(
            "the best model at t",
            trained,
            at=best,
            excess=(
                largest * (t**2 + beta) * (w - best[w]) ** 2 / 2,
                beta * LogGap(q / best[q]) / 2,
                A2 * (shift - best[shift]) ** 2 / 2,
            ),
        ),
        Same("its fourth order at β = λ_1", fourth, quartic(curved(A2, A3, A4) / A2**2)),
        Same("Bernoulli", curved(*bernoulli), -2 * bernoulli[0] ** 2),
        Same("Poisson", curved(*poisson), 0 * odds),
        Always(
            "c_4 ≥ 0 for Bernoulli: λ_1 ≥ Σ (λ_1v_i²)²",
            first >= SumModes(part**2),
            proof=mode_by_mode(combine((part**2, more))),
        ),
    ),
    proof=(
        Certificate("no loss at t = 0", least.subs(t, 0), ()),
        Certificate("second order", diff(least, t, 2).subs(t, 0) - (1 - largest / beta), ()),
    ),
)
