"""Data sets of the experiments: what is read, what is refused and in which words."""

from __future__ import annotations

import gzip
import struct
import sys

import numpy as np
import pytest

from verify.data.datasets import Source, open_images
from verify.data.image_files import available
from verify.errors import InputError

RNG = np.random.default_rng(0)


def idx(array, code=0x08):
    return bytes([0, 0, code, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def family(folder, images=None, labels=None, sub="mnist"):
    images = RNG.integers(0, 256, (40, 6, 6), dtype=np.uint8) if images is None else images
    labels = RNG.integers(0, 10, 40, dtype=np.uint8) if labels is None else labels
    place = folder / sub
    place.mkdir(exist_ok=True)
    for stem, array in (("train-images-idx3-ubyte", images), ("train-labels-idx1-ubyte", labels)):
        with gzip.open(place / f"{stem}.gz", "wb") as stream:
            stream.write(idx(array))
    return str(folder)


def refused(source, words):
    with pytest.raises(InputError, match=words) as caught:
        open_images(source)
    assert "\n" not in str(caught.value)


def test_digits_are_centred_scaled_and_their_constants_said():
    images = open_images(Source())
    assert np.abs(images.pixels.mean(0)).max() < 1e-12
    assert np.isclose(np.linalg.eigvalsh(images.pixels.T @ images.pixels / len(images))[-1], 5)
    assert "3 constant column(s) dropped" in images.notes
    assert images.varying().shape == (1797, 61)
    assert images.varying(images.quarter()).shape[1] + images.varying(~images.quarter()).shape[1] == 61
    assert images.lattice().sum() == 32


def test_rows_are_the_first_and_at_most_all():
    few = open_images(Source(rows=100))
    assert len(few) == 100
    assert "the first 100 of 1797 rows" in few.notes
    assert len(open_images(Source(rows=5000))) == 1797


def test_mnist_files_are_found_in_subfolder_or_folder(tmp_path):
    folder = family(tmp_path)
    images = open_images(Source("mnist", folder))
    assert (len(images), images.shape) == (40, (1, 6, 6))
    assert available(folder) == ("mnist",)
    assert len(open_images(Source("mnist", folder + "/mnist"))) == 40
    refused(Source("fashion-mnist", folder), "no fashion-mnist in .*train-images-idx3-ubyte")


def test_cifar_is_colour_grey_and_pooled(tmp_path):
    images = RNG.integers(0, 256, (30, 3, 32, 32), dtype=np.uint8)
    np.savez(tmp_path / "cifar-10-test.npz", images=images, labels=np.arange(30) % 10)
    colour, grey = (open_images(Source(n, str(tmp_path))) for n in ("cifar10", "cifar10-grey"))
    assert (colour.shape, grey.shape) == ((3, 16, 16), (1, 16, 16))
    mean = images.astype(float).reshape(30, 3, 16, 2, 16, 2).mean((3, 5))
    back = colour.pixels / colour.scale + colour.mean
    assert np.allclose(back, mean.reshape(30, -1))
    assert np.allclose(
        grey.pixels / grey.scale + grey.mean, np.tensordot([0.299, 0.587, 0.114], mean, (0, 1)).reshape(30, -1)
    )


def test_unknown_and_missing_data_say_what_there_is(tmp_path):
    refused(Source("mnits"), "no data set 'mnits'; choose one of digits, mnist, fashion-mnist")
    refused(Source("mnist"), "add data=DIR .*train-labels-idx1-ubyte")
    refused(Source("cifar10", str(tmp_path)), r"no cifar10 in .*cifar10\.npz")
    refused(Source("openml:"), "needs a name")


def test_labels_that_do_not_fit(tmp_path):
    refused(Source("mnist", family(tmp_path, labels=np.zeros(39, dtype=np.uint8))), "40 images and 39 labels")
    refused(
        Source("mnist", family(tmp_path, images=np.zeros(40, dtype=np.uint8))),
        "not square images; is it the label file",
    )
    refused(
        Source("mnist", family(tmp_path, labels=np.zeros((40, 6), dtype=np.uint8))),
        "not one label; is it the image file",
    )
    floats = np.linspace(0, 1, 40).astype(">f4")
    file = tmp_path / "mnist" / "train-labels-idx1-ubyte.gz"
    family(tmp_path)
    file.write_bytes(gzip.compress(idx(floats, 0x0D)))
    refused(Source("mnist", str(tmp_path)), "no labels; whole numbers")


def test_truncated_mislabelled_and_pickled_files(tmp_path):
    folder = family(tmp_path)
    file = tmp_path / "mnist" / "train-images-idx3-ubyte.gz"
    whole = gzip.decompress(file.read_bytes())
    file.write_bytes(gzip.compress(whole[:-7]))
    refused(Source("mnist", folder), "truncated or mislabelled")
    file.write_bytes(gzip.compress(b"PNG" + whole))
    refused(Source("mnist", folder), "does not start with an IDX header")
    objects = np.array([{"a": 1}, {"b": 2}], dtype=object)
    np.savez(tmp_path / "cifar10.npz", images=objects, labels=np.zeros(2, dtype=int))
    refused(Source("cifar10", str(tmp_path)), "no cifar10 in")  # mnist/ is there: its subfolder is looked for
    (tmp_path / "cifar10").mkdir()
    (tmp_path / "cifar10.npz").rename(tmp_path / "cifar10" / "cifar10.npz")
    refused(Source("cifar10", str(tmp_path)), "pickled Python objects, which are never loaded")


def test_nan_and_constant_images(tmp_path):
    images = RNG.normal(size=(20, 3, 4, 4))
    labels = np.zeros(20, dtype=int)
    np.savez(tmp_path / "cifar10.npz", images=np.where(images > 2, np.nan, images), labels=labels)
    refused(Source("cifar10", str(tmp_path)), "cifar10 has NaN at row")
    np.savez(tmp_path / "cifar10.npz", images=np.ones_like(images), labels=labels)
    open_images.cache_clear()
    refused(Source("cifar10", str(tmp_path)), "every column of cifar10 is constant")


def test_openml_without_scikit_learn_is_one_sentence(monkeypatch):
    for name in ("sklearn", "sklearn.datasets"):
        monkeypatch.setitem(sys.modules, name, None)  # what `import` takes for: not there
    refused(Source("openml:mnist_784"), r"^openml:mnist_784 needs scikit-learn; .* 'collapse-audit\[data\]'\.$")
    open_images.cache_clear()
    assert len(open_images(Source("digits"))) == 1797


def test_openml_without_a_network_is_one_sentence(monkeypatch):
    import sklearn.datasets

    def nobody(*_, **__):
        raise OSError("<urlopen error [Errno -3] Temporary failure in name resolution>")

    monkeypatch.setattr(sklearn.datasets, "fetch_openml", nobody)
    refused(Source("openml:mnist_784"), "'mnist_784' cannot be fetched .*name resolution.*data=DIR")
