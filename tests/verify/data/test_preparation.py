"""What is no measurement is named with the parameter that helps, and the parameter does; arrays of other libraries."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image
from scipy import sparse

import verify
from verify.cli.program import cli
from verify.data.preparation import prepare
from verify.errors import InputError
from verify.figures.options import asked
from verify.figures.options import command as drawn_again

RNG = np.random.default_rng(0)
Y = RNG.normal(size=(200, 3)) * [4, 2, 1] @ RNG.normal(size=(3, 8)) + 0.1 * RNG.normal(size=(200, 8))
PIXELS = RNG.integers(0, 256, (200, 9)).astype(np.uint8)
LABELS = RNG.integers(0, 5, 200)


def theta(output, given=None, **more):
    return [latent.theta for latent in verify.predict(output, given, latent=3, **more).latents]


def said(output, given=None, **more):
    return prepare(output, given, more).warnings


def remedy(sentence):
    """The parameter that a sentence names to read the data otherwise, as a call takes it."""
    (found,) = re.findall(r"‹(?!likelihood)(\w+)=([^›]*)›", sentence)
    value = 1 / 255 if found[1] == "1/255" else True if found[1] == "True" else found[1].strip("'")
    return {found[0]: int(value) if str(value).isdecimal() else value}


@pytest.mark.parametrize("order", ["in order", "shuffled", "from 1000"])
def test_an_index_is_named_and_left_out(order):
    index = {"in order": np.arange(200), "shuffled": RNG.permutation(200), "from 1000": np.arange(1000, 1200)}[order]
    (sentence,) = said(np.c_[index, Y])
    assert sentence.startswith("column 1 of the output counts the rows")
    assert theta(np.c_[index, Y])[0] > 50
    np.testing.assert_allclose(theta(np.c_[index, Y], **remedy(sentence)), theta(Y), rtol=1e-12)
    (sentence,) = said(Y, np.c_[Y[:, :2], index])
    assert remedy(sentence) == {"skip_column": "input:3"}
    assert theta(Y, np.c_[Y[:, :2], index], **remedy(sentence)) == theta(Y, Y[:, :2])
    assert remedy(said(np.c_[index, PIXELS])[0] if order != "shuffled" else "‹skip_column=1›") == {"skip_column": 1}


def test_measurements_are_not_remarked_on():
    for innocent in (Y, Y.astype(np.float32), np.c_[Y, np.arange(200) * 2], np.c_[LABELS, Y], np.full((200, 2), 3)):
        assert said(innocent) == ()
        assert said(Y, innocent) == ()
    assert said(Y, PIXELS[:, :2] > 99) == said(Y, np.tile(PIXELS, (1, 2))) == ()
    assert said("digits") == said("digits", "digits") == ()


def test_bytes_are_scaled():
    (sentence,) = said(PIXELS)
    assert "as bytes of images do" in sentence
    np.testing.assert_allclose(theta(PIXELS, **remedy(sentence)), theta(PIXELS / 255), rtol=1e-12)
    assert said(PIXELS, **remedy(sentence)) == ()
    assert theta("digits", scale=2) == pytest.approx([2 * t for t in theta("digits")], rel=1e-12)


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ((PIXELS > 99).astype(float), "holds 0 and 1 only: .* for a Bernoulli decoder .*‹likelihood='bernoulli'›"),
        (RNG.poisson(20, (200, 5)), "counts with a Poisson .*‹likelihood='poisson'› or ‹likelihood='negative-b"),
        (RNG.integers(0, 30_000, (200, 5)), "token ids, .* ‹one_hot='output'›.*‹likelihood='categorical'›"),
        (LABELS, "one column of whole numbers, from 0 to 4: labels.*‹likelihood='categorical'›"),
    ],
)
def test_what_is_not_gaussian_is_said(output, words):
    (sentence,) = said(output)
    assert re.search(words, sentence)


@pytest.mark.parametrize("side", ["output", "input"])
def test_labels_are_encoded(side):
    ids = np.c_[LABELS, RNG.integers(-3, 900, 200)]
    (sentence,) = said(Y, ids) if side == "input" else said(ids)
    encoded = np.concatenate([column[:, None] == np.unique(column) for column in ids.T], axis=1)
    if side == "input":
        np.testing.assert_allclose(theta(Y, ids, **remedy(sentence)), theta(Y, encoded), rtol=1e-9)
    else:
        np.testing.assert_allclose(theta(ids, **remedy(sentence)), theta(encoded), rtol=1e-9)


def test_a_transposed_table():
    warnings = verify.predict(Y.T, latent=3).warnings
    assert "if rows and columns are swapped, give transpose=True" in warnings[0]
    assert theta(Y.T, transpose=True) == theta(Y)


def test_a_folder_of_images_that_was_read_as_rows(tmp_path):
    images = RNG.normal(size=(12, 5, 5))
    for k, image in enumerate(images):
        np.save(tmp_path / f"{k:02}.npy", image)
    (sentence,) = said(tmp_path)
    assert "each of the 12 files of" in sentence
    assert "5×5 values, and was read as 5 rows" in sentence
    np.testing.assert_allclose(theta(tmp_path, **remedy(sentence)), theta(images), rtol=1e-12)
    np.save(tmp_path / "99.npy", images[0, :3])
    assert said(tmp_path) == ()


def test_a_folder_of_images(tmp_path):
    for k, row in enumerate(PIXELS[:12]):
        Image.fromarray(row.reshape(3, 3)).save(tmp_path / f"{k:02}.png")
    (sentence,) = said(tmp_path)
    np.testing.assert_allclose(theta(tmp_path, **remedy(sentence)), theta(PIXELS[:12] / 255), rtol=1e-12)


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.savetxt("y.csv", np.c_[np.arange(200), Y], delimiter=",")
    np.save("t.npy", PIXELS.T)
    np.save("x.npy", LABELS)
    Path("some").mkdir()
    for k in range(6):
        np.save(f"some/{k}.npy", Y[4 * k : 4 * k + 4, :4])


OPTIONS = [
    ("y.csv", None, {"skip_column": 1}, "--skip-column 1"),
    ("y.csv", None, {"skip_column": [1, 3]}, "--skip-column 1 --skip-column 3"),
    ("t.npy", None, {"transpose": True, "scale": 1 / 255}, "--transpose --scale 1/255"),
    ("some", None, {"one_row_per_file": True, "scale": 0.5}, "--one-row-per-file --scale 0.5"),
    ("y.csv", "x.npy", {"one_hot": "input", "skip_column": "1"}, "--one-hot input --skip-column 1"),
]


def printed(command):
    done = CliRunner().invoke(cli, command.split(), standalone_mode=False)
    if done.exception is not None:
        assert isinstance(done.exception, InputError), repr(done.exception)
        return str(done.exception)
    return done.stdout


@pytest.mark.parametrize(("output", "given", "reading", "options"), OPTIONS)
def test_both_roads_read_alike(files, output, given, reading, options):
    data = f"--output {output} {options}" + (f" --input {given}" if given else "")
    model = "cvae" if given else "vae"
    mine = verify.predict(output, given, latent=2, **reading)
    theirs = json.loads(printed(f"predict --model {model} --latent 2 --json {data}"))
    assert theirs == json.loads(mine.model_dump_json())
    mine = verify.sweep(output, given, latents=[2], betas=[1], **reading)
    theirs = json.loads(printed(f"sweep --model {model} --latent 2 --beta 1 --json {data}"))
    assert theirs == json.loads(mine.model_dump_json())
    rows = verify.predict(output, given, latent=2, **reading).samples
    np.save("m.npy", RNG.normal(size=(rows, 2)))
    np.save("v.npy", np.full((rows, 2), 0.5))
    mine = verify.diagnose("m.npy", "v.npy", output, given, **reading)
    theirs = json.loads(printed(f"diagnose --mean m.npy --variance v.npy --json {data}"))
    assert theirs == json.loads(mine.model_dump_json())


@pytest.mark.parametrize(
    ("output", "option"), [("y.csv", "--skip-column 1"), ("t.npy", "--transpose"), ("some", "--one-row-per-file")]
)
def test_the_terminal_names_the_option(files, output, option):
    text = " ".join(printed(f"predict --model vae --latent 2 --output {output}").split())
    assert f"{option}." in text
    assert option not in printed(f"predict --model vae --latent 2 --output {output} {option}")


BAD = [
    (lambda: verify.predict("y.csv", latent=2, skip_column=12), "--skip-column 12", "skip_column 12: y.csv has"),
    (lambda: verify.predict("y.csv", latent=2, skip_column=[True]), None, "must be numbers or names of columns"),
    (lambda: verify.predict("y.csv", latent=2, skip_column=1.5), None, "must be numbers or names of columns"),
    (lambda: verify.predict("y.csv", latent=2, skip_column="input:1"), "--skip-column input:1", "there is no input"),
    (lambda: verify.predict("y.csv", latent=2, one_hot="x"), "--one-hot x", "no side of the data 'x'"),
    (lambda: verify.predict("y.csv", latent=2, one_hot="output"), "--one-hot output", "is for labels, whole numbers"),
    (lambda: verify.predict("y.csv", latent=2, one_hot="input"), "--one-hot input", "there is no input"),
    (lambda: verify.predict("y.csv", latent=2, scale=0), "--scale 0", "must be a finite number above 0, not 0"),
    (lambda: verify.predict("y.csv", latent=2, scale="1/255"), "--scale 1/0", "must be a finite number above 0"),
    (lambda: verify.predict("y.csv", latent=2, transpose=1), None, "must be True or False, not 1"),
    (lambda: verify.predict("y.csv", latent=2, one_row_per_file=True), "--one-row-per-file", "goes with a folder"),
    (lambda: verify.predict("some", latent=2, one_row_per_file="yes"), None, "must be True or False"),
    (lambda: verify.predict("digits", latent=2, transpose=True), None, "is for data of your own"),
]


@pytest.mark.parametrize(("call", "options", "words"), BAD)
def test_what_cannot_be_read_so_is_refused_on_both_roads(files, call, options, words):
    with pytest.raises(InputError) as caught:
        call()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    if options is not None:
        theirs = printed(f"predict --model vae --latent 2 --output y.csv {options}")
        assert words.replace("skip_column", "--skip-column").replace("input", "--input") in theirs.replace("‹", "")


@pytest.mark.parametrize(("output", "given", "reading", "options"), OPTIONS)
def test_plots_read_alike(files, output, given, reading, options):
    data = f"--output {output} {options}" + (f" --input {given} --model cvae" if given else "")
    mine = verify.plot("spectrum", output=output, input=given, beta=1, **reading)
    assert json.loads(printed(f"plot spectrum --beta 1 --json - {data}")) == mine.numbers()
    assert mine.record.modes[0].theta_squared == pytest.approx(theta(output, given, **reading)[0] ** 2)
    again = drawn_again(asked("spectrum", {"output": output, "input": given, "beta": 1, **reading}))
    (written,) = re.findall(r"plot spectrum (.*) --out", again)
    assert json.loads(printed(f"plot spectrum --json - {written}")) == mine.numbers()


def test_what_is_said_of_how_data_are_read_needs_data(files):
    for call in (
        lambda: verify.plot("staircase", scale=2),
        lambda: verify.diagnose(Y[:, :2], np.full((200, 2), 0.5), scale=2),
    ):
        with pytest.raises(InputError, match=r"^scale goes with output\.$"):
            call()
    with pytest.raises(InputError, match=r"no parameter scael; it has output, input, .*skip_column"):
        verify.plot("spectrum", scael=2)
    with pytest.raises(InputError, match="no parameter scale"):
        verify.plot("escape", scale=2)


def test_an_object_of_anndata():
    class Annotated:
        X, obs = Y, None

    with pytest.raises(InputError, match=r"^output is an AnnData object; give its X, or one of its layers\.$"):
        theta(Annotated())


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("side", ["output", "input"])
def test_values_that_are_not_finite_are_named_whatever_is_asked(value, side):
    spoilt = PIXELS.astype(float)
    spoilt[7, 2] = value
    y, x = (spoilt, None) if side == "output" else (Y, spoilt)
    for reading in (
        {},
        {"scale": 2.0},
        {"one_hot": side},
        {"skip_column": np.int64(1) if side == "output" else "input:1"},
    ):
        with pytest.raises(InputError, match=rf"{side}.* has .*(nan|NaN|inf).* at row 8, column"):
            theta(y, x, **reading)


def test_a_parameter_that_does_not_exist():
    with pytest.raises(TypeError, match="unexpected parameter 'scael'"):
        verify.predict(Y, latent=2, scael=2)


class Tensor:
    """What a tensor of PyTorch says of itself; `__array__` is refused as PyTorch refuses it."""

    def __init__(self, values, dtype="torch.float32", grad=True, device="cuda"):
        self.values, self.dtype, self.grad, self.device = values, dtype, grad, device

    def detach(self):
        return Tensor(self.values, self.dtype, False, self.device)

    def cpu(self):
        return Tensor(self.values, self.dtype, self.grad, "cpu")

    def float(self):
        return Tensor(self.values, "torch.float32", self.grad, self.device)

    def __array__(self, dtype=None, copy=None):
        if self.grad:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        if self.device != "cpu" or self.dtype != "torch.float32":
            raise TypeError(f"can't convert {self.device} {self.dtype} to numpy")
        return self.values


@pytest.mark.parametrize("dtype", ["torch.float32", "torch.bfloat16"])
def test_tensors_with_gradients(dtype):
    assert theta(Tensor(Y, dtype)) == theta(Y)
    found = verify.diagnose(Tensor(Y[:, :2], dtype), Tensor(np.full((200, 2), 0.5), dtype))
    assert found.kl == verify.diagnose(Y[:, :2], np.full((200, 2), 0.5)).kl
    with pytest.raises(InputError, match=r"^output cannot be made a NumPy array \(can't convert cpu torch.complex64"):
        theta(Tensor(Y, "torch.complex64"))


def test_tensors_of_pytorch_itself():
    torch = pytest.importorskip("torch", reason="the extra 'bench' is not installed")
    for kind in (torch.float32, torch.bfloat16):
        tensor = torch.tensor(Y, dtype=kind, requires_grad=True)
        assert theta(tensor) == theta(tensor.detach().float().numpy())


@pytest.mark.parametrize("kind", ["csr_matrix", "csc_array", "coo_array"])
def test_sparse_matrices(kind):
    dense = np.where(RNG.random((200, 8)) < 0.3, Y, 0)
    made = getattr(sparse, kind)(dense)
    np.testing.assert_allclose(theta(made), theta(dense), rtol=1e-12)
    np.testing.assert_allclose(theta(made, skip_column=2), theta(np.delete(dense, 1, 1)), rtol=1e-12)
    spoilt = sparse.csr_matrix(dense)
    row, column = (int(i) for i in np.argwhere(dense)[7])
    spoilt[row, column] = np.nan
    with pytest.raises(InputError, match=f"output has nan at row {row + 1}, column {column + 1}; every value"):
        theta(spoilt)
    with pytest.raises(InputError, match="has 1 row"):
        theta(spoilt[:1])


def test_frames_of_pandas():
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pandas.DataFrame(Y).astype("Float64")
    assert theta(frame) == theta(Y)
    frame["word"] = "x"
    with pytest.raises(InputError) as caught:
        theta(frame)
    assert re.fullmatch(
        r"output: column 9 \(word\) holds \w+, not numbers; encode it as numbers, or leave the column out with"
        r" skip_column=9\.",
        str(caught.value),
    )
    np.testing.assert_array_equal(theta(frame, skip_column="word"), theta(Y))
    frame[2] = frame[2].astype("Float64").where(frame.index != 4)
    with pytest.raises(InputError) as caught:
        theta(frame, skip_column=9)
    assert str(caught.value) == (
        "output has a missing value at row 5, column 3 (2); fill it in, or leave the column out with skip_column=3."
    )
    assert theta(pandas.Series(Y[:, 0]))[0] == theta(Y[:, 0])[0]
    counts = pandas.DataFrame(PIXELS)
    assert prepare(counts, None, {}).output.dtype == np.uint8


def test_arrays_of_xarray():
    xarray = pytest.importorskip("xarray", reason="xarray is not installed")
    array = xarray.DataArray(Y, dims=("row", "feature"))
    assert theta(array) == theta(Y)
    with pytest.raises(InputError, match=r"^output is a data set of several arrays \(a, b\); give one of them\.$"):
        theta(xarray.Dataset({"a": array, "b": array}))


def test_paths(tmp_path):
    np.save(tmp_path / "y.npy", Y)
    np.savez(tmp_path / "p.npz", mean=Y[:, :2], variance=np.full((200, 2), 0.5))
    assert theta(tmp_path / "y.npy") == theta(str(tmp_path / "y.npy")) == theta(Y)
    found = verify.diagnose(posterior=tmp_path / "p.npz", output=tmp_path / "y.npy")
    assert found == verify.diagnose(posterior=str(tmp_path / "p.npz"), output=Y)
    assert verify.load(tmp_path / "y.npy").shape == Y.shape
    np.testing.assert_array_equal(verify.load(tmp_path / "y.npy", skip_column=[1], scale=2)[:], 2 * Y[:, 1:])
