"""Errors that are the user's to mend: the command line prints them as one line and exits with 2."""

from __future__ import annotations

__all__ = ["InputError"]


class InputError(ValueError):
    """Bad input: one sentence that names the file or option and says what would be right."""
