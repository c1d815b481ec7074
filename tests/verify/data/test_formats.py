"""Every format that a library reads: what was written comes back, and a damaged file is one sentence."""

from __future__ import annotations

import sys

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import scipy.io
from PIL import Image
from safetensors.numpy import save_file
from scipy import sparse

import verify
from verify.data.chunks import Chunked
from verify.data.loading import load, read_table
from verify.errors import InputError

X = np.random.default_rng(0).normal(size=(30, 4)).round(3)
SPARSE = sparse.random(30, 8, 0.3, "csr", random_state=0)


def hdf5(path, **options):
    with h5py.File(path, "w") as file:
        file.create_dataset("deep/y", data=X, **options)


def h5ad(path, kind=None):
    with h5py.File(path, "w") as file:
        file["obs/counts"] = np.arange(30)
        if kind is None:
            file["X"] = X
            return
        group, matrix = file.create_group("X"), SPARSE.asformat(kind)
        group.attrs["encoding-type"], group.attrs["shape"] = f"{kind}_matrix", matrix.shape
        for name in ("data", "indices", "indptr"):
            group[name] = getattr(matrix, name)


def matlab73(path):
    with h5py.File(path, "w", userblock_size=512) as file:
        file["y"] = X.T
        file["y"].attrs["MATLAB_class"] = np.bytes_("double")
    with path.open("r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64, HDF5 schema 1.00 .".ljust(128))


def parquet(path, **more):
    pq.write_table(pa.table({**{name: X[:, i] for i, name in enumerate("abcd")}, **more}), path)


WRITTEN = {
    "a.h5": hdf5,
    "b.hdf5": lambda p: hdf5(p, compression="gzip"),
    "a.h5ad": h5ad,
    "a.mat": lambda p: scipy.io.savemat(p, {"y": X}),
    "b.mat": lambda p: scipy.io.savemat(p, {"y": X, "name": "text", "cell": {"z": 1}}, do_compression=True),
    "c.mat": lambda p: scipy.io.savemat(p, {"y": X}, format="4"),
    "d.mat": matlab73,
    "a.safetensors": lambda p: save_file({"y": X}, p),
    "a.parquet": parquet,
}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_was_written_comes_back(tmp_path, name):
    path = tmp_path / name
    WRITTEN[name](path)
    np.testing.assert_array_equal(load(path), X)


@pytest.mark.parametrize("kind", ["csr", "csc"])
def test_sparse_matrices_of_h5ad_are_read_in_pieces(tmp_path, kind):
    path = tmp_path / "a.h5ad"
    h5ad(path, kind)
    found = load(path)
    assert isinstance(found, Chunked)
    np.testing.assert_array_equal(found[:], SPARSE.toarray())
    assert load(f"{path}:obs/counts").tolist() == [[i] for i in range(30)]
    dense = verify.predict(SPARSE.toarray(), latent=3, beta=0.01)
    assert verify.predict(path, latent=3, beta=0.01) == dense
    assert verify.predict(path, latent=3, beta=0.01, skip_column=2) == verify.predict(
        np.delete(SPARSE.toarray(), 1, 1), latent=3, beta=0.01
    )


def test_sparse_matrices_of_matlab(tmp_path):
    scipy.io.savemat(tmp_path / "a.mat", {"y": SPARSE.tocsc()})
    np.testing.assert_array_equal(load(tmp_path / "a.mat")[:], SPARSE.toarray())


@pytest.mark.parametrize("name", ["a.h5", "a.mat", "a.safetensors", "a.npz"])
def test_of_several_arrays_one_is_named(tmp_path, name):
    path, both = tmp_path / name, {"x": X, "y": 2 * X}
    if name == "a.h5":
        with h5py.File(path, "w") as file:
            file.update(both)
    else:
        {
            "a.mat": scipy.io.savemat,
            "a.safetensors": lambda p, d: save_file(d, p),
            "a.npz": lambda p, d: np.savez(p, **d),
        }[name](path, both)
    np.testing.assert_array_equal(load(f"{path}:y"), 2 * X)
    with pytest.raises(InputError, match=r"holds 2 arrays; add :key to name one of: x, y\.$"):
        load(path)
    with pytest.raises(InputError, match=r"has no array 'z'; its arrays are: x, y\.$"):
        load(f"{path}:z")


