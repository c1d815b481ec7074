"""Relations on instances: round-off is not a counterexample, and a counterexample is not round-off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp

from derivations.claim import Always, Claim, Domain, Variable
from derivations.notation import beta, eta_dec
from derivations.theorems.vae.exchange_in_beta import K_, D, K, later, share
from tests.verify.checked import on_instances
from verify.catalogue import claims
from verify.draw.instances import admitted, draw, meets
from verify.draw.trial import Trial
from verify.records.evidence import Verdict
from verify.trials.kinds import kind_of
from verify.trials.relation import relation_holds
from verify.trials.tally import tally_blocks

x, y = sp.symbols("x y", positive=True)
CLAIM = Claim("test", "t", "s", "", (Variable(x, Domain.POSITIVE), Variable(y, Domain.POSITIVE)), ())


def pieces(statement):
    return kind_of(statement).sampled(statement)


def outcome(stated):
    return on_instances(Trial(CLAIM, 0, 2000), Always("", stated)).outcome


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (sp.Eq((x + y) ** 2, x**2 + 2 * x * y + y**2), Verdict.SUPPORTED),
        (sp.Eq((x + y) ** 2, x**2 + 2.000001 * x * y + y**2), None),
        (x + y > x, Verdict.SUPPORTED),
        (x + y > 2 * x, Verdict.REFUTED),
        (x + y >= 2 * sp.sqrt(x * y), Verdict.SUPPORTED),
        (x + y > 2 * sp.sqrt(x * y), Verdict.REFUTED),  # equality at x = y
        (sp.And(x > 0, y > x), Verdict.REFUTED),
        (sp.Or(y > x, x >= y), Verdict.SUPPORTED),
        (sp.Not(y > x), Verdict.REFUTED),
        (sp.Ne(x, y), Verdict.REFUTED),
        (sp.log(x - 1e9 * y) > -sp.oo, None),
    ],
    ids=str,
)
def test_verdicts(stated, expected):
    if expected is None:
        with pytest.raises(TypeError):  # floats and infinities have no place in a claim
            outcome(stated)
    else:
        assert outcome(stated) is expected


def test_what_is_undefined_is_not_passed():
    for stated in (sp.sqrt(x - y) >= 0, sp.sqrt(x - y) <= 9, sp.Eq(sp.sqrt(x - y), x), sp.Ne(sp.log(x - y), 0)):
        assert outcome(stated) is Verdict.REFUTED


def test_an_ill_conditioned_identity_is_judged_exactly():
    """Its float residual exceeds the tolerance at some scales; in rationals it vanishes."""
    claim = claims()["lemma-variable-projection"]
    statement = claim.statements[0]
    evidence = on_instances(Trial(claim, 0, 1000), statement)
    assert evidence.outcome is Verdict.SUPPORTED
    wrong = replace(statement, right=statement.right * sp.Rational(10**6 + 1, 10**6))
    assert on_instances(Trial(claim, 0, 1000), wrong).outcome is Verdict.REFUTED


def test_a_witness_names_its_values_and_prefers_simple_ones():
    evidence = on_instances(Trial(CLAIM, 0, 2000), Always("", x > y))
    assert evidence.witness is not None
    assert set(evidence.witness.values) == {"x", "y"}
    assert float(evidence.witness.values["x"]) in np.array([0.5, 0.75, 1.0, 1.5, 2.0])
    assert evidence.reproduce == f"collapse-audit replay test --seed 0 --index {evidence.witness.index}"


def test_an_instance_that_only_round_off_lets_in_refutes_nothing():
    """D' = D − 3/2 and K' = 2 > K = 1, where D = 2⁶⁰ takes them in: assumptions hold in float64 and fail exactly."""
    claim = claims()["exchange-in-beta"]
    first, second = (statement for statement in claim.statements if isinstance(statement, Always))
    plain = draw(claim, 0, 0).take(np.array([0, 1]))
    columns = {D: 2.0**60, K: 1.0, K_: 2.0, beta: 0.5, later: 1.0, eta_dec: 1.0, share: 0.5}
    values = {x: np.array([[value], plain.values[x][1]]) for x, value in columns.items()}
    planted = plain.with_values(values).define(claim.definitions)
    assert list(meets(planted, claim.assumptions)) == [True, True]
    refused = relation_holds(planted, first)
    assert (list(refused.good), list(refused.untested)) == ([True, True], [True, False])
    batch = admitted(claim, plain.with_values(values))
    assert list(batch.index) == [plain.index[1]]
    found = [pieces(statement).examine(Trial(claim, 0, 1000), batch) for statement in (first, second)]
    assert [tally.failure for tally in found] == [None, None]
    assert found[0].tried == 1


def test_a_false_statement_under_the_same_assumptions_is_still_refuted():
    claim = claims()["exchange-in-beta"]
    first = claim.statements[0]
    wrong = replace(first, relation=first.relation.lts >= first.relation.gts)
    assert tally_blocks(Trial(claim, 0, 1000), pieces(wrong), range(4)).failure is not None
