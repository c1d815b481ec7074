"""The digits that come with the package; `digits.txt` beside them names their source and their licence."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import numpy as np

__all__ = ["read_digits"]


def read_digits() -> tuple[Any, Any]:
    """(pixels, labels) of 1797 handwritten digits: bytes (1797, 64), 8×8 counts from 0 to 16, and (1797,), 0 to 9.

    Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits (test set), UCI, 1998; CC BY 4.0.
    """
    with files("verify.data").joinpath("digits.npz").open("rb") as file, np.load(file, allow_pickle=False) as found:
        return found["pixels"], found["labels"]
