"""Signs: whatever the rules say holds at every exact point; and they see what a sentence needs."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import assume, given
from hypothesis import strategies as st

from verify.proof.signs import ANY, NONNEGATIVE, POSITIVE, find_signs

a, b = sp.symbols("a b", positive=True)
n, m = sp.symbols("n m", nonnegative=True)
x = sp.Symbol("x", real=True)
leaf = st.sampled_from([a, b, n, m, x, sp.Integer(1), sp.Integer(2), sp.Integer(-1), sp.Rational(-3, 2)])
tree = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.builds(lambda p, q: p + q, inner, inner),
        st.builds(lambda p, q: p - q, inner, inner),
        st.builds(lambda p, q: p * q, inner, inner),
        st.builds(lambda p, k: p**k, inner, st.sampled_from([2, 3, -1, -2])),
        st.builds(lambda p, q, c: sp.Piecewise((p, c > b), (q, True)), inner, inner, leaf),
    ),
    max_leaves=8,
)
above = st.sampled_from([sp.Rational(p, q) for p in (1, 2, 3, 7) for q in (1, 2, 5)])
point = st.fixed_dictionaries(
    {
        a: above,
        b: above,
        n: st.just(sp.S.Zero) | above,
        m: st.just(sp.S.Zero) | above,
        x: above | above.map(lambda v: -v),
    }
)
relation = st.builds(
    lambda kind, p, q: kind(p, q, evaluate=False),
    st.sampled_from([sp.Gt, sp.Ge, sp.Lt, sp.Le, sp.Eq, sp.Ne]),
    tree,
    tree,
)


def at(e, values):
    value = sp.S(e).subs(values)
    assume(value.is_Rational and not value.has(sp.zoo, sp.nan))
    return value


@given(tree, st.lists(relation, max_size=3), point)
def test_no_point_has_a_sign_that_the_rules_exclude(e, held, values):
    for c in held:
        sides = [at(side, values) for side in c.args]
        assume(c.func(*sides) == sp.true)
    assert int(sp.sign(at(e, values))) in find_signs(e, tuple(held))


@given(tree, tree, st.data())
def test_nor_where_two_conditions_meet_only_at_zero(p, q, data):
    """n ≥ 2m and m ≥ 2n hold together at 0 and nowhere else: a program in logarithms must not be asked."""
    held = (n >= 2 * m, m >= 2 * n)
    values = {**data.draw(point), n: sp.S.Zero, m: sp.S.Zero}
    e = p - q
    assert int(sp.sign(at(e, values))) in find_signs(e, held)


@pytest.mark.parametrize(
    ("e", "held", "known"),
    [
        (a + 1 / b, (), POSITIVE),
        (x**2 - 2 * x * a + a**2, (), NONNEGATIVE),
        (a - b, (a > b,), POSITIVE),
        (a * b - b**2, (a >= b,), NONNEGATIVE),
        (a - 3, (a > 4,), POSITIVE),
        (a**2 - n * b, (a > sp.sqrt(n) * sp.sqrt(b),), POSITIVE),
        (a**2 / b - n, (a**2 > n * b,), POSITIVE),
        (sp.Piecewise((a - b, a > b), (0, True)), (), NONNEGATIVE),
        (sp.log(1 + a), (), POSITIVE),
        (n, (n**2 > a * b,), POSITIVE),
        (x, (x**2 > a,), ANY - {0}),
        (n, (n**2 >= m,), NONNEGATIVE),
        (a - b, (), ANY),
        (a - 7, (), ANY),
        (sp.log(a), (), ANY),
        (x, (), ANY),
        (n - m, (n >= 2 * m, m >= 2 * n), frozenset({0})),
        (n - 3 * m, (n >= 2 * m,), ANY),
    ],
)
def test_what_the_rules_see(e, held, known):
    assert find_signs(e, held) == known
