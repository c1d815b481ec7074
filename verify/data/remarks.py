"""What in a table looks like something else than measurements: an index, labels, bytes, counts, binary values.

A remark is a sentence that says what the theory makes of such numbers and names the parameter that helps. It rests on a
sample of the rows, so that it costs nothing beside the moments.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from verify.data.chunks import Chunked
from verify.data.data import Table, block_rows

__all__ = ["remarks_on"]

_FEWEST_ROWS = 8  # of fewer any column of whole numbers may count the rows by chance
_BYTES = range(128, 256)  # the largest of the bytes of an image
_FEW_COLUMNS = 16  # an input of more columns of bytes is an image, of fewer it may be labels
_SQUARED = "these numbers are those of a Gaussian decoder (squared error)"


def remarks_on(table: Table | Chunked, side: str, *, numbered: bool = True, gaussian: bool = True) -> Iterator[str]:
    """Remarks on the "output" or "input"; `numbered` if its columns are still those of its file.

    Unless the decoder is `gaussian`, whole numbers are what it is for.
    """
    step = 1 if isinstance(table, Chunked) else max(1, len(table) // block_rows(table))
    sample = np.asarray(table[0 : block_rows(table)] if step == 1 else table[::step], dtype=float)
    whole = (np.isfinite(sample) & (np.floor(sample) == sample)).all(axis=0)
    counting = [int(j) for j in np.flatnonzero(whole) if _counts(table, sample[:, j], int(j), step, whole)]
    for j in counting:
        number = f"={j + 1}" if side == "output" else f"='input:{j + 1}'"
        yield (
            f"column {j + 1} of the {side} counts the rows ({sample[0, j]:.10g}, {sample[1, j]:.10g}, …), as an index"
            f" does, which is no measurement: leave it out with ‹skip_column{number if numbered else ''}›."
        )
    values = np.delete(sample[:, whole], [int(whole[:j].sum()) for j in counting], axis=1)
    if whole.all() and values.size and (gaussian or side == "input"):
        yield from _whole(values, side)


def _counts(table: Any, column: Any, j: int, step: int, whole: Any) -> bool:
    """Whether a column of whole numbers counts the rows: in their order, or shuffled beside columns of decimals."""
    if len(table) < _FEWEST_ROWS:
        return False
    if (np.diff(column) == step).all():
        return True
    if isinstance(table, Chunked) or whole.all():
        return False
    values = np.unique(table[:, j])
    return bool(len(values) == len(table) and values[-1] - values[0] == len(table) - 1)


def _whole(values: Any, side: str) -> Iterator[str]:
    """Remarks on a table of whole numbers only."""
    least, most, columns = int(values.min()), int(values.max()), values.shape[1]
    span = f"whole numbers only, from {least} to {most}"
    if (least, most) == (0, 1) or least == most:
        if side == "output" and least != most:
            yield (
                f"the output holds 0 and 1 only: {_SQUARED}, and do not hold for a Bernoulli decoder (binary"
                " cross-entropy), which predict takes with ‹likelihood='bernoulli'›."
            )
    elif side == "input":
        if columns <= _FEW_COLUMNS or most not in _BYTES:
            yield (
                f"the input holds {span}: labels or token ids, of which 2 is not twice 1, are encoded with"
                " ‹one_hot='input'›."
            )
    elif columns == 1:
        yield (
            f"the output is one column of whole numbers, from {least} to {most}: labels, of which 2 is not"
            f" twice 1, are encoded with ‹one_hot='output'›, and {_SQUARED}; for softmax outputs predict takes"
            " ‹likelihood='categorical'›."
        )
    elif least >= 0 and most in _BYTES:
        yield (
            f"the output holds {span}, as bytes of images do: its variances, and with them every β here, are 255² times"
            " those of pixels from 0 to 1; if the model is trained on those, give ‹scale=1/255›."
        )
    else:
        yield (
            f"the output holds {span}: {_SQUARED}, and do not hold for counts with a Poisson or negative-binomial"
            " decoder, which predict takes with ‹likelihood='poisson'› or ‹likelihood='negative-binomial'›; labels or"
            " token ids, of which 2 is not twice 1, are encoded with ‹one_hot='output'›, or taken as they are, for"
            " softmax outputs, with ‹likelihood='categorical'›."
        )
