"""Inequalities that leave room: their true mutants are no errors, their false ones are still found."""

from __future__ import annotations

import pytest
import sympy as sp

from derivations.claim import Always, Claim, Variable
from verify.attack.mutations import attack
from verify.trials.kinds import kind_of

x, y = sp.symbols("x y", positive=True)
u = sp.Symbol("u", real=True)


def claim_of(relation, *assumptions):
    return Claim("c", "t", "s", "", tuple(map(Variable, (x, y, u))), (Always("", relation),), assumptions=assumptions)


@pytest.mark.parametrize("room", [2, 30])
@pytest.mark.parametrize(("left", "right"), [(x**4 + y**4, x * y), (u**4, u)], ids=str)
def test_a_true_inequality_with_room_has_no_survivors(left, right, room):
    planted = attack(claim_of(left + room >= right), 0, outside=True)
    assert planted.survivors == ()
    assert planted.refuted > 0  # reversed, it is refuted


@pytest.mark.parametrize("least", [sp.Rational(1, 10), sp.Rational(1, 2)])
def test_an_assumption_too_many_makes_no_survivor(least):
    planted = attack(claim_of(x >= 1 + sp.log(x), x >= least), 0, outside=True)
    assert (planted.survivors, planted.unneeded) == ((), (f"x ≥ {least}",))


def test_what_comes_near_to_failing_leaves_no_room():
    kind = kind_of(claim_of(x > 0).statements[0])
    for relation, room in (
        (x + 1 > sp.log(x), True),
        (x - 1 >= sp.log(x), False),
        (sp.Ge(2 * x, x + x, evaluate=False), False),
    ):
        claim = claim_of(relation)
        assert kind.leaves_room(claim, claim.statements[0], 0, 768) is room
    same = claim_of(sp.Eq(x, x + 1, evaluate=False))
    assert not kind.leaves_room(same, same.statements[0], 0, 768)


def test_the_catalogue_has_no_room():
    claim = claim_of(x**4 + 1 >= x, x**3 >= 8)
    assert attack(claim, 0, outside=True).loose
    strict = attack(claim, 0)
    assert strict.loose == ()
    assert strict.survivors
