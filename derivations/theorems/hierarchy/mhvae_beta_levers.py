"""Proposition (linear MHVAE, Σ_1 = σ_1²I fixed, modes i ≤ min(d_1, d_2)). With k = √(β_1β_2)cσ_1σ_2:

    Σ_2 learnable:  λ > 0 iff θ² > min(β_1σ_1², β_2η_dec²);  ω > 0 iff max(β_1σ_1², √β_1σ_1θ) > β_2η_dec²;
    Σ_2 fixed:      λ > 0 iff θ² > min(β_1σ_1², k);          ω > 0 iff max(β_1σ_1², √β_1σ_1θ) > β_2c²σ_2².

Hence λ-activity falls with β_1 and β_2; ω-activity rises with β_1 and falls with β_2; the both-active set shrinks in
β_2, and grows in β_1 for learnable Σ_2. For fixed Σ_2 it grows with β_1 through θ > m, but shrinks through θ² > k.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from sympy import And, Eq, Min, Or, Symbol, sqrt

from derivations.claim import Always, Claim, Domain, Implication, Variable
from derivations.nodes import count
from derivations.notation import c, eta_dec, theta
from derivations.program.hierarchy import active_levels, build_hierarchy
from derivations.statements.script import mode_by_mode
from derivations.variables import of_hierarchy

LEARNABLE, FIXED = build_hierarchy((False, True)), build_hierarchy((False, False))
below, above = FIXED.model.levels
beta_1, beta_2, sigma_1, sigma_2 = below.beta, above.beta, below.sigma, above.sigma
through = (0, Min(below.d, above.d))
carried = sqrt(beta_1) * sigma_1 * theta
k = sqrt(beta_1 * beta_2) * c * sigma_1 * sigma_2

LAMBDA = {
    LEARNABLE: (theta**2 > beta_1 * sigma_1**2, theta**2 > beta_2 * eta_dec**2),
    FIXED: (theta**2 > beta_1 * sigma_1**2, theta**2 > k),
}
OMEGA = {
    LEARNABLE: (beta_1 * sigma_1**2 > beta_2 * eta_dec**2, carried > beta_2 * eta_dec**2),
    FIXED: (beta_1 * sigma_1**2 > beta_2 * c**2 * sigma_2**2, carried > beta_2 * c**2 * sigma_2**2),
}
NAMES = {LEARNABLE: "Σ_2 learnable", FIXED: "Σ_2 fixed"}
raised = {b: Symbol(f"{b.name}'", positive=True) for b in (beta_1, beta_2)}


def both(h: Any) -> Any:
    """Where it is active at both."""
    return And(*h.program.regions[0].conditions)


def on_modes(condition: Any, at: dict[Any, Any] | None = None) -> Any:
    """How many modes satisfy it."""
    return count(condition.subs(at or {}), *through)


def compared(label: str, relation: Any) -> Always:
    """Two counts of modes, condition by condition."""
    return Always(label, relation, proof=mode_by_mode())


def steps() -> tuple[Implication, ...]:
    """In each region the claimed condition holds iff the level is active there."""
    found = []
    for h, (level, table) in product((LEARNABLE, FIXED), enumerate((LAMBDA, OMEGA))):
        for region in h.program.regions:
            label, (first, second) = f"{NAMES[h]}, z_{level + 1}, {active_levels(region)}", table[h]
            if region.active[level]:  # one of the two: the second where the first fails
                found.append(Implication(label, (*region.conditions, first.negated), second))
            else:
                found += [Implication(f"{label}, {c}", region.conditions, c.negated) for c in (first, second)]
    return tuple(found)


def effects(h: Any) -> tuple[Always, ...]:
    """The counts of active modes, compared."""
    first, second = {beta_1: raised[beta_1]}, {beta_2: raised[beta_2]}
    lower, upper, name = h.program.active(0), h.program.active(1), NAMES[h]
    return (
        compared(f"{name}: where λ > 0", Eq(on_modes(lower), on_modes(Or(*LAMBDA[h])))),
        compared(f"{name}: where ω > 0", Eq(on_modes(upper), on_modes(Or(*OMEGA[h])))),
        compared(f"{name}: λ falls with both weights", on_modes(lower, first | second) <= on_modes(lower)),
        compared(f"{name}: ω rises with β_1", on_modes(upper, first) >= on_modes(upper)),
        compared(f"{name}: ω falls with β_2", on_modes(upper, second) <= on_modes(upper)),
        compared(f"{name}: both shrink in β_2", on_modes(both(h), second) <= on_modes(both(h))),
    )


PAIR, FIX, UP = both(LEARNABLE), both(FIXED), {beta_1: raised[beta_1]}

CLAIM = Claim(
    id="mhvae-beta-levers",
    title="what β_1 and β_2 do to each level",
    source="arXiv 2306.05023, on the effect of β_1 and β_2",
    text="λ > 0 iff θ² > min(β_1σ_1², β_2η_dec²) (Σ_2 learnable; k for β_2η_dec² if fixed), ω > 0 iff "
    "max(β_1σ_1², √β_1σ_1θ) > β_2η_dec² (β_2c²σ_2² if fixed); λ-activity falls with both weights, ω-activity rises "
    "with β_1 and falls with β_2.",
    variables=(
        *(v for v in of_hierarchy(FIXED.model.levels, FIXED.learnable) if not v.symbol.is_Matrix),
        *(Variable(symbol, Domain.POSITIVE, "a weight at least as large") for symbol in raised.values()),
    ),
    assumptions=tuple(higher >= b for b, higher in raised.items()),
    statements=(
        *effects(LEARNABLE),
        *effects(FIXED),
        compared("Σ_2 learnable: both grow in β_1", on_modes(PAIR.subs(UP)) >= on_modes(PAIR)),
        compared(
            "Σ_2 fixed: both shrink in β_1 if θ > m", on_modes(And(FIX.subs(UP), OMEGA[FIXED][1])) <= on_modes(FIX)
        ),
    ),
    proof=steps(),
    uses=("mhvae-learnable-top", "mhvae-fixed"),
)
