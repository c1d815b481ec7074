"""Work spread over forks: every item is answered once, a dead fork loses its own item alone, nobody is left behind."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from verify.engine.forked import possible

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked elsewhere")
# In a process of their own: the one that runs the tests may have threads.
HEAD = """
import os, signal, sys, time
from verify.engine.forked import Died, possible, spread
from verify.errors import InputError
assert possible()
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests run in the background
"""


def says(script):
    return subprocess.run([sys.executable, "-W", "error", "-c", HEAD + script], capture_output=True, text=True)


@LINUX
@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_every_item_is_answered_once_and_lambdas_are_welcome(jobs):
    found = says(f"print(sorted(spread(lambda n: (n * n, os.getppid() > 0), iter(range(7)), {jobs})))")
    assert found.stdout.strip() == str([(n, (n * n, True)) for n in range(7)])
    assert found.stderr == ""


@LINUX
def test_without_items_nothing_is_forked():
    found = says("os.fork = None; print(list(spread(print, iter(()), 2)))")
    assert (found.stdout.strip(), found.stderr) == ("[]", "")


@LINUX
def test_a_fork_that_dies_loses_its_own_item_and_is_replaced():
    found = says("""
def work(n):
    if n in (1, 4):
        os.kill(os.getpid(), signal.SIGKILL)
    return n
for n, answer in sorted(spread(work, iter(range(8)), 2)):
    print(n, f"lost {answer.item}" if isinstance(answer, Died) else answer)
""")
    lines = [f"{n} lost {n}" if n in (1, 4) else f"{n} {n}" for n in range(8)]
    assert found.stdout.splitlines() == lines
    assert found.stderr == ""


@LINUX
def test_what_the_work_raises_is_raised_here_and_the_others_end():
    found = says("""
def work(n):
    if n == 1:
        raise InputError("as it was")
    print(os.getpid(), flush=True)
    time.sleep(60)
try:
    list(spread(work, iter(range(2)), 2))
except InputError as error:
    print(error)
""")
    *pids, said = found.stdout.splitlines()
    assert said == "as it was"
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


@pytest.mark.slow
@LINUX
def test_an_interruption_is_the_parents_alone_and_ends_the_forks():
    found = says("""
def work(n):
    if n == 0:
        os.kill(os.getpid(), signal.SIGINT)  # as a terminal sends it to all: ignored
        return
    print(os.getpid(), flush=True)
    os.kill(os.getppid(), signal.SIGINT)
    time.sleep(60)
try:
    list(spread(work, iter(range(2)), 1))
except KeyboardInterrupt:
    print("interrupted")
""")
    pid, said = found.stdout.split()
    assert (said, found.stderr) == ("interrupted", "")
    assert not Path(f"/proc/{pid}").exists()


def test_a_process_with_threads_is_not_forked():
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert not possible()
    finally:
        stop.set()
        thread.join()
