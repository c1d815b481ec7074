"""Instances of a claim: stacks reproducible from (claim id, seed, block), edge cases always included.

Instance number `index` is row `index % ROWS` of block `index // ROWS`. Low blocks have the smallest
dimensions, so the first counterexample met is also a small one. Rows that break an assumption of the
claim are dropped and counted: a claim whose assumptions no instance meets is vacuous, never passed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Any

import numpy as np
import sympy as sp

from derivations.algebra.nodes import Diagonal
from derivations.notation import theta
from derivations.statements.claim import Claim, Domain, Variable
from verify.draw.sampling import Sampler
from verify.draw.thresholds import find_thresholds
from verify.evaluate.base import Arithmetic
from verify.evaluate.operations import size
from verify.evaluate.stack import Stack, Values

__all__ = [
    "ROWS",
    "Instances",
    "admitted",
    "allowed",
    "batches",
    "dimension_symbols",
    "draw",
    "flat",
    "limit_rank",
    "meets",
    "shape_of",
]

ROWS = 64
_FIRST = ((1,), (2,), (1, 2), (2, 1), (3, 2, 1), (2, 3), (1, 3, 2), (3,))  # dimensions of the first blocks


@dataclass(frozen=True)
class Instances:
    """Instances of a claim: a stack of values, the `index` of each (which draws it again), and the `kind` it is of."""

    stack: Stack
    index: Any
    kind: Any

    @property
    def dims(self) -> Mapping[Any, int]:
        """Dimension symbol → number."""
        return self.stack.dims

    @property
    def modes(self) -> int:
        """How many modes a spectrum has."""
        return self.stack.modes

    @property
    def values(self) -> Mapping[Any, Any]:
        """Symbol → array, row axis first."""
        return self.stack.values

    def __len__(self) -> int:
        """How many instances."""
        return self.stack.rows

    def evaluate(self, *expressions: Any, arithmetic: Arithmetic | None = None) -> list[Any]:
        """Values of expressions, each broadcast to the full number of instances."""
        return self.stack.evaluate(*expressions, arithmetic=arithmetic)

    def define(self, definitions: Mapping[Any, Any]) -> Instances:
        """With named quantities added, in order."""
        return replace(self, stack=self.stack.define(definitions)) if definitions else self

    def with_values(self, values: Mapping[Any, Any]) -> Instances:
        """With values added, or put in the place of others."""
        return replace(self, stack=self.stack.with_values(values))

    def take(self, rows: Any) -> Instances:
        """The instances of a mask or index array."""
        return Instances(self.stack.take(rows), self.index[rows], self.kind[rows])


@lru_cache(maxsize=512)
def dimension_symbols(claim: Claim) -> tuple[Any, ...]:
    """The integer symbols among the claim's shapes and expressions, sorted by name."""
    found: set[Any] = set()
    for e in _expressions(claim):
        for atom in sp.preorder_traversal(e):
            if isinstance(atom, sp.Symbol) and atom.is_integer:
                found.add(atom)
    return tuple(sorted(found - {v.symbol for v in claim.variables}, key=str))


@lru_cache(maxsize=64)
def draw(claim: Claim, seed: int, block: int) -> Instances:
    """All rows of one block that meet the claim's assumptions, definitions included.

    Its arrays are read-only: statements, starts and mutations of a claim share them.
    """
    digest = int.from_bytes(sha256(claim.id.encode()).digest()[:8], "big")
    rng = np.random.default_rng([digest, seed, block])
    symbols = dimension_symbols(claim)
    dims = _dimensions(claim, symbols, rng, block)
    sizes = list(dims.values())
    modes = max([*sizes, 3 if not sizes else 1])
    sampler = Sampler(rng, ROWS, modes)
    values: dict[Any, Any] = {}
    for variable in claim.variables:
        values[variable.symbol] = sampler.draw(variable.domain, shape_of(variable, dims), _squared(variable))
    index = np.arange(ROWS) + block * ROWS
    drawn = Stack(dims, modes, limit_rank(claim, dims, values), ROWS)
    batch = _at_thresholds(claim, Instances(drawn, index, sampler.kind))
    batch = admitted(claim, batch)
    for value in (*batch.values.values(), batch.index, batch.kind):
        value.setflags(write=False)
    return batch


def admitted(claim: Claim, batch: Instances) -> Instances:
    """The rows that meet the claim's assumptions, definitions included."""
    if not allowed(claim.dimensions, batch.dims):
        return batch.take(np.zeros(len(batch), dtype=bool)).define(claim.definitions)
    if _plain(claim):
        return batch.take(meets(batch, claim.assumptions)).define(claim.definitions)
    batch = batch.define(claim.definitions)
    return batch.take(meets(batch, claim.assumptions))


