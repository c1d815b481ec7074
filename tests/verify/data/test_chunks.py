"""Tables in pieces: the same moments as in one, whatever the pieces; bad folders in a sentence; memory bounded."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.cli.program import main
from verify.data.chunks import Chunked, folder
from verify.errors import InputError
from verify.forecast.moments import second_moments
from verify.forecast.prediction import predict
from verify.forecast.sweeping import sweep

SETTING = {"model": "vae", "latent": 3, "beta": 0.7, "eta_dec": 1.0, "eta_enc": 1.0}


def pieces(array, cuts):
    edges = [0, *sorted(cuts), len(array)]
    parts = [array[a:b] for a, b in pairwise(edges)]
    return Chunked([len(p) for p in parts], array.shape[1], array.dtype, lambda k: parts[k]), parts


@settings(max_examples=40)
@given(st.data())
def test_slices_are_those_of_the_whole(data):
    array = np.arange(36.0).reshape(12, 3)
    table, _ = pieces(array, data.draw(st.lists(st.integers(0, 12), max_size=5)))
    start, stop = data.draw(st.integers(0, 14)), data.draw(st.integers(0, 14))
    np.testing.assert_array_equal(table[start:stop], array[start:stop])
    row = data.draw(st.integers(-12, 11))
    np.testing.assert_array_equal(table[row], array[row])
    assert (len(table), table.shape, table.size) == (12, (12, 3), 36)


def test_steps_are_refused():
    with pytest.raises(ValueError, match="in order"):
        pieces(np.ones((4, 1)), [2])[0][::2]


@pytest.mark.parametrize("kind", ["float64", "float32", "uint8"])
def test_moments_do_not_depend_on_the_pieces(kind):
    rng = np.random.default_rng(0)
    y = (40 * rng.random((9000, 5))).astype(kind)
    x = (3 * rng.random((9000, 2))).astype(kind)
    whole, cut = second_moments(y, x), second_moments(pieces(y, [1, 1024, 5000])[0], pieces(x, [4097])[0])
    for name in ("B", "A", "C"):
        np.testing.assert_allclose(getattr(cut, name), getattr(whole, name), rtol=0 if kind == "uint8" else 1e-12)


def test_every_piece_is_read_once_in_order():
    read = []
    array = np.random.default_rng(1).normal(size=(10_000, 2))
    _, parts = pieces(array, [100, 4096, 9000])
    table = Chunked([len(p) for p in parts], 2, float, lambda k: read.append(k) or parts[k])
    predict(table, **SETTING)
    assert read == [0, 1, 2, 3]


@pytest.fixture
def data(tmp_path):
    rng = np.random.default_rng(3)
    y = rng.normal(size=(50, 4)) * [4, 2, 1, 0.5]
    (tmp_path / "y").mkdir()
    np.save(tmp_path / "y" / "a.npy", y[:20])
    np.savez(tmp_path / "y" / "b.npz", y=y[20:21])  # a piece may have one row
    np.savetxt(tmp_path / "y" / "c.csv", y[21:], delimiter=",", fmt="%.17g")
    (tmp_path / "y" / ".hidden").write_text("not looked at")
    return tmp_path / "y", y


def test_a_folder_is_its_files_in_order(data):
    path, y = data
    table = folder(path)
    np.testing.assert_array_equal(table[:], y)
    assert predict(table, **SETTING) == predict(y, **SETTING)


def test_the_commands_read_folders(data, capsys):
    path, y = data
    options = ["--output", str(path), "--model", "vae", "--latent", "3", "--eta-dec", "1", "--json"]
    for command, expected in (
        (["predict", "--beta", "0.7", "--eta-enc", "1"], predict(y, **SETTING)),
        (["sweep", "--beta", "0.7"], sweep(y, betas=[0.7], latents=[3], deviations=[1.0])),
    ):
        with pytest.raises(SystemExit) as stop:
            main([*command, *options])
        assert stop.value.code == 0
        assert json.loads(capsys.readouterr().out) == json.loads(expected.model_dump_json())


def bad_nan(path):
    np.save(path / "d.npy", [[1.0, 2, np.nan, 4]])
    return r"d\.npy has NaN at row 1, column 3"


def bad_width(path):
    np.save(path / "d.npy", np.ones((3, 5)))
    return r"d\.npy has 5 features where .*a\.npy has 4"


def bad_kind(path):
    (path / "notes.doc").write_text("hello")
    return r"notes\.doc has the unknown extension"


def bad_folder(path):
    (path / "more").mkdir()
    return "more is not a file"


def bad_file(path):
    (path / "d.npy").write_bytes(b"\x93NUMPY\x01\x00")
    return r"d\.npy is truncated"


@pytest.mark.parametrize("spoil", [bad_nan, bad_width, bad_kind, bad_folder, bad_file])
def test_what_is_wrong_with_a_folder_names_the_file(data, spoil):
    said = spoil(data[0])
    with pytest.raises(InputError, match=said):
        predict(folder(data[0]), **SETTING)


def test_empty_and_short_folders(tmp_path):
    with pytest.raises(InputError, match="is an empty folder"):
        folder(tmp_path)
    np.save(tmp_path / "a.npy", [[1.0, 2.0]])
    with pytest.raises(InputError, match="has 1 row"):
        folder(tmp_path)


def test_a_file_that_changes_meanwhile(data):
    table = folder(data[0])
    np.save(data[0] / "a.npy", np.ones((3, 4)))
    with pytest.raises(InputError, match=r"a\.npy changed while it was read"):
        predict(table, **SETTING)


@pytest.fixture
def da():
    """dask.array without the threads that it would leave running."""
    found = pytest.importorskip("dask.array", reason="the extra 'cluster' is not installed")
    with importlib.import_module("dask").config.set(scheduler="synchronous"):
        yield found


def test_dask_arrays_are_what_they_hold(da):
    y = np.random.default_rng(5).normal(size=(3000, 2, 3))
    flat = y.reshape(3000, 6)
    lazy = da.from_array(y, chunks=(700, 1, 3))
    assert predict(lazy, **SETTING).active == predict(flat, **SETTING).active
    np.testing.assert_allclose(second_moments(lazy).B, second_moments(flat).B, rtol=1e-12)
    grid = {"betas": [0.1, 1.0], "latents": [2, 6], "loss": "mse-mean"}
    assert sweep(lazy, **grid).cells[0].active == sweep(flat, **grid).cells[0].active
    unknown = lazy[lazy[:, 0, 0] > 0]
    for bad, said in ((unknown, "compute_chunk_sizes"), (lazy[:1], "has 1 row"), (lazy.astype(complex), "complex")):
        with pytest.raises(InputError, match=said):
            predict(bad, **SETTING)


VIRTUAL = r"""
import re, sys
from pathlib import Path
import dask, dask.array as da, numpy as np
from verify.forecast.prediction import predict
rows, features, chunk = (int(a) for a in sys.argv[1:])
def block(block_info=None):
    (start, stop), _ = block_info[None]["array-location"]
    rng = np.random.default_rng(start)
    out = rng.standard_normal((stop - start, features), dtype=np.float32)
    out *= np.linspace(3, 0.1, features, dtype=np.float32)
    return out