def test_bfloat16_of_safetensors(tmp_path):
    header = b'{"w":{"dtype":"BF16","shape":[2,2],"data_offsets":[0,8]}}'
    bits = np.array([0x3F80, 0x4000, 0x4040, 0xC080], "<u2")
    (tmp_path / "w.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + bits.tobytes())
    assert load(tmp_path / "w.safetensors").tolist() == [[1, 2], [3, -4]]


def test_an_index_that_pandas_stored_in_parquet_is_left_out(tmp_path):
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    path = tmp_path / "a.parquet"
    pandas.DataFrame(X, columns=list("abcd"), index=[f"r{i}" for i in range(30)]).to_parquet(path)
    found = read_table(path)
    np.testing.assert_array_equal(found.table, X)
    assert found.notes == (f"{path}: the index '__index_level_0__' that pandas stored was left out.",)
    pandas.DataFrame(X, columns=list("abcd")).to_parquet(path)
    assert read_table(path).notes == ()


def test_columns_of_parquet(tmp_path):
    path = tmp_path / "a.parquet"
    parquet(path, word=["x"] * 30, gap=[None, *range(29)])
    with pytest.raises(InputError) as caught:
        load(path)
    assert str(caught.value) == (
        f"{path}: column 5 (word) holds string, not numbers; encode it as numbers, or leave the column"
        " out with skip_column=5."
    )
    with pytest.raises(InputError) as caught:
        read_table(path, ["word"])
    assert str(caught.value) == (
        f"{path} has a missing value at row 1, column 6 (gap); fill it in, or leave the column out with skip_column=6."
    )
    np.testing.assert_array_equal(read_table(path, ["word", 6]).table, X)


def links(path):
    """Data of other files, which are not read on a file's word."""
    hdf5(path.with_name("other.h5"))
    with h5py.File(path, "w") as file:
        file["away"] = h5py.ExternalLink("other.h5", "deep/y")
        layout = h5py.VirtualLayout(shape=(30, 4), dtype=float)
        layout[:] = h5py.VirtualSource("other.h5", "deep/y", shape=(30, 4))
        file.create_virtual_dataset("there", layout)


def hollow(path):
    with h5py.File(path, "w") as file:
        file.create_dataset("y", (10**6, 10**4), dtype=float, chunks=(1000, 100), compression="gzip")


def bent(path):
    h5ad(path, "csr")
    with h5py.File(path, "r+") as file:
        file["X/indices"][0] = 99


def words(path):
    with h5py.File(path, "w") as file:
        file["y"] = ["a", "b"]


BAD = [
    ("a.h5", links, " holds no arrays of numbers; write at least one into it."),
    ("a.h5", hollow, ":y announces more values than the file holds; write it again."),
    ("a.h5ad", bent, " is truncated, damaged or not an HDF5 file; write it again."),
    ("a.h5", words, " holds no arrays of numbers; write at least one into it."),
    ("a.mat", lambda p: scipy.io.savemat(p, {"s": "text"}), " holds no arrays of numbers; write at least one into it."),
    ("a.mat", lambda p: p.write_bytes(b"MATLAB"), " is truncated, damaged or not a .mat file; write it again."),
    (
        "a.safetensors",
        lambda p: p.write_bytes(b"x" * 99),
        " is truncated, damaged or not a safetensors file; write it again.",
    ),
    ("a.parquet", lambda p: p.write_bytes(b"PAR1"), " is truncated, damaged or not a Parquet file; write it again."),
]


@pytest.mark.parametrize(("name", "write", "said"), BAD)
def test_bad_files_are_one_sentence(tmp_path, name, write, said):
    path = tmp_path / name
    write(path)
    with pytest.raises(InputError) as caught:
        load(path)
    assert str(caught.value) == f"{path}{said}"


@pytest.mark.parametrize("name", [name for name in WRITTEN if name not in ("a.mat", "c.mat")])
def test_damage_is_a_sentence_or_harmless(tmp_path, name):
    """One of them crashed SciPy's reader of `.mat` files, which therefore has a process of its own."""
    rng, path = np.random.default_rng(7), tmp_path / name
    WRITTEN[name](path)
    raw = path.read_bytes()
    refused = 0
    for k in range(2 if name.endswith(".mat") else 40):
        bent = bytearray(raw[: int(rng.integers(1, len(raw)))] if k % 2 else raw)
        for place in rng.integers(0, min(len(bent), 300), 5):
            bent[place] = rng.integers(256)
        path.write_bytes(bent)
        try:
            assert load(path).shape[0] > 1
        except InputError as error:
            refused += "\n" not in str(error)
    assert refused > 0


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [("a.parquet", "pyarrow", "tables"), ("a.h5", "h5py", "arrays"), ("a.safetensors", "safetensors", "arrays")],
)
def test_what_is_not_installed_is_named(tmp_path, monkeypatch, name, module, extra):
    path = tmp_path / name
    WRITTEN[name](path)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError) as caught:
        load(path)
    assert str(caught.value) == f"{path} needs {module}; it comes with pip install 'collapse-audit[{extra}]'."


