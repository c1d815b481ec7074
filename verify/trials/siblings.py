"""Descents of statements that share a loss, in one stack.

The patterns of fixed and learnable Σ_l of a hierarchy are claims about one matrix loss; they differ in which of its
arguments move. A stack of a few instances costs as much as one of hundreds, so the patterns of a group descend
together, each with its fixed Σ_l held: entries of log Σ_l whose gradient is put to 0 never move.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from derivations.statements.claim import Claim, Domain, Minimiser
from verify.draw.instances import Instances
from verify.evaluate.stack import Stack
from verify.minimise import descend
from verify.minimise.objective import Objective, raw_objective
from verify.minimise.unknowns import Unknowns
from verify.trials.groups import group_of, model_of

__all__ = ["Draw", "Piece", "descents", "held_still", "placed", "start"]

Floats = Any
Draw = Callable[[Claim, Minimiser, int, int], Iterator[Instances]]
"""(claim, statement, seed, starts) ↦ the instances to descend on."""


class Piece(NamedTuple):
    """One statement's instances of one shape."""

    statement: Minimiser
    batch: Instances


def start(batch: Instances, seed: int, width: int) -> Floats:
    """Random starts (N, width), which depend on the instances alone."""
    rng = np.random.default_rng([seed, int(batch.index[0]), 5])
    return rng.normal(scale=0.7, size=(len(batch), width))


def descents(
    claim: Claim, statement: Minimiser, seed: int, starts: int, iterations: int, sample: Draw
) -> list[tuple[Instances, Floats]]:
    """The instances, in batches, and the values (N,) that descents from random starts end at."""
    if model_of(statement) is not None:
        return _together(claim, group_of(claim, statement), seed, starts, iterations, sample)[statement]
    found = []
    for batch in sample(claim, statement, seed, starts):
        objective, width = raw_objective(batch, statement)
        found.append((batch, descend(objective, start(batch, seed, width), max_iterations=iterations).value))
    return found


@lru_cache(maxsize=16)
def _together(
    claim: Claim, group: tuple[Minimiser, ...], seed: int, starts: int, iterations: int, sample: Draw
) -> dict[Minimiser, list[tuple[Instances, Floats]]]:
    """The same for every statement of a group, all derived and about one model."""
    model = model_of(group[0])
    found: dict[Minimiser, list[tuple[Instances, Floats]]] = {}
    stacks: dict[Any, list[Piece]] = {}
    for statement in group:
        found[statement] = []
        for batch in sample(claim, statement, seed, starts):
            stacks.setdefault((*batch.dims.items(), batch.modes), []).append(Piece(statement, batch))
    for pieces in stacks.values():
        values = _joint(pieces, model, seed, iterations)
        for piece, value in zip(pieces, values, strict=True):
            found[piece.statement].append((piece.batch, value))
    return found


def _joint(pieces: list[Piece], model: Any, seed: int, iterations: int) -> list[Floats]:
    """Values (N,) of each piece."""
    whole = Minimiser("", model.loss, model.frames, {}, None, ())
    domains = whole.unknowns()
    parts = [placed(piece, domains, seed) for piece in pieces]
    x0, moves = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    objective, _ = raw_objective(_stacked([piece.batch for piece in pieces]), whole)
    value = descend(held_still(objective, moves), x0, max_iterations=iterations).value
    return np.split(value, np.cumsum([len(piece.batch) for piece in pieces])[:-1])


def placed(piece: Piece, domains: dict[Any, Domain], seed: int) -> tuple[Floats, Floats]:
    """(starting points, which of their entries move), both (N, width of the whole model)."""
    statement, batch = piece
    fixed = {X: frame for X, frame in statement.program.model.frames.items() if X not in statement.at}
    held = {X: batch.define(fixed).values[X] for X in fixed}
    unknowns = Unknowns(domains, batch.dims)
    ones = zip(domains, unknowns.shapes, strict=True)
    x0 = unknowns.raw({X: held.get(X, np.broadcast_to(np.eye(*shape), (len(batch), *shape))) for X, shape in ones})
    moves = unknowns.marked(statement.at)
    x0[:, moves] = start(batch, seed, int(moves.sum()))
    return x0, np.broadcast_to(moves, x0.shape)


def _stacked(batches: list[Instances]) -> Instances:
    """Batches of one shape, one after another."""
    first = batches[0]
    values = {k: np.concatenate([b.values[k] for b in batches]) for k in first.values}
    index, kind = (np.concatenate([getattr(b, name) for b in batches]) for name in ("index", "kind"))
    return Instances(Stack(first.dims, first.modes, values, len(index)), index, kind, batches[0].claim)


def held_still(objective: Objective, moves: Floats) -> Objective:
    """The objective with no slope along what is held."""

    def held(x: Floats, rows: Any) -> tuple[Floats, Floats]:
        value, gradient = objective(x, rows)
        return value, np.where(moves[rows], gradient, 0.0)

    return held
