"""Statements about a loss as a landscape: its least value, its local minima, and where gradient flow goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from derivations.domain import Domain, Expected

__all__ = ["Flow", "LocalMinimum", "Optimum"]


@dataclass(frozen=True, eq=False)
class Optimum:
    """The least value of `loss` over `over` (unknown → domain) is `value`; if `only_global`, so is every local one.

    No minimiser is given, so instances can show a value too high (a descent gets below it), never one too low.
    """

    label: str
    loss: Any
    over: Mapping[Any, Domain]
    value: Any
    only_global: bool = False
    definitions: Mapping[Any, Any] = field(default_factory=dict)
    expected: Expected = Expected.PROVED


@dataclass(frozen=True, eq=False)
class LocalMinimum:
    """`at` is a strict local minimum of `loss`, and the loss at `elsewhere` is lower."""

    label: str
    loss: Any
    at: Mapping[Any, Any]
    elsewhere: Mapping[Any, Any]
    domains: Mapping[Any, Domain]
    definitions: Mapping[Any, Any] = field(default_factory=dict)
    expected: Expected = Expected.PROVED


@dataclass(frozen=True, eq=False)
class Flow:
    """Gradient flow of a mode's `loss` from `start` (state → value): `amplitude` leaves 0 for good iff `leaves`.

    Modes leave in the order of their `rate`, the growth rate at the origin; with `grows`, the amplitude rises at first
    iff that holds, whether or not the mode is to come back. `start` holds the amplitude small.
    """

    label: str
    loss: Any
    start: Mapping[Any, Any]
    amplitude: Any
    leaves: Any
    rate: Any
    grows: Any = None
    expected: Expected = Expected.PROVED
