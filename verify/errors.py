"""Errors that are the user's to mend, and the checks of what is given from outside: one sentence for both roads.

Everything that computes asks here first, so that nothing but a number ever reaches SymPy, which would read a string as
a program. A check takes the parameter's name, for the message.
"""

from __future__ import annotations

import math
import operator
import os
import re
import reprlib
from collections.abc import Callable, Collection, Iterable
from os import PathLike
from typing import Any

__all__ = [
    "InputError",
    "between",
    "choice",
    "in_python",
    "positive",
    "positives",
    "shown",
    "switch",
    "text",
    "whole",
    "wholes",
]

_PARAMETER = re.compile(r"‹(\w+)(?:=([^›]*))?›")


class InputError(ValueError):
    """Bad input: one sentence that names the file or parameter and says what would be right.

    A parameter stands between ‹ and ›, as in "‹keep› must be at most 3", with a value as in "use ‹loss='gaussian'›".
    Python shows it as it is written in a call; the command line has `spelled` write its own option instead.
    """

    def __str__(self) -> str:
        return in_python(str(self.args[0]) if self.args else "")

    def spelled(self, spell: Callable[[str, str | None], str]) -> str:
        """The sentence, with each parameter as `spell` writes it, given its name and its value (None: no value)."""
        return _PARAMETER.sub(lambda found: spell(found[1], found[2]), str(self.args[0]) if self.args else "")


def in_python(text: str) -> str:
    """A text with parameters between ‹ and › as they are written in a call."""
    return _PARAMETER.sub(lambda found: f"{found[1]}={found[2]}" if found[2] else found[1], text)


def positive(name: str, value: Any, each: str = "") -> float:
    """A finite number above 0.

    Raises:
        InputError: it is none.
    """
    number = _real(value)
    if not 0 < number < math.inf:
        raise InputError(f"{each}‹{name}› must be a finite number above 0, not {shown(value)}.")
    return number


def positives(name: str, values: Any) -> tuple[float, ...]:
    """At least one finite number above 0.

    Raises:
        InputError: no list, an empty one, or one with something else in it.
    """
    return tuple(positive(name, value, "each ") for value in _several(name, values, "numbers above 0, like [0.5, 2]"))


def between(name: str, value: Any, low: float, high: float) -> float:
    """A number in a range, its ends included.

    Raises:
        InputError: it is none.
    """
    number = _real(value)
    if not low <= number <= high:
        raise InputError(f"‹{name}› must be a number from {low:g} to {high:g}, not {shown(value)}.")
    return number


def whole(name: str, value: Any, least: float = -math.inf, most: int | None = None) -> int:
    """An integer, in a range if there is one.

    Raises:
        InputError: no integer, or out of range.
    """
    number = _integer(value)
    if number is None or number < least or (most is not None and number > most):
        if most is not None:
            raise InputError(f"‹{name}› must be an integer from {least} to {most}, not {shown(value)}.")
        span = "" if least == -math.inf else f" of at least {least}" if number is None else f"at least {least}"
        kind = "an integer" if number is None else ""
        raise InputError(f"‹{name}› must be {kind}{span}, not {shown(value)}.")
    return number


def wholes(name: str, values: Any, least: float = -math.inf, *, empty: bool = False) -> tuple[int, ...]:
    """Integers, in a range if there is one; at least one, unless there may be none.

    Raises:
        InputError: no list, an empty one, or one with something else in it.
    """
    found = _several(name, values, "whole numbers, like [2, 4]", empty)
    return tuple(whole(name, value, least) for value in found)


def choice(name: str, value: Any, known: Collection[str], what: str) -> str:
    """One of the words that are known; `what` says what they are.

    Raises:
        InputError: another; the message lists those there are.
    """
    if not (isinstance(value, str) and value in known):
        raise InputError(f"‹{name}›: there is no {what} {shown(value)}; known are {', '.join(known)}.")
    return value


def text(name: str, value: Any) -> str:
    """A word or the name of a file.

    Raises:
        InputError: anything else, an array for example.
    """
    if not isinstance(value, str | PathLike):
        raise InputError(f"‹{name}› must be a name, not {shown(value)}.")
    return os.fspath(value)


def switch(name: str, value: Any) -> bool:
    """True or False.

    Raises:
        InputError: anything else, which would otherwise be taken for one of them.
    """
    if not _is_bool(value):
        raise InputError(f"‹{name}› must be True or False, not {shown(value)}.")
    return bool(value)


def shown(value: Any) -> str:
    """A value in a message: on one line, and not for ever."""
    return " ".join(reprlib.repr(value).split())


def _real(value: Any) -> float:
    """NaN if it is no real number. What can be a number by being parsed is none, and neither is an array."""
    if _no_number(value):
        return math.nan
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):  # of complex numbers and symbols
        return math.nan


def _integer(value: Any) -> int | None:
    if _no_number(value):
        return None
    try:
        return operator.index(value)
    except TypeError:
        return None


def _no_number(value: Any) -> bool:
    return isinstance(value, str | bytes) or _is_bool(value) or getattr(value, "ndim", None) not in (None, 0)


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool) or str(getattr(value, "dtype", "")) == "bool"


def _several(name: str, values: Any, what: str, empty: bool = False) -> list[Any]:
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise InputError(f"‹{name}› must be a list of {what}, not {shown(values)}.")
    if not (found := list(values)) and not empty:
        raise InputError(f"‹{name}› is empty; give a list of {what}.")
    return found
