"""The same shards on a Dask cluster (extra `cluster`).

Workers need this very program: each compares its identity with the client's before it answers, so that a cluster
cannot mix versions into one report. If a worker dies, Dask runs its shards elsewhere; a shard that several workers
die of is named.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager
from itertools import islice
from typing import Any

from verify.engine import shards
from verify.engine.shards import Task
from verify.errors import InputError
from verify.store.identity import identify_program

__all__ = ["Cluster", "connected", "require"]

_CONNECT = 5  # seconds: an address that does not answer is reported within ten
_LOOK = 2  # seconds between looks at whether any worker is left
_PATIENCE = 30  # seconds without any worker before the audit gives up


def require() -> Any:
    """The module `distributed`.

    Raises:
        InputError: it is not installed.
    """
    try:
        return importlib.import_module("distributed")
    except ImportError:
        raise InputError("‹backend='dask'› needs the extra 'cluster': pip install 'collapse-audit[cluster]'.") from None


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """The cluster whose scheduler listens at `address` (tcp://HOST:PORT), with at least one worker.

    Raises:
        InputError: no scheduler answers there within seconds, or it has no workers.
    """
    distributed = require()
    try:
        client = distributed.Client(address, timeout=_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(
            f"no Dask scheduler answers at {address}; start one with `dask scheduler` and give its address, like "
            "tcp://HOST:8786."
        ) from error
    try:
        client.wait_for_workers(1, timeout=_CONNECT)
        yield Cluster(distributed, client, address)
    except TimeoutError:
        raise InputError(
            f"the scheduler at {address} has no workers; start some with `dask worker {address}`."
        ) from None
    finally:
        client.close(timeout=_CONNECT)


class Cluster:
    """Runs shards as long as the connection lasts."""

    def __init__(self, distributed: Any, client: Any, address: str) -> None:
        self._distributed, self._client, self._address = distributed, client, address

    def __call__(self, tasks: Iterator[Task], seed: int, examples: int) -> Iterator[str]:
        """Answers as they come; two shards are under way for each thread of the cluster.

        Raises:
            InputError: workers died of a shard, differ from this program, or are gone.
        """
        ours, under_way = identify_program(), dict[Any, Task]()
        try:
            while True:
                for task in islice(tasks, max(1, 2 * self._threads() - len(under_way))):
                    future = self._client.submit(_run, task, seed, examples, ours, pure=False, retries=0)
                    under_way[future] = task
                if not under_way:
                    return
                for future in self._finished(under_way):
                    yield self._answer(future, under_way.pop(future))
        finally:
            self._client.cancel(list(under_way))

    def _threads(self) -> int:
        return sum(self._client.nthreads().values())

    def _finished(self, under_way: Mapping[Any, Task]) -> list[Any]:
        lonely = 0
        while True:
            try:
                with self._client.as_current():
                    waited = self._distributed.wait(list(under_way), timeout=_LOOK, return_when="FIRST_COMPLETED")
                return list(waited.done)
            except TimeoutError:
                lonely = 0 if self._threads() else lonely + _LOOK
            except CancelledError:
                return [future for future in under_way if future.cancelled()]
            if lonely >= _PATIENCE:
                raise self._lost(f"has had no workers for {_PATIENCE} s, while they judged", *under_way.values())

    def _answer(self, future: Any, task: Task) -> str:
        try:
            return str(future.result())
        except self._distributed.KilledWorker:
            raise self._lost("lost every worker that judged", task) from None
        except CancelledError:
            raise self._lost("went away while its workers judged", task) from None
        except ImportError as error:
            raise InputError(
                f"a worker of {self._address} cannot import this program ({error}); install the same collapse-audit "
                "there."
            ) from None

    def _lost(self, what: str, *tasks: Task) -> InputError:
        names = ", ".join(list(dict.fromkeys(task.claim for task in tasks))[:3])
        return InputError(
            f"the scheduler at {self._address} {what} {names}; ‹resume=True› goes on once that is mended."
        )


def _run(task: Task, seed: int, examples: int, ours: Mapping[str, str]) -> str:
    """What a worker does: check that it runs the client's program, then answer the task."""
    theirs = identify_program()
    different = [
        f"{name} {theirs.get(name)} instead of {ours[name]}" for name in ours if theirs.get(name) != ours[name]
    ]
    if different:
        raise InputError(f"a worker of the cluster has {', '.join(different)}; install the same collapse-audit there.")
    return shards.run(*task, seed, examples)
