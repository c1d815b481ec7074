"""Mutants that are no errors: they follow from the original, or say nothing; real errors are not excused."""

from __future__ import annotations

import pytest
import sympy as sp

from derivations.claim import Always, Claim, Domain, Same, Variable
from verify.trials.implied import follows_from
from verify.trials.kinds import Mutation

p, q = sp.symbols("p q", positive=True)
x, y = sp.symbols("x y", real=True)
n = sp.Symbol("n", integer=True, positive=True)
A, B = sp.MatrixSymbol("A", n, n), sp.MatrixSymbol("B", n, n)
CLAIM = Claim(
    "c", "t", "s", "", tuple(map(Variable, (p, q))) + (Variable(x, Domain.REAL), Variable(y, Domain.REAL)), ()
)
SQUARE = x**2 + y**2 - 2 * x * y


def follows(original, mutated, relation):
    """Whether a mutant of one side is excused; `relation` puts a side into its statement."""
    statement = relation(mutated)
    claimed = statement.concludes() if isinstance(statement, Same) else statement.relation
    return follows_from(CLAIM, Mutation("m", statement, original, mutated), claimed)


@pytest.mark.parametrize("factor", [2, sp.Rational(1, 2), 7])
def test_multiples_of_what_is_compared_with_zero(factor):
    assert follows(SQUARE, sp.expand(factor * SQUARE), lambda e: Always("", sp.Ge(e, 0, evaluate=False)))
    assert not follows(SQUARE, sp.expand(-factor * SQUARE), lambda e: Always("", sp.Ge(e, 0, evaluate=False)))
    assert not follows(SQUARE, sp.expand(factor * SQUARE) + 1, lambda e: Always("", sp.Eq(e, 0, evaluate=False)))
    bracket = A * B - B * A
    assert follows(bracket, factor * bracket, lambda e: Same("", e, sp.ZeroMatrix(n, n)))
    assert follows(bracket, -factor * bracket, lambda e: Same("", e, sp.ZeroMatrix(n, n)))
    assert not follows(bracket, factor * A * B - B * A, lambda e: Same("", e, sp.ZeroMatrix(n, n)))


def test_what_a_sign_of_a_real_variable_changes():
    def stated(e):
        return Always("", sp.Ge(e, 0, evaluate=False))

    assert follows(SQUARE, x**2 + y**2 + 2 * x * y, stated)
    slack = p**2 + q**2 - 2 * p * q
    assert not follows(slack, p**2 - q**2 + 2 * p * q, stated)


def test_weaker_relations():
    assert follows(2 * x * y, x * y, lambda e: Always("", sp.Ge(x**2 + y**2, e, evaluate=False)))
    assert not follows(2 * x * y, 3 * x * y, lambda e: Always("", sp.Ge(x**2 + y**2, e, evaluate=False)))
    assert not follows(p, p + q, lambda e: Always("", sp.Ge(p + 1, e, evaluate=False)))


def test_what_says_nothing():
    assert follows(p + q, p, lambda e: Same("", e, p))
    assert follows(p + q, p, lambda e: Always("", sp.Ge(e, p, evaluate=False)))
    assert not follows(p + q, p, lambda e: Always("", sp.Gt(e, p, evaluate=False)))


def test_what_the_core_derives_from_the_original_is_no_error():
    gap = Claim("gap", "t", "s", "", (Variable(p),), (), assumptions=(p > sp.Rational(1, 10),))
    original = p - 1

    def follows_here(mutated):
        statement = Always("", sp.Ge(mutated, sp.log(p), evaluate=False))
        return follows_from(gap, Mutation("m", statement, original, mutated), statement.relation)

    assert follows_here(p**2 / 4 + p / 2)
    assert not follows_here(3 * p - 4)  # false at 1/2
