"""Writing to stdout: pipes that close early, narrow encodings and full disks included."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable
from typing import Any

import click

from verify.errors import InputError

__all__ = ["error_line", "forgiving_streams", "show_all", "write_out"]


def forgiving_streams() -> None:
    """Let a terminal that cannot show θ show `?` instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def show_all(renderables: Iterable[Any]) -> None:
    """Print rich renderables one below the other."""
    from rich.console import Console

    console = Console()
    with console.capture() as captured:
        for renderable in renderables:
            console.print(renderable)
    lines = [line.rstrip(" ") for line in captured.get().split("\n")]
    write_out("\n".join(lines))


def write_out(text: str) -> None:
    """Write to stdout; a reader that has gone away (`… | head`) is not an error.

    Raises:
        InputError: stdout cannot be written, for example to a full disk.
    """
    try:
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
    """What is still buffered would fail again when the interpreter exits."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
    os.close(devnull)