def _dimensions(claim: Claim, symbols: tuple[Any, ...], rng: np.random.Generator, block: int) -> dict[Any, int]:
    """The dimensions of a block: small patterns first, then random ones that meet the assumptions on dimensions."""
    conditions = (*claim.dimensions, *(a for a in claim.assumptions if a.free_symbols <= set(symbols)))
    start = [_FIRST[block % len(_FIRST)][i % len(_FIRST[block % len(_FIRST)])] for i in range(len(symbols))]
    sizes = start if block < len(_FIRST) else [int(n) for n in rng.integers(1, 6, len(symbols))]
    for _ in range(200):
        dims = dict(zip(symbols, sizes, strict=True))
        if allowed(conditions, dims):
            break
        sizes = [int(n) for n in rng.integers(1, 4 if block < len(_FIRST) else 6, len(symbols))]
    return dims


def allowed(conditions: tuple[Any, ...], dims: Mapping[Any, int]) -> bool:
    """Whether the dimensions meet these conditions, which are about dimensions alone."""
    return _allowed(conditions, tuple(dims.items()))


@lru_cache(maxsize=4096)
def _allowed(conditions: tuple[Any, ...], dims: tuple[tuple[Any, int], ...]) -> bool:
    return all(condition.subs(dims) for condition in conditions)


def meets(batch: Values, assumptions: tuple[Any, ...]) -> Any:
    """Which rows meet all assumptions (a relation between mode arrays must hold for every mode)."""
    keep = np.ones(len(batch), dtype=bool)
    for truth in batch.evaluate(*assumptions) if assumptions else ():
        keep &= flat(truth).all(1)
    return keep


def flat(a: Any) -> Any:
    """An array (N, …) as (N, size), also for N = 0."""
    return a.reshape(len(a), int(np.prod(a.shape[1:])))


def batches(claim: Claim, seed: int, examples: int, blocks: range | None = None) -> Iterator[Instances]:
    """Blocks until `examples` instances were drawn, those that fail an assumption included; or some of the blocks."""
    for block in range(-(-examples // ROWS)) if blocks is None else blocks:
        batch = draw(claim, seed, block)
        rows = batch.index < examples
        if rows.any():
            yield batch.take(rows)


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


@lru_cache(maxsize=512)
def _plain(claim: Claim) -> bool:
    """Whether the assumptions mention variables only, so that they can be tested before definitions."""
    symbols = {v.symbol for v in claim.variables} | set(dimension_symbols(claim))
    return all(a.free_symbols <= symbols for a in claim.assumptions)


def shape_of(variable: Variable, dims: Mapping[Any, int]) -> tuple[int, int] | None:
    """(rows, cols) of a matrix variable, None for scalars and mode arrays."""
    shape = getattr(variable.symbol, "shape", None)
    if shape is None:
        return None
    rows, cols = (size(n, dims) for n in shape)
    return rows, cols


def _squared(variable: Variable) -> bool:
    """Whether values are drawn from a grid of squares, as KL weights are: their square roots enter the formulas."""
    return str(variable.symbol).startswith("beta")


def limit_rank(claim: Claim, dims: Mapping[Any, int], values: dict[Any, Any]) -> dict[Any, Any]:
    """θ_i = 0 beyond the rank that the matrices built from θ can have."""
    for shape in _theta_shapes(claim) if theta in values else ():
        rank = min(size(n, dims) for n in shape)
        values[theta] = np.where(np.arange(values[theta].shape[1]) < rank, values[theta], 0.0)
    return values


@lru_cache(maxsize=512)
def _theta_shapes(claim: Claim) -> tuple[Any, ...]:
    nodes = [node for e in claim.definitions.values() for node in sp.preorder_traversal(e)]
    return tuple(dict.fromkeys(node.shape for node in nodes if isinstance(node, Diagonal) and node.has(theta)))


def _at_thresholds(claim: Claim, batch: Instances) -> Instances:
    """Rows of kind "threshold" get one θ exactly at a threshold (values of their grid make it exact)."""
    spectrum = any(v.symbol == theta and v.domain is Domain.SPECTRUM for v in claim.variables)
    symbols = {v.symbol for v in claim.variables}
    usable = [t for t in find_thresholds(claim) if t.free_symbols <= symbols] if spectrum else []
    if not usable:
        return batch
    values = np.array(batch.values[theta])
    for k, row in enumerate(np.flatnonzero(batch.kind == "threshold")):
        exact = batch.take(np.array([row])).evaluate(usable[k % len(usable)])[0][0]
        mode = k % values.shape[1]
        if values[row, mode] > 0:
            value = exact[min(mode, exact.size - 1)]
            values[row, mode] = value if np.isfinite(value) and value > 0 else values[row, mode]
            values[row] = -np.sort(-values[row])
    return batch.with_values({theta: values})
