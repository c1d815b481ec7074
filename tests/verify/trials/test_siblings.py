"""Patterns of one hierarchy that descend together end where they would alone, and a lower value is still found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sympy import Rational

from derivations.claim import Minimiser
from verify.catalogue import claims
from verify.draw.trial import Trial
from verify.records.evidence import Verdict
from verify.trials import minimiser as optimum
from verify.trials import siblings
from verify.trials.minimiser import by_descent

CLAIM = claims()["chain-general"]
TWO = [s for s in CLAIM.statements if len(s.program.levels) == 2]
ITERATIONS = 200


@pytest.fixture(scope="module")
def together():
    return {s: siblings.descents(CLAIM, s, 0, 16, ITERATIONS, optimum.descent_instances) for s in TWO}


@pytest.mark.parametrize("statement", TWO, ids=lambda s: s.label)
def test_together_as_alone(statement, together):
    alone = replace(statement, modes=dict(statement.modes))  # typed formulas descend on their own
    found = siblings.descents(CLAIM, alone, 0, 16, ITERATIONS, optimum.descent_instances)
    assert len(found) == len(together[statement]) > 0
    for (mine, value), (theirs, expected) in zip(together[statement], found, strict=True):
        assert (mine.index == theirs.index).all()
        minimum = optimum.claimed_loss(mine, statement)[0]
        settled = np.abs(value - minimum) < 1e-7 * (1 + np.abs(minimum))
        assert settled.mean() >= 0.5
        np.testing.assert_allclose(value[settled], expected[settled], rtol=1e-6)


def test_what_is_fixed_stays():
    (fixed,) = (s for s in TWO if not any(s.program.learnable))
    (batch, *_) = optimum.descent_instances(CLAIM, fixed, 0, 16)
    domains = Minimiser("", fixed.program.model.loss, fixed.program.model.frames, {}, None, ()).unknowns()
    x0, moves = siblings.placed(siblings.Piece(fixed, batch), domains, 0)
    objective = siblings.held_still(lambda x, rows: (np.zeros(len(x)), np.ones_like(x)), moves)
    _, slope = objective(x0, np.arange(len(batch)))
    assert (slope == moves).all()
    deviations = [batch.values[level.sigma] for level in fixed.program.model.levels]
    widths = [size for level in fixed.program.model.levels for size in [batch.dims[level.d]]]
    logs = np.concatenate([2 * np.log(d[:, :n]) for d, n in zip(deviations, widths, strict=True)], axis=1)
    np.testing.assert_allclose(x0[~moves].reshape(len(batch), -1), logs, atol=1e-12)


def test_a_claim_that_is_too_high_is_refuted():
    statement = next(s for s in TWO if all(s.program.learnable))
    high = replace(statement, at={X: Rational(101, 100) * frame for X, frame in statement.at.items()})
    claim = replace(CLAIM, statements=tuple(high if s is statement else s for s in CLAIM.statements))
    assert by_descent(Trial(claim, 0, 1000), high).outcome is Verdict.REFUTED
