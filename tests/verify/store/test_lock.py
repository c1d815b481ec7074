"""The report folder's lock: one holder, named; a dead one holds nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from verify.errors import InputError
from verify.store import lock
from verify.store.lock import NAME, locked

HOLD = (
    "import sys, time; from pathlib import Path; from verify.store.lock import locked\n"
    "with locked(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
)


@pytest.fixture
def holder(tmp_path):
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_run_is_told_which_process_holds_the_folder(tmp_path, holder):
    with (
        pytest.raises(InputError, match=rf"is in use by process {holder.pid} on .*; wait until it ends"),
        locked(tmp_path),
    ):
        pytest.fail("the lock was taken twice")


def test_the_lock_of_a_killed_process_is_taken_over(tmp_path, holder):
    holder.kill()
    holder.wait()
    assert (tmp_path / NAME).exists()
    with locked(tmp_path):
        assert str(os.getpid()) in (tmp_path / NAME).read_text()
    assert list(tmp_path.iterdir()) == []


def test_no_clock_is_asked(tmp_path, holder, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: -1e9)
    os.utime(tmp_path / NAME, (0, 0))  # as if it were half a century old
    with pytest.raises(InputError, match="in use"), locked(tmp_path):
        pytest.fail("an old lock is still a lock")


def test_the_file_alone_locks_nothing(tmp_path):
    (tmp_path / NAME).write_bytes(b"process 1 on elsewhere \x1b[31m\xff")
    with locked(tmp_path):
        assert (tmp_path / NAME).read_text().startswith(f"process {os.getpid()} on ")


def test_a_lock_removed_between_opening_and_locking_is_not_trusted(tmp_path, monkeypatch):
    real, calls = os.open, []

    def slow(path, *arguments):
        descriptor = real(path, *arguments)
        if not calls:
            (tmp_path / NAME).unlink()  # its last holder ends just now
        calls.append(descriptor)
        return descriptor

    monkeypatch.setattr(lock.os, "open", slow)
    with locked(tmp_path):
        assert (tmp_path / NAME).exists()
    assert len(calls) == 2


def test_a_folder_that_cannot_be_locked_is_named(tmp_path):
    with pytest.raises(InputError, match=r"cannot lock .*missing \(No such file"), locked(tmp_path / "missing"):
        pytest.fail("there is no such folder")
