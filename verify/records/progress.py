"""How a computation tells whoever waits for it how far it is; the command line shows it, Python may listen."""

from __future__ import annotations

from typing import Protocol

__all__ = ["SILENT", "Progress"]


class Progress(Protocol):
    """What is told. Every method may be called often, and returns at once."""

    def part(self, done: int, total: int) -> None:
        """So many of so many parts are done."""

    def name(self, what: str) -> None:
        """One more is finished, of this name."""

    def note(self, text: str) -> None:
        """Something to know that is no error, as a sentence."""


class _Silent:
    """Nobody listens."""

    def part(self, done: int, total: int) -> None:
        """Say nothing."""

    def name(self, what: str) -> None:
        """Say nothing."""

    def note(self, text: str) -> None:
        """Say nothing."""


SILENT: Progress = _Silent()
