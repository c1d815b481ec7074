"""Shards run by processes of this machine: forks where that is safe (`forked.py`), else new ones over joblib (loky).

When a process dies, for want of memory or by a signal, the shards that were under way are run once more, each alone in
processes of its own. One that dies again is at fault, and is named.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool

from verify.engine import shards
from verify.engine.forked import Died, end_with, possible, spread
from verify.engine.shards import Task
from verify.errors import InputError

__all__ = ["forked", "run_locally"]


def run_locally(tasks: Iterator[Task], seed: int, examples: int, jobs: int) -> Iterator[str]:
    """Answers as they come, in any order; tasks are taken as workers become free.

    Raises:
        InputError: a worker died twice on the same shard.
    """
    if jobs == 1:
        for task in tasks:
            yield shards.run(*task, seed, examples)
        return
    under_way: dict[Task, None] = {}
    while True:
        try:
            yield from _pool(tasks, under_way, seed, examples, jobs)
        except BrokenProcessPool:
            for task in list(under_way):
                yield from _alone(task, seed, examples)
            under_way.clear()
        else:
            return


def forked(tasks: Iterator[Task], seed: int, examples: int, jobs: int) -> Iterator[str]:
    """The answers of shards run by forks of this process if it may be forked, else as by `run_locally`.

    Raises:
        InputError: a worker died twice on the same shard.
    """
    if jobs == 1 or not possible():
        yield from run_locally(tasks, seed, examples, jobs)
        return
    for task, answer in spread(lambda task: shards.run(*task, seed, examples), tasks, jobs):
        if isinstance(answer, Died):
            yield from _alone(task, seed, examples)
        else:
            yield answer


def _pool(tasks: Iterator[Task], under_way: dict[Task, None], seed: int, examples: int, jobs: int) -> Iterator[str]:
    from joblib import Parallel, delayed

    def work() -> Iterator[object]:
        for task in tasks:
            under_way[task] = None
            yield delayed(_run)(task, seed, examples, os.getpid())

    pool = Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1, pre_dispatch="2*n_jobs")
    for task, answer in pool(work()):
        yield answer
        under_way.pop(task)


def _alone(task: Task, seed: int, examples: int) -> Iterator[str]:
    from joblib import Parallel, delayed

    try:
        for _, answer in Parallel(n_jobs=2, return_as="generator", batch_size=1)(
            [delayed(_run)(task, seed, examples, os.getpid())]
        ):
            yield answer
    except BrokenProcessPool:
        raise InputError(
            f"the processes that judged {task.claim} died, twice (out of memory, or killed); use fewer ‹jobs›, or "
            "‹resume=True› once the cause is mended."
        ) from None


def _run(task: Task, seed: int, examples: int, parent: int) -> tuple[Task, str]:
    end_with(parent)
    return task, shards.run(*task, seed, examples)
