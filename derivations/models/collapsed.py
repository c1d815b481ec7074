"""The collapsed point of a network whose heads are linear in features, and the second variation of its loss there.

φ are the last features of the encoder, ψ those of the decoder at z ~ N(0, η_enc²I), a constant among both; r is what
the best fit leaves of y. With W = w/η_enc (w the encoder's head; a σ-head's, times √2, stacked under it) and N the
decoder's head,

    Q = tr(NKNᵀ) − 2 tr(NPWGᵀ) + βη_dec² tr(WΦWᵀ)

is the second variation of F/2, up to parts that are ≥ 0 and touch neither N nor W.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, Identity, MatrixSymbol, Rational, Symbol, Trace, diff, exp, sqrt

from derivations.algebra.nodes import Eigenvalue, SumModes, one_mode
from derivations.models.gaussian import gaussian_mean, relative_entropy
from derivations.notation import D, Sigma, d, eta_enc, water_level
from derivations.statements.observed import Observation, Observed
from derivations.statements.script import Script, by_cases, given, gram, have, rayleigh


def largest(M: Any) -> Any:
    """The largest eigenvalue of a symmetric matrix that has no negative one."""
    return SumModes(Eigenvalue(M), 0, 1)


m, n, k, p, q = (Symbol(name, integer=True, positive=True) for name in ("m", "n", "k", "p", "q"))
G = MatrixSymbol("G_phi", D, m)  # E[rφᵀ]
Phi = MatrixSymbol("Phi", m, m)  # E[φφᵀ]
K = MatrixSymbol("K_z", n, n)  # E[ψψᵀ]
P = MatrixSymbol("P_z", n, k)  # η_enc E[∂ψ/∂z], and beside it E[z_i ∂ψ/∂z_i]/√2 of a σ-head; by Stein E[ψTᵀ]
E_r = MatrixSymbol("E_r", D, D)  # E[rrᵀ]
N, W = MatrixSymbol("N", D, n), MatrixSymbol("W", k, m)

S = G * Phi.inverse() * G.T
kappa = P.T * K.inverse() * P
threshold = largest(S) * largest(kappa)
size = Trace(W * Phi * W.T)
form = Trace(N * K * N.T) - 2 * Trace(N * P * W * G.T) + water_level * size
root = MatrixSymbol("L_H", D, D)  # of H = E[∂²loss/∂ξ²], symmetric: G is then H^{-1/2}E[sφᵀ], and N H^{1/2} the head
unscaled = (
    Trace(root**2 * (root.inverse() * N) * K * (root.inverse() * N).T)
    - 2 * Trace((root.inverse() * N) * P * W * (root * G).T)
    + water_level * size
)
best_head = G * W.T * P.T * K.inverse()


def _moved(by: Any) -> Script:
    """That W less a step along what it gains has a Gram matrix of trace ≥ 0."""
    return gram(W - by * W * G.T * G * Phi.inverse(), Phi)


# tr WGᵀGWᵀ ≤ λ_max(S) tr WΦWᵀ: else a step of this length would make the trace of a Gram matrix negative.
_top, _gained = largest(S), Trace(W * G.T * G * W.T)
_step, _on_data = (size + 1) / _gained, rayleigh(S, G * W.T)
_facts = ((_top, _moved(1 / _top)), (1 / _top, _on_data), _moved(_step), (_step**2, _on_data), gram(W, Phi))
_where_0 = (_step**2 * _gained, given(_top <= 0))
gain_is_bounded = have(_top * size >= _gained, by_cases(*_facts, _where_0, on=(_top > 0, _gained > 0)))

# A decoder of (z, x): the same with vectors h = vec N, o = vec W.
B_r = MatrixSymbol("B_r", q, p)  # η_enc E[r_a ∂_kψ_j φ_m]: rows (output a, feature j), columns (latent k, φ_m)
L = MatrixSymbol("L_K", q, q)  # LLᵀ = (I ⊗ E[ψψᵀ])⁻¹
Psi = MatrixSymbol("Psi", p, p)  # I ⊗ Φ
h, o = MatrixSymbol("h", q, 1), MatrixSymbol("o", p, 1)

mixed_threshold = largest(L.T * B_r * Psi.inverse() * B_r.T * L)
mixed_form = Trace(h.T * (L * L.T).inverse() * h) - 2 * Trace(h.T * B_r * o) + water_level * Trace(o.T * Psi * o)
best_mixed = L * L.T * B_r * o

# What is measured: the βη_dec² at which the Hessian loses its negative eigenvalue, and max over x of λ_max(Cov(y|x)).
crossing = Symbol("w_0", positive=True)
coupling = Symbol("h_c", nonnegative=True)  # of a dead latent's block to all else, relative to the largest entry
spread = Symbol("v_max", positive=True)
redrawn = Symbol("n_redrawn", nonnegative=True)  # draws put aside: a unit on a kink, dependent features, a coarse rule

# One coordinate of the error with every parameter moving: N = sν, f = s f_1 + s² f_2/2, ψ and z to first order.
_s, r, f1, f2, nu, psi, psi_z, psi_b, dz, db, t = (
    Symbol(name, real=True) for name in ("s", "r", "f_1", "f_2", "nu", "psi", "psi_z", "psi_b", "dz", "db", "t")
)
_error = r - _s * f1 - _s**2 * f2 / 2 - _s * nu * (psi + _s * (psi_z * dz + psi_b * db))
error_variation = diff(_error**2, _s, 2).subs(_s, 0) / 2
expected_variation = (f1 + nu * psi) ** 2 - r * (f2 + 2 * nu * (psi_z * dz + psi_b * db))

# KL of q = N(μ, η_enc²e^{2t}) from the prior, as a function of (μ, t).
_M = MatrixSymbol("M", d, d)
mean = Symbol("mean", real=True)
_variance = eta_enc**2 * exp(2 * t)
kl = one_mode(
    relative_entropy({"z": Identity(d)}, {("z", "z"): _M}, Sigma, eta_enc**2),
    {_M: mean**2 + _variance, Sigma: _variance},
)


def kl_derivative(*by: Any) -> Any:
    """A derivative of the KL at the collapsed point."""
    return diff(kl, *by).subs({mean: 0, t: 0})


# T = (z/η_enc, (z²/η_enc² − 1)/√2) is orthonormal, so κ ⪯ I: by Stein's identity (here on cubics) P is E[ψTᵀ].
_z = Symbol("z", real=True)
tangent = (_z / eta_enc, (_z**2 / eta_enc**2 - 1) / sqrt(2))
cubic_coefficients = tuple(Symbol(f"c_{i}", positive=True) for i in range(4))
_cubic = sum(c * _z**i for i, c in enumerate(cubic_coefficients))
stein = (gaussian_mean(_z * _cubic, _z, eta_enc**2), eta_enc**2 * gaussian_mean(diff(_cubic, _z), _z, eta_enc**2))


def tangent_moment(i: int, j: int) -> Any:
    """E[T_iT_j] of one latent, z ~ N(0, η_enc²)."""
    return gaussian_mean(tangent[i] * tangent[j], _z, eta_enc**2)


def crossed(label: str, observation: Observation, threshold: Any) -> Observed:
    """The statement that finite-difference Hessians lose their negative eigenvalue at this threshold."""
    ratio = threshold / crossing
    return Observed(
        label,
        Eq(ratio, 1),
        observation,
        Rational(1, 50),
        "bracketed to ± 2 %; round-off hides up to 0.5 % of it",
        figure=ratio,
        beside=redrawn,
        note="{count} networks ({beside:.0f} draws put aside: on a kink, dependent "
        "features, a rule too coarse); threshold over measured crossing {least:.5f} to {greatest:.5f}",
    )


def bounded(label: str, relation: Any, observation: Observation) -> Observed:
    """The statement that a bound on thresholds holds, up to the error of Gauss–Hermite sums."""
    return Observed(label, relation, observation, Rational(1, 1000), "the rule's own error in the features' moments")
