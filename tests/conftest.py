"""Hypothesis profiles, and which tests run under which.

`dev` is quick and remembers failures; `ci` is derandomised and keeps nothing, so that the gate gives the
same answer twice; `thorough` draws afresh and also runs the tests marked `thorough`.
"""

from __future__ import annotations

import functools
import gc
import os
import threading

import pytest
from hypothesis import settings
from hypothesis.database import DirectoryBasedExampleDatabase

os.environ["COLLAPSE_AUDIT_CACHE"] = "off"  # a test that passes because of another run tests nothing
for _library in ("OPENBLAS", "OMP", "MKL"):  # before NumPy is there: its threads wait by spinning, and all is small
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

PROFILE = os.environ.get("HYPOTHESIS_PROFILE") or "dev"

# `database` and `derandomize` are explicit everywhere: Hypothesis changes their defaults where it detects a CI.
settings.register_profile(
    "dev",
    max_examples=50,
    database=DirectoryBasedExampleDatabase(".hypothesis/examples"),
    derandomize=False,
    deadline=None,
    print_blob=True,
)
settings.register_profile("ci", max_examples=200, database=None, derandomize=True, deadline=None, print_blob=True)
settings.register_profile(
    "thorough", max_examples=2000, database=None, derandomize=False, deadline=None, print_blob=True
)
settings.load_profile(PROFILE)


@pytest.fixture(autouse=True, scope="module")
def _no_thread_is_left():
    """A process with threads is not forked (`verify/engine/forked.py`): one left here slows down what comes after."""
    before = set(threading.enumerate())
    yield
    if any(thread.name == "ExecutorManagerThread" for thread in threading.enumerate()):
        from joblib.externals.loky import get_reusable_executor

        get_reusable_executor().shutdown(wait=True)  # joblib keeps its workers for the next call
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        thread.join(timeout=10)
    assert not [thread.name for thread in left if thread.is_alive()]


def pytest_sessionstart() -> None:
    """A mutant is tried in a fork of a process that has run the tests: what that one remembers is not the mutant's."""
    if os.environ.get("MUTANT_UNDER_TEST"):
        caches = [x for x in gc.get_objects() if isinstance(x, functools._lru_cache_wrapper)]
        for cache in caches:
            if cache.__module__.startswith(("derivations", "verify")):
                cache.cache_clear()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what runs only when asked for: benchmarks by `-m bench`, and `thorough` by its profile.

    A hook, since a `-m` in `addopts` would be replaced by the one a contributor types.
    """
    asked = {"bench": "bench" in config.option.markexpr, "thorough": PROFILE == "thorough"}
    unasked = [name for name, wanted in asked.items() if not wanted]
    left = [item for item in items if any(item.get_closest_marker(name) for name in unasked)]
    if left:
        config.hook.pytest_deselected(items=left)
        out = set(left)
        items[:] = [item for item in items if item not in out]
