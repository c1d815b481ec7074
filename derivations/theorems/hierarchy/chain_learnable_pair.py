"""Theorem (hierarchies; the paper's Open Question 3). For consecutive learnable levels l < m, only fixed ones between,
the multipliers of s_k ≥ q_k satisfy Σ_{k=l+1}^m μ_k = (β_m − β_l)η_dec² on every mode. So

    β_m > β_l:  on every mode some level of l+1 … m is locally collapsed: W_m ⋯ W_{l+1} = 0 at every minimiser, whatever
                the data (m = l + 1: W_m = U_m = 0);
    β_m = β_l:  the minimum is a flat family, and it contains W_{l+1} = 0: level m = l + 1 buys nothing;
    β_m < β_l:  the loss is not bounded below (chain-boundedness).

For m = l + 1 no alignment is needed: with C = M_l − M_lW_mᵀM_m⁻¹W_mM_l, det C · det M_m = det M_l · det Σ_m, so that
minimising over z_l → Gz_l leaves 2η_dec²(β_m − β_l)·I(z_l; z_m), I = ½ log(det M_m/det Σ_m), with M_m free.
"""

from __future__ import annotations

from typing import Any

from sympy import And, Determinant, Eq, Piecewise, Symbol, sqrt

from derivations.claim import THEORY, Always, Certificate, Claim, Domain, Same, Variable
from derivations.models.chain import MOMENTS
from derivations.nodes import square
from derivations.notation import eta_dec, eta_enc, index, theta
from derivations.program.hierarchy import Hierarchy, active_levels, build_hierarchy
from derivations.statements.script import over_modes
from derivations.variables import of_hierarchy

PATTERNS = [(True, True), (True, False, True), (True, True, False), (False, True, True), (True, True, True)]
PAIR, SPLIT = build_hierarchy((True, True)), build_hierarchy((True, False, True))
rho = Symbol("rho", real=True)
low, top = PAIR.model.levels
_, middle, highest = SPLIT.model.levels


def multipliers(h: Hierarchy) -> tuple[Certificate, ...]:
    """Their sum, in every region."""
    found = []
    for l, m in h.program.pairs:
        for region in h.program.regions:
            total = sum(h.program.multipliers(region)[l + 1 : m + 1])
            gap = (h.levels[m].beta - h.levels[l].beta) * eta_dec**2
            found.append(
                Certificate(
                    f"Σμ, levels {l + 1} and {m + 1} of {len(h.levels)}, {active_levels(region)}", total - gap, ()
                )
            )
    return tuple(found)


# β_1 = β_2: E z_2² = η_enc², σ_2² = κη_enc², E z_1² = η_dec²/κ for any κ in (0, 1]; κ = 1 is the collapsed level.
kappa = Piecewise((1 - rho**2, And(index <= low.d, index <= top.d)), (1, True))
ACTIVE = theta**2 > low.beta * eta_dec**2
share = Piecewise((low.beta * eta_dec**2 / theta**2, ACTIVE), (1, True))
unshared = Piecewise((1 - low.beta * eta_dec**2 / theta**2, ACTIVE), (0, True))


def family(k: Any) -> dict[Any, Any]:
    """The flat family's singular values and deviations."""
    lower, upper = sqrt(eta_dec**2 / k * unshared), eta_enc / eta_dec * sqrt(k * (1 - k))
    return {
        low.lamda: lower,
        low.sigma: sqrt(eta_dec**2 / k * share),
        low.omega: theta * lower * k / eta_dec**2,
        top.lamda: upper,
        top.sigma: eta_enc * sqrt(k),
        top.omega: upper * (eta_dec**2 / k) / eta_enc**2,
    }


equal = {top.beta: low.beta}
flat_loss = PAIR.model.loss.xreplace(PAIR.model.frames).xreplace(family(kappa)).subs(equal)


def flatness() -> tuple[Certificate, ...]:
    """On the family the program's objective is the minimum, in both regions."""
    first, second = PAIR.levels
    k, found = Symbol("kappa", positive=True), []
    for region in PAIR.program.regions:
        q = region.solution[first.q_symbol] / k  # s_1 and q_1 grow alike
        at = {first.s: eta_dec**2 / k, first.q_symbol: q, second.s: eta_enc**2, second.q_symbol: k * eta_enc**2}
        f = PAIR.program.objective.subs(at).subs(equal) - PAIR.program.value(region).subs(equal)
        found.append(Certificate(f"flat family, {active_levels(region)}", f, (), region.conditions))
    return tuple(found)


M_1, M_2 = PAIR.model.second_moments
C = M_1 - M_1 * top.W.T * M_2.inverse() * top.W * M_1


def vanishes(label: str, h: Hierarchy, M: Any) -> Always:
    """A matrix is 0 at the minimiser."""
    return Always(label, Eq(square(M), 0), definitions=h.minimiser, proof=over_modes(low.d))


CLAIM = Claim(
    id="chain-learnable-pair",
    title="two learnable levels with only fixed ones between: one of them buys nothing",
    source=f"{THEORY}; arXiv 2306.05023, Open Question 3",
    text="β_m > β_l: W_m ⋯ W_{l+1} = 0 at every minimiser; β_m = β_l: a flat family that contains W_{l+1} = 0; "
    "β_m < β_l: unbounded below.",
    variables=(
        *of_hierarchy(SPLIT.model.levels, SPLIT.learnable),
        Variable(rho, Domain.UNIT, "κ = 1 − ρ² along the flat family"),
        *(Variable(M, Domain.MATRIX) for M in (low.W, top.W)),
        *(Variable(M, Domain.DEFINITE) for M in (low.Sigma, top.Sigma)),
    ),
    definitions=MOMENTS,
    statements=(
        vanishes("β_2 > β_1: W_2 = 0", PAIR, PAIR.model.frames[top.W]),
        vanishes("β_2 > β_1: U_2 = 0", PAIR, PAIR.model.frames[top.U]),
        vanishes("β_3 > β_1: W_3W_2 = 0", SPLIT, SPLIT.model.frames[highest.W] * SPLIT.model.frames[middle.W]),
        Always("β_2 = β_1: flat", Eq(flat_loss, PAIR.optimum.subs(equal)), proof=over_modes(None)),
        Same(
            "det C · det M_2 = det M_1 · det Σ_2",
            Determinant(C) * Determinant(M_2),
            Determinant(M_1) * Determinant(top.Sigma),
        ),
    ),
    proof=(*(step for pattern in PATTERNS for step in multipliers(build_hierarchy(pattern))), *flatness()),
    uses=("chain-general", "chain-boundedness"),
)
