"""Theorem (Bernoulli outputs, grey ones too, or softmax; logits a + Uz linear in z, free constants; Σ fixed and the
same for every row; posterior means m linear in features φ, or any function). With λ_1 = λ_1(S),

    L − L_c ≥ ½β E[mᵀm] − ½λ_1 E[mᵀΣ⁻¹m],

so that complete collapse is a global minimum iff β ≥ λ_1/σ²_min, the only one if ">" (below it is a saddle).

Proof. −log p is convex in ξ and ε is independent of all else, so that m may be replaced by μ_i = E[m|y_i] in the loss
of y_i. That is the ELBO of one variable y_i with the posterior N(μ_i, Σ) against N(0, Σ): its gain is at most
½E[μ_iᵀΣ⁻¹μ_i] (Gibbs). For a binary y_i that is ½‖E[ỹ_i Σ^{-1/2}m]‖², ỹ_i standardised ("two points"). Summed over i it
is ½tr YGᵀGYᵀ, G = E[ỹφᵀ], m = Σ^{1/2}Yφ, and at most ½λ_1(GΦ⁻¹Gᵀ) tr YΦYᵀ. Softmax: H^{-1/2} for 1/√(p(1−p)).
"""

from __future__ import annotations

from sympy import Ge, MatrixSymbol, Symbol, Trace, sqrt

from derivations.claim import THEORY, Always, Claim, Domain, Lemma, Same, Variable
from derivations.models import collapsed as at
from derivations.models.likelihoods import fixed_threshold, largest, smallest
from derivations.notation import d
from derivations.statements.script import combine, have
from derivations.theorems.likelihoods.collapse_entropy_floor import gibbs, u, v

G, Phi, Y = at.G, at.Phi, at.W  # E[ỹφᵀ], E[φφᵀ], and Σ^{-1/2} times the encoder's head
top, power = at.largest(at.S), Trace(Y * Phi * Y.T)
odds, above = Symbol("o", positive=True), Symbol("f_1", real=True)  # of y_i = 1; E[f|y_i = 1], f centred
below, chance = -odds * above, odds / (1 + odds)
between = chance * above**2 + (1 - chance) * below**2
standard = sqrt(chance * (1 - chance)) * (above - below)  # E[ỹ f]
M = MatrixSymbol("M", d, d)  # of means, from N(0, Σ): what Gibbs' inequality leaves
scale, room = Symbol("x", nonnegative=True), Symbol("g", nonnegative=True)  # E[mᵀΣ⁻¹m]

CLAIM = Claim(
    id="discrete-fixed-variance-global",
    title="with Σ fixed, collapse of discrete outputs is optimal from λ_1(S)/σ²_min on",
    source=THEORY,
    text="For Bernoulli or softmax outputs with logits linear in z and Σ fixed, collapse is a global minimum if "
    "β ≥ λ_1(S)/σ²_min. That below it is a saddle is argued in words alone.",
    variables=(
        Variable(G, note="E[ỹφᵀ], ỹ standardised outputs"),
        Variable(Phi, Domain.DEFINITE, "E[φφᵀ]"),
        Variable(Y, note="Σ^{-1/2} times the encoder's head"),
        Variable(odds, note="of y_i = 1"),
        Variable(above, note="E[f|y_i = 1]"),
        Variable(largest, note="λ_1(S)"),
        Variable(smallest, note="the least σ"),
        Variable(scale, note="E[mᵀΣ⁻¹m]"),
        Variable(room, note="β − λ_1/σ²_min"),
        Variable(u, note="odds"),
        Variable(v, note="odds of another law"),
    ),
    statements=(
        Always(
            "what all outputs gain",
            top * power >= Trace(Y * G.T * G * Y.T),
            scale=top * power,
            proof=at.gain_is_bounded,
        ),
        Same("two points", between, standard**2),
        Always(
            "at and above the threshold the KL costs as much",
            (fixed_threshold + room) * smallest**2 * scale / 2 >= largest * scale / 2,
            scale=largest * scale,
            proof=combine((smallest**2 * scale / 2, have(Ge(room, 0, evaluate=False)))),
        ),
    ),
    proof=(
        Lemma(
            "Jensen's inequality, Gibbs' inequality",
            "Cover & Thomas, Elements of Information Theory, Theorems 2.6.2 and 2.6.3",
            gibbs >= 0,
        ),
    ),
)
