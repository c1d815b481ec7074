"""A plan: what to compute, in order; and the same made ready for one arithmetic and one set of dimensions.

Whatever does not depend on an instance (numbers, identities, sizes) is worked out once; `given` does the same with
whatever does not depend on the unknowns of a descent. What is left is a list of calls, each of a function that
already knows all but its array arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, cast

import numpy as np

from derivations.notation import index
from verify.evaluate import operations
from verify.evaluate.base import Arithmetic
from verify.evaluate.operations import Direct, Run

__all__ = ["Bound", "Plan", "bind"]

Step = tuple[int, Callable[..., Any], tuple[int, ...]]


@dataclass(frozen=True, eq=False)
class Plan:
    """Steps in order; `outputs` are the slots of the expressions asked for."""

    steps: tuple[tuple[Callable[..., Any] | Direct, tuple[int, ...], Any], ...]
    outputs: tuple[int, ...]

    def run(self, arithmetic: Arithmetic, values: Mapping[Any, Any], dims: Mapping[Any, int], modes: int) -> list[Any]:
        """Evaluate: scalars (N, 1), mode arrays (N, modes), matrices (N, rows, cols).

        Raises:
            KeyError: a symbol of the expression has no value.
        """
        return self.bind(arithmetic, dims, modes)(values)

    def bind(self, arithmetic: Arithmetic, dims: Mapping[Any, int], modes: int) -> Bound:
        """The plan made ready for these dimensions, and remembered, as most plans are run again and again."""
        return bind(self, arithmetic, tuple(dims.items()), modes)


@dataclass(frozen=True, eq=False)
class Bound:
    """A plan for fixed dimensions: the values of its slots (None: not known yet), the symbols to load into slots, and
    the calls that fill the others as (slot, function, arguments), in order.
    """

    known: tuple[Any, ...]
    loads: tuple[tuple[int, Any], ...]
    steps: tuple[Step, ...]
    outputs: tuple[int, ...]

    def __call__(self, values: Mapping[Any, Any]) -> list[Any]:
        """The values of the outputs. They may be views of one another and of `values`: do not change them in place.

        Raises:
            KeyError: a symbol has no value.
        """
        slots = list(self.known)
        for slot, symbol in self.loads:
            slots[slot] = values[symbol]
        with np.errstate(all="ignore"):
            for slot, function, arguments in self.steps:  # most steps of descents take a microsecond: no list is made
                if len(arguments) == 2:
                    slots[slot] = function(slots[arguments[0]], slots[arguments[1]])
                elif len(arguments) == 1:
                    slots[slot] = function(slots[arguments[0]])
                else:
                    slots[slot] = function(*[slots[i] for i in arguments])
        return [slots[i] for i in self.outputs]

    def given(self, values: Mapping[Any, Any]) -> Bound:
        """The same plan with everything worked out that these values determine."""
        slots = list(self.known)
        for slot, symbol in self.loads:
            if symbol in values:
                slots[slot] = values[symbol]
        rest: list[Step] = []
        with np.errstate(all="ignore"):
            for step in self.steps:
                _work_out(slots, rest, step)
        loads = tuple((slot, symbol) for slot, symbol in self.loads if symbol not in values)
        return Bound(tuple(slots), loads, tuple(rest), self.outputs)


@lru_cache(maxsize=8192)
def bind(plan: Plan, arithmetic: Arithmetic, dims: tuple[tuple[Any, int], ...], modes: int) -> Bound:
    """The plan for these dimensions, with everything worked out that depends on no value."""
    run, (known, left) = Run(arithmetic, dict(dims), modes), _prepared(plan, arithmetic)
    slots, loads, steps = list(known), [], list[Step]()
    with np.errstate(all="ignore"):
        for slot, function, arguments in left:
            if function is None:
                step, _, payload = plan.steps[slot]
                if step is operations.symbol and payload != index and payload not in run.dims:
                    loads.append((slot, payload))
                    continue
                function = partial(cast("Callable[..., Any]", step), run, payload)
            _work_out(slots, steps, (slot, function, arguments))
    return Bound(_shared(slots), tuple(loads), tuple(steps), plan.outputs)


@lru_cache(maxsize=2048)
def _prepared(plan: Plan, arithmetic: Arithmetic) -> tuple[tuple[Any, ...], list[Any]]:
    """What of a plan is the same for all dimensions: values of slots, and the calls left, without those that need them.

    Most plans are run for many dimensions, a few instances of each.
    """
    run, slots, left = Run(arithmetic, {}, 0), [None] * len(plan.steps), list[Any]()
    with np.errstate(all="ignore"):
        for slot, (step, arguments, payload) in enumerate(plan.steps):
            if isinstance(step, Direct):
                direct = arithmetic.raised(payload) if step is operations.power else getattr(arithmetic, step.method)
                _work_out(slots, left, (slot, direct, arguments))
            elif step in operations.SIZELESS:
                _work_out(slots, left, (slot, partial(step, run, payload), arguments))
            else:
                left.append((slot, None, arguments))
    return _shared(slots), left


def _work_out(slots: list[Any], left: list[Step], step: Step) -> None:
    """A step's value, or the step among those that are left, if an argument is not known yet."""
    slot, function, arguments = step
    inputs = [slots[i] for i in arguments]
    if any(x is None for x in inputs):
        left.append(step)
    else:
        slots[slot] = function(*inputs)


def _shared(slots: list[Any]) -> tuple[Any, ...]:
    """Values that every run shares, which nobody may change."""
    for constant in slots:
        if isinstance(constant, np.ndarray):
            constant.setflags(write=False)
    return tuple(slots)
