"""Statements about networks: a relation between what is measured on them and what theory says of the same quantities.

An `Observation` names what `verify` builds, trains or differences. The relation is a formula like all others, in the
symbols that the observation measures, and is mutated like all others.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from derivations.domain import Expected

__all__ = ["Observation", "Observed"]


class Observation(StrEnum):
    """What is measured, on which networks."""

    ADDITIVE = "Hessians at the collapsed point: additive decoder, constant σ"
    HEAD = "Hessians at the collapsed point: additive decoder, σ-head"
    MIXED = "Hessians at the collapsed point: decoder of (z, x), E[r|x] = 0"
    PRODUCT = "Hessians at the collapsed point: μ = mxy, ŷ = kxz, y = 2nx, x in {0, 1}"


@dataclass(frozen=True, eq=False)
class Observed:
    """`relation` holds for every network of an observation.

    `tolerance` is how far the sides of an equation may differ, relative to the larger, and `reason` says why; other
    relations get none but round-off. `note` says what was seen: the {count} of networks, the {least} and {greatest}
    value of `figure`. If not `refutes`, a violation shows a local minimum and leaves the statement undecided.
    """

    label: str
    relation: Any
    observation: Observation
    tolerance: Any = 0
    reason: str = "as it stands, up to round-off"
    figure: Any = 0
    note: str = "{count} networks"
    refutes: bool = True
    expected: Expected = Expected.SUPPORTED
