"""Every reader on good files, and the exact sentence for every bad one."""

from __future__ import annotations

import gzip
import mmap
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from verify.data import bundled
from verify.data.bundled import read_digits
from verify.data.data import as_table, check_finite, digits, row_blocks
from verify.data.loading import load
from verify.data.readers import FORMATS
from verify.errors import InputError

SHARED = Path(__file__).resolve().parents[3] / ".." / "shared" / "data"
GOOD = np.arange(6.0).reshape(3, 2)


def idx(values: np.ndarray, code: int) -> bytes:
    head = bytes([0, 0, code, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape)
    return head + values.tobytes()


IMAGES = np.arange(24, dtype=np.uint8).reshape(3, 2, 4)


@pytest.mark.parametrize("dtype", ["u1", "i8", ">f4", "f8", "?"])
def test_npy_keeps_its_dtype_and_is_not_read_into_memory(tmp_path: Path, dtype: str) -> None:
    np.save(tmp_path / "y.npy", GOOD.astype(dtype))
    found = load(tmp_path / "y.npy")
    assert found.dtype == np.dtype(dtype)
    assert found.tolist() == GOOD.astype(dtype).tolist()
    owner = found
    while isinstance(owner, np.ndarray):
        owner = owner.base
    assert isinstance(owner, mmap.mmap)


def test_npz_with_one_and_with_several_arrays(tmp_path: Path) -> None:
    np.savez(tmp_path / "one.npz", y=GOOD)
    np.savez_compressed(tmp_path / "two.npz", y=GOOD, x=-GOOD)
    assert load(tmp_path / "one.npz").tolist() == GOOD.tolist()
    assert load(f"{tmp_path / 'two.npz'}:x").tolist() == (-GOOD).tolist()


@pytest.mark.parametrize("text", ["0,1\n2,3\n4,5\n", "﻿0,1\r\n2,3\r\n4,5", '"0","1"\n\n2,3\n4,5e0\n'])
def test_csv(tmp_path: Path, text: str) -> None:
    (tmp_path / "y.csv").write_text(text, encoding="utf-8")
    assert load(tmp_path / "y.csv").tolist() == GOOD.tolist()


@pytest.mark.parametrize("name", ["images-idx3-ubyte", "images.idx3-ubyte", "images-idx3-ubyte.gz"])
def test_idx_is_flattened_to_one_row_per_image(tmp_path: Path, name: str) -> None:
    raw = idx(IMAGES, 8)
    (tmp_path / name).write_bytes(gzip.compress(raw) if name.endswith("gz") else raw)
    found = load(tmp_path / name)
    assert found.dtype == np.uint8
    assert found.tolist() == IMAGES.reshape(3, 8).tolist()


@pytest.mark.parametrize(("code", "dtype"), [(9, "i1"), (11, ">i2"), (12, ">i4"), (13, ">f4"), (14, ">f8")])
def test_idx_of_every_type(tmp_path: Path, code: int, dtype: str) -> None:
    (tmp_path / "a.idx").write_bytes(idx(GOOD.astype(dtype), code))
    assert load(tmp_path / "a.idx").tolist() == GOOD.tolist()


def write_text(text: str) -> Callable[[Path], Any]:
    return lambda path: path.write_text(text, encoding="utf-8")


def write_bytes(data: bytes) -> Callable[[Path], Any]:
    return lambda path: path.write_bytes(data)


def save(array: Any) -> Callable[[Path], Any]:
    return lambda path: np.save(path, array)


def savez(**arrays: Any) -> Callable[[Path], Any]:
    return lambda path: np.savez(path, **arrays)


def npy_bytes(path: Path) -> None:
    np.save(path, np.ones((50, 4)))
    path.write_bytes(path.read_bytes()[:-9])


def zip_of_text(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("notes.txt", "hello")


NAN = np.array([[1.0, 2.0], [3.0, np.nan]])
INF = np.array([[1.0, 2.0], [-np.inf, 4.0]])
UNSAFE = (
    "holds pickled Python objects, which are never loaded; if you trust the file and they are numbers, convert it:"
    " python -c \"import numpy; numpy.save('a-numbers.npy',"
    " numpy.array(numpy.load('{1}', allow_pickle=True){2}.tolist(), dtype=float))\""
)
PICKLED = "{} is not a NumPy array file (perhaps pickled, which is never loaded); write it with numpy.save."
NOT_NPZ = "{} is truncated, damaged or not an .npz file; write it again with numpy.savez."
SHORT_IDX = (
    "{} does not hold the 3×2×4 values of type uint8 that its header announces; it is truncated or"
    " mislabelled, so fetch or write it again."
)
BROKEN_GZIP = "{} is truncated or not a gzip file; fetch or write it again."
HUGE = b"\0\0\x08\x03" + struct.pack(">3I", 2**32 - 1, 2**16, 2**16)
WRONG_MAGIC = (
    "{} does not start with an IDX header (it starts with 89 50 4e 47); an IDX file starts with"
    " 00 00, a type code 08…0e and the number of dimensions."
)
EMPTY_IDX = WRONG_MAGIC.replace("89 50 4e 47", "nothing")

BAD: list[tuple[str, Callable[[Path], Any], str]] = [
    ("a.npy", save(NAN), "{} has NaN at row 2, column 2 (counted from 1); every value must be finite."),
    ("a.npy", save(INF), "{} has an infinite value at row 2, column 1 (counted from 1); every value must be finite."),
    ("a.npy", save(np.ones((1, 3))), "{} has 1 row; at least 2 rows are needed."),
    ("a.npy", save(np.ones((0, 3))), "{} has 0 rows; at least 2 rows are needed."),
    ("a.npy", save(np.ones((3, 0))), "{} has shape (3, 0); at least 1 feature per row is needed."),
    ("a.npy", save(np.float64(3)), "{} is a single number; a table of at least 2 rows is needed."),
    ("a.npy", save(np.array([["a"], ["b"]])), "{} holds strings (dtype <U1); real numbers are needed."),
    ("a.npy", save(np.ones((2, 2)) * 1j), "{} holds complex numbers (dtype complex128); real numbers are needed."),
    (
        "a.npy",
        save(np.array(["2020-01-01", "2020-01-02"], dtype="M8[D]")),
        "{} holds dates (dtype datetime64[D]); real numbers are needed.",
    ),
    ("a.npy", save(np.array([[{}], [1]], dtype=object)), "{0} " + UNSAFE.replace("{1}", "a.npy").replace("{2}", "")),
    ("a.npy", write_bytes(pickle.dumps([1, 2])), PICKLED),
    ("a.npy", write_bytes(b""), PICKLED),
    ("a.npy", npy_bytes, "{} is truncated or damaged; write it again with numpy.save."),
    ("a.npz", write_bytes(b"PK nonsense"), NOT_NPZ),
    ("a.npz", savez(), "{} holds no arrays of numbers; write at least one into it."),
    ("a.npz", savez(y=GOOD, x=GOOD), "{} holds 2 arrays; add :key to name one of: y, x."),
    (
        "a.npz",
        savez(y=np.array([{}, 1], dtype=object)),
        "{0}:y " + UNSAFE.replace("{1}", "a.npz").replace("{2}", "['y']"),
    ),
    ("a.npz", zip_of_text, "{}:notes.txt is not a NumPy array; write it with numpy.savez."),
    ("i-idx3-ubyte", write_bytes(idx(IMAGES, 8)[:-1]), SHORT_IDX),
    ("i-idx3-ubyte", write_bytes(idx(IMAGES, 8) + b"?"), SHORT_IDX),
    ("i-idx3-ubyte.gz", write_bytes(gzip.compress(idx(IMAGES, 8)[:-1])), SHORT_IDX),
    ("i-idx3-ubyte.gz", write_bytes(gzip.compress(idx(IMAGES, 8))[:-12]), BROKEN_GZIP),
    ("i-idx3-ubyte.gz", write_bytes(b"not gzip at all"), BROKEN_GZIP),
    ("i-idx3-ubyte", write_bytes(b"\x89PNG\r\n"), WRONG_MAGIC),
    ("i-idx3-ubyte", write_bytes(b""), EMPTY_IDX),
    ("i-idx3-ubyte", write_bytes(b"\0\0\x08\x03\0\0"), "{} ends within its IDX header; fetch or write it again."),
    ("i-idx3-ubyte", write_bytes(HUGE), SHORT_IDX.replace("3×2×4", "4294967295×65536×65536")),
    ("i-idx1-ubyte", write_bytes(idx(IMAGES[:0, 0, 0], 8)), "{} has 0 rows; at least 2 rows are needed."),
    ("a.doc", write_text("1,2\n"), "{} has the unknown extension '.doc'; use " + FORMATS + "."),
]


@pytest.mark.parametrize(("name", "write", "message"), BAD)
def test_bad_files_are_refused_in_one_sentence(
    tmp_path: Path, name: str, write: Callable[[Path], Any], message: str
) -> None:
    path = tmp_path / name
    write(path)
    with pytest.raises(InputError) as caught:
        load(path)
    assert str(caught.value) == message.format(path)


def test_missing_files_and_directories(tmp_path: Path) -> None:
    missing = tmp_path / "missing.npy"
    with pytest.raises(InputError) as caught:
        load(missing)
    assert str(caught.value) == f"{missing} does not exist; give the path of a file or folder: {FORMATS}."
    with pytest.raises(InputError, match="is an empty folder"):
        load(tmp_path)
    with pytest.raises(InputError, match="does not exist"):
        load("null\0byte.npy")


def test_unknown_key(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, y=GOOD, x=GOOD)
    with pytest.raises(InputError) as caught:
        load(f"{path}:z")
    assert str(caught.value) == f"{path} has no array 'z'; its arrays are: y, x."


@pytest.mark.parametrize(
    ("array", "message"),
    [
        ([[1, 2], [3]], "y is ragged; every row needs the same number of values."),
        (np.ma.masked_less(GOOD, 2), "y has masked values; fill them in or leave their rows out."),
        (7, "y is a single number; a table of at least 2 rows is needed."),
    ],
)
def test_arrays_that_are_no_tables(array: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        as_table(array, "y")
    assert str(caught.value) == message


def test_vectors_and_higher_ranks_become_tables() -> None:
    assert as_table([1, 2, 3], "y").shape == (3, 1)
    assert as_table(np.ones((3, 2, 4)), "y").shape == (3, 8)
    assert np.shares_memory(as_table(GOOD, "y"), GOOD)


@given(rows=st.integers(2, 30), step=st.integers(1, 40))
def test_blocks_cover_every_row_once_without_copying(rows: int, step: int) -> None:
    table = np.arange(rows * 2).reshape(rows, 2)
    blocks = list(row_blocks(table, step))
    assert np.concatenate([block for _, block in blocks]).tolist() == table.tolist()
    assert [start for start, _ in blocks] == list(range(0, rows, step))
    assert all(np.shares_memory(block, table) for _, block in blocks)


@given(hnp.arrays(np.float64, (3, 2)), st.integers(0, 9))
def test_only_nan_and_infinity_are_refused(block: np.ndarray, start: int) -> None:
    if np.isfinite(block).all():
        assert check_finite(block, start, "y") is None
        return
    row, column = np.argwhere(~np.isfinite(block))[0]
    with pytest.raises(InputError, match=f"at row {start + row + 1}, column {column + 1} "):
        check_finite(block, start, "y")


def test_bundled_digits_are_those_of_scikit_learn() -> None:
    found = pytest.importorskip("sklearn.datasets", reason="scikit-learn (extra data) is not installed").load_digits()
    pixels, labels = read_digits()
    assert (pixels.dtype, labels.dtype) == (np.uint8, np.uint8)
    assert np.array_equal(pixels, found.data)
    assert np.array_equal(labels, found.target)
    assert digits("vae")[0].dtype == np.float64


def test_bundled_digits_have_their_source_and_licence_beside_them() -> None:
    text = (Path(bundled.__file__).parent / "digits.txt").read_text(encoding="utf-8")
    assert all(word in text for word in ("Alpaydin", "Kaynak", "https://doi.org/10.24432/C50P49", "CC BY 4.0"))


def test_digits() -> None:
    y, none = digits("vae")
    rest, quarter = digits("cvae")
    assert (y.shape, none) == ((1797, 64), None)
    assert quarter is not None
    assert (rest.shape, quarter.shape) == ((1797, 48), (1797, 16))
    image = y[5].reshape(8, 8)
    assert quarter[5].tolist() == image[4:, :4].ravel().tolist()
    assert rest[5].tolist() == [*image[:4].ravel(), *image[4:, 4:].ravel()]
    with pytest.raises(InputError) as caught:
        digits("gan")
    assert str(caught.value) == "unknown model 'gan'; use 'vae' or 'cvae'."


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_downloaded_images(name: str) -> None:
    path = SHARED / name / "t10k-images-idx3-ubyte.gz"
    if not path.exists():
        pytest.skip(f"{name} is not there")
    images = load(path)
    assert (images.shape, images.dtype) == ((10_000, 784), np.uint8)
