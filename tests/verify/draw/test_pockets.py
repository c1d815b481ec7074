"""Cases that chance hardly meets have instances all the same, and only cases that are possible."""

from __future__ import annotations

import pytest
import sympy as sp

from derivations.claim import Claim, Minimum, Variable
from verify.draw.instances import ROWS, batches
from verify.draw.pockets import find_pockets
from verify.draw.trial import Trial
from verify.records.evidence import Verdict
from verify.trials.kinds import kind_of

a, b = sp.symbols("a b", positive=True)
s, t = sp.symbols("s t", nonnegative=True)
r, u = sp.symbols("r u", real=True)
FAR = 10**7  # beyond whatever is drawn


def claim_of(*conditions, assumptions=()):
    """(u − a)² is least at a; the claim says a + 1 where all the conditions hold."""
    at = sp.Piecewise((a + 1, sp.And(*conditions)), (a, True))
    return Claim(
        "pocket",
        "t",
        "s",
        "",
        tuple(map(Variable, (a, b, s, t, r))),
        (Minimum("", (u - a) ** 2, {u: at}),),
        assumptions,
    )


@pytest.mark.parametrize(
    "conditions",
    [
        (s >= 2 * t, t >= 2 * s, a > FAR),  # both 0
        (sp.Eq(s, 0), r < -FAR),
        (sp.Eq(a, 2 * b), b > FAR),
        (a * b > FAR, a > FAR * b),
        (r > FAR, a < sp.Rational(1, FAR)),
        (a**2 > 3 * FAR, b > a),
    ],
    ids=str,
)
def test_an_error_in_a_case_that_chance_does_not_meet_is_refuted(conditions):
    claim = claim_of(*conditions)
    met = [point for point in find_pockets(claim) if sp.And(*conditions).subs(point) == sp.true]
    assert met
    drawn = (batch.evaluate(*conditions) for batch in batches(claim, 3, 2 * ROWS))
    assert any((truths[0] & truths[-1]).any() for truths in drawn)
    check = kind_of(claim.statements[0]).checks(Trial(claim, 3, 2 * ROWS), claim.statements[0])["constraints"]
    assert check()[0].outcome is Verdict.REFUTED


@pytest.mark.parametrize("conditions", [(a > b, b > a), (s > 2 * t, t > 2 * s), (r > FAR, r < -1)], ids=str)
def test_a_case_that_is_impossible_has_no_point(conditions):
    assert not any(sp.And(*conditions).subs(point) == sp.true for point in find_pockets(claim_of(*conditions)))
    assert find_pockets(claim_of(*conditions))  # the other case has


def test_points_meet_the_assumptions():
    points = find_pockets(claim_of(a > FAR, assumptions=(b > 2 * a, r < -b)))
    assert len(points) == 2
    assert all(point[b] > 2 * point[a] and point[r] < -point[b] for point in points)
