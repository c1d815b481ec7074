"""What is wrong with a claim from outside, as one sentence, and the word of the file that it is about."""

from __future__ import annotations

from verify.errors import InputError

__all__ = ["ClaimError"]


class ClaimError(InputError):
    """What is wrong, and the word of the file that it is about: a symbol's name, or the keyword of a field."""

    def __init__(self, message: str, word: str = "", field: str = "") -> None:
        super().__init__(message)
        self.word, self.field = word, field
