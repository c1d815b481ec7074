"""Each level's part in the KL, against the model's own KL and against the objective it is read off."""

from __future__ import annotations

import pytest
from sympy import diff, expand, expand_log, simplify

from derivations.algebra.nodes import one_mode
from derivations.models.vae import rate
from derivations.notation import Sigma, V, eta_dec, lamda
from derivations.program.hierarchy import build_hierarchy
from derivations.program.level_rates import rates
from derivations.program.mode_program import vae


@pytest.mark.parametrize("learnable", [True, False])
def test_of_one_level_it_is_the_models_kl(learnable):
    program = vae(learnable)
    kl = one_mode(rate, {V: lamda, Sigma: program.q}).subs(lamda**2, program.s - program.q)
    (found,) = rates(program)
    assert simplify(expand_log(kl - found, force=True)) == 0


@pytest.mark.parametrize("pattern", [(True, True), (False, True), (True, False, False)])
def test_weighted_parts_and_the_first_term_are_the_objective_but_for_a_constant(pattern):
    program = build_hierarchy(pattern).program
    parts = rates(program)
    weighted = sum(level.beta * part for level, part in zip(program.levels, parts, strict=True))
    rest = program.objective - program.terms[0] - 2 * eta_dec**2 * weighted
    assert [expand(diff(rest, x)) for x in program.unknowns] == [0] * len(program.unknowns)
    # Without weights the constant is that of a KL: it is 0 where every level is its prior and passes nothing on.
    prior = {level.s: eta_dec**2 for level in program.levels[:-1]}
    prior |= {program.levels[-1].s: eta_dec**2 / program.top}
    same = {level.q: prior[level.s] for level in program.levels}
    assert [simplify(expand_log(part.subs(same).subs(prior), force=True)) for part in parts] == [0] * len(parts)
    assert parts[0].subs(program.levels[0].s, 2 * program.levels[0].s) != parts[0]
