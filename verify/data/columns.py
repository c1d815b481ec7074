"""What a reader hands back, and which columns of a table are left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from verify.errors import InputError

__all__ = ["Read", "Skip", "kept", "without"]

Skip = Sequence[int | str]
"""Columns to leave out: numbers from 1, or names."""

_LISTED = 20


class Read(NamedTuple):
    """What is in a file: an array, or a SciPy sparse matrix; and in sentences, what was taken for no data."""

    array: Any
    notes: tuple[str, ...] = ()


def kept(skip: Skip, count: int, names: Sequence[str], name: str) -> list[int]:
    """The columns, counted from 0, that are not left out of `count` columns with these names, or with none.

    Raises:
        InputError: there is no such column, or nothing is left.
    """
    gone = {_place(wanted, count, names, name) for wanted in skip}
    if len(gone) == count:
        raise InputError(f"‹skip_column› leaves nothing of {name}, which has {count} column(s).")
    return [i for i in range(count) if i not in gone]


def _place(wanted: int | str, count: int, names: Sequence[str], name: str) -> int:
    if isinstance(wanted, str) and wanted in names:
        return names.index(wanted)
    number = int(wanted) if str(wanted).isdecimal() else 0
    if not 1 <= number <= count:
        listed = f", called {', '.join(names[:_LISTED])}{', …' if len(names) > _LISTED else ''}" if names else ""
        raise InputError(f"‹skip_column› {wanted}: {name} has the columns 1 to {count}{listed}.")
    return number - 1


def without(table: Any, skip: Skip, name: str) -> Any:
    """A table (rows, columns), or a sparse matrix, without some of its columns."""
    return table[:, kept(skip, table.shape[1], (), name)] if skip else table
