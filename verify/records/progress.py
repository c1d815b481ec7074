"""How a computation tells whoever waits for it how far it is; the command line shows it, Python may listen."""

from __future__ import annotations

from typing import Protocol

__all__ = ["SILENT", "Progress"]


class Progress(Protocol):
    """What is told. Every method may be called often, and returns at once."""

    def part(self, done: int, total: int) -> None:
        """`done` of `total` parts are done."""

    def name(self, what: str) -> None:
        """The part of this name has just been finished."""

    def note(self, text: str) -> None:
        """A sentence about something worth knowing that is no error."""


class _Silent:
    """The listener that says nothing."""

    def part(self, done: int, total: int) -> None:
        """Say nothing."""

    def name(self, what: str) -> None:
        """Say nothing."""

    def note(self, text: str) -> None:
        """Say nothing."""


SILENT: Progress = _Silent()
