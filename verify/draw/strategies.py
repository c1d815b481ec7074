"""Hypothesis strategies generated from a claim: every domain, on grids whose simplest value comes first.

Values are dyadic, so ties, zeros, exact thresholds and singular matrices are drawn often and float64 meets
them exactly; a failure shrinks to dimensions and values of 1 wherever those still fail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from sympy import Ge, Gt, Le, Lt

from derivations.domain import Domain, Values
from derivations.notation import index
from derivations.statements.claim import Claim
from verify.draw.dimensions import allowed, count_modes, dimension_symbols, smallest
from verify.draw.instances import Instances, admitted, limit_rank, meets, shape_of
from verify.evaluate.stack import Stack

__all__ = ["DRAWN", "instances"]

_POSITIVE = st.sampled_from([1.0, 2.0, 0.5, 4.0, 0.25, 3.0, 0.75, 1024.0, 1 / 1024])
_ENTRY = st.sampled_from([0.0, 1.0, -1.0, 2.0, 0.5, -3.0])
_MAYBE_ZERO = _POSITIVE | st.just(0.0)
_FLAG = st.sampled_from([0.0, 1.0])
_SIGN = st.sampled_from([1.0, -1.0])
_UNIT = st.sampled_from([0.0, 0.5, -0.5, 0.75, -0.75, 0.96875])
_REAL = _MAYBE_ZERO | _POSITIVE.map(lambda x: -x)
_COUNT = st.integers(1, 3).map(float)


def instances(claim: Claim, largest: int = 3) -> st.SearchStrategy[Instances]:
    """One instance that meets the claim's assumptions, as a batch of one row."""
    # Without arguments: Hypothesis prints those of a composite strategy, and a claim's expressions take it seconds.
    return st.composite(lambda draw: _instance(draw, claim, largest))()


def _instance(draw: st.DrawFn, claim: Claim, largest: int) -> Instances:
    dims = draw(_dimensions(claim, largest))
    modes = count_modes(claim, dims, largest)
    values: dict[Any, Any] = {}
    shapes = {variable: shape_of(variable, dims) for variable in claim.variables}
    for variable in sorted(claim.variables, key=lambda v: shapes[v] is not None):  # scalars first: they may rule it out
        if shapes[variable] is not None and not any(name.is_Matrix for name in values):
            assume(_possible(claim, dims, modes, values))
        shape = shapes[variable]
        drawn = DRAWN[variable.domain](draw, modes if shape is None else shape)
        values[variable.symbol] = np.asarray(drawn, dtype=float)[None]
        if shape is None:
            _in_order(claim, values)
    values = limit_rank(claim, dims, values)
    batch = admitted(claim, Instances(Stack(dims, modes, values, 1), np.array([0]), np.array(["drawn"]), claim))
    assume(len(batch) == 1)
    return batch


def _possible(claim: Claim, dims: dict[Any, int], modes: int, scalars: dict[Any, Any]) -> bool:
    """Whether the scalars meet the assumptions that are about scalars alone."""
    about = _about(claim, frozenset(scalars.keys() | dims.keys() | {index}))
    values = limit_rank(claim, dims, dict(scalars))
    return bool(meets(Stack(dims, modes, values, 1), about).all())


def _in_order(claim: Claim, values: dict[Any, Any]) -> None:
    """Swap two drawn scalars that an assumption "a ≥ b" or "a > b" has the other way round: rejecting half is slow."""
    for larger, smaller in _orders_of(claim):
        if larger in values and smaller in values and values[larger][0, 0] < values[smaller][0, 0]:
            values[larger], values[smaller] = values[smaller], values[larger]


@lru_cache(maxsize=1024)
def _orders_of(claim: Claim) -> tuple[tuple[Any, Any], ...]:
    """(larger, smaller) of each assumption that compares two scalars of one domain, which may be swapped."""
    domain = {v.symbol: v.domain for v in claim.variables if v.domain.facts.values is Values.ONE}
    pairs = [(a.gts, a.lts) for a in claim.assumptions if isinstance(a, Ge | Gt | Le | Lt)]
    return tuple(pair for pair in pairs if set(pair) <= domain.keys() and domain[pair[0]] is domain[pair[1]])


