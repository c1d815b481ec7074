"""Parquet files, read by pyarrow column by column; an index that pandas stored is left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from verify.data.columns import Read, Skip, kept
from verify.data.extras import extra
from verify.errors import InputError

__all__ = ["read_parquet"]


def read_parquet(file: Path, skip: Skip = ()) -> Read:
    """Read the table (rows, columns) without the columns to skip.

    Raises:
        InputError: it is no Parquet file, or a column is not of numbers or has missing values.
    """
    arrow, parquet = extra("pyarrow", "tables", file), extra("pyarrow.parquet", "tables", file)
    try:
        source = parquet.ParquetFile(file)
        index = (source.schema_arrow.pandas_metadata or {}).get("index_columns", [])
        stored = [name for name in source.schema_arrow.names if name in index]
        names = [name for name in source.schema_arrow.names if name not in index]
        if not names:
            raise InputError(f"{file} has no columns but an index; at least 1 column of numbers is needed.")
        chosen = [(i + 1, names[i]) for i in kept(skip, len(names), names, str(file))]
        table = source.read(columns=[name for _, name in chosen])
        columns = [_numbers(file, i, name, table.column(name)) for i, name in chosen]
    except PermissionError:
        raise
    except (arrow.ArrowException, OSError, KeyError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{file} is truncated, damaged or not a Parquet file; write it again.") from error
    notes = [f"{file}: the index {name!r} that pandas stored was left out." for name in stored]
    return Read(np.column_stack(columns), tuple(notes))


def _numbers(file: Path, number: int, name: str, column: Any) -> Any:
    """A column (rows,) as it is stored: whole numbers stay whole."""
    leave = f"leave the column out with ‹skip_column={number}›"
    if column.null_count:
        row = int(np.argmax(column.is_null().to_numpy())) + 1
        raise InputError(f"{file} has a missing value at row {row}, column {number} ({name}); fill it in, or {leave}.")
    values = column.to_numpy()
    if values.dtype.kind not in "iufb":
        try:
            values = column.cast("float64").to_numpy()  # decimals
        except (ValueError, NotImplementedError) as error:  # pyarrow's own errors are these
            what = f"{file}: column {number} ({name}) holds {column.type}, not numbers"
            raise InputError(f"{what}; encode it as numbers, or {leave}.") from error
    return values
