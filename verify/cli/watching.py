"""Do something again whenever a file changes, until Ctrl-C."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import click

from verify.cli.spelling import spelled
from verify.cli.terminal import error_line
from verify.errors import InputError

__all__ = ["repeat_on_change"]

_PAUSE = 0.3  # seconds between two looks at the file: quick to a person, and nothing to a computer


def repeat_on_change(file: Path, action: Callable[[], int], command: click.Command) -> int:
    """The exit code of the last time; Ctrl-C while waiting is how it ends, and while acting an interruption.

    What is wrong with the file is said, and waited for to be mended.
    """
    while True:
        seen = _content(file)
        try:
            code = action()
        except InputError as error:
            click.echo(error_line(str(spelled(error, command))), err=True)
            code = 2
        click.echo(f"Watching {file}; Ctrl-C ends.", err=True)
        try:
            # An editor may take the file away for a moment before it puts the new one there.
            while (now := _content(file)) == seen or now is None:
                time.sleep(_PAUSE)
        except KeyboardInterrupt:
            click.echo("", err=True)
            return code


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None
