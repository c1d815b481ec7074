"""Files of tensors in the safetensors format, read by its own library; bfloat16, which NumPy lacks, as float32."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from verify.data.extras import extra
from verify.data.members import DAMAGE, chosen
from verify.errors import InputError

__all__ = ["read_safetensors"]


def read_safetensors(file: Path, key: str | None) -> Any:
    """The tensor called `key` (None: the only one).

    Raises:
        InputError: the file is damaged, has no tensor of that name, or numbers that NumPy does not have.
    """
    library = extra("safetensors", "arrays", file)
    try:
        with library.safe_open(file, framework="np") as found:
            name = chosen(file, key, list(found.keys()))
            kind = found.get_slice(name).get_dtype()
            if kind != "BF16":
                return found.get_tensor(name)
        tensors = dict(library.deserialize(file.read_bytes()))
        bits = np.frombuffer(tensors[name]["data"], dtype="<u2").astype(np.uint32) << 16
        return bits.view(np.float32).reshape(tensors[name]["shape"])
    except (InputError, PermissionError):
        raise
    except TypeError as error:
        raise InputError(f"{file}:{name} is of type {kind}, which NumPy does not have; save it as float32.") from error
    except (*DAMAGE, library.SafetensorError) as error:
        raise InputError(f"{file} is truncated, damaged or not a safetensors file; write it again.") from error
