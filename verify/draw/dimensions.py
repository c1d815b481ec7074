"""The dimensions of a claim's instances: small patterns first, every size from 1 to 6 among them.

A relation of high degree may hold as long as there are few modes: e_k = 0 does for fewer than k, and a polynomial in n
that has degree k for k values of n. Sizes go as far as the degree asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice, product
from math import ceil
from typing import Any

import numpy as np
import sympy as sp

from derivations.domain import Values
from derivations.statements.claim import Claim

__all__ = [
    "USUAL",
    "allowed",
    "count_modes",
    "count_sizes",
    "dimension_symbols",
    "draw_dimensions",
    "modes_of_block",
    "smallest",
]

# Dimensions of the first blocks: one alone is 1 to 6; with two and more, each is 1 to 6 in some block.
_ALONE = ((1,), (2,), (3,), (4,), (5,), (6,))
_FIRST = ((1,), (2,), (1, 2), (2, 1), (4, 3, 2), (3, 4, 6), (1, 3, 2), (3,), (6, 5, 4), (5, 6, 3))
_LARGEST = 9  # dimensions beyond 6 are drawn where a claim's conditions ask for them
_FOLLOWED = 3  # modes where each instance is descended on or integrated, mode by mode
USUAL, _MOST = 6, 12  # sizes from 1 to this many, and where a degree asks for more


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
    most = count_sizes(claim)
    alone = (*_ALONE, *((n,) for n in range(USUAL + 1, most + 1)))
    first = alone if len(symbols) == 1 else (*_FIRST, (most,)) if most > USUAL else _FIRST
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
def count_sizes(claim: Claim) -> int:
    """The largest size of the first blocks: 6, or one more than the degree of a statement, at most 12.

    Where models are minimised on the instances it is 6: what such a claim says of sizes is said by its regions.
    """
    if not _stated(claim):
        return USUAL
    degrees = {v.symbol: int(v.domain.facts.values is not Values.ONE) for v in claim.variables}
    degrees |= dict.fromkeys(dimension_symbols(claim), 1)
    for symbol, e in claim.definitions.items():
        degrees[symbol] = _degree(e, degrees)
    found = [USUAL]
    for statement in claim.statements:
        here = dict(degrees)
        for symbol, e in statement.definitions.items():
            here[symbol] = _degree(e, here)
        found += [1 + _degree(e, here) for e in statement.expressions()]
    return min(max(found), _MOST)


def modes_of_block(claim: Claim, dims: Mapping[Any, int], block: int) -> int:
    """How many modes the spectra of one block have."""
    return count_modes(claim, dims, 1 + block % count_sizes(claim) if _stated(claim) else _FOLLOWED)


def _stated(claim: Claim) -> bool:
    """Whether all its statements are relations, identities and minima of any loss, which cost little an instance."""
    return all(s.open for s in claim.statements)


def count_modes(claim: Claim, dims: Mapping[Any, int], spare: int) -> int:
    """How many modes a spectrum has: the largest dimension, else `spare`, and enough for matrices of numbers."""
    return max(dims.values()) if dims else max(spare, _largest_number(claim))


@lru_cache(maxsize=512)
def _largest_number(claim: Claim) -> int:
    """The largest number that a matrix of the claim has as its size."""
    matrices = {X for e in _expressions(claim) for X in e.atoms(sp.MatrixSymbol)}
    return max((int(size) for X in matrices for size in X.shape if size.is_Integer), default=1)


def _degree(e: Any, known: Mapping[Any, int]) -> int:
    """The degree of an expression in dimensions, in matrices and in what has one value per mode."""
    e = sp.S(e)
    if e in known or not e.args or isinstance(e, sp.Identity | sp.ZeroMatrix | sp.MatrixSymbol):
        return known.get(e, int(e.is_Matrix is True and not isinstance(e, sp.Identity | sp.ZeroMatrix)))
    if isinstance(e, sp.Pow | sp.MatPow) and e.exp.is_Rational:
        return ceil(abs(e.exp)) * _degree(e.base, known)
    parts = [_degree(a, known) for a in e.args]
    return sum(parts) if isinstance(e, sp.Mul | sp.MatMul | sp.HadamardProduct) else max(parts)


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
