"""Labelled images by name: the bundled digits, MNIST's family and CIFAR-10 from files, anything of OpenML's.

Pixels are centred and divided by one number so that the first eigenvalue of their covariance is 5, which is about what
MNIST's is with pixels from 0 to 1: the same β then means much the same on every data set. Images larger than 28×28 are
averaged over 2×2 pixels. What was done to them is said in `notes`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Any

import numpy as np

from verify.data.bundled import read_digits
from verify.data.data import Floats, as_table, check_finite
from verify.data.extras import extra
from verify.data.image_files import available, labelled_files
from verify.errors import InputError

__all__ = ["NAMES", "Images", "Source", "open_images"]

NAMES = ("digits", "mnist", "fashion-mnist", "cifar10", "cifar10-grey")
LEADING = 5.0
_LARGEST_SIDE = 28
_GREY = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601 luma
_USUAL_ROWS = 10_000


@dataclass(frozen=True)
class Source:
    """Which data to open: a name, the folder that its files are in, and how many rows at most (None: 10,000)."""

    name: str = "digits"
    folder: str | None = None
    rows: int | None = None

    def named(self, name: str) -> Source:
        """The data set of another name from the same folder."""
        return replace(self, name=name)

    def family(self) -> tuple[str, ...]:
        """The names of the data set itself and of all others that the folder has."""
        found = available(self.folder)
        return tuple(dict.fromkeys((self.name, *found, *(["cifar10-grey"] if "cifar10" in found else []))))


@dataclass(frozen=True)
class Images:
    """Rows of pixels (rows, channels·height·width), centred and scaled; labels (rows,); the shape of one image."""

    name: str
    pixels: Floats
    labels: Any
    shape: tuple[int, int, int]
    mean: Floats
    scale: float
    peak: float
    notes: tuple[str, ...]
    digest: str

    def __len__(self) -> int:
        return len(self.pixels)

    def quarter(self) -> Any:
        """(features,) truth values: the lower-left quarter, which a CVAE is given."""
        _, height, width = self.shape
        chosen = np.zeros(self.shape, dtype=bool)
        chosen[:, height - height // 2 :, : width // 2] = True
        return chosen.ravel()

    def lattice(self) -> Any:
        """(features,) truth values: every other pixel of a chessboard, whose neighbours nearly tell the rest."""
        rows, columns = np.indices(self.shape[1:])
        return np.broadcast_to((rows + columns) % 2 == 0, self.shape).ravel()

    def picture(self, pixels: Floats, chosen: Any = None) -> tuple[float, ...]:
        """Some of an image's varying pixels as grey values from 0 to 1, the others at their mean; channels averaged."""
        keep = self.pixels.any(axis=0) if chosen is None else self.pixels.any(axis=0) & chosen
        whole = self.mean.copy()
        whole[keep] += pixels / self.scale
        grey = whole.reshape(self.shape[0], -1).mean(0) / self.peak
        return tuple(float(v) for v in np.round(np.clip(grey, 0, 1), 3))

    def varying(self, chosen: Any = None) -> Floats:
        """The chosen columns that are not constant."""
        keep = self.pixels.any(axis=0) if chosen is None else self.pixels.any(axis=0) & chosen
        if not keep.any():
            raise InputError(f"the chosen part of {self.name} is constant: there is nothing to encode.")
        return self.pixels[:, keep]


@lru_cache(maxsize=8)
def open_images(source: Source) -> Images:
    """The images of a source, whole in memory.

    Raises:
        InputError: an unknown name, missing or damaged files, labels that do not fit, values that are not finite.
    """
    raw, labels, shape = _raw(source)
    if len(raw) != len(labels):
        raise InputError(f"{source.name} has {len(raw)} images and {len(labels)} labels; each image needs its label.")
    table = as_table(raw, source.name)
    if table.dtype.kind == "f":
        check_finite(table, 0, source.name)
    limit = min(len(table), source.rows or _USUAL_ROWS)
    notes = [] if limit == len(table) else [f"the first {limit} of {len(table)} rows"]
    return _prepared(source.name, np.asarray(table[:limit]), np.asarray(labels[:limit]).astype(int), shape, notes)


def _prepared(name: str, table: Any, labels: Any, shape: tuple[int, int, int], notes: list[str]) -> Images:
    digest = sha256(np.ascontiguousarray(table).tobytes()).hexdigest()[:16]
    pixels = table.astype(float)
    if name.endswith("-grey"):
        pixels = np.einsum("c,ncp->np", _GREY, pixels.reshape(len(pixels), 3, -1))
        shape = (1, *shape[1:])
        notes.append("colours weighed as luma")
    while max(shape[1:]) > _LARGEST_SIDE and not any(n % 2 for n in shape[1:]):
        c, h, w = shape
        pixels = pixels.reshape(-1, c, h // 2, 2, w // 2, 2).mean((3, 5)).reshape(len(pixels), -1)
        shape = (c, h // 2, w // 2)
        notes.append(f"averaged over 2×2 pixels to {h // 2}×{w // 2}")
    mean = pixels.mean(0)
    pixels -= mean
    pixels[:, np.ptp(table, 0) == 0 if pixels.shape == table.shape else np.ptp(pixels, 0) == 0] = 0.0
    constant = int((~pixels.any(0)).sum())
    if constant == pixels.shape[1]:
        raise InputError(f"every column of {name} is constant: there is nothing to encode.")
    if constant:
        notes.append(f"{constant} constant column(s) dropped")
    scale = math.sqrt(LEADING / float(np.linalg.eigvalsh(pixels.T @ pixels / len(pixels))[-1]))
    notes.append(f"pixels times {scale:.4g}, so that θ_1² = {LEADING:g}")
    peak = float((pixels + mean).max())
    return Images(name, pixels * scale, labels, shape, mean, scale, peak, tuple(notes), digest)


def _raw(source: Source) -> tuple[Any, Any, tuple[int, int, int]]:
    """(images, labels, (channels, height, width))."""
    name = source.name
    if name == "digits":
        return *read_digits(), (1, 8, 8)
    if name.startswith("openml:"):
        return _openml(name)
    if name not in NAMES:
        raise InputError(f"there is no data set {name!r}; choose one of {', '.join(NAMES)}, openml:NAME.")
    images, labels, sizes = labelled_files(name.removesuffix("-grey"), source.folder)
    return images, labels, sizes


def _openml(name: str) -> tuple[Any, Any, tuple[int, int, int]]:
    wanted = name.removeprefix("openml:")
    if not wanted:
        raise InputError("openml: needs a name, as in openml:mnist_784.")
    sets = extra("sklearn.datasets", "data", name)
    try:
        found = sets.fetch_openml(wanted, version=1, as_frame=False, parser="liac-arff")
    except Exception as error:
        reason = str(error).split("\n")[0][:120] or type(error).__name__
        raise InputError(
            f"OpenML's data set {wanted!r} cannot be fetched ({reason}); check its name and the network, or give"
            " ‹dataset=mnist|fashion-mnist|cifar10› with ‹data=DIR›."
        ) from error
    pixels = as_table(found.data, name)
    side = math.isqrt(pixels.shape[1])
    shape = (1, side, side) if side * side == pixels.shape[1] else (1, 1, pixels.shape[1])
    return pixels, np.unique(found.target, return_inverse=True)[1], shape
