"""Descents of a model's raw matrix loss from random starts at chosen parameters, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from derivations.algebra.nodes import SumModes
from derivations.notation import theta
from derivations.statements.claim import Minimiser
from verify.evaluate.stack import Stack, Values
from verify.figures.record import Outcome
from verify.minimise import descend
from verify.minimise.objective import raw_objective
from verify.minimise.unknowns import Unknowns
from verify.proof.structure import bound
from verify.trials.minimiser import GAP

__all__ = ["ITERATIONS", "SPREAD", "Found", "least", "run_descents", "stack", "turned"]

ITERATIONS = 1500
SPREAD = 0.7  # standard deviation of the starts, as in the audit's descents


@dataclass(frozen=True, eq=False)
class Found:
    """Where descents ended: `at` holds the unknowns too; one row per descent."""

    at: Stack
    value: Any
    minimum: Any
    gap: Any
    """(value − minimum) relative to the size of the loss's terms."""

    @cached_property
    def outcomes(self) -> list[Outcome]:
        """What became of each descent, one per row, by the audit's tolerance."""
        return [Outcome.BELOW if g < -GAP else Outcome.UNDECIDED if g > GAP else Outcome.REACHED for g in self.gap]


def stack(dims: Mapping[Any, int], modes: int, values: Mapping[Any, Any]) -> Stack:
    """A stack of given values: numbers and (N,) become (N, 1), mode arrays are (N, modes), matrices (N, m, n)."""
    rows = max(len(np.atleast_1d(v)) for v in values.values())
    full = {}
    for symbol, given in values.items():
        value = np.asarray(given, dtype=float)
        value = value.reshape(-1, 1) if value.ndim < 2 else value
        full[symbol] = np.broadcast_to(value, (rows, *value.shape[1:])).copy()
    return Stack(dict(dims), modes, full, rows)


def turned(n: int, rng: np.random.Generator) -> Any:
    """A random orthogonal frame (1, n, n), so that nothing about the instance is diagonal."""
    return np.linalg.qr(rng.normal(size=(1, n, n)))[0]


def least(batch: Values, statement: Minimiser) -> tuple[Any, Any]:
    """(derived minimum, size of the loss's terms), each (N,)."""
    minimum, spread = batch.evaluate(bound(statement), SumModes(theta**2))
    return minimum[:, 0], 1 + np.abs(minimum[:, 0]) + spread[:, 0]


def run_descents(batch: Stack, statement: Minimiser, starts: int, seed: int) -> Found:
    """Where `starts` descents of each instance end; the rows of one instance follow each other."""
    many = batch.take(np.repeat(np.arange(len(batch)), starts))
    objective, width = raw_objective(many, statement)
    start = np.random.default_rng([seed, 5]).normal(scale=SPREAD, size=(len(many), width))
    found = descend(objective, start, max_iterations=ITERATIONS)
    minimum, size = least(many, statement)
    unknowns = Unknowns(statement.unknowns(), many.dims).values(found.x)
    at = many.with_values(unknowns)
    return Found(at, found.value, minimum, (found.value - minimum) / (size + np.abs(found.value)))
