"""Readers of `.npy`, `.npz` and `.csv` files, and the choice among all readers by name.

Files are untrusted: nothing in them is unpickled or evaluated, and what NumPy or the standard
library raises on a damaged one becomes an `InputError` that says what would be right.
"""

from __future__ import annotations

import csv
import lzma
import struct
import tokenize
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.data.idx import is_idx_name, read_idx
from verify.errors import InputError

__all__ = ["DAMAGE", "FORMATS", "read"]

FORMATS = ".npy, .npz (FILE:key), .csv or IDX (such as images-idx3-ubyte, also .gz)"
DAMAGE = (
    ValueError,
    TypeError,
    OSError,
    EOFError,
    RuntimeError,
    MemoryError,
    OverflowError,
    KeyError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    SyntaxError,
    tokenize.TokenError,
)
"""What NumPy's and the standard library's readers raise on damaged or hostile files."""


def read(file: Path, key: str | None) -> NDArray[Any]:
    """Read the array of `file`, for an .npz file the one called `key` (None: its only one).

    Raises:
        InputError: the file is damaged, of an unknown kind, or has no array of that name.
        PermissionError: the file may not be read.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy's advice on headers of other versions is not for our users
        return _read(file, key)


def _read(file: Path, key: str | None) -> NDArray[Any]:
    suffix = file.suffix.lower()
    if suffix == ".npz":
        return _read_npz(file, key)
    if suffix == ".npy":
        return _read_npy(file)
    if suffix == ".csv":
        return _read_csv(file)
    if is_idx_name(file.name):
        return read_idx(file)
    raise InputError(f"{file} has the unknown extension {file.suffix!r}; use {FORMATS}.")


def _read_npy(file: Path) -> NDArray[Any]:
    with file.open("rb") as stream:
        if stream.read(6) != b"\x93NUMPY":
            raise InputError(
                f"{file} is not a NumPy array file (perhaps pickled, which is never loaded); write it with numpy.save."
            )
    try:
        return np.lib.format.open_memmap(file, mode="r")
    except PermissionError:
        raise
    except DAMAGE as error:
        if "Python objects" in str(error):
            raise InputError(
                f"{file} holds pickled Python objects, which are never loaded; save an array of real numbers."
            ) from error
        raise InputError(f"{file} is truncated or damaged; write it again with numpy.save.") from error


def _read_npz(file: Path, key: str | None) -> NDArray[Any]:
    damaged = f"{file} is truncated, damaged or not an .npz file; write it again with numpy.savez."
    with file.open("rb") as stream:  # NumPy looks at the start, zipfile at the end
        if stream.read(2) != b"PK" or not zipfile.is_zipfile(file):
            raise InputError(damaged)
    name = key or ""
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            name = _npz_key(file, key, list(archive.files))
            array = archive[name]
    except (InputError, PermissionError):
        raise
    except DAMAGE as error:
        if "allow_pickle" in str(error):
            raise InputError(
                f"{file}:{name} holds pickled Python objects, which are never loaded; save an array of real numbers."
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


def _read_csv(file: Path) -> NDArray[Any]:
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
    except DAMAGE as error:
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
