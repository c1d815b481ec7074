"""Where the files of MNIST, Fashion-MNIST and CIFAR-10 are looked for, and whether they are what they say."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from verify.data.idx import read_idx
from verify.data.readers import read
from verify.errors import InputError

__all__ = ["available", "labelled_files"]

_FOLDERS = {
    "mnist": ("mnist", "MNIST"),
    "fashion-mnist": ("fashion-mnist", "fashion", "FashionMNIST"),
    "cifar10": ("cifar10", "cifar-10"),
}
_IDX = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
_NPZ = ("cifar10.npz", "cifar-10.npz", "cifar-10-train.npz", "cifar-10-test.npz")
_CLASSES = 256


def labelled_files(name: str, folder: str | None) -> tuple[Any, Any, tuple[int, int, int]]:
    """(images (rows, features), labels (rows,), (channels, height, width)) of a data set in a folder.

    Raises:
        InputError: no folder given, files missing, truncated, or of another kind than their names say.
    """
    if folder is None:
        raise InputError(f"the data set {name} is read from files; add ‹data=DIR› ({_wanted(name)}).")
    places = _places(name, Path(folder))
    if name == "cifar10":
        for file in (place / npz for place in places for npz in _NPZ):
            if file.is_file():
                return _cifar(file)
    else:
        for place in places:
            files = [_with_suffix(place, stem) for stem in _IDX]
            if files[0] is not None and files[1] is not None:
                return _idx(files[0], files[1])
    raise InputError(f"no {name} in {folder}: looked for {_wanted(name)}.")


def available(folder: str | None) -> tuple[str, ...]:
    """The names of the data sets whose files are in a folder."""
    if folder is None:
        return ()
    found = []
    for name in _FOLDERS:
        places = _places(name, Path(folder))
        if name == "cifar10":
            there = any((place / npz).is_file() for place in places for npz in _NPZ)
        else:
            there = any(all(_with_suffix(place, stem) for stem in _IDX) for place in places)
        found += [name] if there else []
    return tuple(found)


def _places(name: str, folder: Path) -> list[Path]:
    """The folders to look in, first those named after the data set: MNIST and Fashion-MNIST name their files alike."""
    inside = [folder / sub for sub in _FOLDERS[name]]
    others = [folder / sub for other, subs in _FOLDERS.items() if other != name for sub in subs]
    return inside if any(place.is_dir() for place in [*inside, *others]) else [folder]


def _with_suffix(place: Path, stem: str) -> Path | None:
    return next((file for file in (place / stem, place / f"{stem}.gz") if file.is_file()), None)


def _wanted(name: str) -> str:
    subs = " or ".join(f"{sub}/" for sub in _FOLDERS[name])
    files = ", ".join(_NPZ) + " with images and labels" if name == "cifar10" else " and ".join(_IDX) + ", or .gz"
    return f"{files}, in DIR/{subs} or in DIR itself"


def _idx(images: Path, labels: Path) -> tuple[Any, Any, tuple[int, int, int]]:
    pixels, marks = read_idx(images), read_idx(labels)
    side = math.isqrt(pixels.shape[1])
    if pixels.shape[1] < 4 or side * side != pixels.shape[1]:
        raise InputError(f"{images} holds {pixels.shape[1]} value(s) a row, not square images; is it the label file?")
    if marks.shape[1] != 1:
        raise InputError(f"{labels} holds {marks.shape[1]} values a row, not one label; is it the image file?")
    return pixels, _checked(marks[:, 0], str(labels)), (1, side, side)


def _cifar(file: Path) -> tuple[Any, Any, tuple[int, int, int]]:
    images, labels = read(file, "images").array, read(file, "labels").array
    if images.ndim != 4 or 3 not in (images.shape[1], images.shape[3]):
        raise InputError(f"{file}:images has shape {images.shape}; rows × 3 × height × width are needed.")
    if images.shape[1] != 3:
        images = np.moveaxis(images, 3, 1)
    _, channels, height, width = images.shape
    marks = _checked(labels.reshape(len(labels), -1)[:, 0] if labels.ndim else labels, f"{file}:labels")
    return images.reshape(len(images), -1), marks, (channels, height, width)


def _checked(labels: Any, name: str) -> Any:
    """The labels (rows,), checked to be whole numbers with few different values.

    Raises:
        InputError: they are not.
    """
    if (
        labels.dtype.kind not in "iub"
        or labels.ndim != 1
        or (len(labels) and not 0 <= labels.min() <= labels.max() < _CLASSES)
    ):
        raise InputError(
            f"{name} holds {labels.dtype} values that are no labels; whole numbers from 0 to 255 are needed."
        )
    return labels
