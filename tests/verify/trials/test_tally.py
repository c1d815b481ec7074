"""Stretches of instances: merging is associative and stops at the first failure; regions are counted, unvisited too."""

from __future__ import annotations

from functools import reduce
from operator import add

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Piecewise

from derivations.claim import Always, Claim, Domain, Expected, Variable
from derivations.notation import beta, eta_dec, theta
from verify.catalogue import claims
from verify.draw.instances import batches
from verify.draw.trial import Trial
from verify.engine.judgement import sampled
from verify.records.evidence import Verdict
from verify.records.regions import failure_rate_below
from verify.trials.tally import Failure, Tally, concluded, tally_blocks, whole

COUNTS = st.dictionaries(st.sampled_from("abc"), st.integers(0, 9))
FAILURES = st.none() | st.builds(Failure, outcome=st.just(Verdict.UNDECIDED), note=st.sampled_from(["x", "y"]))
TALLIES = st.builds(
    Tally, tried=st.integers(0, 99), worst=st.floats(0, allow_nan=False), modes=COUNTS, regions=COUNTS, failure=FAILURES
)


@pytest.mark.slow
@given(TALLIES, TALLIES, TALLIES)
def test_merging_is_associative_and_has_a_neutral_element(a, b, c):
    assert (a + b) + c == a + (b + c)
    assert Tally() + a == a == a + Tally()


@given(TALLIES, TALLIES)
def test_nothing_counts_after_a_failure(a, b):
    assert a + b == a if a.failure else (a + b).tried == a.tried + b.tried


@given(TALLIES)
def test_a_tally_survives_json(a):
    assert Tally.model_validate_json(a.model_dump_json()) == a


@pytest.mark.parametrize("name", ["vae-learnable", "summary-low-beta-risks-collapse", "cvae-more-conditioning"])
def test_pieces_add_up_to_the_whole(name):
    claim = claims()[name]
    for statement in claim.statements:
        check, trial = sampled(statement), Trial(claim, 5, 64 * 7)
        pieces = [tally_blocks(trial, check, blocks) for blocks in (range(3), range(3, 4), range(4, 7))]
        whole = tally_blocks(trial, check, range(7))
        same = {"seconds": 0.0}
        assert reduce(add, pieces).model_copy(update=same) == whole.model_copy(update=same)


def test_the_bound_is_the_rule_of_three():
    assert failure_rate_below(0) is None
    assert failure_rate_below(1) == pytest.approx(0.95)
    assert failure_rate_below(10**6) == pytest.approx(3e-6, rel=2e-3)
    for n in (7, 1000):
        assert (1 - failure_rate_below(n)) ** n == pytest.approx(0.05)  # at that rate, no failure in n has 5 %


def regions_of(claim, index=0, blocks=8):
    check = sampled(claim.statements[index])
    evidence = concluded(check, tally_blocks(Trial(claim, 0, 64 * blocks), check, range(blocks)))
    return {region.name: region for region in evidence.regions}, evidence


def test_every_case_and_kind_is_counted_and_bounded():
    found, evidence = regions_of(claims()["rate-distortion-bound"])
    names = [name for name in found if name.startswith("case")]
    assert names == ["case: θ² > β·η_dec²", "case: θ² ≤ β·η_dec²"]
    kinds = [
        found[f"kind: {k}"].instances for k in ("simple", "random", "ties", "zeros", "threshold", "small", "large")
    ]
    assert sum(kinds) == evidence.instances
    assert all(r.failure_rate_below == failure_rate_below(r.instances) for r in found.values())
    assert max(found[name].instances for name in names) <= evidence.instances


def test_a_region_of_the_mode_program_counts_instances_not_modes():
    found, evidence = regions_of(claims()["mhvae-fixed"])
    active = found["modes: z_1+z_2: z_1 and z_2 active"]
    assert 0 < active.instances <= evidence.instances
    assert int(evidence.note.split(" z_1+z_2: z_1 and z_2 active")[0].split()[-1]) > active.instances


def test_a_region_that_is_never_visited_is_listed():
    never = Piecewise((theta, theta**2 + 1 < theta), (0, True))
    variables = (Variable(theta, Domain.SPECTRUM), Variable(beta), Variable(eta_dec))
    claim = Claim("mine", "", "here", "", variables, (Always("odd", never <= theta),), expected=Expected.SUPPORTED)
    found, _ = regions_of(claim)
    (region,) = [r for name, r in found.items() if name.startswith("case") and r.instances == 0]
    assert region.failure_rate_below is None


def test_conditions_on_dimensions_alone_are_no_regions():
    for claim in (claims()["chain-boundedness"], claims()["chain-learnable-pair"]):
        for index, statement in enumerate(claim.statements):
            if isinstance(statement, Always):
                found, _ = regions_of(claim, index, 2)
                assert not [name for name in found if name.startswith("case: i ")]


@pytest.mark.parametrize("examples", [1, 60, 64])
def test_few_examples_make_no_claim_vacuous(examples):
    claim = claims()["vae-fixed-isotropic-rotation"]  # its first block has d = 1, where no rank leaves a zero row
    trial = Trial(claim, 0, examples)
    assert not any(len(batch) for batch in batches(claim, 0, trial.share))
    for statement in claim.statements:
        evidence = whole(trial, sampled(statement))
        assert evidence.outcome is Verdict.SUPPORTED
        assert evidence.instances > 0
