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
from types import MappingProxyType
from typing import Any

import numpy as np
import sympy as sp

from derivations.algebra.nodes import Diagonal, SumModes
from derivations.notation import theta
from derivations.statements.claim import Claim, Variable
from verify.draw.dimensions import USUAL, allowed, dimension_symbols, draw_dimensions, modes_of_block
from verify.draw.exact import Exact, near
from verify.draw.pockets import find_pockets
from verify.draw.sampling import KINDS, Sampler
from verify.draw.thresholds import find_thresholds
from verify.evaluate.base import Arithmetic
from verify.evaluate.operations import size
from verify.evaluate.stack import Stack, Values

__all__ = ["ROWS", "Instances", "admitted", "batches", "draw", "exactly_met", "flat", "limit_rank", "meets", "shape_of"]

ROWS = 64
FEW = 4  # rows of a block whose matrices are larger than usual: exact arithmetic on them is slow
_NONE: Mapping[Any, Any] = MappingProxyType({})
_BESIDE = (0.0, -1e-4, 0.0, 1e-4, 0.0, -1e-2, 0.0, 1e-2)  # relative to a threshold: on it, and on both sides of it


@dataclass(frozen=True)
class Instances:
    """Instances of a claim: a stack of values, the `index` of each (which draws it again), and the `kind` it is of."""

    stack: Stack
    index: Any
    kind: Any
    claim: Claim | None = None  # what they are instances of, if its variables have values to be exact about

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
        return replace(self, stack=self.stack.take(rows), index=self.index[rows], kind=self.kind[rows])

    def exactly(self, rows: Any, names: Mapping[Any, Any] = _NONE) -> Exact:
        """Some instances at their exact values, with named quantities added to the claim's."""
        if self.claim is None:
            raise TypeError("measured, not drawn from a claim: there are no exact values")
        return Exact(self.claim, self.take(np.array(rows, dtype=int)), names)


@lru_cache(maxsize=64)
def draw(claim: Claim, seed: int, block: int) -> Instances:
    """All rows of one block that meet the claim's assumptions, definitions included.

    Its arrays are read-only: statements, starts and mutations of a claim share them.
    """
    digest = int.from_bytes(sha256(claim.id.encode()).digest()[:8], "big")
    rng = np.random.default_rng([digest, seed, block])
    dims = draw_dimensions(claim, rng, block)
    ends = [size(end, dims) for end in _ends(claim) if end.free_symbols <= set(dims)]
    modes = max([modes_of_block(claim, dims, block), *ends])
    sampler = Sampler(rng, ROWS, modes)
    values: dict[Any, Any] = {}
    for variable in claim.variables:
        values[variable.symbol] = sampler.draw(variable.domain, shape_of(variable, dims), _squared(variable))
    index = np.arange(ROWS) + block * ROWS
    drawn = Stack(dims, modes, limit_rank(claim, dims, values), ROWS)
    batch = _in_pockets(claim, _at_thresholds(claim, Instances(drawn, index, sampler.kind, claim)))
    batch = admitted(claim, batch.take(index < index[0] + (ROWS if max(dims.values(), default=0) <= USUAL else FEW)))
    for value in (*batch.values.values(), batch.index, batch.kind):
        value.setflags(write=False)
    return batch


@lru_cache(maxsize=256)
def _ends(claim: Claim) -> frozenset[Any]:
    """Where sums over modes end that may end beyond all dimensions, such as d + 1: so many modes are drawn."""
    formulas = (e for s in claim.statements for _, f in s.formulas() for e in (f if isinstance(f, tuple) else (f,)))
    everything = (*claim.assumptions, *claim.definitions.values(), *formulas)
    return frozenset(n.args[2] for e in everything for n in sp.S(e).atoms(SumModes) if isinstance(n.args[2], sp.Add))


def admitted(claim: Claim, batch: Instances) -> Instances:
    """The rows that meet the claim's assumptions, definitions included."""
    if not allowed(claim.dimensions, batch.dims):
        return batch.take(np.zeros(len(batch), dtype=bool)).define(claim.definitions)
    if _plain(claim):
        return batch.take(exactly_met(batch, claim.assumptions)).define(claim.definitions)
    batch = batch.define(claim.definitions)
    return batch.take(exactly_met(batch, claim.assumptions))


def meets(batch: Values, assumptions: tuple[Any, ...]) -> Any:
    """Which rows meet all assumptions (a relation between mode arrays must hold for every mode)."""
    keep = np.ones(len(batch), dtype=bool)
    for truth in batch.evaluate(*assumptions) if assumptions else ():
        keep &= flat(truth).all(1)
    return keep


def exactly_met(batch: Instances, assumptions: tuple[Any, ...], names: Mapping[Any, Any] = _NONE) -> Any:
    """Which rows meet all assumptions, near ties at their exact values; what cannot be decided is not met."""
    ties = [near(batch, assumption) for assumption in assumptions]
    keep = np.ones(len(batch), dtype=bool)
    for assumption, tied in zip(assumptions, ties, strict=True):
        keep &= tied | meets(batch, (assumption,))
    for assumption, tied in zip(assumptions, ties, strict=True):
        rows = np.flatnonzero(tied & keep)
        if len(rows):
            keep[rows] = [truth is True for truth in batch.exactly(rows, names).holds(assumption)]
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
    """Rows of kind "threshold" get one value at a threshold (exactly, by the values of their grid), or beside it."""
    symbols = {v.symbol for v in claim.variables}
    usable = [(x, value) for x, value in find_thresholds(claim) if value.free_symbols <= symbols]
    values = {x: np.array(batch.values[x]) for x, _ in usable}
    for k, row in enumerate(np.flatnonzero(batch.kind == "threshold") if usable else ()):
        number = k + int(batch.index[0]) // len(KINDS)
        x, value = usable[number % len(usable)]
        exact = batch.take(np.array([row])).evaluate(value)[0][0] * (1 + _BESIDE[number // len(usable) % len(_BESIDE)])
        mode = k % max(values[x].shape[1], exact.size)
        here, new = mode % values[x].shape[1], exact[min(mode, exact.size - 1)]
        if values[x][row, here] > 0 and np.isfinite(new) and new > 0:
            values[x][row, here] = new
            if x == theta:
                values[x][row] = -np.sort(-values[x][row])
    return batch.with_values(values)


def _in_pockets(claim: Claim, batch: Instances) -> Instances:
    """The last of every eight rows has the scalars of a point in some case, each case in turn."""
    points = find_pockets(claim)
    values = {x: np.array(batch.values[x]) for x in set().union(*points)}
    for k, row in enumerate(np.flatnonzero(batch.index % len(KINDS) == len(KINDS) - 1) if points else ()):
        for x, value in points[(k + int(batch.index[0]) // len(KINDS)) % len(points)].items():
            values[x][row] = value
    return batch.with_values(values)
