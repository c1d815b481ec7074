"""A loss with our nodes in it is differentiated as what they abbreviate."""

from __future__ import annotations

import pytest
from sympy import Symbol

from derivations.claim import Claim, Minimum, Variable
from derivations.nodes import LogGap
from verify.draw.trial import Trial
from verify.proof.minimum import stationary
from verify.records.evidence import Verdict

a, x = Symbol("a", positive=True), Symbol("x", positive=True)


@pytest.mark.parametrize(("at", "outcome"), [(a, Verdict.PROVED), (2 * a, Verdict.UNDECIDED)])
def test_a_scalar_node_is_stationary_where_it_is(at, outcome):
    claim = Claim("gap", "", "", "", (Variable(a),), (Minimum("", LogGap(x / a), at={x: at}),))
    assert stationary(Trial(claim, 0, 64), claim.statements[0]).outcome is outcome
