"""The table of a theorem's formulas says, at every point, what the formulas with their cases say."""

from __future__ import annotations

import random

import pytest
from sympy import And, Piecewise, S, Symbol, lambdify

from derivations.algebra.tabulated import rows_by_case, squares_and_zeros
from verify.catalogue import claims

TYPED = [(c.id, s) for c in claims().values() for s in c.statements if s.by_mode and not s.derived]
a, b, x = (Symbol(name, positive=True) for name in "abx")


@pytest.mark.parametrize(("name", "statement"), TYPED, ids=[name for name, _ in TYPED])
def test_the_table_says_what_the_formulas_say(name, statement):
    rows, rng = statement.rows, random.Random(name)
    symbols = sorted({s for e in statement.modes.values() for s in e.free_symbols}, key=str)
    assert not any(e.has(Piecewise) for _, values in rows for e in values.values())
    stated = {x: lambdify(symbols, e, "math") for x, e in statement.modes.items()}
    where = [lambdify(symbols, And(*conditions), "math") for conditions, _ in rows]
    shown = []
    for _, values in rows:
        squares, zeros = squares_and_zeros(values)
        shown.append({x: lambdify(symbols, e, "math") for x, e in {**squares, **{x**2: S.Zero for x in zeros}}.items()})
    seen = set()
    for _ in range(300):  # whole numbers for dimensions and the mode's number
        point = [rng.randint(1, 3) if s.is_integer else rng.randint(1, 16) / 4 for s in symbols]
        here = next(k for k, holds in enumerate(where) if holds(*point))
        seen.add(here)
        for x in statement.modes:
            assert shown[here][x**2](*point) == pytest.approx(stated[x](*point) ** 2, rel=1e-9, abs=1e-12)
    assert seen == set(range(len(rows)))


def test_cases_of_different_formulas_are_told_apart():
    rows = rows_by_case({x: Piecewise((a, a > 1), (0, True)), b: 2 * Piecewise((3, b > 1), (a, True))})
    assert [where for where, _ in rows] == [(a > 1, b > 1), (a > 1,), (b > 1,), ()]
    assert [values for _, values in rows] == [{x: a, b: 6}, {x: a, b: 2 * a}, {x: 0, b: 6}, {x: 0, b: 2 * a}]


def test_formulas_without_cases_are_one_region():
    assert rows_by_case({x: a}) == (((), {x: a}),)
    assert rows_by_case({}) == (((), {}),)
