"""Second moments against plain NumPy, far from zero, and without a float64 copy."""

from __future__ import annotations

import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from verify.errors import InputError
from verify.forecast.moments import second_moments
from verify.forecast.spectra import spectrum


def naive(y: np.ndarray, x: np.ndarray, centre: bool) -> np.ndarray:
    """E[yxᵀ] in extended precision."""
    y, x = y.astype(np.longdouble), x.astype(np.longdouble)
    if centre:
        y, x = y - y.mean(axis=0), x - x.mean(axis=0)
    return y.T @ x / len(y)


@pytest.mark.parametrize("centre", [True, False])
@pytest.mark.parametrize("n", [2, 700, 1024, 1025, 9000])
@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.bool_, np.int32, np.float32, np.float64])
def test_all_three_moments_agree_with_numpy(dtype: type, n: int, centre: bool) -> None:
    rng = np.random.default_rng(n)
    both = (rng.normal(size=(n, 5)) * 40).astype(np.int8).astype(dtype)
    y, x = both[:, :3], both[:, 3:]
    found = second_moments(y, x, centre=centre)
    assert found.A is not None
    assert found.C is not None
    assert (found.n, found.centred) == (n, centre)
    for moment, pair in ((found.B, (y, y)), (found.A, (x, x)), (found.C, (y, x))):
        expected = naive(*pair, centre)
        assert np.abs(moment - expected).max() <= 1e-13 * np.abs(expected).max() + 1e-30
    assert found.output_mean == pytest.approx(np.linalg.norm(y.mean(axis=0)), rel=1e-13)
    assert found.input_mean == pytest.approx(np.linalg.norm(x.mean(axis=0)), rel=1e-13)


@given(hnp.arrays(np.uint8, st.tuples(st.integers(2, 12), st.integers(1, 4))))
def test_bytes_are_exact(y: np.ndarray) -> None:
    found = second_moments(y).B
    n, columns = len(y), y.T.tolist()
    for row, a in zip(found, columns, strict=True):
        for value, b in zip(row, columns, strict=True):
            products = sum(p * q for p, q in zip(a, b, strict=True))
            assert value == float(Fraction(n * products - sum(a) * sum(b), n * n))


def test_bytes_at_the_extremes_are_exact_in_full_blocks() -> None:
    y = np.zeros((4096, 2), dtype=np.uint8)
    y[::2, 0] = 255
    assert second_moments(y).B.tolist() == [[127.5**2, 0.0], [0.0, 0.0]]


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("offset", [0.0, 1e3, 1e8])
def test_offsets_cost_no_more_digits_than_the_data_have(scale: float, offset: float) -> None:
    y = (np.random.default_rng(1).normal(size=(10_000, 3)) + offset) * scale
    expected = naive(y, y, centre=True)
    moment = second_moments(y).B
    assert moment == pytest.approx(np.float64(expected), rel=1e-11, abs=1e-13 * scale**2)


def test_a_drift_costs_no_digits() -> None:
    """The first block says nothing about the mean of the last."""
    y = np.random.default_rng(1).normal(size=(12_000, 2))
    y[6000:] += 1e7
    moment = second_moments(y).B
    assert moment == pytest.approx(np.float64(naive(y, y, centre=True)), rel=1e-13)


@pytest.mark.parametrize("value", [0.1, 1e8 / 3, np.uint8(77)])
def test_a_constant_column_has_variance_exactly_zero(value: float) -> None:
    y = np.full((5000, 2), value)
    found = second_moments(y, centre=True)
    assert not found.B.any()
    moment = second_moments(y, centre=False).B
    assert moment == pytest.approx(np.full((2, 2), float(value) ** 2))


def test_without_an_input_there_are_no_joint_moments() -> None:
    found = second_moments(np.eye(3))
    assert (found.A, found.C, found.input_mean) == (None, None, 0.0)


def message(*tables: object) -> str:
    with pytest.raises(InputError) as caught:
        second_moments(*tables)
    return str(caught.value)


def test_bad_tables_are_named() -> None:
    good = np.ones((5000, 3))
    bad = good.copy()
    bad[4500, 1] = np.nan
    assert message(bad) == ("output has NaN at row 4501, column 2 (counted from 1); every value must be finite.")
    bad[4500, 1] = -np.inf
    assert message(good, bad) == (
        "input has an infinite value at row 4501, column 2 (counted from 1); every value must be finite."
    )
    assert message(np.ones((100, 2)), np.ones((90, 2))) == (
        "output has 100 rows and input 90; they must have the same number of rows."
    )
    assert message(np.ones((1, 2))) == "output has 1 row; at least 2 rows are needed."
    assert message(good[:2], np.array([["a"], ["b"]])) == ("input holds strings (dtype <U1); real numbers are needed.")


def test_values_whose_squares_are_no_numbers_are_refused() -> None:
    signs = np.array([[1.0], [-1.0], [1.0]])
    assert message(signs * 1e200) == ("output has values whose squares overflow; divide it by a constant.")
    assert message(signs, signs * 1e308) == ("input has values whose squares overflow; divide it by a constant.")
    assert message(signs * 1e-200) == ("output varies so little that squares underflow; multiply it by a constant.")


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.int64])
def test_the_table_is_never_converted_as_a_whole(dtype: type) -> None:
    y = np.random.default_rng(1).integers(0, 255, (200_000, 50)).astype(dtype)
    tracemalloc.start()
    try:
        second_moments(y)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    as_float64 = y.size * 8
    assert peak < as_float64 / 8


@pytest.mark.parametrize("scale", [1e153, 1e-140])
def test_the_spectrum_of_extreme_values_is_that_of_ordinary_ones(scale):
    y = np.random.default_rng(2).normal(size=(40, 3))
    ordinary, extreme = (spectrum(second_moments(s * y), "vae").theta for s in (1.0, scale))
    np.testing.assert_allclose(extreme / scale, ordinary, rtol=1e-12)
