"""Hypothesis strategies generated from a claim: every domain, on grids whose simplest value comes first.

Values are dyadic, so ties, zeros, exact thresholds and singular matrices are drawn often and float64 meets
them exactly; a failure shrinks to dimensions and values of 1 wherever those still fail.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from derivations.claim import Claim, Domain
from verify.instances import Batch, admitted, dimension_symbols, limit_rank, meets, shape_of

__all__ = ["instances"]

_POSITIVE = st.sampled_from([1.0, 2.0, 0.5, 4.0, 0.25, 3.0, 0.75, 1024.0, 1 / 1024])
_ENTRY = st.sampled_from([0.0, 1.0, -1.0, 2.0, 0.5, -3.0])
_UNIT = st.sampled_from([0.0, 0.5, -0.5, 0.75, -0.75, 0.96875])
_SCALARS = {
    Domain.POSITIVE: _POSITIVE,
    Domain.NONNEGATIVE: _POSITIVE | st.just(0.0),
    Domain.REAL: _POSITIVE | st.just(0.0) | _POSITIVE.map(lambda x: -x),
    Domain.UNIT: _UNIT,
    Domain.COUNT: st.integers(1, 3).map(float),
}


@st.composite
def instances(draw: st.DrawFn, claim: Claim, largest: int = 3) -> Batch:
    """One instance that meets the claim's assumptions, as a batch of one row."""
    dims = {symbol: draw(st.integers(1, largest)) for symbol in dimension_symbols(claim)}
    assume(all(condition.subs(dims) for condition in claim.dimensions))
    modes = max([*dims.values(), 1 if dims else 3])
    values: dict[Any, Any] = {}
    shapes = {variable: shape_of(variable, dims) for variable in claim.variables}
    for variable in sorted(claim.variables, key=lambda v: shapes[v] is not None):  # scalars first: they may rule it out
        if shapes[variable] is not None and not any(name.is_Matrix for name in values):
            assume(_possible(claim, dims, modes, values))
        shape = shapes[variable]
        drawn = _vector(draw, variable.domain, modes) if shape is None else _matrix(draw, variable.domain, shape)
        values[variable.symbol] = np.asarray(drawn, dtype=float)[None]
    values = limit_rank(claim, dims, values)
    batch = admitted(claim, Batch(dims, modes, values, np.array([0]), np.array(["drawn"])))
    assume(len(batch) == 1)
    return batch


def _possible(claim: Claim, dims: dict[Any, int], modes: int, scalars: dict[Any, Any]) -> bool:
    """Whether the scalars meet the assumptions that are about scalars alone."""
    known = scalars.keys() | dims.keys()
    about = tuple(a for a in claim.assumptions if a.free_symbols <= known)
    values = limit_rank(claim, dims, dict(scalars))
    return bool(meets(Batch(dims, modes, values, np.array([0]), np.array(["drawn"])), about).all())


def _vector(draw: st.DrawFn, domain: Domain, modes: int) -> list[float]:
    if domain in _SCALARS:
        return [draw(_SCALARS[domain])]
    if domain is Domain.EQUAL:
        return [draw(_POSITIVE)] * modes
    if domain is Domain.DISTINCT:
        return sorted(draw(st.lists(_POSITIVE, min_size=modes, max_size=modes, unique=True)))
    if domain is Domain.FLAGS:
        return draw(st.lists(st.sampled_from([0.0, 1.0]), min_size=modes, max_size=modes))
    zero = domain in (Domain.SPECTRUM, Domain.MODES)
    values = draw(st.lists(_POSITIVE | st.just(0.0) if zero else _POSITIVE, min_size=modes, max_size=modes))
    if domain in (Domain.SPECTRUM, Domain.DEVIATIONS):
        values = sorted(values, reverse=domain is Domain.SPECTRUM)
    return values


def _matrix(draw: st.DrawFn, domain: Domain, shape: tuple[int, int]) -> Any:
    rows, cols = shape
    if domain in (Domain.ORTHOGONAL, Domain.SIGNED_PERMUTATION):
        order = draw(st.permutations(range(rows)))
        signs = draw(st.lists(st.sampled_from([1.0, -1.0]), min_size=rows, max_size=rows))
        return np.eye(rows)[list(order)] * np.array(signs)[:, None]
    if domain is Domain.DIAGONAL:
        return np.diag(draw(st.lists(_POSITIVE, min_size=rows, max_size=rows)))
    M = np.array(draw(st.lists(_ENTRY, min_size=rows * cols, max_size=rows * cols))).reshape(shape)
    if domain is Domain.SYMMETRIC:
        return M + M.T
    return M @ M.T + 0.25 * np.eye(rows) if domain is Domain.DEFINITE else M
