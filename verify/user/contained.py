"""Work done in a process of its own, which hands back lines of text and nothing else.

It has no terminal, prints to stderr, may use so much time and memory and no more; whatever it leaves behind (threads,
children) is ended with it. `Ended` says why it stopped, if it did not say so itself.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from verify.engine.forked import possible

__all__ = ["MEMORY", "Ended", "Send", "lines_of", "possible", "said_anew"]

Send = Callable[[str], None]
MEMORY = 8 << 30  # bytes of address space: libraries reserve some that they never use
_LARGEST = 1 << 26  # characters of a line
START_SECONDS = 30.0  # that a new process may take to import what it needs, on a busy machine
_ALONE = 30.0  # seconds beyond the limit after which it ends by itself: who keeps the clock may have been killed
_GRACE = 2.0  # seconds in which a process that is stopped must have said where it is


@dataclass(frozen=True)
class Ended:
    """Why a process ended without having finished: `late` if it was stopped by the clock; `trace` is where it was."""

    why: str
    late: bool = False
    trace: str = ""

    def line(self, name: str) -> int | None:
        """The line of a file that it was in last, if that is known."""
        found = re.search(rf'File "{re.escape(name)}", line (\d+)', self.trace)
        return int(found[1]) if found else None


def lines_of(work: Callable[[Send], Any], seconds: float, memory: int = MEMORY) -> Iterator[str | Ended]:
    """The lines that `work(send)` sends from a fork of this process; `Ended` at the end if it did not come to its own.

    `seconds` is how long each line may take.
    """
    with tempfile.TemporaryFile() as trace:
        reader, writer = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child == 0:
            os.close(reader)
            _serve(work, writer, trace, seconds, memory)
        os.close(writer)
        try:
            yield from _received(reader, child, seconds, trace)
        finally:
            _end(child)
            os.close(reader)


def said_anew(request: Mapping[str, Any], seconds: float) -> str | Ended:
    """What a new process answers to a request (`__main__.py` of this room), where this one cannot be forked."""
    command, data = [sys.executable, "-m", "verify.user"], json.dumps(request).encode()
    try:
        done = subprocess.run(command, input=data, stdout=subprocess.PIPE, timeout=seconds + START_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Ended(f"it had not finished after {seconds:g} s", late=True)
    lines = done.stdout.decode(errors="replace").splitlines()
    return lines[0] if lines else _reason_of(done.returncode, "")


def _serve(work: Callable[[Send], Any], writer: int, trace: IO[bytes], seconds: float, memory: int) -> None:
    """What the fork does; it never returns."""
    code = 1
    try:
        _isolated(memory)
        own = os.getpid()

        def send(text: str) -> None:
            if os.getpid() != own:  # a fork of the fork has nothing to say
                os._exit(0)
            signal.setitimer(signal.ITIMER_REAL, seconds + _ALONE)
            data = text.encode() + b"\n"
            while data:
                data = data[os.write(writer, data) :]

        faulthandler.enable(file=trace, all_threads=False)
        # On a signal, not by faulthandler's own clock: where a test runner set that, its fork would wait for ever.
        faulthandler.register(signal.SIGUSR1, file=trace, all_threads=False)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds + _ALONE)
        work(send)
        send("")
        code = 0
    except MemoryError:
        code = _FULL
    finally:
        os._exit(code)


_FULL = 3  # the exit code of a process that has no memory left


def _isolated(memory: int) -> None:
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    sys.stdin, sys.stdout = open(0, closefd=False), sys.stderr  # noqa: SIM115 - as long as the process
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        limit = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _received(reader: int, child: int, seconds: float, trace: IO[bytes]) -> Iterator[str | Ended]:
    os.set_blocking(reader, False)
    pending, code = b"", None
    deadline = time.monotonic() + seconds
    while True:
        if (left := deadline - time.monotonic()) <= 0:
            yield Ended(f"it had not finished after {seconds:g} s", late=True, trace=_place(child, trace))
            return
        select.select([reader], [], [], min(left, 0.05) if code is None else 0)
        data = _available(reader)
        pending += data
        *whole, pending = pending.split(b"\n")
        for text in whole:
            if not text:
                return
            yield text.decode(errors="replace")
            deadline = time.monotonic() + seconds
        if len(pending) > _LARGEST:
            yield Ended("it handed back more than can be read")
            return
        if code is not None and not data:
            yield _reason_of(code, _read(trace))
            return
        code = _code_of(child) if code is None else code


def _available(reader: int) -> bytes:
    try:
        return os.read(reader, 1 << 16)
    except BlockingIOError:
        return b""


def _place(child: int, trace: IO[bytes]) -> str:
    """Where the process is: it is asked, and its answer is awaited until it grows no more."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGUSR1)
    until, before = time.monotonic() + _GRACE, ""
    while time.monotonic() < until:
        time.sleep(0.02)
        found = _read(trace)
        if found and found == before:
            break
        before = found
    return before


def _read(trace: IO[bytes]) -> str:
    return os.pread(trace.fileno(), 1 << 16, 0).decode(errors="replace")  # the position is the process's too


def _code_of(child: int) -> int | None:
    try:
        found, status = os.waitpid(child, os.WNOHANG)
    except ChildProcessError:
        return 0
    return os.waitstatus_to_exitcode(status) if found else None


def _reason_of(code: int, trace: str) -> Ended:
    """Why a process ended, by its exit code and the trace it left."""
    if code == _FULL or "MemoryError" in trace:
        return Ended("it used up its memory", late=True, trace=trace)
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
        return Ended(f"its process was ended by {name}", trace=trace)
    return Ended(f"it ended its process (exit code {code})", trace=trace)


def _end(child: int) -> None:
    """End the process and all that it started, and leave no zombie."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(child, 0)
