"""MATLAB's `.mat` files: those of version 7.3 are HDF5, others are read by SciPy in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from verify.data.hdf5 import read_hdf5
from verify.data.members import DAMAGE, chosen
from verify.errors import InputError

__all__ = ["read_mat"]

_PROGRAM = """
import json, sys, numpy, scipy.io, scipy.sparse
file, key, out = sys.argv[1:]
numeric = ("int", "uint", "single", "double", "logical", "sparse")
names = [name for name, _, kind in scipy.io.whosmat(file) if kind.startswith(numeric)]
print(json.dumps(names))
name = key or (names[0] if len(names) == 1 else None)
if name in names:
    found = scipy.io.loadmat(file, variable_names=[name], spmatrix=False)[name]
    save = scipy.sparse.save_npz if scipy.sparse.issparse(found) else numpy.savez
    save(out, found)
"""


def read_mat(file: Path, key: str | None) -> Any:
    """The array, or SciPy sparse matrix, called `key`; None: the only one of numbers.

    Raises:
        InputError: it is no .mat file, is damaged, or has no array of numbers of that name.
    """
    with file.open("rb") as stream:
        if b"HDF5" in stream.read(1 << 10):
            return read_hdf5(file, key)
    with TemporaryDirectory() as folder:  # a damaged file can crash SciPy's reader
        out = Path(folder) / "found.npz"
        command = [sys.executable, "-I", "-c", _PROGRAM, str(file.absolute()), key or "", str(out)]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        try:
            chosen(file, key, json.loads(done.stdout))
            with np.load(out, allow_pickle=False) as found:
                if "format" not in found:
                    return found["arr_0"]
            from scipy import sparse  # a tenth of a second, which other files need not wait

            return sparse.load_npz(out)
        except InputError:
            raise
        except DAMAGE as error:
            raise InputError(f"{file} is truncated, damaged or not a .mat file; write it again.") from error
