"""Tables larger than memory: rows in pieces, a folder of files or a Dask array, of which one piece is held at a time.

A `Chunked` has what second moments need of a table, shape, dtype and slices of rows, and reads a piece when a slice
asks for it. Slices taken in order read every piece once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from verify.data.columns import Skip, without
from verify.data.data import Table, as_table, block_rows, check_finite, row_blocks
from verify.data.foreign import as_numpy
from verify.data.readers import FORMATS, read
from verify.errors import InputError

__all__ = ["Chunked", "folder", "from_dask", "from_sparse", "table_of"]


class Chunked:
    """Pieces of `lengths` rows, read by number; the last one read is kept."""

    ndim = 2

    def __init__(
        self,
        lengths: Sequence[int],
        features: int,
        dtype: Any,
        piece: Callable[[int], Table],
        notes: tuple[str, ...] = (),
    ) -> None:
        self.shape = (sum(lengths), features)
        self.dtype = np.dtype(dtype)
        self.notes = notes  # what may have been read otherwise than it was meant
        self._edges = np.cumsum([0, *lengths])
        self._piece = piece
        self._held: tuple[int, Table] | None = None

    @property
    def size(self) -> int:
        """How many values there are."""
        return self.shape[0] * self.shape[1]

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: int | slice) -> Table:
        """One row, or consecutive rows as (n, features)."""
        if not isinstance(rows, slice):
            row = range(len(self))[rows]
            return self[row : row + 1][0]
        start, stop, step = rows.indices(len(self))
        if step != 1:
            raise ValueError("rows of a table in pieces are taken in order")
        first, last = np.searchsorted(self._edges, [start, stop - 1], side="right") - 1
        parts = []
        for k in range(int(first), int(last) + 1):
            lo, hi = self._edges[k], self._edges[k + 1]
            parts.append(self._read(k)[max(start - lo, 0) : min(stop, hi) - lo])
        if not parts:
            return np.empty((0, self.shape[1]), dtype=self.dtype)
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _read(self, k: int) -> Table:
        if self._held is None or self._held[0] != k:
            self._held = None  # two pieces are never held at once
            self._held = (k, self._piece(k))
        return self._held[1]


def folder(path: Path, skip: Skip = (), *, one_row: bool = False) -> Chunked:
    """The tables of a folder's files below one another, in the order of their names; hidden files are left out.

    With `one_row` each file is one row.

    Raises:
        InputError: the folder cannot be listed or is empty, a file is no table, or has other features than the first.
    """
    try:
        files = sorted(file for file in path.iterdir() if not file.name.startswith("."))
    except OSError as error:
        raise InputError(f"{path} cannot be listed ({error.strerror}); its permissions must allow it.") from error
    if not files:
        raise InputError(f"{path} is an empty folder; put files in it: {FORMATS}.")
    found = [_table(file, skip, one_row) for file in files]
    shapes, kinds = [table.shape for table, _, _ in found], [table.dtype for table, _, _ in found]
    notes = dict.fromkeys(note for _, _, of_file in found for note in of_file)
    if not one_row and _like_images({stored for _, stored, _ in found}) and len(files) > 1:
        size = "×".join(map(str, found[0][1]))
        notes[
            f"each of the {len(files)} files of {path} holds {size} values, and was read as {shapes[0][0]} rows: if"
            " each is one image, give ‹one_row_per_file=True›."
        ] = None
    del found
    for file, shape in zip(files, shapes, strict=True):
        if shape[1] != shapes[0][1]:
            raise InputError(f"{file} has {shape[1]} features where {files[0]} has {shapes[0][1]}; all need the same.")
    lengths = [shape[0] for shape in shapes]
    if sum(lengths) < 2:
        raise InputError(f"{path} has 1 row; at least 2 rows are needed.")

    def piece(k: int) -> Table:
        table = _table(files[k], skip, one_row)[0]
        if table.shape != shapes[k]:
            raise InputError(f"{files[k]} changed while it was read; leave it alone and try again.")
        if table.dtype.kind == "f":
            for start, block in row_blocks(table):
                check_finite(block, start, str(files[k]))
        return table

    return Chunked(lengths, shapes[0][1], np.result_type(*kinds), piece, tuple(notes))


def _like_images(shapes: set[tuple[int, ...]]) -> bool:
    """Whether arrays of one shape may be images: square, or with 1, 3 or 4 channels."""
    if len(shapes) != 1:
        return False
    (shape,) = shapes
    square = len(shape) == 2 and shape[0] == shape[1] > 1
    return square or (len(shape) == 3 and min(shape) in (1, 3, 4) and sorted(shape)[1] > 1 and shape[0] > 1)


def _table(file: Path, skip: Skip, one_row: bool) -> tuple[Table, tuple[int, ...], tuple[str, ...]]:
    """(the table of a file, the shape it was stored in, notes of its reader)."""
    if not file.is_file():
        raise InputError(f"{file} is not a file; a folder of data holds files only: {FORMATS}.")
    try:
        array, notes = read(file, None, skip)
        stored = array.toarray() if hasattr(array, "toarray") else array
        table = as_table(stored, str(file), least=1)
        return table.reshape(1, -1) if one_row else table, stored.shape, notes
    except PermissionError as error:
        raise InputError(f"{file} cannot be read; its permissions must allow reading.") from error


def table_of(given: Any, name: str, skip: Skip = ()) -> Table | Chunked:
    """What is given as a table of rows: itself if it is in pieces, a Dask or sparse array in pieces, else an array.

    Raises:
        InputError: it is no table of real numbers with at least 2 rows and a feature.
    """
    if isinstance(given, Chunked):
        return given
    if hasattr(given, "__dask_graph__") and getattr(given, "chunks", None):  # asked without importing Dask
        return from_dask(without(given, skip, name), name)
    if hasattr(given, "tocsr") and hasattr(given, "toarray"):  # SciPy's sparse matrices
        return from_sparse(without(given.tocsr(), skip, name), name)
    table = as_table(as_numpy(given, name, skip), name)
    return without(table, () if hasattr(given, "isna") else skip, name)  # of a frame columns were left out by name


def from_sparse(matrix: Any, name: str) -> Chunked:
    """A sparse matrix (rows, features), made dense about 16 MiB of rows at a time.

    Raises:
        InputError: no matrix, fewer than 2 rows, no features, or values that are no finite real numbers.
    """
    if matrix.ndim != 2:
        raise InputError(f"{name} is a sparse array of shape {matrix.shape}; a matrix (rows, features) is needed.")
    rows = matrix.tocsr()
    as_table(np.broadcast_to(rows.data[:1] if rows.nnz else np.zeros(1, rows.dtype), rows.shape), name)
    if rows.dtype.kind == "f" and not np.isfinite(rows.data).all():
        place = int(np.argmin(np.isfinite(rows.data)))
        row, column = int(np.searchsorted(rows.indptr, place, side="right")), int(rows.indices[place]) + 1
        raise InputError(f"{name} has {rows.data[place]} at row {row}, column {column}; every value must be finite.")
    step = block_rows(rows)
    starts = range(0, rows.shape[0], step)
    lengths = [min(step, rows.shape[0] - start) for start in starts]
    return Chunked(lengths, rows.shape[1], rows.dtype, lambda k: rows[starts[k] : starts[k] + step].toarray())


def from_dask(array: Any, name: str) -> Chunked:
    """A Dask array of shape (rows, …), computed a chunk of rows at a time, where its own scheduler says.

    Raises:
        InputError: unknown chunk sizes, fewer than 2 rows, no features, or no real numbers.
    """
    if any(math.isnan(n) for n in array.shape):
        raise InputError(f"{name} has chunks of unknown size; call its compute_chunk_sizes() first.")
    few = (min(2, array.shape[0]), *array.shape[1:]) if array.ndim else ()
    as_table(np.empty(few, dtype=array.dtype), name)
    features = math.prod(array.shape[1:])
    edges = np.cumsum([0, *array.chunks[0]])

    def piece(k: int) -> Table:
        return np.asarray(array[edges[k] : edges[k + 1]].compute()).reshape(-1, features)

    return Chunked(array.chunks[0], features, array.dtype, piece)
