"""A file or a folder as one table (rows, features).

Values keep the file's own dtype: bytes stay bytes, `.npy` files are memory-mapped, sparse matrices are dense only a few
rows at a time.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

from verify.data.chunks import Chunked, folder, table_of
from verify.data.columns import Skip
from verify.data.data import Table, check_finite, row_blocks
from verify.data.image_folder import images_in, read_images
from verify.data.readers import ARRAYS, FORMATS, read
from verify.errors import InputError

__all__ = ["Loaded", "load", "read_table"]

_KEYED = re.compile(rf"(?P<file>.*?({'|'.join(map(re.escape, ARRAYS))})):(?P<key>.*)", re.IGNORECASE | re.DOTALL)


class Loaded(NamedTuple):
    """A table, and in sentences what in its file was taken for no data."""

    table: Table | Chunked
    notes: tuple[str, ...] = ()


def load(path: str | os.PathLike[str]) -> Table | Chunked:
    """Read a file or a folder as a table of shape (rows, features), rows ≥ 2, every value finite.

    Higher-rank arrays are flattened to one row per first index; a vector becomes one column.

    Raises:
        InputError: the file is missing, damaged, of an unknown kind, or no table of real numbers.
    """
    return read_table(path).table


def read_table(path: str | os.PathLike[str], skip: Skip = (), *, one_row: bool = False) -> Loaded:
    """As `load`, without the columns to skip, and with notes; with `one_row` each file of a folder is one row.

    Raises:
        InputError: as `load`, or there is no column to skip.
    """
    text = os.fspath(path)
    keyed = _KEYED.fullmatch(text)
    if keyed and not _exists(Path(text)):
        file, key = Path(keyed["file"]), keyed["key"]
    else:
        file, key = Path(text), None
    if not _exists(file):
        raise InputError(f"{file} does not exist; give the path of a file or folder: {FORMATS}.")
    if file.is_dir():
        images = images_in(file)
        pieces = read_images(images) if images else folder(file, skip, one_row=one_row)
        return Loaded(pieces, pieces.notes)
    if not file.is_file():
        raise InputError(f"{file} is not a regular file; give one file: {FORMATS}.")
    try:
        found = read(file, key, skip)
    except PermissionError as error:
        raise InputError(f"{file} cannot be read; its permissions must allow reading.") from error
    table = table_of(found.array, text)
    if not isinstance(table, Chunked) and table.dtype.kind == "f":
        for start, block in row_blocks(table):
            check_finite(block, start, text)
    return Loaded(table, found.notes)


def _exists(file: Path) -> bool:
    try:
        return file.exists()
    except (OSError, ValueError):  # a name no file system accepts
        return False
