"""Exact linear programming over monomials: certificates both ways, and planted errors."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Rational, sqrt, symbols

from derivations.algebra import cones, simplex
from derivations.algebra.budget import Exhausted
from derivations.algebra.cones import Certified, _meets, as_row, cover, implies, overlap, solve_system
from derivations.algebra.simplex import non_negative_solution

x, y, z = symbols("x y z", positive=True)
small = st.integers(-3, 3)


@given(st.lists(st.lists(small, min_size=4, max_size=4), min_size=1, max_size=4), st.data())
def test_simplex_answers_with_a_certificate_that_checks(A, data):
    b = data.draw(st.lists(st.integers(0, 3), min_size=len(A), max_size=len(A)))
    found, values = non_negative_solution(A, b)
    if found:
        assert all(v >= 0 for v in values)
        assert [sum(a * v for a, v in zip(row, values, strict=True)) for row in A] == b
    else:
        assert all(sum(p * row[j] for p, row in zip(values, A, strict=True)) <= 0 for j in range(4))
        assert sum(p * v for p, v in zip(values, b, strict=True)) > 0


def test_simplex_solves_exactly():
    assert non_negative_solution([[3, 0], [0, 7]], [1, 1]) == (True, [Fraction(1, 3), Fraction(1, 7)])


@pytest.mark.parametrize(
    ("given_", "then", "follows"),
    [
        ([x > y, y >= z], x > z, True),
        ([x > y, y >= z], x >= z, True),
        ([x >= y, y >= z], x > z, False),
        ([x**2 > y], x > sqrt(y), True),
        ([x > y], x > 2 * y, False),
        ([x > 2 * y], x > y, True),
        ([x * y > z, y < 1], x > z, True),
        ([], x > y, False),
    ],
)
def test_implication(given_, then, follows):
    assert implies(given_, then).feasible is not follows


def test_cover_and_overlap_find_planted_errors():
    exact = [(x > y,), (y >= x,)]
    assert cover(exact)[0] is None
    assert not overlap(*exact).feasible
    hole = cover([(x > 2 * y,), (y >= x,)])[0]
    assert hole is not None
    assert hole.feasible
    assert cover([(x > y,), (y > x,)])[0] is not None, "the boundary itself is a hole"
    assert overlap((x >= y,), (y >= x,)).feasible, "the boundary belongs to both"


def test_what_is_not_a_monomial_is_refused():
    with pytest.raises(ValueError, match="not a monomial"):
        as_row(x + y > z)
    with pytest.raises(ValueError, match="not an inequality"):
        as_row(x)


def test_point_satisfies_the_system():
    found = solve_system([as_row(x > Rational(3, 2) * y), as_row(y > z)])
    values = {str(k): float(v) for k, v in found.values}
    assert found.feasible
    assert values["y"] > values["z"]


def test_whether_a_known_point_will_do():
    """Believed without a linear program: a point wrongly taken to be inside would be reported as a hole."""
    above, at_least, root = as_row(x > y), as_row(x >= y), as_row(sqrt(x) >= y)
    at = {x: Fraction(1), y: Fraction(1, 2)}
    assert _meets(above, at)
    assert _meets(at_least, at)
    assert _meets(root, at)
    on_edge = {x: Fraction(1), y: Fraction(1)}
    assert not _meets(above, on_edge)
    assert _meets(at_least, on_edge)
    below = {x: Fraction(1), y: Fraction(2)}
    assert not _meets(above, below)
    assert not _meets(at_least, below)
    assert not _meets(above, {})
    assert not _meets(as_row(x > 1), {})
    assert not _meets(above, {y: Fraction(1)})
    assert _meets(at_least, {y: Fraction(-1)})
    assert _meets(above, {x: Fraction(1, 3)})
    assert not _meets(at_least, {y: Fraction(1)})


def test_every_part_of_a_cell_is_tried_against_every_region():
    thirds = [(x > 2 * y,), (2 * y >= x, x > y), (y >= x,)]
    for order in permutations(thirds):
        assert cover(order)[0] is None
        assert cover(order[:2])[0] is not None
    hole, decided = cover([(x > 2 * y, z > 1), (2 * y >= x,), (x > 3 * y, z < 1), (x > 2 * y, 3 * y >= x, z < 1)])
    assert hole is not None
    assert dict(hole.values)[z] == 0
    assert decided > 0


STRICT, WEAK = [as_row(x > y), as_row(y > x)], [as_row(x >= y), as_row(y >= x), as_row(x >= 1)]


@pytest.mark.parametrize(
    ("rows", "values"),
    [
        (STRICT, [1, 2]),  # does not cancel
        (STRICT, [-1, -1]),  # cancels, with the wrong sign
        (STRICT, [2, -1]),
        (STRICT, [0, 0]),  # no weight on a strict row
        ([*WEAK[:2], *STRICT[:1]], [1, 1, 0]),
    ],
)
def test_multipliers_that_prove_nothing_are_refused(rows, values, monkeypatch):
    monkeypatch.setattr(cones, "non_negative_solution", lambda *_: (True, [Fraction(v) for v in values]))
    with pytest.raises(ArithmeticError, match="do not prove infeasibility"):
        solve_system(rows)


@pytest.mark.parametrize(
    ("rows", "point"),
    [
        (STRICT[:1], [0, 0]),  # on the edge of a strict row
        (STRICT[:1], [0, 1]),
        ([*STRICT[:1], as_row(x >= y**2)], [3, 2]),  # the second row fails
        ([as_row(x >= y**2), *STRICT[:1]], [3, 2]),
        ([*STRICT[:1], as_row(x > y**2)], [2, 1]),
    ],
)
def test_a_point_outside_is_refused(rows, point, monkeypatch):
    monkeypatch.setattr(
        cones, "non_negative_solution", lambda *_: (False, [*(-Fraction(v) for v in point), Fraction(1)])
    )
    with pytest.raises(ArithmeticError, match="does not satisfy the system"):
        solve_system(rows)


def test_right_answers_pass_the_same_checks(monkeypatch):
    monkeypatch.setattr(cones, "non_negative_solution", lambda *_: (True, [Fraction(1), Fraction(1)]))
    assert solve_system(STRICT) == Certified(False, (1, 1))
    monkeypatch.setattr(cones, "non_negative_solution", lambda *_: (False, [Fraction(-2), Fraction(-1), Fraction(1)]))
    assert solve_system([as_row(x > y), as_row(x >= y**2)]) == Certified(True, ((x, 2), (y, 1)))


def test_weak_rows_alone_always_have_a_solution():
    assert solve_system(WEAK) == Certified(True, ((x, 0), (y, 0)))
    assert solve_system([]) == Certified(True, ())


def test_a_prime_counts_as_more_than_one():
    assert not solve_system([as_row(x > 3 * y), as_row(y > x)]).feasible
    assert solve_system([as_row(3 * x > y), as_row(y > x)]).feasible
    assert implies([x >= 2 * y], y > x).feasible
    assert not implies([x >= 2 * y], x > y).feasible


@pytest.mark.parametrize(
    "factors", [(3, 2), (9, 8), (25, 24), (Rational(7, 5), Rational(11, 8)), (Rational(50, 49), 1)]
)
def test_numbers_are_compared_as_numbers(factors):
    large, small = factors
    assert not implies([x >= large * y], x > small * y).feasible
    assert implies([x >= small * y], x >= large * y).feasible
    assert not implies([x**3 >= large * y**3, y >= large * z], x**3 > small**4 * z**3).feasible


def test_a_linear_program_ends_at_a_count(monkeypatch):
    assert implies([x > y, y >= z], x > z).feasible is False
    monkeypatch.setattr(simplex, "_MOST", 10)
    with pytest.raises(Exhausted, match="equations in"):
        implies([x > y, y >= z], x > z)
