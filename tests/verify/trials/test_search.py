"""Descents around a claimed minimum: a loss that falls without end is said to, a bounded one is not."""

from __future__ import annotations

import numpy as np
import pytest
from sympy import Symbol

from derivations.claim import Domain
from derivations.statements.minimum import Minimum
from verify.evaluate.stack import Stack
from verify.trials.search import search_instance

x, y = Symbol("x", real=True), Symbol("y", real=True)
POLE = 1 / (x**2 - 1) ** 3 + y**2  # falls without end between the poles at ±1, but along no ray
VALLEY = (y - x**2) ** 2 + x**4


def searched(loss, seed):
    statement = Minimum("", loss, {x: 0, y: 0}, domains={x: Domain.REAL, y: Domain.REAL})
    return search_instance(Stack({}, 1, {}, 1), statement, np.random.default_rng(seed), starts=3)


@pytest.mark.parametrize("seed", range(4))
def test_a_loss_that_falls_without_end_is_still_falling_where_the_descent_gave_up(seed):
    found = searched(POLE, seed)
    assert found.lower
    assert "is still falling" in found.ray


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("loss", "lower"), [(VALLEY, False), ((x - 1) ** 2 * 1000 + y**2 - 1000, True)])
def test_a_loss_that_is_bounded_below_is_not_said_to_fall(loss, lower, seed):
    found = searched(loss, seed)
    assert found.lower == lower
    assert found.ray == ""
