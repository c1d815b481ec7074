"""An experiment as data, and the problem that one of its cells poses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from verify.data.datasets import Images, Source, open_images
from verify.experiments.expectations import Expectation, Shown
from verify.experiments.records import Agreement, Cell, Place, Quantity

__all__ = ["Axes", "Experiment", "Problem", "Reading"]

Axes = Mapping[str, tuple[Place, ...]]


@dataclass(frozen=True)
class Problem:
    """One cell to be measured: where it is in the grid, on which data, how thoroughly."""

    source: Source
    at: Mapping[str, Any]
    quick: bool
    seed: int

    @property
    def images(self) -> Images:
        """The data set; of the cell's own name if it has one."""
        return open_images(self.source.named(self.at["data"]) if "data" in self.at else self.source)


@dataclass(frozen=True)
class Reading:
    """What a cell's measurement gives; `theory` and `measured` share the keys that are compared."""

    theory: Mapping[str, Quantity]
    measured: Mapping[str, Quantity]
    near: bool = False
    notes: tuple[str, ...] = ()
    picture: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Experiment:
    """A grid, a measurement and what must hold.

    `axes` is the whole grid, `quick` a smaller one for a gate; the first axis is a plot's abscissa. `shown` are the
    quantities that the table and the plot show, by key, with their names; `latents` how many there are at most.
    `claims` are where the theory comes from; `pictures` says what the cells' pictures are, if they have any;
    `skip` says of which places of the grid, on which images, nothing is to be learnt; `agreement` sums the cells up in
    one table, where there are too many to be read one by one.
    """

    name: str
    title: str
    question: str
    claims: tuple[str, ...]
    axes: Axes
    quick: Axes
    measure: Callable[[Problem], Reading]
    expectations: tuple[Expectation, ...]
    shown: Mapping[str, str]
    latents: int
    pictures: str = ""
    skip: Callable[[Mapping[str, Place], Images], bool] | None = None
    agreement: Callable[[Sequence[Cell]], tuple[Agreement, ...]] = lambda _: ()

    def expected(self, quick: bool) -> tuple[Expectation, ...]:
        """What must hold."""
        return tuple(e for e in self.expectations if not (quick and isinstance(e, Shown) and e.only_full))

    def grid(self, source: Source, quick: bool) -> Iterator[dict[str, Place]]:
        """Every setting, the last axis fastest; classes are the data's own, data sets those that can be had."""
        axes = dict(self.quick if quick else self.axes)
        if "class" in axes:
            axes["class"] = tuple(int(label) for label in np.unique(open_images(source).labels))
        if "data" in axes:
            axes["data"] = source.family()
        for values in product(*axes.values()):
            at = dict(zip(axes, values, strict=True))
            if self.skip is None or not self.skip(at, Problem(source, at, quick, 0).images):
                yield at
