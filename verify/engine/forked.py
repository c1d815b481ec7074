"""Work spread over forks of this process, which have the claims and libraries in memory already.

Reading the claims takes seconds; a fork has them at once. Forking is safe where no other thread of this process can
hold a lock, and OpenBLAS stops its own threads for it; it is only done on Linux, and by the commands, whose process is
our own. Everybody else gets fresh processes (`local.py`).
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar, cast

__all__ = ["Died", "end_with", "possible", "spread"]

Item = TypeVar("Item")


class Died(RuntimeError):  # noqa: N818 - an answer, not raised
    """A fork ended without an answer; `item` is what it worked on."""

    def __init__(self, item: Any) -> None:
        super().__init__(f"a process died while it worked on {item}")
        self.item = item


def possible() -> bool:
    """Whether this process can be forked safely."""
    return sys.platform == "linux" and threading.active_count() == 1


def spread(work: Callable[[Item], Any], items: Iterator[Item], jobs: int) -> Iterator[tuple[Item, Any]]:
    """(item, work(item) or `Died`) in any order, by at most `jobs` forks; items are taken as forks become free.

    Raises:
        Exception: what `work` raised.
    """
    under_way: dict[Connection, Item] = {}
    forks: dict[Connection, Any] = {}
    try:
        for item in items:
            under_way[_sent(_fork(work, forks), item)] = item
            if len(under_way) >= jobs:
                break
        while under_way:
            for connection in cast("list[Connection]", wait(list(under_way))):
                item, answer = under_way.pop(connection), _received(connection)
                following = next(items, None)
                if following is not None:  # before the answer is looked at, so that nobody waits for that
                    if answer is None:
                        connection = _fork(work, forks)
                    under_way[_sent(connection, following)] = following
                if answer is not None and not answer[0]:
                    raise answer[1]
                yield item, answer[1] if answer else Died(item)
    finally:
        for process in forks.values():
            process.kill()
        for connection, process in forks.items():
            process.join()
            connection.close()


def _sent(connection: Connection, item: Any) -> Connection:
    """Send an item and return the connection. If the fork has died, this shows when its answer is read."""
    with suppress(OSError):
        connection.send(item)
    return connection


def _received(connection: Connection) -> tuple[bool, Any] | None:
    """(whether it went well, the answer or the exception), or None from a fork that died."""
    try:
        found: tuple[bool, Any] = connection.recv()
    except (EOFError, OSError):
        return None
    return found


def _fork(work: Callable[[Any], Any], forks: dict[Connection, Any]) -> Connection:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_serve, args=(work, theirs, os.getpid()), daemon=True)
    with warnings.catch_warnings():  # Python ≥ 3.12 counts OpenBLAS's threads, which are stopped while we fork
        warnings.filterwarnings("ignore", message=".*fork", category=DeprecationWarning)
        process.start()
    theirs.close()  # so that the end of the fork is the end of the connection
    forks[ours] = process
    return ours


def _serve(work: Callable[[Any], Any], connection: Connection, parent: int) -> None:
    """What a fork does: answer until it is ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent ends its forks
    end_with(parent)
    gc.freeze()  # what was there before need not be searched for garbage again,
    gc.set_threshold(100_000, 20, 20)  # and trees of terms, which have no circles, need not be searched often
    while True:
        item = connection.recv()
        try:
            answer = True, work(item)
        except Exception as error:  # noqa: BLE001 - raised again by the parent
            answer = False, error
        connection.send(answer)


@lru_cache(maxsize=1)
def end_with(parent: int) -> None:
    """Let this worker end soon after its audit, however that ends: idle, it would wait for minutes."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
