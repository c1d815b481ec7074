"""Exact identity test: random points of a prime field (Schwartz–Zippel).

If left − right were not identically zero, a uniformly random point of (Z/p)ⁿ would be a zero with
probability at most degree/(p − 1); the stated bound is that to the power of the number of points. The
degree is bounded by walking the expression (`degree.py`); logarithms count as opaque unknowns.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import log10
from types import MappingProxyType
from typing import Any

import numpy as np
import sympy as sp

from derivations.algebra.nodes import Diagonal
from derivations.notation import MODES
from derivations.statements.claim import Claim, Same
from verify.draw.instances import dimension_symbols
from verify.draw.trial import Trial, recorded
from verify.evaluate.field import PRIMES, Field
from verify.evaluate.operations import size
from verify.evaluate.stack import Stack
from verify.proof.degree import degree
from verify.proof.residues import RESIDUES
from verify.records.evidence import Evidence, Verdict
from verify.store.cache import recalled

__all__ = ["POINTS", "field_batch", "identity", "same"]

POINTS = 16  # per dimension pattern; at degree 10³ the error bound is already below 10⁻⁹⁰
EMPTY: Mapping[Any, Any] = MappingProxyType({})
_PATTERNS = ((1,), (2,), (3, 2), (2, 3), (1, 3, 2))


def identity(trial: Trial, statement: Same) -> Evidence:
    """Evidence for one `Same`."""
    about = (trial.claim, statement, trial.seed)
    return recorded(
        "identity",
        statement.label,
        "proof",
        lambda: recalled(
            "identity", about, lambda: same(trial, statement.left, statement.right, statement.definitions)
        ),
    )


def same(trial: Trial, left: Any, right: Any, definitions: Mapping[Any, Any]) -> dict[str, Any]:
    """PROVED, or UNDECIDED if some point tells the two sides apart (refuting is left to instances)."""
    points, bound = 0, 0.0
    for k, pattern in enumerate(_PATTERNS):
        field = Field(PRIMES[k % len(PRIMES)])
        rng = np.random.default_rng([trial.seed, k, 1])
        batch = field_batch(
            trial.claim, field, rng, pattern, extra=_missing(trial, left, right, definitions), frames=definitions
        )
        try:
            batch = _define(batch, {**trial.claim.definitions, **definitions}, field)
            a, b = batch.evaluate(left, right, arithmetic=field)
        except (TypeError, ZeroDivisionError) as error:
            return {"outcome": Verdict.UNDECIDED, "note": f"not decidable in a prime field: {error}"}
        if a.shape != b.shape or np.any((a - b) % field.prime):
            note = f"the two sides differ modulo {field.prime} at dimensions {dict(batch.dims)}"
            return {"outcome": Verdict.UNDECIDED, "instances": points, "note": note}
        points += len(batch)
        bound += len(batch) * min(0.0, log10(degree(batch, left, right, definitions, trial.claim) / field.prime))
    note = f"false-pass probability ≤ 10^{bound:.0f} (Schwartz–Zippel, {points} points, {len(PRIMES)} primes)"
    return {"outcome": Verdict.PROVED, "instances": points, "residual": 0.0, "note": note}


def _missing(trial: Trial, *sources: Any) -> frozenset[Any]:
    """Mode symbols that are free here: the frames' singular values, before any formula for them."""
    *expressions, definitions = sources
    symbols: set[Any] = set().union(*(e.free_symbols for e in [*expressions, *definitions.values()]))
    symbols |= set().union(*(e.free_symbols for e in trial.claim.definitions.values()))
    return frozenset(symbols & MODES) - {v.symbol for v in trial.claim.variables}


def _define(batch: Stack, definitions: Mapping[Any, Any], field: Field) -> Stack:
    for symbol, expression in definitions.items():
        (value,) = batch.evaluate(expression, arithmetic=field)
        batch = batch.with_values({symbol: value})
    return batch


def field_batch(
    claim: Claim, field: Field, rng: Any, pattern: Any, extra: frozenset[Any], frames: Mapping[Any, Any] = EMPTY
) -> Stack:
    """Random residues of the claim's domains; beyond the rank its frames allow, mode values are 0."""
    symbols = dimension_symbols(claim)
    dims = {s: pattern[i % len(pattern)] for i, s in enumerate(symbols)}
    modes = max([3, *dims.values()])
    values: dict[Any, Any] = {}
    for variable in claim.variables:
        shape = getattr(variable.symbol, "shape", None)
        sizes = tuple(size(n, dims) for n in shape) if shape else None
        values[variable.symbol] = RESIDUES[variable.domain].draw(POINTS, sizes or modes, field, rng)
    for symbol in sorted(extra, key=str):
        values[symbol] = rng.integers(1, field.prime, (POINTS, modes))
    for symbol, rank in _ranks(claim, dims, frames).items():
        if symbol in values:
            values[symbol] = np.where(np.arange(modes) < rank, values[symbol], 0)
    return Stack(dims, modes, values, POINTS)


def _ranks(claim: Claim, dims: Mapping[Any, int], frames: Mapping[Any, Any]) -> dict[Any, int]:
    """The rank to which a rectangular frame cuts a mode symbol; the largest where several frames hold it."""
    ranks: dict[Any, int] = {}
    for symbol, shape in _framed(claim) | {pair for e in frames.values() for pair in _diagonals(e)}:
        rank = min(size(n, dims) for n in shape)
        ranks[symbol] = max(rank, ranks.get(symbol, 0))
    return ranks


@lru_cache(maxsize=64)
def _framed(claim: Claim) -> frozenset[Any]:
    """(mode symbol, shape) of every diagonal in the claim's definitions and frames."""
    sources = [*claim.definitions.values()]
    for statement in claim.statements:
        sources += [*getattr(statement, "at", {}).values(), *getattr(statement, "definitions", {}).values()]
    return frozenset(pair for e in set(sources) for pair in _diagonals(e))


def _diagonals(e: Any) -> set[Any]:
    nodes = [n for n in sp.preorder_traversal(e) if isinstance(n, Diagonal)]
    return {(symbol, node.shape) for node in nodes for symbol in node.entry.free_symbols & MODES}