@pytest.mark.parametrize("name", ["a.pt", "a.pth", "a.pkl", "a.pickle", "a.joblib"])
def test_pickles_are_refused_with_the_line_that_converts_them(tmp_path, name):
    (tmp_path / name).write_bytes(b"\x80\x04N.")
    with pytest.raises(InputError) as caught:
        load(tmp_path / name)
    said, _, line = str(caught.value).partition(' python -c "')
    assert said.endswith(
        "is pickled and can run any program when it is loaded, which is never done; if you trust it, convert it:"
    )
    assert compile(line.removesuffix('"'), "line", "exec")
    assert "numpy.save('a.npy'" in line


def test_the_line_for_a_pickle_converts_it(tmp_path, monkeypatch):
    import pickle

    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.pkl").write_bytes(pickle.dumps(X.tolist()))
    np.save(tmp_path / "b.npy", X.astype(object))
    for name, made in (("a.pkl", "a.npy"), ("b.npy", "b-numbers.npy")):
        with pytest.raises(InputError) as caught:
            load(name)
        exec(str(caught.value).partition(' python -c "')[2].removesuffix('"'), {})
        np.testing.assert_array_equal(load(made), X)


def picture(path, size=(5, 4), mode="RGB", seed=0):
    channels = {"RGB": (3,), "RGBA": (4,), "L": (), "P": ()}[mode]
    values = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], *channels), dtype=np.uint8)
    image = Image.fromarray(values)
    if mode == "P":
        image = image.convert("P")
    path.parent.mkdir(exist_ok=True)
    image.save(path)
    return np.asarray(image.convert("RGB") if mode == "P" else image).ravel()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
def test_a_folder_of_images_has_one_row_for_each(tmp_path, mode):
    rows = [picture(tmp_path / "cat" / f"{k}.png", mode=mode, seed=k) for k in range(3)]
    rows += [picture(tmp_path / "dog" / "0.png", mode=mode, seed=9)]
    (tmp_path / ".hidden").write_text("not looked at")
    found = load(tmp_path)
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found[:], rows)


def test_images_that_do_not_fit_together(tmp_path):
    first = tmp_path / "0.png"
    picture(first)
    with pytest.raises(InputError, match=r"has 1 image; at least 2 are needed\.$"):
        load(tmp_path)
    second = tmp_path / "1.png"
    picture(second, size=(4, 5), mode="L")
    with pytest.raises(InputError) as caught:
        load(tmp_path)[:]
    assert str(caught.value) == (
        f"{second} is 4×5 with 1 channel(s) of uint8, {first} 5×4 with 3 channel(s) of uint8; convert all"
        " to one size and kind."
    )
    second.write_bytes(first.read_bytes()[:50])
    with pytest.raises(InputError, match=r"1\.png is no image that can be read"):
        load(tmp_path)[:]
    (tmp_path / "labels.csv").write_text("1\n2\n")
    with pytest.raises(
        InputError, match=r"labels\.csv is no image, and .* has images; leave one kind of file in it\.$"
    ):
        load(tmp_path)
