"""Theorem (networks, linear or not; any likelihood). Let the heads be linear in features that include a constant:
encoder mean μ = wφ(x, y), decoder ξ = f(x) + Nψ(z). At the *collapsed point* (w = 0, N = 0 but for the constant,
σ = η_enc, f the best fit, s = −∂loss/∂ξ, E[s] = 0, H = E[∂²loss/∂ξ²]) the second variation is the form Q of
`models.collapsed`, plus a square of the change of log σ and the second variation of f, both ≥ 0. It has a negative
direction iff

    β < λ_max(S) λ_max(κ),   S = GΦ⁻¹Gᵀ, G = H^{-1/2}E[sφᵀ],   κ = PᵀK⁻¹P.

For squared errors that is βη_dec² < …, G = E[rφᵀ], r = y − f. S ⪯ E[rrᵀ] and κ ⪯ I, so at βη_dec² ≥ λ_max(E[rrᵀ])
collapse is stable for every such network. For a decoder of (z, x) with E[r|x] = 0 the threshold is ‖LᵀBΨ^{−1/2}‖²,
which can exceed λ_max(E[rrᵀ]), though not max_x λ_max(Cov(y|x)). Stable is not globally optimal.

Proof. "error" is one coordinate's second variation with every parameter moving: N is itself of first order, so ψ
enters with its first derivatives only. In the mean over independent z and data E[r] = 0 removes σ and the hidden
layers; f is a best fit, so E[r δ²f] completes a form ≥ 0, and the mean of δf is the constant feature's share of N.
What is left of the middle term is E[ψ_z δz] = PWφ (Stein). "KL in …": the rest of Q. Its lower bound
is a theorem of the proof core: complete the square in N; what that takes off, tr(κWGᵀGWᵀ), is at most λ_max(κ) times
tr(WGᵀGWᵀ) ≤ λ_max(S) tr(WΦWᵀ). "direction" is negative at the top eigenvectors a of κ and u of S. "mixed" completes
the square of vectors; the same bound with LᵀB for G does the rest.
"""

from __future__ import annotations

from sympy import Eq, Identity, MatrixSymbol, Trace

from derivations.claim import THEORY, Always, Certificate, Claim, Domain, Lemma, Observation, Observed, Same, Variable
from derivations.models import collapsed as at
from derivations.models.collapsed import E_r, G, K, N, P, Phi, Psi, S, W, bounded, crossed, kappa, largest
from derivations.models.likelihoods import LIKELIHOODS, dispersion, mean, odds, squared_scale
from derivations.notation import D, eta_enc, water_level
from derivations.statements.script import combine, gram, rayleigh
from derivations.variables import SCALES

a, u = MatrixSymbol("a", at.k, 1), MatrixSymbol("u", D, 1)
best, h_best, LL = at.best_head, at.best_mixed, at.L * at.L.T
one, chance = Identity(at.k), odds / (1 + odds)
on_r, on_T = G * Phi.inverse(), P.T * K.inverse()  # regressions of r on φ, of T on ψ
VARIANCES = (
    ("bernoulli", chance, chance * (1 - chance)),
    ("poisson", odds, odds),
    ("negative-binomial", odds, odds + odds**2 / dispersion),
)

