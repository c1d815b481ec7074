"""NumPy's own files, `.npy` and `.npz`; nothing in them is unpickled."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.data.members import DAMAGE, chosen
from verify.errors import InputError

__all__ = ["read_npy", "read_npz"]


def read_npy(file: Path) -> NDArray[Any]:
    """The array, mapped into memory.

    Raises:
        InputError: the file is damaged, or pickled.
    """
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
            raise InputError(_pickled(str(file), f"numpy.load({file.name!r}, allow_pickle=True)", file)) from error
        raise InputError(f"{file} is truncated or damaged; write it again with numpy.save.") from error


def read_npz(file: Path, key: str | None) -> NDArray[Any]:
    """The array called `key` (None: the only one).

    Raises:
        InputError: the file is damaged, has no array of that name, or the array is pickled.
    """
    damaged = f"{file} is truncated, damaged or not an .npz file; write it again with numpy.savez."
    with file.open("rb") as stream:  # NumPy looks at the start, zipfile at the end
        if stream.read(2) != b"PK" or not zipfile.is_zipfile(file):
            raise InputError(damaged)
    name = key or ""
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            name = chosen(file, key, list(archive.files))
            array = archive[name]
    except (InputError, PermissionError):
        raise
    except DAMAGE as error:
        if "allow_pickle" in str(error):
            load = f"numpy.load({file.name!r}, allow_pickle=True)[{name!r}]"
            raise InputError(_pickled(f"{file}:{name}", load, file)) from error
        raise InputError(damaged) from error
    if not isinstance(array, np.ndarray):  # a member that is not an array comes back as raw bytes
        raise InputError(f"{file}:{name} is not a NumPy array; write it with numpy.savez.")
    return array


def _pickled(what: str, load: str, file: Path) -> str:
    line = f"import numpy; numpy.save({file.stem + '-numbers.npy'!r}, numpy.array({load}.tolist(), dtype=float))"
    return (
        f"{what} holds pickled Python objects, which are never loaded; if you trust the file and they are numbers,"
        f' convert it: python -c "{line}"'
    )
