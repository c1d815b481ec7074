"""Contenders timed in turns, in one run: other work on the machine then slows all alike."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.figures import Spread, spread

__all__ = ["MOST_REPEATS", "Took", "ratio", "timed", "turns"]

MOST_REPEATS = "COLLAPSE_AUDIT_BENCH_REPEATS"  # set by --quick


@dataclass(frozen=True)
class Took:
    """One run of a contender: wall seconds, processor seconds of all its processes, what it returned."""

    wall: float
    cpu: float
    result: Any


def _processor() -> float:
    """Of this process and of children that have ended (`os.times` would count in hundredths of a second)."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def timed(action: Callable[[], Any]) -> Took:
    """`action()`; processor seconds that workers spent may be returned beside its result, as (result, seconds)."""
    wall, cpu = time.perf_counter(), _processor()
    result, elsewhere = action()
    return Took(time.perf_counter() - wall, _processor() - cpu + elsewhere, result)


def turns(benchmark: Any, contenders: Mapping[str, Callable[[], Any]], repeats: int) -> dict[str, list[Took]]:
    """Each contender once per repeat, in order; the last is the one that pytest-benchmark shows."""
    found: dict[str, list[Took]] = {name: [] for name in contenders}
    *others, last = contenders

    def before() -> None:
        for name in others:
            found[name].append(timed(contenders[name]))

    def main() -> None:
        found[last].append(timed(contenders[last]))

    benchmark.pedantic(main, setup=before, rounds=min(repeats, int(os.environ.get(MOST_REPEATS, repeats))))
    return found


def ratio(numerators: list[float], denominators: list[float]) -> Spread:
    """Of what was measured in the same turn."""
    return spread([a / b for a, b in zip(numerators, denominators, strict=True)])
