"""A stack of values: many points of the same dimensions, evaluated at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self

import numpy as np

from verify.evaluate.base import Arithmetic
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower, lower_named
from verify.evaluate.plan import Plan

__all__ = ["Stack", "Values"]


class Values(Protocol):
    """What evaluates expressions row by row: a `Stack`, or the `Instances` of a claim that hold one."""

    @property
    def dims(self) -> Mapping[Any, int]:
        """Dimension symbol → number."""

    @property
    def modes(self) -> int:
        """How many modes a spectrum has."""

    @property
    def values(self) -> Mapping[Any, Any]:
        """Symbol → array, row axis first."""

    def __len__(self) -> int:
        """How many rows."""

    def evaluate(self, *expressions: Any, arithmetic: Arithmetic | None = None) -> list[Any]:
        """Values of expressions, each broadcast to the full number of rows."""

    def define(self, definitions: Mapping[Any, Any]) -> Self:
        """With named quantities added, in order."""

    def with_values(self, values: Mapping[Any, Any]) -> Self:
        """With values added, or put in the place of others."""

    def take(self, rows: Any) -> Self:
        """The rows of a mask or index array."""


@dataclass(frozen=True)
class Stack:
    """`rows` points of the same dimensions: scalars (rows, 1), mode arrays (rows, modes), matrices (rows, m, n)."""

    dims: Mapping[Any, int]
    modes: int
    values: Mapping[Any, Any]
    rows: int

    def __len__(self) -> int:
        """How many rows."""
        return self.rows

    def evaluate(self, *expressions: Any, arithmetic: Arithmetic | None = None) -> list[Any]:
        """Values of expressions, each broadcast to the full number of rows; in float64 unless another is given."""
        return self._run(lower(*expressions), arithmetic or Float64())

    def _run(self, plan: Plan, arithmetic: Arithmetic) -> list[Any]:
        found = plan.run(arithmetic, self.values, self.dims, self.modes)
        return [x if len(x) == self.rows else np.broadcast_to(x, (self.rows, *np.shape(x)[1:])) for x in found]

    def define(self, definitions: Mapping[Any, Any]) -> Stack:
        """With named quantities added, in order."""
        if not definitions:
            return self
        found = self._run(lower_named(tuple(definitions.items())), Float64())
        return self.with_values(dict(zip(definitions, found, strict=True)))

    def with_values(self, values: Mapping[Any, Any]) -> Stack:
        """With values added, or put in the place of others."""
        return replace(self, values={**self.values, **values})

    def take(self, rows: Any) -> Stack:
        """The rows of a mask or index array."""
        kept = np.arange(self.rows)[rows]
        return replace(self, values={k: v[rows] for k, v in self.values.items()}, rows=len(kept))