CLAIM = Claim(
    id="score-threshold",
    title="when complete collapse is locally stable, for any likelihood",
    source=THEORY,
    text="With heads linear in features, the Hessian at the collapsed point has a negative direction iff "
    "β < λ_max(S)λ_max(κ), S the score matrix; for squared errors βη_dec² < …, at most λ_max(E[rrᵀ]).",
    variables=(
        *SCALES,
        Variable(N, note="change of the decoder's head"),
        Variable(W, note="change of the encoder's head, over η_enc"),
        Variable(G, note="E[rφᵀ]"),
        Variable(Phi, Domain.DEFINITE, "E[φφᵀ]"),
        Variable(K, Domain.DEFINITE, "E[ψψᵀ]"),
        Variable(P, note="η_enc E[ψ'(z)]"),
        Variable(E_r, Domain.DEFINITE, "E[rrᵀ]"),
        Variable(at.root, Domain.DEFINITE, "root of H = E[∂²loss/∂ξ²]"),
        *(Variable(x) for x in (odds, dispersion)),
        *(Variable(M, note="of a mixed decoder") for M in (at.h, at.o, at.B_r)),
        *(Variable(M, Domain.DEFINITE, "of a mixed decoder") for M in (Psi, at.L)),
        *(Variable(x, note="any") for x in (a, u, *at.cubic_coefficients)),
    ),
    statements=(
        Always(
            "nothing descends above the threshold",
            at.form >= (water_level - at.threshold) * at.size,
            scale=Trace(N * K * N.T) + (water_level + at.threshold) * at.size,
            proof=combine(gram(N - best, K), rayleigh(kappa, W * G.T), (largest(kappa), at.gain_is_bounded)),
        ),
        Same(
            "a direction that descends below it",
            at.form,
            water_level * Trace(a * a.T) * Trace(u.T * S * u) - Trace(a.T * kappa * a) * Trace(u.T * S * S * u),
            definitions={W: a * u.T * G * Phi.inverse(), N: best},
        ),
        Same("any likelihood: with standardised scores", at.unscaled, at.form),
        *(Same(f"scale of {x}", squared_scale(LIKELIHOODS[x]).subs(mean, m), 1 / V) for x, m, V in VARIANCES),
        crossed("Bernoulli", Observation.BERNOULLI, at.threshold),
        crossed("Poisson", Observation.POISSON, at.threshold),
        crossed("constant σ", Observation.ADDITIVE, at.threshold),
        crossed("σ-head", Observation.HEAD, at.threshold),
        crossed("μ = mxy, ŷ = kxz", Observation.PRODUCT, at.mixed_threshold),
        bounded("constant σ: at most λ_max(E[rrᵀ])", at.threshold <= largest(E_r), Observation.ADDITIVE),
        bounded("σ-head: at most λ_max(E[rrᵀ])", at.threshold <= largest(E_r), Observation.HEAD),
        crossed("mixed decoder", Observation.MIXED, at.mixed_threshold),
        bounded("mixed: at most max λ_max(Cov(y|x))", at.mixed_threshold <= at.spread, Observation.MIXED),
        Observed(
            "a mixed decoder exceeds λ_max(E[rrᵀ])",
            at.mixed_threshold > largest(E_r),
            Observation.PRODUCT,
            figure=at.mixed_threshold / largest(E_r),
            note="{greatest:.6g} times λ_max(E[rrᵀ])",
        ),
    ),
    proof=(
        Certificate("error", at.error_variation - at.expected_variation, ()),
        Certificate("KL in μ", at.kl_derivative(at.mean, 2) - 1 / eta_enc**2, ()),
        Certificate("KL in log σ", at.kl_derivative(at.t, 2) - 2, ()),
        *(
            Certificate(f"KL is flat, {i}", at.kl_derivative(*by), ())
            for i, by in enumerate(((at.mean,), (at.t,), (at.mean, at.t)), 1)
        ),
        *(
            Certificate(f"E[T_{i + 1}T_{j + 1}]", at.tangent_moment(i, j) - int(i == j), ())
            for i, j in ((0, 0), (0, 1), (1, 1))
        ),
        Same(
            "mixed",
            at.mixed_form,
            Trace((at.h - h_best).T * LL.inverse() * (at.h - h_best))
            + Trace(at.o.T * (water_level * Psi - at.B_r.T * LL * at.B_r) * at.o),
        ),
        Same("E[rrᵀ] − S: what regression on φ leaves", E_r - S, E_r - on_r * G.T - G * on_r.T + on_r * Phi * on_r.T),
        Same("I − κ: what regression on ψ leaves", one - kappa, one - on_T * P - P.T * on_T.T + on_T * K * on_T.T),
        Lemma("Stein's identity", "Stein, Annals of Statistics 9 (1981), Lemma 1", Eq(*at.stein)),
    ),
    uses=("elbo-vae", "elbo-cvae"),
)
