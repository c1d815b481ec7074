"""Wrong variants of the claims on other likelihoods, each as one might have stated it, are refuted by an instance."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import S

from derivations.claim import Always, Same
from derivations.notation import beta, water_level
from derivations.theorems.likelihoods import bernoulli_bifurcation as bifurcation
from derivations.theorems.likelihoods import collapse_entropy_floor as floor
from derivations.theorems.likelihoods import discrete_fixed_variance_global as fixed
from derivations.theorems.likelihoods import discrete_shared_variance_global as shared
from derivations.theorems.likelihoods import held_out_gain as held
from tests.verify.checked import on_instances
from verify.draw.trial import Trial
from verify.records.evidence import Verdict

D, h, H = floor.outputs, floor.entropy, floor.rows_entropy
r = held.level
WRONG = {
    "c_4 without the outputs' own part": (bifurcation, Same("", bifurcation.fourth, bifurcation.quartic(S.Zero))),
    "κ of Bernoulli with the other sign": (
        bifurcation,
        Same("", bifurcation.curved(*bifurcation.bernoulli), 2 * bifurcation.bernoulli[0] ** 2),
    ),
    "β ≥ D − 1 suffices": (floor, Always("", (floor.total >= h).subs(beta, D - 1))),
    "TC for TC/(D − 1)": (floor, Always("", (floor.total >= H + (beta - 1) * (h - H)).subs(beta, D))),
    "βH beyond β = 1": (floor, Always("", floor.total >= beta * H)),
    "the threshold is the level": (held, Same("", held.threshold, water_level)),
    "θ̂² for ρ": (held, Same("", held.without - held.with_latent, held.size**2 * (1 - r) + water_level * held.log(r))),
    "σ_min unsquared": (
        fixed,
        Always("", fixed.fixed_threshold * fixed.smallest * fixed.scale / 2 >= fixed.largest * fixed.scale / 2),
    ),
    "twice the gain": (
        fixed,
        Always("", fixed.top * fixed.power >= 2 * fixed.Trace(fixed.Y * fixed.G.T * fixed.G * fixed.Y.T)),
    ),
    "a falling ratio": (shared, Always("", shared.log(shared.p) * shared.log_Q <= shared.log_q * shared.log(shared.P))),
    "R = 1": (
        shared,
        Always("", shared.bound.subs(shared.freedom, 1) * shared.log(shared.p) >= shared.freedom * shared.log_q),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_variant_is_refuted(name):
    module, statement = WRONG[name]
    claim = replace(module.CLAIM, id="wrong", statements=(statement,))
    assert on_instances(Trial(claim, 0, 600), statement).outcome is Verdict.REFUTED


def test_three_copies_of_a_fair_bit():
    """D = 3, z the bit: at β < 3 it beats collapse, which R = 1 in place of 3 would call optimal from 1.35 on."""
    copies = {shared.largest: 3}
    right, wrong = (
        float(shared.shared_bound.subs(copies).subs({shared.freedom: R, shared.growth: 2 ** (6 / R)})) for R in (3, 1)
    )
    assert right == pytest.approx(3, rel=1e-12)
    assert wrong == pytest.approx(1.35, abs=0.01)
