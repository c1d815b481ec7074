"""Tables of numbers: what is one, its blocks of rows, and the bundled digits."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.data.bundled import read_digits
from verify.errors import InputError

__all__ = ["Floats", "Table", "as_table", "block_rows", "check_finite", "digits", "row_blocks"]

Table = NDArray[Any]
Floats = NDArray[np.float64]

_KINDS = {"O": "Python objects", "S": "strings", "U": "strings", "T": "strings"} | {
    "c": "complex numbers",
    "M": "dates",
    "m": "time spans",
    "V": "records",
}
_BLOCK_VALUES = 1 << 21  # a float64 block of 16 MiB: large enough for BLAS, small beside the data


def digits(model: str) -> tuple[Table, Table | None]:
    """The 1797 bundled 8×8 digits (pixels 0…16) as (output, input).

    For "vae" the output is all 64 pixels and there is no separate input. For "cvae" the input is
    the lower-left 4×4 quarter and the output the other 48 pixels, in reading order.
    """
    if model not in ("vae", "cvae"):
        raise InputError(f"unknown model {model!r}; use 'vae' or 'cvae'.")
    pixels = read_digits()[0].astype(float)
    if model == "vae":
        return pixels, None
    quarter = np.zeros((8, 8), dtype=bool)
    quarter[4:, :4] = True
    mask = quarter.ravel()
    return pixels[:, ~mask], pixels[:, mask]


def as_table(array: Any, name: str, least: int = 2) -> Table:
    """View `array` as (rows, features) after checking that it can be one; `name` is for messages.

    Raises:
        InputError: not real numbers, fewer than `least` rows, or no features.
    """
    try:
        table = np.asanyarray(array)
    except ValueError as error:  # ragged nested lists
        raise InputError(f"{name} is ragged; every row needs the same number of values.") from error
    if np.ma.is_masked(table):
        raise InputError(f"{name} has masked values; fill them in or leave their rows out.")
    table = np.asarray(table)  # np.matrix, and an unmasked masked array, have rules of their own
    kind = _KINDS.get(table.dtype.kind)
    if kind is not None:
        raise InputError(f"{name} holds {kind} (dtype {table.dtype}); real numbers are needed.")
    if table.ndim == 0:
        raise InputError(f"{name} is a single number; a table of at least 2 rows is needed.")
    _check_rows(len(table), name, least)
    features = math.prod(table.shape[1:])
    if features == 0:
        raise InputError(f"{name} has shape {table.shape}; at least 1 feature per row is needed.")
    return table.reshape(len(table), features)


def row_blocks(table: Any, rows: int | None = None) -> Iterator[tuple[int, Table]]:
    """Yield (first row, view of consecutive rows); by default about 16 MiB each as float64."""
    step = rows or block_rows(table)
    for start in range(0, len(table), step):
        yield start, table[start : start + step]


def block_rows(table: Any) -> int:
    """How many rows of the table make about 16 MiB as float64."""
    return max(1, min(4096, _BLOCK_VALUES // table.shape[1]))


def check_finite(block: Table, start: int, name: str) -> None:
    """Raise InputError naming the first NaN or infinity of a block whose first row is `start`."""
    with np.errstate(all="ignore"):
        # One sum is cheaper than a mask, and no NaN or infinity can hide in a finite sum.
        if np.isfinite(block.sum(dtype=np.float64)):
            return
    bad = np.argwhere(~np.isfinite(block))
    if len(bad):
        row, column = (int(i) for i in bad[0])
        what = "NaN" if np.isnan(block[row, column]) else "an infinite value"
        raise InputError(
            f"{name} has {what} at row {start + row + 1}, column {column + 1} (counted from 1);"
            " every value must be finite."
        )


def _check_rows(rows: int, name: str, least: int) -> None:
    if rows < least:
        noun = "row" if rows == 1 else "rows"
        raise InputError(f"{name} has {rows} {noun}; at least {least} {'row is' if least == 1 else 'rows are'} needed.")
