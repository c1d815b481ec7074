"""The derived optimum of a mode, and when a decoder that is not Gaussian collapses, as JavaScript.

Every formula is a SymPy expression of the mode program, written by SymPy's own printer. What is added is the order in
which regions are asked, as in a Piecewise: the last one holds where no other does, because the regions cover.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import Any

import sympy as sp

from derivations.algebra.monomials import exponents
from derivations.models.likelihoods import fixed_threshold, largest, smallest
from derivations.notation import at_level, beta, eta_dec, eta_enc, sigma, theta
from derivations.program.hierarchy import build_hierarchy
from derivations.program.level_rates import rates
from derivations.program.mode_program import Program

__all__ = ["MOST_LEVELS", "formulas"]

MOST_LEVELS = 4


@lru_cache(maxsize=2)
def formulas(levels: int = MOST_LEVELS) -> str:
    """A script that defines PROGRAMS, one for each pattern of up to so many levels, and EDGE.

    A pattern is a word like "LF": learnable, fixed. A program has functions of θ, η_dec, η_enc, β_1 …, σ_1 … (what is
    given for a learnable σ is not read): `bounded`, whether there is a minimum; `optimum`, {active, rates, distortion},
    in nats and units of the outputs; of one level `water`, the θ² above which it is active. EDGE(λ, σ) is the weight of
    the KL below which an eigenvalue of the score matrix counts.
    """
    patterns = [p for L in range(1, levels + 1) for p in product((True, False), repeat=L)]
    written = ",\n".join(f'"{"".join("LF"[not free] for free in p)}": {_program(p)}' for p in patterns)
    edge = f"({largest}, {smallest}) => {sp.jscode(fixed_threshold)}"
    return f"const PROGRAMS = {{\n{written}\n}};\nconst EDGE = {edge};\n"


def _program(pattern: tuple[bool, ...]) -> str:
    program, L = build_hierarchy(pattern).program, len(pattern)
    names = _numbered(program) if L == 1 else {}
    given = [theta, eta_dec, eta_enc, *(at_level(x, l) for x in (beta, sigma) for l in range(1, L + 1))]
    head = f"({', '.join(map(str, given))}) =>"

    def js(e: Any) -> str:
        return str(sp.jscode(sp.S(e).xreplace(names)))

    cases = []
    for region in program.regions:
        known = "".join(f"{js(x)} = {js(value)}; " for x, value in region.solution.items())
        test = f"if ({' && '.join(map(js, region.conditions))}) "
        cases.append((test, f"{{ active = {[int(on) for on in region.active]}; {known}}}"))
    *asked, (_, last) = cases
    chosen = " else ".join([*(test + body for test, body in asked), last])
    unknown = ", ".join(["active", *map(js, program.unknowns)])
    found = f"{{ active, rates: [{', '.join(map(js, rates(program)))}], distortion: {js(program.terms[0])} }}"
    bounded = " && ".join(map(js, program.bounded)) or "true"
    water = f", water: {head} {js(_water(program))}" if L == 1 else ""
    return f"{{ bounded: {head} {bounded}{water}, optimum: {head} {{ let {unknown}; {chosen} return {found}; }} }}"


def _numbered(program: Program) -> dict[Any, Any]:
    """The symbols of one level, as those of the first of several are called."""
    (level,) = program.levels
    return {x: at_level(x, 1) for x in (beta, sigma, level.s, level.q_symbol)}


def _water(program: Program) -> Any:
    """The θ² at which a latent of one level becomes active, from its region's only condition."""
    (condition,) = program.regions[0].conditions
    ratio = condition.gts / condition.lts  # active iff it is above 1
    return ratio.subs(theta, 1) ** sp.Rational(-2, exponents(ratio)[theta])
