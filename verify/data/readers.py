"""Which reader reads a file, by its name.

A reader of `SINGLE` takes a file and returns its array, one of `ARRAYS` takes the name of the array too, one of
`TABLES` the columns to leave out. Files are untrusted: nothing in them is unpickled or evaluated, no memory is taken on
the word of a header, and what a library raises on a damaged file becomes an `InputError` that says what would be right.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from verify.data.columns import Read, Skip, without
from verify.data.hdf5 import read_hdf5
from verify.data.idx import is_idx_name, read_idx
from verify.data.matlab import read_mat
from verify.data.members import DAMAGE
from verify.data.numpy_files import read_npy, read_npz
from verify.data.parquet import read_parquet
from verify.data.safetensors_files import read_safetensors
from verify.data.text_tables import read_text
from verify.errors import InputError

__all__ = ["ARRAYS", "DAMAGE", "FORMATS", "SINGLE", "TABLES", "read"]

SINGLE: dict[str, Callable[[Path], Any]] = {".npy": read_npy}
"""Readers of files of one array."""

ARRAYS: dict[str, Callable[[Path, str | None], Any]] = {
    ".npz": read_npz,
    ".h5": read_hdf5,
    ".hdf5": read_hdf5,
    ".h5ad": read_hdf5,
    ".mat": read_mat,
    ".safetensors": read_safetensors,
}
"""Readers of files of arrays, one of which is named as FILE:key."""

TABLES: dict[str, Callable[[Path, Skip], Read]] = {
    ".csv": read_text,
    ".tsv": read_text,
    ".txt": read_text,
    ".csv.gz": read_text,
    ".tsv.gz": read_text,
    ".txt.gz": read_text,
    ".parquet": read_parquet,
}
"""Readers of tables, whose columns may have names."""

FORMATS = (
    f"{', '.join([*SINGLE, *TABLES])}, IDX (such as images-idx3-ubyte, also .gz), or as FILE:key {', '.join(ARRAYS)}"
)

_TORCH = "import torch, numpy; numpy.save({to!r}, torch.load({name!r}, weights_only=True).detach().float().numpy())"
_PICKLE = (
    "import pathlib, pickle, numpy; "
    "numpy.save({to!r}, numpy.asarray(pickle.loads(pathlib.Path({name!r}).read_bytes()), dtype=float))"
)
_JOBLIB = "import joblib, numpy; numpy.save({to!r}, numpy.asarray(joblib.load({name!r}), dtype=float))"
_PICKLED = dict.fromkeys((".pt", ".pth", ".ckpt"), _TORCH) | dict.fromkeys((".pkl", ".pickle"), _PICKLE)
_PICKLED[".joblib"] = _JOBLIB


def read(file: Path, key: str | None, skip: Skip = ()) -> Read:
    """Read the array of `file`, in a file of several the one called `key` (None: its only one), without some columns.

    Raises:
        InputError: the file is damaged, of an unknown kind, or has no array of that name.
        PermissionError: the file may not be read.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy's advice on headers of other versions is not for our users
        suffixes = file.suffix.lower(), "".join(file.suffixes[-2:]).lower()
        for suffix in suffixes:
            if suffix in TABLES:
                return TABLES[suffix](file, skip)
        array = _array(file, key, suffixes[0])
    if not skip:
        return Read(array)
    flat = array.reshape(len(array), -1) if isinstance(array, np.ndarray) and array.ndim and len(array) else array
    return Read(without(flat, skip, str(file)) if flat.ndim > 1 else flat)


def _array(file: Path, key: str | None, suffix: str) -> Any:
    if suffix in ARRAYS:
        return ARRAYS[suffix](file, key)
    if suffix in SINGLE:
        return SINGLE[suffix](file)
    if is_idx_name(file.name):
        return read_idx(file)
    if suffix in _PICKLED:
        line = _PICKLED[suffix].format(to=file.stem + ".npy", name=file.name)
        raise InputError(
            f"{file} is pickled and can run any program when it is loaded, which is never done; if you trust it,"
            f' convert it: python -c "{line}"'
        )
    raise InputError(f"{file} has the unknown extension {file.suffix!r}; use {FORMATS}.")
