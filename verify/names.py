"""Claim ids as the user types them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from verify.errors import InputError

__all__ = ["resolve"]


def resolve(ids: Iterable[str], known: Sequence[str]) -> list[str]:
    """Return `ids` without repetitions, in the order given, after checking that each is in `known`.

    Raises:
        InputError: an id is unknown; the message suggests the nearest one, if any is near.
    """
    chosen = list(dict.fromkeys(ids))
    for name in chosen:
        if name not in known:
            raise InputError(_complaint(name, known))
    return chosen


def _complaint(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name.lower().replace("_", "-"), known, n=1)
    if near:
        return f"there is no claim {name!r}; did you mean {near[0]!r}?"
    return f"there is no claim {name!r}; see 'collapse-audit list'."
