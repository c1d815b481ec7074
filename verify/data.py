"""Tables of numbers from files, and the bundled digits.

`load` reads `.npy`, `.npz` (`FILE:key`), `.csv` and IDX files (`.gz` too) into an array of shape
(rows, features), in the file's own dtype: bytes stay bytes, and uncompressed `.npy` and IDX files are
memory-mapped. Files are untrusted: nothing in them is unpickled or evaluated, sizes announced by a
header are compared with the size of the file before memory is taken, and whatever is wrong becomes
an `InputError`.
"""

from __future__ import annotations

import csv
import gzip
import importlib
import itertools
import lzma
import math
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.errors import InputError

__all__ = ["as_table", "check_finite", "digits", "load", "row_blocks"]

Table = NDArray[Any]

_FORMATS = ".npy, .npz (FILE:key), .csv or IDX (such as images-idx3-ubyte, also .gz)"
_KEYED = re.compile(r"(?P<file>.*?\.npz):(?P<key>.*)", re.IGNORECASE | re.DOTALL)
_IDX_NAME = re.compile(
    r"(^|[-._])idx\d*([-_](ubyte|byte|short|int|float|double))?(\.gz)?$", re.IGNORECASE
)
_IDX_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_KINDS = {"O": "Python objects", "S": "strings", "U": "strings", "T": "strings"} | {
    "c": "complex numbers",
    "M": "dates",
    "m": "time spans",
    "V": "records",
}
# What NumPy's and the standard library's readers raise on damaged or hostile files.
_DAMAGE = (
    ValueError, TypeError, OSError, EOFError, RuntimeError, MemoryError, OverflowError, KeyError,
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error,
)  # fmt: skip
# Deflate cannot shrink data by more than 1032:1, which bounds what a .gz file can hold.
_MAX_DEFLATE_RATIO = 1032
_CHUNK_BYTES = 1 << 20
_BLOCK_VALUES = 1 << 21  # a float64 block of 16 MiB: large enough for BLAS, small beside the data


def load(path: str | os.PathLike[str]) -> Table:
    """Read one file as a table of shape (rows, features), rows ≥ 2, every value finite.

    Higher-rank arrays are flattened to one row per first index; a vector becomes one column.

    Raises:
        InputError: the file is missing, damaged, of an unknown kind, or not a table of real numbers.
    """
    text = os.fspath(path)
    keyed = _KEYED.fullmatch(text)
    if keyed and not Path(text).exists():
        file, key = Path(keyed["file"]), keyed["key"]
    else:
        file, key = Path(text), None
    _check_is_file(file)
    try:
        array = _read(file, key)
    except PermissionError as error:
        raise InputError(f"{file} cannot be read; its permissions must allow reading.") from error
    table = as_table(array, text)
    if table.dtype.kind == "f":
        for start, block in row_blocks(table):
            check_finite(block, start, text)
    return table


def digits(model: str) -> tuple[Table, Table | None]:
    """The 1797 bundled 8×8 digits (pixels 0…16) as (output, input).

    For "vae" the output is all 64 pixels and there is no separate input. For "cvae" the input is
    the lower-left 4×4 quarter and the output the other 48 pixels, in reading order.
    """
    if model not in ("vae", "cvae"):
        raise InputError(f"unknown model {model!r}; use 'vae' or 'cvae'.")
    pixels = importlib.import_module("sklearn.datasets").load_digits().data
    if model == "vae":
        return pixels, None
    quarter = np.zeros((8, 8), dtype=bool)
    quarter[4:, :4] = True
    mask = quarter.ravel()
    return pixels[:, ~mask], pixels[:, mask]


