"""Theorem (hierarchies). At every minimum a learnable level l below the top leaves E‖z_l − U_{l+1}z_{l+1}‖² = η_dec²
per mode, and a learnable top level has E z_L² = η_enc². If level 1 is learnable, z_1 collapses on mode i iff
θ_i² ≤ β_1η_dec², for any L: what is above does not matter.

These are its KKT equations: term_{l+1} = β_lη_dec², where term_{l+1} = β_l s_lq_{l+1}/s_{l+1} is β_l times that error.
"""

from __future__ import annotations

from itertools import product

from sympy import Eq, Identity, Min, Trace

from derivations.claim import THEORY, Always, Certificate, Claim, Implication, Step
from derivations.models.chain import MOMENTS
from derivations.nodes import count
from derivations.notation import eta_dec, eta_enc, theta
from derivations.program.hierarchy import Hierarchy, active_levels, build_hierarchy
from derivations.statements.script import mode_by_mode, over_modes
from derivations.variables import of_hierarchy

PATTERNS = [free for L in (1, 2, 3) for free in product((False, True), repeat=L) if any(free)]
BOTTOM, TOP = build_hierarchy((True, False)), build_hierarchy((False, True))
low, top = BOTTOM.model.levels
M_1, M_2 = BOTTOM.model.second_moments
gap = top.U * top.W - Identity(low.d)


def pattern(h: Hierarchy) -> str:
    """The hierarchy in words."""
    return f"learnable {', '.join(str(l) for l, yes in enumerate(h.learnable, 1) if yes)} of {len(h.learnable)}"


def floors(h: Hierarchy) -> tuple[Certificate, ...]:
    """In every region, the error behind each learnable level."""
    found = []
    for region in h.program.regions:
        for l, level in enumerate(h.levels):
            if level.learnable:
                error = (h.program.terms[l + 1] / level.beta).subs(region.solution) - eta_dec**2
                found.append(Certificate(f"level {l + 1}, {pattern(h)}: {active_levels(region)}", error, ()))
    return tuple(found)


def thresholds(h: Hierarchy) -> tuple[Implication, ...]:
    """With level 1 learnable, region by region."""
    above = theta**2 > h.levels[0].beta * eta_dec**2
    found = []
    for region in h.program.regions:
        then = above if region.active[0] else above.negated
        found.append(Implication(f"z_1, {pattern(h)}: {active_levels(region)}", region.conditions, then))
    return tuple(found)


def steps() -> tuple[Step, ...]:
    """Both, for every pattern."""
    found: list[Step] = []
    for h in map(build_hierarchy, PATTERNS):
        found += floors(h)
        found += thresholds(h) if h.learnable[0] else ()
    return tuple(found)


active = BOTTOM.program.active(0)
through = (0, Min(low.d, top.d))

CLAIM = Claim(
    id="chain-learnable-noise-floor",
    title="a learnable level leaves exactly the noise floor",
    source=THEORY,
    text="For a learnable level l < L, E‖z_l − U_{l+1}z_{l+1}‖² = η_dec² per mode; at the top E z_L² = η_enc²; with "
    "level 1 learnable z_1 collapses on mode i iff θ_i² ≤ β_1η_dec².",
    variables=of_hierarchy(BOTTOM.model.levels, (False, False)),
    definitions=MOMENTS,
    statements=(
        Always(
            "level 1 of 2",
            Eq(Trace(gap * M_1 * gap.T) + Trace(top.U * top.Sigma * top.U.T), low.d * eta_dec**2),
            definitions={**BOTTOM.minimiser, **BOTTOM.model.frames},
            scale=Trace(M_1),
            proof=over_modes(low.d),
        ),
        Always(
            "top of 2",
            Eq(Trace(M_2), top.d * eta_enc**2),
            definitions={**TOP.minimiser, **TOP.model.frames},
            scale=eta_enc**2 + Trace(M_1) * Trace(top.W * top.W.T),
            proof=over_modes(top.d),
        ),
        Always(
            "z_1 active",
            Eq(count(active, *through), count(theta**2 > low.beta * eta_dec**2, *through)),
            proof=mode_by_mode(),
        ),
    ),
    proof=steps(),
    uses=("chain-general",),
)
