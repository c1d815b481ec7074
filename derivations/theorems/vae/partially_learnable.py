"""Theorem (linear VAE, Σ learnable on some latents and fixed on the others). The least loss is that of no mode at all,
less the best matching of modes to latents, with a = √βcσ, w = βη_dec² and the gains

    (θ − a)₊²  for a fixed σ,   (θ² − w − w log(θ²/w))₊ above θ² = w  for a learnable one.

Proof. At fixed learnable deviations the least loss is that of the best pairing (vae-fixed); a learnable latent with
mode θ is best at its own optimum (certificates), and minimising over pairings and over deviations commutes.

Spurious minima exist. Z = diag(3, 1.5), β = η_dec = η_enc = 1, σ = (½ fixed, learnable): θ = 3 on the fixed latent is a
strict local minimum at 7.197225, the other pairing global at 7.083519. A full block forces nothing but up to rotation.
"""

from __future__ import annotations

from typing import Any

from sympy import Identity, ImmutableMatrix, Integer, MatrixSymbol, Piecewise, Rational, Symbol, log, sqrt

from derivations.claim import THEORY, Certificate, Claim, Domain, Expected, LocalMinimum, Optimum, Same, Variable
from derivations.models.vae import MOMENTS, loss
from derivations.nodes import Diagonal, LogGap, Matching, SumModes
from derivations.notation import D, Sigma, U, V, Z, beta, d, eta_dec, eta_enc, free, index, r, sigma, theta, water_level
from derivations.program.mode_program import vae
from derivations.variables import FRAME, INPUT_FRAME, SCALES, SPECTRUM

S, P = MatrixSymbol("Sigma_free", d, d), MatrixSymbol("P", d, d)
rotated = loss.xreplace({U: U * P.T, V: P * V, Sigma: P * Sigma * P.T})
chosen = Diagonal(free, d, d)
mixed = loss.xreplace({Sigma: S * chosen + Diagonal(sigma**2, d, d) * (Identity(d) - chosen)})

w, a = water_level, sqrt(water_level) * sigma / eta_enc
gain_fixed = Piecewise(((theta - a) ** 2, theta > a), (0, True))
gain_free = Piecewise((theta**2 - w - w * log(theta**2 / w), theta**2 > w), (0, True))
gain = Piecewise((gain_free, free > 0), (gain_fixed, True))
alone = Piecewise((w - w * log(eta_enc**2), free > 0), (a**2 - w * log(sigma**2), True))
value = SumModes(theta**2) + SumModes(alone, 0, d) - Matching(gain, d)

# One mode on a latent of any deviation σ.
t = Symbol("theta", positive=True)
costs = 2 * a * t - w * log(sigma**2), t**2 + a**2 - w * log(sigma**2)  # active, collapsed at this σ
learnt, lost = (region.subs(theta, t) for region in map(vae(learnable=True).value, vae(learnable=True).regions))
level, edge = Symbol("l", positive=True), Symbol("a", positive=True)  # √w and √βcσ

sizes = dict.fromkeys((d, D, r), Integer(2))
U2, V2, S2, Z2 = (M.xreplace(sizes) for M in (U, V, S, Z))
q = Symbol("q", positive=True)  # the learnable variance of latent 2


def pick(first: Any, second: Any) -> Any:
    """One value for the first mode, another for the second."""
    return Piecewise((first, index <= 1), (second, True))


def paired(fixed: Any, learnable: Any, crossed: bool) -> dict[Any, Any]:
    """The stationary point with these θ on latent 1 (σ = ½) and on latent 2 (learnable)."""
    half, rest = Rational(1, 2), sqrt(learnable**2 - 1)
    u, v = pick(sqrt((fixed - half) / half), rest), pick(sqrt((fixed - half) * half), rest / learnable)
    swap = ImmutableMatrix([[0, 1], [1, 0]]) if crossed else Identity(2)
    return {U2: swap * Diagonal(u, 2, 2), V2: Diagonal(v, 2, 2) * swap, q: learnable**-2}


numbers = {sigma: Rational(1, 2), free: index - 1, **{v.symbol: Integer(1) for v in SCALES}}
matrices = {Z2: Diagonal(pick(3, Rational(3, 2)), 2, 2), S2: Diagonal(pick(1, q), 2, 2)}
example = mixed.xreplace(sizes).xreplace(numbers | matrices)

CLAIM = Claim(
    id="partially-learnable",
    title="Σ learnable on some latents: best matching, and spurious minima",
    source=THEORY,
    text="The optimum is that of the best matching of modes to latents, with gains (θ − √βcσ)₊² (fixed σ) and "
    "θ² − w − w log(θ²/w) where θ² > w = βη_dec² (learnable); strict local minima that are not global exist.",
    variables=(
        *(SPECTRUM, *SCALES, FRAME, INPUT_FRAME),
        Variable(sigma, Domain.POSITIVE_MODES, "of a fixed latent"),
        Variable(free, Domain.FLAGS, "1 for a learnable latent"),
        Variable(P, Domain.ORTHOGONAL, "a rotation inside a block"),
        *(Variable(M, Domain.MATRIX) for M in (U, V)),
        Variable(Sigma, Domain.DEFINITE),
    ),
    definitions=MOMENTS,
    statements=(
        Optimum("best matching", mixed, {U: Domain.MATRIX, V: Domain.MATRIX, S: Domain.DIAGONAL}, value),
        LocalMinimum(
            "a spurious minimum",
            example,
            at=paired(Integer(3), Rational(3, 2), crossed=False),
            elsewhere=paired(Rational(3, 2), Integer(3), crossed=True),
            domains={U2: Domain.MATRIX, V2: Domain.MATRIX, q: Domain.POSITIVE},
        ),
        Same("a rotation inside a full block changes nothing", rotated, loss),
    ),
    proof=(
        Certificate("active at σ, active mode", costs[0] - learnt, (2 * w * LogGap(a * t / w),)),
        Certificate("collapsed at σ, active mode", costs[1] - learnt, (2 * w * LogGap(a * t / w), (a - t) ** 2)),
        Certificate("collapsed at σ, collapsed mode", costs[1] - lost, (w * LogGap(a**2 / w),)),
        Certificate(
            "active at σ, collapsed mode",
            (costs[0] - lost).subs(sigma, edge * eta_enc / sqrt(w)).subs(beta, level**2 / eta_dec**2),
            (2 * level**2 * LogGap(edge / level), (level - t) * (level - edge), (level - t) * (t - edge)),
            given=(level >= t, level >= edge, t >= edge),
        ),
    ),
    uses=("elbo-vae", "vae-fixed", "vae-learnable"),
    expected=Expected.SUPPORTED,
)
