"""Where the benchmarks leave their figures, and what makes them quiet on the machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from threadpoolctl import threadpool_limits

from tests.benchmarks.figures import Spread
from tests.benchmarks.recorder import FOUND, Recorder
from tests.benchmarks.sections import SECTIONS
from tests.benchmarks.table import UNITS


@pytest.fixture(scope="session")
def _found(request: pytest.FixtureRequest) -> Recorder:
    return request.config.stash.setdefault(FOUND, Recorder())


@pytest.fixture
def figures(_found: Recorder, capsys: pytest.CaptureFixture[str]) -> Iterator[Recorder]:
    """The recorder; what a test adds is shown as soon as it ends."""
    rows = {name: len(found) for name, found in _found.rows.items()}
    targets = len(_found.targets)
    yield _found
    with capsys.disabled():
        for name, found in _found.rows.items():
            columns = SECTIONS[name].columns
            for cells in found[rows.get(name, 0) :]:
                shown = (f"{c}: {_short(v, unit)}" for (c, unit), v in zip(columns.items(), cells, strict=True))
                print("\n ", ", ".join(shown), end="")  # noqa: T201
        for t in _found.targets[targets:]:
            word = "reached" if t.reached else "MISSED"
            asked = f"{'≥' if t.at_least else '≤'} {UNITS[t.unit](t.asked)}"
            print(f"\n  {word}: {t.what}: {UNITS[t.unit](t.found.median)}, asked {asked}", end="")  # noqa: T201


def _short(value: Any, unit: str) -> str:
    if value is None or isinstance(value, str):
        return value or "–"
    return UNITS[unit](value.median if isinstance(value, Spread) else value)


@pytest.fixture
def one_thread() -> Iterator[None]:
    """BLAS on one thread."""
    with threadpool_limits(limits=1):
        yield


@pytest.fixture
def pytorch() -> tuple[Any, Any]:
    """(torch, the batched rivals)."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install -e '.[bench]'")
    from tests.benchmarks.rivals import batched

    return torch, batched
