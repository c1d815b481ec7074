"""Two numbers of modes are told alike exactly: where one condition holds the other does."""

from __future__ import annotations

import pytest
import sympy as sp

from derivations.algebra.counted import counts_alike
from derivations.nodes import SumModes, count
from derivations.notation import beta, d, eta_dec, sigma, theta

LEVEL = beta * eta_dec**2
A, B = theta**2 > LEVEL, sigma**2 > LEVEL
SPLIT = sp.Or(sp.And(A, B), sp.And(A, sigma**2 <= LEVEL))


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (SPLIT, A, True),
        (SPLIT, sp.Or(sp.And(A, B), sp.And(A, sigma**2 <= 2 * LEVEL)), True),
        (SPLIT, sp.Or(sp.And(A, B), sp.And(A, 2 * sigma**2 <= LEVEL)), False),  # misses what lies between
        (A, B, False),
        (A, theta**2 >= LEVEL, False),  # they differ on the threshold
        (theta > sp.sqrt(LEVEL), A, True),
        (sp.And(A, B), A, False),
        (theta > beta + sigma, theta > beta + sigma + eta_dec, False),  # no monomials
    ],
)
def test_conditions(one, other, alike):
    assert counts_alike(count(one, 0, d), count(other, 0, d)) is alike
    assert counts_alike(count(other, 0, d), count(one, 0, d)) is alike


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (count(A, 0, d), count(A, 1, d)),
        (count(A, 0, d), SumModes(2 * sp.Piecewise((1, A), (0, True)), 0, d)),
        (SumModes(theta, 0, d), SumModes(theta, 0, d)),
        (SumModes(sp.Piecewise((1, A), (0, B), (1, True)), 0, d), count(A, 0, d)),
        (count(A, 0, d), theta),
    ],
)
def test_nothing_is_said_of_other_sums(one, other):
    assert not counts_alike(one, other)
