"""No false alarm: over many thousands of random instances no true statement is contradicted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derivations.claim import Always, Expected, Minimiser, Same
from tests.conftest import PROFILE
from verify.catalogue import claims
from verify.draw.instances import batches
from verify.draw.strategies import instances
from verify.draw.trial import RELATIVE
from verify.trials.kinds import kind_of
from verify.trials.minimiser import admissible, claimed_loss
from verify.trials.relation import relation_holds, sides_agree

TRUE = [
    pytest.param(claim, statement, id=f"{claim.id}: {statement.label}")
    for claim in claims().values()
    for statement in claim.statements
    if statement.expected is not Expected.REFUTED and isinstance(statement, Minimiser | Always | Same)
]
# At least 20,000 over all claims in the ci profile; counted below, not assumed.
PER_STATEMENT = {"dev": 256, "ci": 1280, "thorough": 20_000}[PROFILE]


@pytest.mark.parametrize(("claim", "statement"), TRUE)
def test_no_true_statement_is_contradicted(claim, statement):
    tried = 0
    for batch in batches(claim, 20_261_124, PER_STATEMENT):
        if isinstance(statement, Minimiser):
            batch = admissible(batch, statement)
            loss, minimum, size = claimed_loss(batch, statement)
            assert (np.abs(loss - minimum) <= RELATIVE * size).all()
        else:
            assert statement.open, "neither a relation nor an identity"
            compare = sides_agree if isinstance(statement, Same) else relation_holds
            assert compare(batch, statement)[0].all()
        tried += len(batch)
    assert tried > 0, "an assumption nothing satisfies proves nothing"


@pytest.mark.slow
def test_the_ci_profile_tries_twenty_thousand_instances():
    counts = [len(b) for p in TRUE for b in batches(p.values[0], 20_261_124, 1280)]
    assert sum(counts) >= 20_000


@pytest.mark.slow
@pytest.mark.parametrize(("claim", "statement"), TRUE)
def test_hypothesis_finds_no_counterexample(claim, statement):
    @settings(suppress_health_check=list(HealthCheck))  # some assumptions are rarely met, and drawing is slow
    @given(instances(claim))
    def attack(batch):
        assert not kind_of(statement).breaks(batch, statement)

    attack()
    assert statement.expected is not Expected.REFUTED


@settings(max_examples=50)
@given(st.sampled_from(sorted(claims())), st.integers(0, 2**31), st.integers(0, 40))
def test_instances_are_reproducible(name, seed, block):
    from verify.draw.instances import draw

    first, second = (draw(claims()[name], seed, block) for _ in range(2))
    assert (first.index == second.index).all()
    assert all(np.array_equal(first.values[k], second.values[k], equal_nan=True) for k in first.values)
