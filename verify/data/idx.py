"""IDX files, the format of the MNIST family: 00 00, a type code, the rank, the sizes, values."""

from __future__ import annotations

import gzip
import itertools
import math
import re
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.errors import InputError

__all__ = ["is_idx_name", "read_idx"]

_NAME = re.compile(r"(^|[-._])idx\d*([-_](ubyte|byte|short|int|float|double))?(\.gz)?$", re.IGNORECASE)
_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
# Deflate cannot shrink data by more than 1032:1, which bounds what a .gz file can hold.
_MAX_DEFLATE_RATIO = 1032
_CHUNK_BYTES = 1 << 20


def is_idx_name(name: str) -> bool:
    """Whether a file of this name is IDX, as in `t10k-images-idx3-ubyte.gz`."""
    return _NAME.search(name) is not None


def read_idx(file: Path) -> NDArray[Any]:
    """Read the values as one row per first index; sizes are big-endian uint32, values in C order.

    Raises:
        InputError: the file is truncated, damaged or not IDX.
    """
    size = file.stat().st_size
    zipped = file.suffix.lower() == ".gz"
    try:
        with gzip.open(file) if zipped else file.open("rb") as stream:
            dtype, sizes = _idx_header(file, stream.read(4), stream)
            offset = 4 + 4 * len(sizes)
            length = math.prod(sizes) * dtype.itemsize
            limit = size * _MAX_DEFLATE_RATIO if zipped else size
            data = _read_at_most(stream, length + 1) if length + offset <= limit else None
            shown = "×".join(map(str, sizes))
            if data is None or len(data) != length:
                raise InputError(
                    f"{file} does not hold the {shown} values of type {dtype.name} that its header"
                    " announces; it is truncated or mislabelled, so fetch or write it again."
                )
    except (InputError, PermissionError):
        raise
    except (OSError, EOFError, MemoryError, zlib.error) as error:
        raise InputError(f"{file} is truncated or not a gzip file; fetch or write it again.") from error
    return np.frombuffer(data, dtype=dtype).reshape(sizes[0], -1 if length else 0)


def _idx_header(file: Path, magic: bytes, stream: Any) -> tuple[np.dtype[Any], tuple[int, ...]]:
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in _TYPES or magic[3] == 0:
        start = magic.hex(" ") or "nothing"
        raise InputError(
            f"{file} does not start with an IDX header (it starts with {start});"
            " an IDX file starts with 00 00, a type code 08…0e and the number of dimensions."
        )
    header = stream.read(4 * magic[3])
    if len(header) < 4 * magic[3]:
        raise InputError(f"{file} ends within its IDX header; fetch or write it again.")
    return np.dtype(_TYPES[magic[2]]), struct.unpack(f">{magic[3]}I", header)


def _read_at_most(stream: Any, limit: int) -> bytearray:
    """Read in chunks, so that memory follows what the file holds, not what its header says."""
    data = bytearray()
    for _ in itertools.count():
        chunk = stream.read(min(_CHUNK_BYTES, limit - len(data)))
        data += chunk
        if not chunk or len(data) >= limit:
            return data
    raise AssertionError("unreachable")
