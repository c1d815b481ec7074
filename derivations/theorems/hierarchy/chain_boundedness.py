"""Theorem (hierarchies). The loss is bounded below iff β does not fall along the learnable levels p_1 < … < p_n; the
fixed levels between them do not matter.

If. Put y_k = 0 for k ≤ p_1 and y_k = β_p, p the last learnable level before k, for the term_k behind it. By
x ≥ 1 + log x, with level l's constraint written s_l = q_l(1 + g_l),

    f − const = Σ_k y_kη_dec² (x_k − 1 − log x_k) + η_dec² Σ_l z_l log(1 + g_l) + Σ_{y_k = 0} term_k,
    x_k = term_k/(y_kη_dec²),   z_l = β_{p_1} at l = p_1, β_{p_{j+1}} − β_{p_j} ≥ 0 at l = p_{j+1}, 0 elsewhere;

a certificate for each pattern; the recession cone says the same by exact linear programs (`tails`). Only if. Where β_l
> β_m for consecutive learnable l < m, multiply s_l … s_{m−1} and q_l of one mode by τ and divide q_m by τ: every term
stays, and the *matrix* loss falls by (β_l − β_m)η_dec² log τ.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from sympy import Eq, Piecewise, S, Symbol, log, sqrt

from derivations.claim import THEORY, Always, Certificate, Claim, Domain, Variable
from derivations.models.chain import MOMENTS, build_chain
from derivations.nodes import LogGap
from derivations.notation import eta_dec, index, theta
from derivations.program.hierarchy import Hierarchy, build_hierarchy
from derivations.program.recession import tails
from derivations.statements.script import over_modes
from derivations.variables import FRAME, INPUT_FRAME, SCALES, SPECTRUM

PATTERNS = [pattern for L in (1, 2, 3, 4) for pattern in product((False, True), repeat=L)]
RAYS = [(True, True), (True, False, True), (False, True, True)]
extra = Symbol("g", positive=True)
tau = 1 + extra
grown = Piecewise((tau, index <= 1), (1, True))  # one mode is enough


def named(pattern: tuple[bool, ...]) -> str:
    """The pattern in words."""
    return f"L = {len(pattern)}, learnable {', '.join(str(l) for l, yes in enumerate(pattern, 1) if yes) or 'none'}"


def certificate(pattern: tuple[bool, ...]) -> Certificate:
    """F less a constant as a sum of non-negative terms, s_l = q_l(1 + g_l)."""
    program = build_hierarchy(pattern).program
    g = {level.s: Symbol(f"g_{l}", nonnegative=True) for l, level in enumerate(program.levels, 1)}
    at = {level.s: level.q * (1 + g[level.s]) for level in program.levels}
    terms, given, y = [program.terms[0].xreplace(at)], [], S.Zero
    for level, above in zip(program.levels, program.terms[1:], strict=True):
        if level.learnable:
            given += [level.beta >= y] if y != 0 else []
            terms.append((level.beta - y) * eta_dec**2 * log(1 + g[level.s]))
            y = level.beta
        x = above.xreplace(at)
        terms.append(y * eta_dec**2 * LogGap(x / (y * eta_dec**2)) if y != 0 else x)
    objective = program.objective.xreplace(at)
    rest = objective - sum(t.replace(LogGap, lambda x: LogGap(x).expanded()) for t in terms)
    constant = rest.xreplace(
        {**dict.fromkeys(g.values(), S.Zero), **{level.q_symbol: S.One for level in program.levels}}
    )
    return Certificate(f"bounded below, {named(pattern)}", objective - constant, tuple(terms), tuple(given))


def loss_on_ray(h: Hierarchy, t: Any) -> Any:
    """The matrix loss with the best decoders where s_l … s_{m−1} and q_l are t times, q_m 1/t times what they were."""
    l, m = h.program.pairs[-1]
    at: dict[Any, Any] = {}
    before = below = S.One
    for k, symbols in enumerate(h.model.levels):
        s = symbols.lamda**2 * before + symbols.sigma**2
        moved = s * t if l <= k < m else s
        q = symbols.sigma**2 * (t if k == l else 1 / t if k == m else 1)
        encoder = sqrt((moved - q) / below)
        at |= {symbols.lamda: encoder, symbols.omega: encoder * (below if k else theta) / moved, symbols.sigma: sqrt(q)}
        before, below = s, moved
    frames = {X: frame.xreplace(at) for X, frame in h.model.frames.items()}
    return h.model.loss.xreplace(frames)


def ray(pattern: tuple[bool, ...]) -> Always:
    """The loss falls by (β_l − β_m)η_dec² log τ, without end where β_l > β_m."""
    h = build_hierarchy(pattern)
    l, m = (h.model.levels[k] for k in h.program.pairs[-1])
    fall = (l.beta - m.beta) * eta_dec**2 * log(tau)
    label = f"ray of the matrix loss, L = {len(pattern)}, learnable {l.d.name[2:]} and {m.d.name[2:]}"
    return Always(label, Eq(loss_on_ray(h, grown), loss_on_ray(h, S.One) - fall), proof=over_modes(None))


LEVELS = build_chain(3).levels

CLAIM = Claim(
    id="chain-boundedness",
    title="bounded below iff β does not fall along the learnable levels",
    source=THEORY,
    text="With β_l ≤ β_m for consecutive learnable levels l < m the loss has a lower bound; with β_l > β_m it falls "
    "without end along an explicit ray of matrices.",
    variables=(
        SPECTRUM,
        *SCALES[1:],
        FRAME,
        INPUT_FRAME,
        Variable(extra, Domain.POSITIVE, "how far along the ray: τ = 1 + g"),
        *(Variable(symbols.beta, Domain.POSITIVE, "KL weight") for symbols in LEVELS),
        *(Variable(symbols.lamda, Domain.MODES, "encoder at the start of the ray") for symbols in LEVELS),
        *(Variable(symbols.sigma, Domain.POSITIVE_MODES, "deviation at the start of the ray") for symbols in LEVELS),
        *(Variable(symbols.T, Domain.SIGNED_PERMUTATION) for symbols in LEVELS),
    ),
    definitions=MOMENTS,
    statements=tuple(ray(pattern) for pattern in RAYS),
    proof=(
        *(certificate(pattern) for pattern in PATTERNS),
        *(step for pattern in PATTERNS for step in tails(build_hierarchy(pattern).program, named(pattern))),
    ),
    uses=("elbo-chain", "lemma-complete-square", "lemma-determinant", "lemma-alignment"),
)
