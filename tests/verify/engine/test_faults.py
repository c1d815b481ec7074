"""Faults and abuse: every one ends in a right answer or in one clear sentence with exit code 2."""

from __future__ import annotations

import contextlib
import gzip
import io
import itertools
import json
import random
import signal
import struct
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.conftest import PROFILE
from verify.cli.program import main
from verify.engine.run import run_audit
from verify.records.evidence import AuditReport
from verify.store import journal as resume

THOROUGH = PROFILE == "thorough"
CLAIM, EXAMPLES = "lemma-determinant", 15_000
TIMES = {"date": True, "claims": {"__all__": {"seconds": True, "evidence": {"__all__": {"seconds"}}}}}


def called(*line):
    """(exit code, stdout, stderr) of a command, in this process; a warning is a failure."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            main(line)
        except SystemExit as stop:
            return stop.code, out.getvalue(), err.getvalue()
    raise AssertionError("a command ends by exiting")


def check_refused(code, out, err):
    """One sentence on stderr, nothing on stdout."""
    assert (code, out) == (2, "")
    assert err.startswith("Error: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err


def report_of(folder):
    return AuditReport.model_validate_json((folder / "audit.json").read_bytes()).model_dump_json(exclude=TIMES)


def started(folder, *options, limit=None):
    """`collapse-audit run` as a process of its own, with files of at most `limit` bytes."""
    lower = (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n" if limit is not None else ""
    )
    small = "from verify.engine import shards\nshards.BLOCKS = 32\n"  # eight of them
    code = f"{lower}{small}from verify.cli.program import main\nmain()"
    line = [sys.executable, "-c", code, "run", CLAIM, "--examples", str(EXAMPLES), "--jobs", "1", "--out", str(folder)]
    return subprocess.Popen([*line, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(25 if THOROUGH else 1))
def test_killed_at_random_moments_and_resumed_the_report_is_the_same(tmp_path, seed):
    """Two kills for each seed: before, between and within the lines of the journal."""
    rng, journal = random.Random(seed), tmp_path / resume.NAME
    for _ in range(2):
        wanted, process = rng.randint(0, 7), started(tmp_path, "--resume")
        while process.poll() is None and not (journal.exists() and journal.read_bytes().count(b"\n") > wanted):
            time.sleep(0.005)
        time.sleep(rng.random() * 0.1)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if (tmp_path / "audit.json").exists():  # whole, or not there
            assert report_of(tmp_path)
    process = started(tmp_path, "--resume")
    _, err = process.communicate()
    assert process.returncode == 0, err
    whole = run_audit([CLAIM], examples=EXAMPLES, seed=0, jobs=1).model_dump_json(exclude=TIMES)
    assert report_of(tmp_path) == whole
    assert sorted(path.name for path in tmp_path.iterdir()) == ["audit.json", "index.html"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs RLIMIT_FSIZE")
@pytest.mark.parametrize("limit", [2500, *([0, 64, 1000] if THOROUGH else [])])
def test_on_a_full_disk_the_audit_is_shown_and_nothing_partial_is_left(tmp_path, limit):
    (tmp_path / "audit.json").write_text("earlier")
    process = started(tmp_path, limit=limit)
    out, err = process.communicate()
    assert process.returncode == 2, err
    assert "Traceback" not in err
    assert err.splitlines()[-1].startswith("Error: cannot write to ")
    assert limit < 500 or "Not written." in out  # else it is noticed before the audit
    assert (tmp_path / "audit.json").read_text() == "earlier"
    assert {path.name for path in tmp_path.iterdir()} <= {"audit.json", resume.NAME}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs RLIMIT_FSIZE")
def test_on_a_disk_with_room_for_the_report_but_not_for_its_page_the_report_is_whole(tmp_path):
    process = started(tmp_path, limit=10_000)
    out, err = process.communicate()
    assert process.returncode == 2, err
    assert err.splitlines()[-1].startswith("Error: cannot write to ")
    assert "without its page" in out
    assert json.loads(report_of(tmp_path))["claims"][0]["id"] == CLAIM
    assert {path.name for path in tmp_path.iterdir()} <= {"audit.json", resume.NAME}


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder where nobody may write")
def test_a_folder_where_nobody_may_write():
    check_refused(*called("run", CLAIM, "--out", "/proc/self/report"))


def test_a_clock_that_goes_backwards_changes_nothing(monkeypatch):
    usual = run_audit([CLAIM], examples=500, seed=0)
    backwards = itertools.count(1e9, -3.0)
    monkeypatch.setattr(time, "perf_counter", lambda: next(backwards))
    monkeypatch.setattr(time, "time", lambda: next(backwards))
    found = run_audit([CLAIM], examples=500, seed=0)
    monkeypatch.undo()
    assert found.model_dump_json(exclude=TIMES) == usual.model_dump_json(exclude=TIMES)
    assert all(result.seconds >= 0 for result in found.claims)


SETTING = ("--model", "vae", "--latent", "2", "--beta", "1", "--eta-dec", "1", "--eta-enc", "1", "--json")


def test_one_row_and_ten_million_rows(tmp_path):
    np.save(tmp_path / "one.npy", np.ones((1, 3)))
    check_refused(*called("predict", "--output", str(tmp_path / "one.npy"), *SETTING))
    rows = np.lib.format.open_memmap(tmp_path / "many.npy", mode="w+", dtype=np.uint8, shape=(10_000_000, 2))
    rows[::2, 0], rows[::4, 1] = 4, 2
    rows.flush()
    code, out, _ = called("predict", "--output", str(tmp_path / "many.npy"), *SETTING)
    assert code == 0
    found = json.loads(out)
    assert found["samples"] == 10_000_000
    # (4, 2), (0, 0), (4, 0), (0, 0) in turn: variances 4 and 3/4, covariance 1
    expected = np.sqrt(np.linalg.eigvalsh([[4, 1], [1, 0.75]])[::-1])
    np.testing.assert_allclose([latent["theta"] for latent in found["latents"]], expected, rtol=1e-12)


def npy(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def npz(**arrays):
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def idx(array):
    code = {"|u1": 8, "<f8": 14, "<f4": 13}[array.dtype.str]
    head = bytes([0, 0, code, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return head + array.astype(array.dtype.newbyteorder(">")).tobytes()


def csv(array):
    return "\n".join(",".join(repr(float(x)) for x in row) for row in array).encode()


WRITERS = {
    "a.npy": npy,
    "a.npz": lambda array: npz(y=array),
    "a.csv": csv,
    "a-idx2-ubyte": idx,
    "a-idx2-ubyte.gz": lambda array: gzip.compress(idx(array), mtime=0),
}
NUMBERS = st.floats(width=32) | st.sampled_from([0.0, -0.0, 1e-300, 1e300, 5e-324, 1e154, float("nan"), float("inf")])


@st.composite
def tables(draw, shape=None):
    rows, columns = shape or (draw(st.integers(0, 6)), draw(st.integers(0, 4)))
    kind = draw(st.sampled_from(["u1", "f8", "f4"]))
    numbers = st.integers(0, 255) if kind == "u1" else NUMBERS
    values = draw(st.lists(numbers, min_size=rows * columns, max_size=rows * columns))
    with np.errstate(all="ignore"):
        return np.array(values, dtype=float).astype(kind).reshape(rows, columns)


@st.composite
def spoiled(draw, content):
    """The bytes as they are, or cut, changed, repeated, or others altogether."""
    content = bytearray(content)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(content)))
        what = draw(st.sampled_from(["cut", "change", "insert", "repeat", "other"]))
        if what == "cut":
            del content[place:]
        elif what == "change" and place < len(content):
            content[place] = draw(st.integers(0, 255))
        elif what == "insert":
            content[place:place] = draw(st.binary(max_size=8))
        elif what == "repeat":
            content[place:place] = content[:place]
        elif what == "other":
            content = bytearray(draw(st.binary(max_size=64)))
    return bytes(content)


FUZZ = settings(
    max_examples=2500 if THOROUGH else 75,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def check_ends_well(code, out, err):
    """A forecast in JSON without infinities, or one sentence."""
    if code == 0:
        json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} in the answer"))
    else:
        check_refused(code, out, err)


@FUZZ
@given(st.data())
def test_any_file_given_to_predict_ends_well(tmp_path_factory, data):
    name = data.draw(st.sampled_from(sorted(WRITERS)))
    array = data.draw(tables())
    path = tmp_path_factory.mktemp("fuzz") / name
    path.write_bytes(data.draw(spoiled(WRITERS[name](array))))
    check_ends_well(*called("predict", "--output", str(path), *SETTING))


@FUZZ
@given(st.data())
def test_any_pair_given_to_a_cvae_ends_well(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("fuzz")
    for name in ("y", "x"):
        (folder / f"{name}.npy").write_bytes(npy(data.draw(tables())))
    line = ["cvae" if word == "vae" else word for word in SETTING]
    check_ends_well(*called("predict", "--output", str(folder / "y.npy"), "--input", str(folder / "x.npy"), *line))


@FUZZ
@given(st.data())
def test_any_posterior_given_to_diagnose_ends_well(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("fuzz")
    y = np.random.default_rng(0).normal(size=(5, 3))
    names = data.draw(
        st.lists(st.sampled_from(["mean", "mu", "variance", "logvar", "std", "x"]), max_size=3, unique=True)
    )
    shape = data.draw(st.sampled_from([None, (5, 2)]))  # that of the data's rows, half of the time
    (folder / "p.npz").write_bytes(data.draw(spoiled(npz(**{name: data.draw(tables(shape)) for name in names}))))
    np.save(folder / "y.npy", y)
    line = ("--output", str(folder / "y.npy"), "--loss", "mse-sum", "--beta", "1", "--json")
    check_ends_well(*called("diagnose", "--posterior", str(folder / "p.npz"), *line))


@FUZZ
@given(
    st.lists(
        st.sampled_from([*"0123456789", ".", "-", "e", ",", "\n", '"', " ", "nan", "inf", "θ", "\0", "_"]), max_size=60
    )
)
@example(["1", ",", "2", "\n", "3", ",", "4"])
def test_any_text_given_as_csv_ends_well(tmp_path_factory, words):
    path = tmp_path_factory.mktemp("fuzz") / "a.csv"
    path.write_text("".join(words), encoding="utf-8")
    check_ends_well(*called("predict", "--output", str(path), *SETTING))


TABLE = np.arange(6.0).reshape(3, 2)
FOUND = {  # by fuzzing, once a traceback each
    "start.npz": b"\0" + npz(y=TABLE)[1:],
    "null.npy": npy(TABLE).replace(b"'fortran_order'", b"'fortran\0order'"),
    "open.npy": npy(TABLE).replace(b"(3, 2), }", b"(3, 2, { "),
    "directory.npz": b"PK\5\6" + bytes(6) + b"\0\0\1" + bytes(9),
}


@pytest.mark.parametrize("name", sorted(FOUND))
def test_what_fuzzing_found_is_refused_in_a_sentence(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(FOUND[name])
    check_refused(*called("predict", "--output", str(path), *SETTING))
    if path.suffix == ".npz":
        check_refused(*called("diagnose", "--posterior", str(path)))


def test_the_harness_notices_a_traceback_and_a_partial_answer():
    with pytest.raises(AssertionError):
        check_ends_well(2, "", "Traceback (most recent call last):\n")
    with pytest.raises(AssertionError):
        check_ends_well(2, "half an answer", "Error: no.\n")
    with pytest.raises(ValueError):
        check_ends_well(0, '{"active": ', "")
