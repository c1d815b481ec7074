"""Worker processes of this machine: any number gives the same report, a dead one is replaced, a deadly shard named."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from verify.engine import local as engine
from verify.engine import shards
from verify.engine.run import run_audit
from verify.errors import InputError

SOME = ["lemma-determinant", "lemma-whitening", "summary-beta-reduces-collapse"]
AUDIT = {"seed": 2, "examples": 1000}


def without_times(report):
    times = {"date": True, "claims": {"__all__": {"seconds": True, "evidence": {"__all__": {"seconds"}}}}}
    return report.model_dump_json(exclude=times)


@pytest.fixture(scope="module")
def alone(small_shards):
    return without_times(run_audit(SOME, jobs=1, **AUDIT))


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [2, pytest.param(8, marks=pytest.mark.thorough)])
def test_any_number_of_workers_gives_the_same_report(jobs, alone):
    assert without_times(run_audit(SOME, jobs=jobs, **AUDIT)) == alone


def test_the_order_in_which_shards_come_does_not_matter(alone):
    def backwards(tasks, seed, examples):
        yield from (shards.run(*task, seed, examples) for task in reversed(list(tasks)))

    assert without_times(run_audit(SOME, workers=backwards, **AUDIT)) == alone


def test_a_shard_that_is_answered_twice_counts_once(alone):
    def stutter(tasks, seed, examples):
        for task in tasks:
            answer = shards.run(*task, seed, examples)
            yield from (answer, answer)

    assert without_times(run_audit(SOME, workers=stutter, **AUDIT)) == alone


def test_shards_behind_a_failure_are_not_run():
    ran = []

    def counted(tasks, seed, examples):
        for task in tasks:
            ran.append(task)
            yield shards.run(*task, seed, examples)

    report = run_audit(["summary-beta-reduces-collapse"], workers=counted, seed=0, examples=10**6)
    (result,) = report.claims
    assert len(ran) == 1  # of 123: its instances refute it at once
    assert max(item.instances for item in result.evidence) < 64


def deadly(marks, always, task, seed, examples, parent):
    """In a worker: die of lemma-determinant's first shard, at the first attempt, which leaves a mark, or always."""
    mark = Path(marks) / f"{task.first}"
    if (task.claim, task.first) == ("lemma-determinant", 0) and (always or not mark.exists()):
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return task, shards.run(*task, seed, examples)


@pytest.mark.slow
def test_a_worker_that_dies_once_changes_nothing(alone, monkeypatch, tmp_path):
    monkeypatch.setattr(engine, "_run", partial(deadly, str(tmp_path), False))
    assert without_times(run_audit(SOME, jobs=2, **AUDIT)) == alone
    assert list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_shard_that_kills_its_worker_twice_is_named(small_shards, monkeypatch, tmp_path):
    monkeypatch.setattr(engine, "_run", partial(deadly, str(tmp_path), True))
    with pytest.raises(InputError, match="the processes that judged lemma-determinant died, twice"):
        run_audit(SOME, jobs=2, **AUDIT)


WORKER = """
import os, time
from verify.engine.forked import end_with
end_with(os.getppid())
print(os.getpid())
time.sleep(60)
"""
PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-u', '-c', sys.argv[1]])"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks /proc whether a process runs")
def test_workers_end_with_the_audit_they_belong_to():
    parent = subprocess.Popen([sys.executable, "-c", PARENT, WORKER], stdout=subprocess.PIPE, text=True)
    worker = int(parent.stdout.readline())
    assert _running(worker)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and _running(worker):
        time.sleep(0.2)
    assert not _running(worker)


def _running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False