@lru_cache(maxsize=1024)
def _about(claim: Claim, known: frozenset[Any]) -> tuple[Any, ...]:
    return tuple(a for a in claim.assumptions if a.free_symbols <= known)


# Strategies are built once: for Hypothesis that is more work than drawing from them.
@lru_cache(maxsize=1024)
def _dimensions(claim: Claim, largest: int) -> st.SearchStrategy[dict[Any, int]]:
    """Dimensions up to `largest` that the claim allows, small ones first; the empty strategy if it allows none."""
    symbols = dimension_symbols(claim)
    conditions = (*claim.dimensions, *(a for a in claim.assumptions if a.free_symbols <= set(symbols)))
    sizes = sorted(product(range(1, largest + 1), repeat=len(symbols)), key=lambda size: (max(size, default=0), size))
    found = [dims for size in sizes if allowed(conditions, dims := dict(zip(symbols, size, strict=True)))]
    far = [dict(zip(symbols, size, strict=True)) for size in smallest(conditions, symbols)] if largest > 2 else []
    return st.sampled_from(found or far) if found or far else st.nothing()


@lru_cache(maxsize=1024)
def _list(values: st.SearchStrategy[float], size: int, unique: bool = False) -> st.SearchStrategy[list[float]]:
    return st.lists(values, min_size=size, max_size=size, unique=unique)


def _entries(draw: st.DrawFn, shape: tuple[int, int]) -> Any:
    return np.array(draw(_list(_ENTRY, shape[0] * shape[1]))).reshape(shape)


def _symmetric(draw: st.DrawFn, shape: tuple[int, int]) -> Any:
    M = _entries(draw, shape)
    return M + M.T


def _definite(draw: st.DrawFn, shape: tuple[int, int]) -> Any:
    M = _entries(draw, shape)
    return M @ M.T + 0.25 * np.eye(shape[0])


def _frame(draw: st.DrawFn, shape: tuple[int, int]) -> Any:
    order = draw(_orders(shape[0]))
    return np.eye(shape[0])[list(order)] * np.array(draw(_list(_SIGN, shape[0])))[:, None]


@lru_cache(maxsize=64)
def _orders(n: int) -> st.SearchStrategy[Any]:
    return st.permutations(range(n))


# By domain: the values, from the number of modes, of a scalar (one) or a mode symbol; from the shape, of a matrix.
DRAWN: Mapping[Domain, Callable[[st.DrawFn, Any], Any]] = {
    Domain.POSITIVE: lambda draw, _: [draw(_POSITIVE)],
    Domain.NONNEGATIVE: lambda draw, _: [draw(_MAYBE_ZERO)],
    Domain.REAL: lambda draw, _: [draw(_REAL)],
    Domain.UNIT: lambda draw, _: [draw(_UNIT)],
    Domain.COUNT: lambda draw, _: [draw(_COUNT)],
    Domain.SPECTRUM: lambda draw, modes: sorted(draw(_list(_MAYBE_ZERO, modes)), reverse=True),
    Domain.DEVIATIONS: lambda draw, modes: sorted(draw(_list(_POSITIVE, modes))),
    Domain.EQUAL: lambda draw, modes: [draw(_POSITIVE)] * modes,
    Domain.DISTINCT: lambda draw, modes: sorted(draw(_list(_POSITIVE, modes, unique=True))),
    Domain.MODES: lambda draw, modes: draw(_list(_MAYBE_ZERO, modes)),
    Domain.POSITIVE_MODES: lambda draw, modes: draw(_list(_POSITIVE, modes)),
    Domain.FLAGS: lambda draw, modes: draw(_list(_FLAG, modes)),
    Domain.MATRIX: _entries,
    Domain.SINGULAR: _entries,
    Domain.SYMMETRIC: _symmetric,
    Domain.DEFINITE: _definite,
    Domain.DIAGONAL: lambda draw, shape: np.diag(draw(_list(_POSITIVE, shape[0]))),
    Domain.ORTHOGONAL: _frame,
    Domain.SIGNED_PERMUTATION: _frame,
}