shape = ((chunk,) * (rows // chunk), (features,))
y = da.map_blocks(block, chunks=shape, dtype=np.float32, meta=np.empty((0, 0), np.float32))
def resident(what):
    return 1024 * int(re.search(what + r":\s*(\d+) kB", Path("/proc/self/status").read_text())[1])
before = resident("VmRSS")
with dask.config.set(scheduler="synchronous"):
    found = predict(y, model="vae", latent=4, beta=1.0, eta_dec=1.0, eta_enc=1.0)
grown = resident("VmHWM") - before  # getrusage's figure would start at the parent's
print(found.samples, y.nbytes, grown, *(latent.theta for latent in found.latents))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rows", "features"), [(640_000, 64), pytest.param(9_760_000, 256, marks=pytest.mark.thorough)]
)
def test_data_larger_than_memory_are_read_in_bounded_memory(rows, features):
    """160 MB of data made on the fly in at most half of that; in the thorough profile 10 GB in 400 MB."""
    pytest.importorskip("dask.array", reason="the extra 'cluster' is not installed")
    if not Path("/proc/self/status").exists():
        pytest.skip("the peak of a process's memory is read from Linux's /proc")
    command = [sys.executable, "-c", VIRTUAL, str(rows), str(features), "40000"]
    samples, size, grown, *theta = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert int(samples) == rows
    assert int(size) == 4 * rows * features
    assert int(grown) < min(4 * rows * features / 2, 400e6)
    expected = np.linspace(3, 0.1, features)[:4]
    np.testing.assert_allclose([float(t) for t in theta], expected, rtol=0.02)
