"""Progress on stderr, results on stdout: pipes that close early, narrow encodings and full disks included."""

from __future__ import annotations

import codecs
import io
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import click

from verify.cli.encodings import in_ascii
from verify.cli.spelling import with_options
from verify.errors import InputError

if TYPE_CHECKING:
    from verify.records.record import Shown

__all__ = [
    "INTERRUPTED",
    "Progress",
    "error_line",
    "forgiving_streams",
    "show_all",
    "show_record",
    "waiting",
    "write_out",
]

INTERRUPTED = 130  # 128 + SIGINT, as shells report it


EVERY = 60.0
"""Seconds between lines in a log: short runs write none."""


class Progress:
    """A bar on stderr while claims are audited; where that is no terminal a line a minute. Silent if quiet."""

    def __init__(self, total: int | None, quiet: bool, what: str = "auditing") -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        console = Console(stderr=True)
        left = TimeRemainingColumn(compact=True, elapsed_when_finished=True)
        moving = SpinnerColumn("line"), TextColumn("{task.description}", markup=False)
        columns = *moving, BarColumn(), MofNCompleteColumn(), left
        off = quiet or not console.is_terminal
        # No thread of its own redraws the bar: a process with threads cannot be forked safely (`engine/forked.py`).
        self._progress = Bar(*columns, console=console, transient=True, disable=off, auto_refresh=False)
        self._task = self._progress.add_task(what, total=total)
        self._logs = not quiet and off
        self._began = self._told = time.monotonic()
        self._ticking = False
        self._before = 0.0  # how much was done when the last line was written

    def __enter__(self) -> Progress:
        self._progress.start()
        self._ticking = not self._progress.disable and _tick(self._progress.refresh)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Leave the terminal as it was."""
        if self._ticking:
            signal.setitimer(signal.ITIMER_REAL, 0)
            self._ticking = False
        self._progress.stop()

    def part(self, done: int, total: int) -> None:
        """Show that `done` of `total` parts are done."""
        self._progress.update(self._task, completed=done, total=total, refresh=True)
        self._log()

    def name(self, what: str) -> None:
        """Show what has just finished."""
        self._progress.update(self._task, description=what, refresh=True)

    def note(self, text: str) -> None:
        """Write a note as a line on stderr, however quiet."""
        click.echo(f"Note: {text}", err=True)

    def _log(self) -> None:
        now = time.monotonic()
        if not self._logs or now - self._told < EVERY:
            return
        task = self._progress.tasks[0]
        done, total = task.completed, task.total or 0
        lately = (now - self._told) / max(1.0, done - self._before)  # not on the whole: long shards come first
        left = f", about {_minutes(lately * (total - done))} left"
        self._told, self._before = now, done
        after = _minutes(now - self._began)
        click.echo(f"{task.description}: {done:.0f} of {total:.0f} done after {after}{left}", err=True)


def _tick(refresh: Callable[[], None]) -> bool:
    """Let the clock call `refresh` four times a second, without a thread; False where that is not to be had."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        return False
    signal.signal(signal.SIGALRM, lambda *_: refresh())
    signal.setitimer(signal.ITIMER_REAL, 0.25, 0.25)
    return True


def _minutes(seconds: float) -> str:
    whole = round(seconds / 60)
    return f"{whole // 60} h {whole % 60} min" if whole >= 60 else f"{whole} min"


def waiting(what: str) -> AbstractContextManager[object]:
    """A moving sign on stderr while something takes its time; silent if that is no terminal."""
    from rich.console import Console

    return Console(stderr=True).status(what, spinner="line")


def forgiving_streams() -> None:
    """Let a terminal that cannot show θ show `theta` instead of ending the command."""
    codecs.register_error("collapse-audit", in_ascii)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="collapse-audit")


def show_all(renderables: Iterable[Any], *, paged: bool = False) -> None:
    """Print rich renderables one below the other."""
    from rich.console import Console

    console = Console()
    with console.capture() as captured:
        for renderable in renderables:
            console.print(renderable, crop=False)  # a command longer than the terminal stays whole
    lines = [line.rstrip(" ") for line in captured.get().split("\n")]
    write_out("\n".join(lines), paged=paged)


def show_record(found: Shown, as_json: bool) -> None:
    """Print a record as JSON, or as its tables, where warnings name options for parameters."""
    if as_json:
        write_out(found.model_dump_json(indent=1) + "\n")
    else:
        if warnings := getattr(found, "warnings", ()):
            command = click.get_current_context().command
            found = found.model_copy(update={"warnings": tuple(with_options(text, command) for text in warnings)})
        show_all(found.tables())


def write_out(text: str, *, paged: bool = False) -> None:
    """Write to stdout; a reader that has gone away (`… | head`) is not an error.

    What is `paged` goes through the user's pager where it is longer than the terminal that it is for.

    Raises:
        InputError: stdout cannot be written, for example to a full disk.
    """
    try:
        if paged and sys.stdout.isatty() and text.count("\n") >= shutil.get_terminal_size().lines:
            click.echo_via_pager(text, color=True)
            return
        click.echo(text, nl=False, color=True)  # rich decided about colour
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_stdout()
    except OSError as error:
        _discard_stdout()
        raise InputError(f"cannot write to standard output ({error.strerror}).") from error


def error_line(message: str) -> str:
    """One line, whatever line breaks `message` has."""
    return f"Error: {' '.join(message.split())}"


def _discard_stdout() -> None:
    """Discard what is still buffered, which would fail again when the interpreter exits."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
    os.close(devnull)
