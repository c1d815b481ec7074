"""Statement of the summary: "more latent dimensions raise the number of collapsed ones". **True.**

With k = #{θ_i² > βη_dec²} over all modes the collapsed count is (d − k)₊: non-decreasing in d, and strictly increasing
once d ≥ k.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, Piecewise, Symbol

from derivations.claim import Always, Claim, Implication
from derivations.nodes import SumModes, count, indicator
from derivations.notation import D, beta, d, eta_dec, eta_enc, theta, water_level
from derivations.program.mode_program import vae
from derivations.statements.script import Script, by_cases, concat, have, mode_by_mode, segment
from derivations.variables import FRAME, SCALES, SPECTRUM

program = vae(learnable=True)
q = program.solution[program.q]
k = Symbol("k", nonnegative=True)
n = Symbol("n", positive=True)
before, behind = Symbol("theta_i", positive=True), Symbol("theta_j", positive=True)

# #{i ≤ d: collapsed}, from the derived minimiser; d + 1 latents add mode d + 1 (θ = 0 beyond the last).
idle, active = q >= eta_enc**2, theta**2 > water_level
collapsed = count(idle, 0, d)
one_more = collapsed + count(idle, d, d + 1)


def sorted_modes(hi: Any) -> tuple[Script, ...]:
    """Every one of the first modes is active or collapsed, and the active ones come first."""
    each = SumModes(indicator(idle) + indicator(active), 0, hi)
    return segment(active, theta, hi), have(Eq(each, SumModes(1, 0, hi)), mode_by_mode())


CLAIM = Claim(
    id="summary-more-latents-more-collapse",
    title="“more latents, more collapsed ones”",
    source="Summary of arXiv 2306.05023, on the latent dimension",
    text="The collapsed count is (d − #{θ_i² > βη_dec²})₊, non-decreasing in d, strictly once d ≥ #{θ_i² > βη_dec²}.",
    variables=(SPECTRUM, *SCALES, FRAME),
    assumptions=(d < D,),
    definitions={k: count(theta**2 > water_level), n: count(theta >= 0, 0, d)},
    statements=(
        Always(
            "collapsed = (d − k)₊",
            Eq(collapsed, Piecewise((n - k, n > k), (0, True))),
            proof=by_cases(*sorted_modes(d)),
        ),
        Always(
            "one more latent, no fewer collapsed",
            one_more >= Piecewise((n - k, n > k), (0, True)),
            proof=by_cases(*sorted_modes(d), have(count(idle, d, d + 1) >= 0)),
        ),
        Always(
            "with one more latent (d + 1 − k)₊",
            Eq(one_more, Piecewise((n + 1 - k, n + 1 > k), (0, True))),
            proof=by_cases(*sorted_modes(d + 1), concat(indicator(idle), d, d + 1)),
        ),
        Always(
            "θ is sorted: no active mode after a collapsed one",
            Eq(count(theta**2 > water_level, 0, d) * indicator(n <= k), Piecewise((n, n <= k), (0, True))),
            proof=by_cases(segment(active, theta, d)),
        ),
    ),
    proof=(
        Implication(
            "a mode behind a collapsed one is collapsed",
            (beta * eta_dec**2 >= before**2, before >= behind),
            beta * eta_dec**2 >= behind**2,
        ),
    ),
    uses=("vae-collapse-threshold",),
)
