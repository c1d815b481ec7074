"""Arrays of other libraries, asked by what they can do: no library is imported that the caller has not."""

from __future__ import annotations

from typing import Any

import numpy as np

from verify.data.columns import Skip, kept
from verify.errors import InputError

__all__ = ["as_numpy"]

_NARROW = ("bfloat16", "float8")  # NumPy has them from ml_dtypes, without arithmetic


def as_numpy(given: Any, name: str, skip: Skip = ()) -> Any:
    """What is given as a NumPy array, or itself if NumPy can make one; columns are left out of tables with names.

    Raises:
        InputError: it cannot be one, or a table has missing values or columns that are not numbers.
    """
    if hasattr(given, "data_vars"):
        variables = ", ".join(map(str, given.data_vars))
        raise InputError(f"{name} is a data set of several arrays ({variables}); give one of them.")
    if hasattr(given, "obs") and hasattr(given, "X"):
        raise InputError(f"{name} is an AnnData object; give its X, or one of its layers.")
    if hasattr(given, "isna") and hasattr(given, "to_numpy"):  # pandas
        return _frame(given if given.ndim > 1 else given.to_frame(), name, skip)
    if hasattr(given, "detach") and hasattr(given, "cpu"):  # PyTorch
        given = given.detach().cpu()
        if any(kind in str(given.dtype) for kind in _NARROW):
            given = given.float()
    try:
        array = np.asanyarray(given)
    except Exception as error:
        if isinstance(given, list | tuple):
            raise InputError(f"{name} is ragged; every row needs the same number of values.") from error
        reason = str(error).split("\n")[0][:120]
        raise InputError(f"{name} cannot be made a NumPy array ({reason}); give one.") from error
    return array.astype(np.float32) if array.dtype.name.startswith(_NARROW) else array


def _frame(frame: Any, name: str, skip: Skip) -> Any:
    names = [str(label) for label in frame.columns]
    chosen = kept(skip, len(names), names, name) if names else []
    part = frame.iloc[:, chosen]
    array = np.asarray(part)
    if array.dtype.kind in "iufb":
        return array
    columns = []
    for i in chosen:
        column = frame.iloc[:, i]
        where, leave = f"column {i + 1} ({names[i]})", f"leave the column out with ‹skip_column={i + 1}›"
        missing = np.asarray(column.isna())
        if missing.any():
            row = int(np.argmax(missing)) + 1
            raise InputError(f"{name} has a missing value at row {row}, {where}; fill it in, or {leave}.")
        kind = column.dtype
        if getattr(kind, "kind", "O") not in "iufb":
            raise InputError(f"{name}: {where} holds {kind}, not numbers; encode it as numbers, or {leave}.")
        columns.append(column.to_numpy(dtype=float))
    return np.column_stack(columns) if columns else np.empty((len(frame), 0))
