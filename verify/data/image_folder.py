"""A folder of images as a table, one image a row, read by Pillow a few at a time; folders of classes inside it too."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from verify.data.chunks import Chunked
from verify.data.extras import extra
from verify.errors import InputError

__all__ = ["images_in", "read_images"]

_SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm"}
_PIECE_BYTES = 1 << 24
_ENOUGH = 2


def images_in(folder: Path) -> list[Path]:
    """The images in a folder and the folders inside it, in the order of their names; empty if it has none.

    Raises:
        InputError: there is something else beside them.
    """
    if not any(_files(folder, _SUFFIXES)):
        return []
    files = sorted(_files(folder, None))
    for file in files:
        if file.suffix.lower() not in _SUFFIXES:
            raise InputError(f"{file} is no image, and {folder} has images; leave one kind of file in it.")
    return files


def _files(folder: Path, suffixes: set[str] | None) -> Iterable[Path]:
    for file in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if not hidden and file.is_file() and (suffixes is None or file.suffix.lower() in suffixes):
            yield file


def read_images(files: list[Path]) -> Chunked:
    """One row of pixels for each image, channels last, as they are stored; palettes as red, green and blue.

    Raises:
        InputError: one image, a damaged one, or one of another size or kind than the first.
    """
    library = extra("PIL.Image", "images", files[0])
    first = _pixels(library, files[0])
    if len(files) < _ENOUGH:
        raise InputError(f"{files[0].parent} has 1 image; at least {_ENOUGH} are needed.")
    count = max(1, _PIECE_BYTES // first.nbytes)
    starts = range(0, len(files), count)

    def piece(k: int) -> Any:
        rows = []
        for file in files[starts[k] : starts[k] + count]:
            pixels = _pixels(library, file)
            if pixels.shape != first.shape or pixels.dtype != first.dtype:
                raise InputError(
                    f"{file} is {_kind(pixels)}, {files[0]} {_kind(first)}; convert all to one size and kind."
                )
            rows.append(pixels.ravel())
        return np.stack(rows)

    lengths = [min(count, len(files) - start) for start in starts]
    return Chunked(lengths, math.prod(first.shape), first.dtype, piece)


def _pixels(library: Any, file: Path) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", library.DecompressionBombWarning)
            with library.open(file) as image:
                colours = {"P": "RGB", "1": "L"}.get(image.mode)
                return np.asarray(image.convert(colours) if colours else image)
    except PermissionError as error:
        raise InputError(f"{file} cannot be read; its permissions must allow reading.") from error
    except (OSError, ValueError, SyntaxError, TypeError, EOFError, Warning, library.DecompressionBombError) as error:
        raise InputError(f"{file} is no image that can be read, or a damaged one; save it again as PNG.") from error


def _kind(pixels: Any) -> str:
    height, width, *channels = pixels.shape
    return f"{width}×{height} with {channels[0] if channels else 1} channel(s) of {pixels.dtype}"
