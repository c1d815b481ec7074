"""From what a user gives, arrays or names of files, to the tables that are computed with, and remarks on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from verify.data.chunks import Chunked, table_of
from verify.data.columns import Skip
from verify.data.data import Table, block_rows, digits
from verify.data.loading import Loaded, read_table
from verify.data.reading import DEFAULTS, changed
from verify.data.remarks import remarks_on
from verify.errors import InputError, choice, positive, shown, switch

__all__ = ["Prepared", "prepare"]

_MOST_CLASSES = 10_000
_SIDES = ("output", "input")


class Prepared(NamedTuple):
    """Tables, and in sentences what in them may mislead."""

    output: Table | Chunked
    input: Table | Chunked | None
    warnings: tuple[str, ...]


def prepare(output: Any, given: Any, reading: Mapping[str, object], *, gaussian: bool = True) -> Prepared:
    """The tables of an output and, if there is one, an input: arrays, names of files or folders, or "digits".

    Remarks are those on data for a `gaussian` decoder, or for one of another likelihood.

    Raises:
        InputError: they cannot be read, are no tables of finite real numbers, or do not fit what is asked of them.
    """
    if unknown := set(reading) - set(DEFAULTS):
        known = ", ".join(DEFAULTS)
        raise TypeError(f"unexpected parameter {min(unknown)!r}; those that say how data are read are {known}")
    if isinstance(output, str) and output == "digits":
        return _digits(given, reading)
    skips = _skips(reading.get("skip_column", ()))
    y = _side(output, "output", skips["output"], reading, gaussian)
    x = None if given is None else _side(given, "input", skips["input"], reading, gaussian)
    if given is None and (skips["input"] or reading.get("one_hot") == "input"):
        raise InputError("there is no ‹input› of which columns could be left out or encoded.")
    if reading.get("one_row_per_file") and not any(_is_folder(source) for source in (output, given)):
        raise InputError("‹one_row_per_file› goes with a folder of files, and none is given.")
    return Prepared(y.table, None if x is None else x.table, (*y.notes, *(() if x is None else x.notes)))


def _digits(given: Any, reading: Mapping[str, object]) -> Prepared:
    if given is not None and not (isinstance(given, str) and given == "digits"):
        raise InputError("the digits bring their own inputs: give ‹input='digits'›, or none.")
    y, x = digits("vae" if given is None else "cvae")
    if asked := [name for name in changed(reading) if name != "scale"]:
        raise InputError(f"‹{asked[0]}› is for data of your own; leave it out with the digits.")
    return Prepared(_scaled(y, reading.get("scale", 1.0)), x, ())


def _skips(asked: Any) -> dict[str, Skip]:
    """The columns to skip of each side."""
    listed = list(asked) if isinstance(asked, Sequence) and not isinstance(asked, str) else [asked]
    found: dict[str, list[int | str]] = {side: [] for side in _SIDES}
    for one in listed:
        if isinstance(one, bool) or not (isinstance(one, str) or hasattr(one, "__index__")):
            raise InputError(f"‹skip_column› must be numbers or names of columns, not {shown(asked)}.")
        side, mark, name = str(one).partition(":")
        if mark and side in found:
            found[side].append(name)
        else:
            found["output"].append(one if isinstance(one, str) else int(one))
    return dict(found)


def _side(source: Any, side: str, skip: Skip, reading: Mapping[str, object], gaussian: bool) -> Loaded:
    """One table, in the order: columns left out, transposed, encoded, scaled."""
    one_row = switch("one_row_per_file", reading.get("one_row_per_file", False))
    if isinstance(source, str | PathLike):
        table, notes = read_table(source, skip, one_row=one_row)
    else:
        table, notes = table_of(source, side, skip), ()
    transposed = switch("transpose", reading.get("transpose", False))
    if transposed:
        table = table_of(table[0 : len(table)].T, side)
    encoded = reading.get("one_hot")
    if encoded is not None and choice("one_hot", encoded, _SIDES, "side of the data") == side:
        table = _one_hot(table, side)
    if side == "output":
        table = _scaled(table, reading.get("scale", 1.0))
    return Loaded(table, (*notes, *remarks_on(table, side, numbered=not (skip or transposed), gaussian=gaussian)))


def _is_folder(source: Any) -> bool:
    return isinstance(source, str | PathLike) and Path(source).is_dir()


def _one_hot(table: Table | Chunked, side: str) -> Table:
    """Each column as columns of 0 and 1, one for each of its values, in their order."""
    whole: Any = table[0 : len(table)]
    if whole.dtype.kind == "f" and (bad := np.argwhere(~(np.isfinite(whole) & (np.floor(whole) == whole)))).size:
        row, column = bad[0]
        what = f"{whole[row, column]:g} at row {row + 1}, column {column + 1}"
        raise InputError(f"‹one_hot='{side}'› is for labels, whole numbers, and the {side} has {what}.")
    found = [np.unique(column, return_inverse=True) for column in whole.T]
    widths = [len(labels) for labels, _ in found]
    if sum(widths) > _MOST_CLASSES:
        raise InputError(f"‹one_hot='{side}'› would make {sum(widths)} columns; at most {_MOST_CLASSES} are made.")
    out = np.zeros((len(whole), sum(widths)), dtype=np.uint8)
    for start, (_, codes) in zip(np.cumsum([0, *widths]), found, strict=False):
        out[np.arange(len(whole)), start + codes] = 1
    return out


def _scaled(table: Table | Chunked, scale: Any) -> Table | Chunked:
    """The table times a number, a block of rows at a time, so that bytes are never floats as a whole."""
    factor = positive("scale", scale)
    if factor == 1:
        return table
    step = block_rows(table)
    starts = range(0, len(table), step)
    lengths = [min(step, len(table) - start) for start in starts]
    return Chunked(lengths, table.shape[1], np.float64, lambda k: table[starts[k] : starts[k] + step] * factor)
