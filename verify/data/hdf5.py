"""HDF5 files, AnnData's `.h5ad` and MATLAB's 7.3 among them, read by h5py; sparse matrices stay sparse.

Of an `.h5ad` file X is read, as AnnData stores it: a data set, or a group of data, indices and indptr. Links to other
files are not followed, and a data set that announces more than its file can hold is refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from verify.data.extras import extra
from verify.data.members import DAMAGE, chosen
from verify.errors import InputError

__all__ = ["read_hdf5"]

_MOST_PACKED = 1032  # deflate packs no closer; a data set that is packed closer is one value throughout
_SPARSE = ("csr_matrix", "csc_matrix")  # AnnData's names, and SciPy's


def read_hdf5(file: Path, key: str | None) -> Any:
    """The array, or SciPy sparse matrix, called `key`; None: X of an .h5ad file, else the only one.

    Raises:
        InputError: it is no HDF5 file, is damaged, or has no array of numbers of that name.
    """
    h5py = extra("h5py", "arrays", file)
    try:
        with h5py.File(file, "r") as found:
            if key is None and file.suffix.lower() == ".h5ad" and "X" in found:
                key = "X"
            names: list[str] = []
            found.visititems(lambda name, item: names.append(name) if _is_array(h5py, item) else None)
            inside = [name for name in names if not any(name.startswith(f"{other}/") for other in names)]
            name = chosen(file, None if key is None else key.strip("/"), inside)
            item = found[name]
            array = _dense(file, item) if isinstance(item, h5py.Dataset) else _sparse(file, item)
            # MATLAB's columns are HDF5's rows.
            return array.T if "MATLAB_class" in item.attrs else array
    except (InputError, PermissionError):
        raise
    except DAMAGE as error:
        raise InputError(f"{file} is truncated, damaged or not an HDF5 file; write it again.") from error


def _is_array(h5py: Any, item: Any) -> bool:
    """Whether an item, as `visititems` shows it, which follows no links, is numbers of this file."""
    if isinstance(item, h5py.Dataset):
        return bool(item.dtype.kind in "iufb" and item.ndim and not item.is_virtual and not item.external)
    return item.attrs.get("encoding-type") in _SPARSE


def _dense(file: Path, item: Any) -> Any:
    if item.size * item.dtype.itemsize > item.id.get_storage_size() * _MOST_PACKED:
        raise InputError(f"{file}:{item.name.strip('/')} announces more values than the file holds; write it again.")
    return np.asarray(item[()])


def _sparse(file: Path, group: Any) -> Any:
    from scipy import sparse  # a tenth of a second, which other files need not wait

    parts = [
        _dense(file, group[name]) if group[name].size else group[name][()] for name in ("data", "indices", "indptr")
    ]
    made = getattr(sparse, group.attrs["encoding-type"])(
        tuple(parts), shape=tuple(int(n) for n in group.attrs["shape"])
    )
    made.check_format(full_check=True)
    return made
