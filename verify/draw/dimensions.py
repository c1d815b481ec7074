"""The dimensions of a claim's instances: small patterns first, every size from 1 to 6 among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice, product
from typing import Any

import numpy as np
import sympy as sp

from derivations.statements.claim import Claim

__all__ = ["allowed", "dimension_symbols", "draw_dimensions", "smallest"]

# Dimensions of the first blocks: one alone is 1 to 6; with two and more, each is 1 to 6 in some block.
_ALONE = ((1,), (2,), (3,), (4,), (5,), (6,))
_FIRST = ((1,), (2,), (1, 2), (2, 1), (4, 3, 2), (3, 4, 6), (1, 3, 2), (3,), (6, 5, 4), (5, 6, 3))
_LARGEST = 9  # dimensions beyond 6 are drawn where a claim's conditions ask for them


@lru_cache(maxsize=512)
def dimension_symbols(claim: Claim) -> tuple[Any, ...]:
    """The integer symbols among the claim's shapes and expressions, sorted by name."""
    found: set[Any] = set()
    for e in _expressions(claim):
        for atom in sp.preorder_traversal(e):
            if isinstance(atom, sp.Symbol) and atom.is_integer:
                found.add(atom)
    return tuple(sorted(found - {v.symbol for v in claim.variables}, key=str))


def draw_dimensions(claim: Claim, rng: np.random.Generator, block: int) -> dict[Any, int]:
    """Small patterns first, then random ones; drawn again while an assumption on dimensions alone fails."""
    symbols = dimension_symbols(claim)
    conditions = (*claim.dimensions, *(a for a in claim.assumptions if a.free_symbols <= set(symbols)))
    first = _ALONE if len(symbols) == 1 else _FIRST
    start = [first[block % len(first)][i % len(first[block % len(first)])] for i in range(len(symbols))]
    sizes = start if block < len(first) else [int(n) for n in rng.integers(1, 6, len(symbols))]
    for _ in range(200):
        dims = dict(zip(symbols, sizes, strict=True))
        if allowed(conditions, dims):
            return dims
        sizes = [int(n) for n in rng.integers(1, 4 if block < len(first) else 6, len(symbols))]
    found = smallest(conditions, symbols)
    return dict(zip(symbols, found[block % len(found)], strict=True)) if found else dims


@lru_cache(maxsize=512)
def smallest(conditions: tuple[Any, ...], symbols: tuple[Any, ...]) -> tuple[tuple[int, ...], ...]:
    """The smallest few dimensions that conditions allow, for those which small numbers do not meet by chance."""
    sizes = product(range(1, _LARGEST + 1), repeat=len(symbols)) if len(symbols) <= 3 else ()
    return tuple(islice((n for n in sizes if allowed(conditions, dict(zip(symbols, n, strict=True)))), 4))


def allowed(conditions: tuple[Any, ...], dims: Mapping[Any, int]) -> bool:
    """Whether dimensions meet conditions on them alone."""
    return _allowed(conditions, tuple(dims.items()))


@lru_cache(maxsize=4096)
def _allowed(conditions: tuple[Any, ...], dims: tuple[tuple[Any, int], ...]) -> bool:
    return all(condition.subs(dims) for condition in conditions)


def _expressions(claim: Claim) -> Iterator[Any]:
    for variable in claim.variables:
        yield variable.symbol
        if hasattr(variable.symbol, "shape"):
            yield from (sp.S(n) for n in variable.symbol.shape)
    yield from claim.definitions.values()
    yield from claim.assumptions
    yield from claim.dimensions
    for statement in claim.statements:
        yield from statement.expressions()
