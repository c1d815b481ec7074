"""Files that hold several arrays, which one is meant, and what readers raise on damaged ones."""

from __future__ import annotations

import lzma
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from verify.errors import InputError

__all__ = ["DAMAGE", "chosen"]

DAMAGE = (
    ValueError,
    TypeError,
    OSError,
    EOFError,
    RuntimeError,
    MemoryError,
    OverflowError,
    LookupError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    SyntaxError,
    tokenize.TokenError,
)
"""What NumPy's and the standard library's readers raise on damaged or hostile files."""


def chosen(file: Path, key: str | None, keys: Sequence[str]) -> str:
    """The array called `key`, or the only one.

    Raises:
        InputError: there is none of that name, none at all, or several and no name.
    """
    if not keys:
        raise InputError(f"{file} holds no arrays of numbers; write at least one into it.")
    listed = ", ".join(keys[:20]) + (", …" if len(keys) > 20 else "")
    if key is None:
        if len(keys) > 1:
            raise InputError(f"{file} holds {len(keys)} arrays; add :key to name one of: {listed}.")
        return keys[0]
    if key not in keys:
        raise InputError(f"{file} has no array {key!r}; its arrays are: {listed}.")
    return key