def as_table(array: Any, name: str) -> Table:
    """View `array` as (rows, features) after checking that it can be one; `name` is for messages.

    Raises:
        InputError: not real numbers, fewer than 2 rows, or no features.
    """
    try:
        table = np.asanyarray(array)
    except ValueError as error:  # ragged nested lists
        raise InputError(f"{name} is ragged; every row needs the same number of values.") from error
    kind = _KINDS.get(table.dtype.kind)
    if kind is not None:
        raise InputError(f"{name} holds {kind} (dtype {table.dtype}); real numbers are needed.")
    if table.ndim == 0:
        raise InputError(f"{name} is a single number; a table of at least 2 rows is needed.")
    _check_rows(len(table), name)
    features = math.prod(table.shape[1:])
    if features == 0:
        raise InputError(f"{name} has shape {table.shape}; at least 1 feature per row is needed.")
    return table.reshape(len(table), features)


def row_blocks(table: Table, rows: int | None = None) -> Iterator[tuple[int, Table]]:
    """Yield (first row, view of consecutive rows); by default about 16 MiB each as float64."""
    step = rows or max(1, min(4096, _BLOCK_VALUES // table.shape[1]))
    for start in range(0, len(table), step):
        yield start, table[start : start + step]


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


def _check_rows(rows: int, name: str) -> None:
    if rows < 2:
        noun = "row" if rows == 1 else "rows"
        raise InputError(f"{name} has {rows} {noun}; at least 2 rows are needed.")


def _check_is_file(file: Path) -> None:
    try:
        if file.is_dir():
            raise InputError(f"{file} is a directory; give one file: {_FORMATS}.")
        exists = file.exists()
    except (OSError, ValueError):  # a name no file system accepts
        exists = False
    if not exists:
        raise InputError(f"{file} does not exist; give the path of a file: {_FORMATS}.")
    if not file.is_file():
        raise InputError(f"{file} is not a regular file; give one file: {_FORMATS}.")


def _read(file: Path, key: str | None) -> Table:
    suffix = file.suffix.lower()
    if suffix == ".npz":
        return _read_npz(file, key)
    if suffix == ".npy":
        return _read_npy(file)
    if suffix == ".csv":
        return _read_csv(file)
    if _IDX_NAME.search(file.name):
        return _read_idx(file)
    raise InputError(f"{file} has the unknown extension {file.suffix!r}; use {_FORMATS}.")


def _read_npy(file: Path) -> Table:
    with file.open("rb") as stream:
        if stream.read(6) != b"\x93NUMPY":
            raise InputError(
                f"{file} is not a NumPy array file (perhaps pickled, which is never loaded);"
                " write it with numpy.save."
            )
    try:
        return np.lib.format.open_memmap(file, mode="r")
    except PermissionError:
        raise
    except _DAMAGE as error:
        if "Python objects" in str(error):
            raise InputError(
                f"{file} holds pickled Python objects, which are never loaded;"
                " save an array of real numbers."
            ) from error
        raise InputError(
            f"{file} is truncated or damaged; write it again with numpy.save."
        ) from error


def _read_npz(file: Path, key: str | None) -> Table:
    damaged = f"{file} is truncated, damaged or not an .npz file; write it again with numpy.savez."
    if not zipfile.is_zipfile(file):
        raise InputError(damaged)
    try:
        with np.load(file, allow_pickle=False) as archive:
            name = _npz_key(file, key, list(archive.files))
            array = archive[name]
    except (InputError, PermissionError):
        raise
    except _DAMAGE as error:
        if "allow_pickle" in str(error):
            raise InputError(
                f"{file}:{name} holds pickled Python objects, which are never loaded;"
                " save an array of real numbers."
            ) from error
        raise InputError(damaged) from error
    if not isinstance(array, np.ndarray):  # a member that is not an array comes back as raw bytes
        raise InputError(f"{file}:{name} is not a NumPy array; write it with numpy.savez.")
    return array


def _npz_key(file: Path, key: str | None, keys: list[str]) -> str:
    if not keys:
        raise InputError(f"{file} holds no arrays; write at least one with numpy.savez.")
    listed = ", ".join(keys[:20]) + (", …" if len(keys) > 20 else "")
    if key is None:
        if len(keys) > 1:
            raise InputError(f"{file} holds {len(keys)} arrays; add :key to name one of: {listed}.")
        return keys[0]
    if key not in keys:
        raise InputError(f"{file} has no array {key!r}; its arrays are: {listed}.")
    return key


def _read_csv(file: Path) -> Table:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            if not any(line.strip() for line in stream):
                raise InputError(f"{file} is empty; at least 2 lines of numbers are needed.")
            stream.seek(0)
            return np.loadtxt(stream, delimiter=",", quotechar='"', comments=None, ndmin=2)
    except (InputError, PermissionError):
        raise
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not UTF-8 text; save it as plain UTF-8 CSV.") from error
    except _DAMAGE as error:
        raise InputError(_csv_complaint(file)) from error


def _csv_complaint(file: Path) -> str:
    """Say where a CSV that does not parse goes wrong first."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream)
        columns = 0
        try:
            for row in reader:
                if not row:
                    continue
                for column, text in enumerate(row, start=1):
                    if not _is_number(text):
                        return _text_complaint(file, reader.line_num, column, text, not columns)
                if columns and len(row) != columns:
                    return (
                        f"{file}: line {reader.line_num} has {len(row)} columns where line 1 has"
                        f" {columns}; every line needs the same number."
                    )
                columns = len(row)
        except csv.Error:
            pass
    return f"{file} is not a table of comma-separated numbers; save it as plain CSV."


def _text_complaint(file: Path, line: int, column: int, text: str, first: bool) -> str:
    shown = text if len(text) <= 40 else text[:40] + "…"
    remedy = "the header line and any column of text" if first else "or encode that column"
    return f"{file}: line {line}, column {column} is {shown!r}, not a number; remove {remedy}."


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text  # Python reads 1_000, a CSV of numbers does not contain it


def _read_idx(file: Path) -> Table:
    """IDX: two zero bytes, type code, rank, big-endian uint32 sizes, then the values in C order."""
    size = file.stat().st_size
    zipped = file.suffix.lower() == ".gz"
    try:
        with gzip.open(file) if zipped else file.open("rb") as stream:
            dtype, sizes = _idx_header(file, stream.read(4), stream)
            _check_rows(sizes[0], str(file))
            offset = 4 + 4 * len(sizes)
            length = math.prod(sizes) * dtype.itemsize
            limit = size * _MAX_DEFLATE_RATIO if zipped else size
            data = _read_at_most(stream, length + 1) if length + offset <= limit else None
            shown = "×".join(map(str, sizes))
            if data is None or len(data) != length:
                raise InputError(
                    f"{file} does not hold the {shown} values of type {dtype.name} that its header"
                    " announces; it is truncated or mislabelled, so fetch or write it again."
                )
    except (InputError, PermissionError):
        raise
    except _DAMAGE as error:
        raise InputError(
            f"{file} is truncated or not a gzip file; fetch or write it again."
        ) from error
    return np.frombuffer(data, dtype=dtype).reshape(sizes[0], -1 if length else 0)


def _idx_header(file: Path, magic: bytes, stream: Any) -> tuple[np.dtype[Any], tuple[int, ...]]:
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in _IDX_TYPES or magic[3] == 0:
        raise InputError(
            f"{file} does not start with an IDX header (it starts with {magic.hex(' ') or 'nothing'});"
            " an IDX file starts with 00 00, a type code 08…0e and the number of dimensions."
        )
    header = stream.read(4 * magic[3])
    if len(header) < 4 * magic[3]:
        raise InputError(f"{file} ends within its IDX header; fetch or write it again.")
    return np.dtype(_IDX_TYPES[magic[2]]), struct.unpack(f">{magic[3]}I", header)


def _read_at_most(stream: Any, limit: int) -> bytearray:
    """Read in chunks, so that memory follows what the file holds, not what its header says."""
    data = bytearray()
    for _ in itertools.count():
        chunk = stream.read(min(_CHUNK_BYTES, limit - len(data)))
        data += chunk
        if not chunk or len(data) >= limit:
            return data
    raise AssertionError("unreachable")
