"""The one writer: a file is the old one or the new one, whatever happens, and nothing else is left behind."""

from __future__ import annotations

import ast
import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

import verify
from verify.store.files import write_whole

SOURCES = sorted(Path(verify.__file__).parent.rglob("*.py"))


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_file_is_made_and_replaced(tmp_path):
    for content in (b"first", b"", b"\x00\xff" * 100_000):
        write_whole(tmp_path / "a", content)
        assert files(tmp_path) == {"a": content}


@pytest.mark.parametrize("broken", ["replace", "write"])
def test_a_failure_leaves_the_old_file_alone(tmp_path, monkeypatch, broken):
    write_whole(tmp_path / "a", b"old")

    def fail(*_):
        raise OSError(28, "No space left on device")

    if broken == "replace":
        monkeypatch.setattr(os, "replace", fail)
    else:
        real = Path.write_bytes
        monkeypatch.setattr(Path, "write_bytes", lambda path, content: fail(real(path, content[:1])))
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "a", b"new")
    assert files(tmp_path) == {"a": b"old"}


@pytest.mark.parametrize("name", ["file/a", "folder", "nul\0byte"])
def test_a_place_that_cannot_be_is_an_error_and_leaves_nothing(tmp_path, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises((OSError, ValueError)):
        write_whole(tmp_path / name, b"x")
    assert {path.name for path in tmp_path.iterdir()} == {"folder", "file"}


def test_threads_that_write_one_file_leave_one_of_their_contents(tmp_path):
    contents = [bytes([k]) * 50_000 for k in range(6)]

    def write(content):
        for _ in range(20):
            write_whole(tmp_path / "a", content)
            assert (tmp_path / "a").read_bytes() in contents

    with ThreadPoolExecutor(len(contents)) as pool:
        list(pool.map(write, contents))  # raises what a thread raised
    assert files(tmp_path).keys() == {"a"}
    assert files(tmp_path)["a"] in contents


def users(found):
    """The modules of `verify` in whose source some node is what is looked for."""
    return {name for name, nodes in parsed() if any(map(found, nodes))}


@cache
def parsed():
    root = Path(verify.__file__).parent
    texts = [(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")) for path in SOURCES]
    return [(name, list(ast.walk(ast.parse(text)))) for name, text in texts]


def test_there_is_one_writer_and_one_record_base():
    """Looked for by name: `os.replace` and `Path.rename`; `BaseModel` as a base."""

    def renames(node):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            return False
        on_os = isinstance(node.func.value, ast.Name) and node.func.value.id == "os"
        return node.func.attr == "rename" or (on_os and node.func.attr in ("replace", "link"))

    def is_base(node):
        return isinstance(node, ast.ClassDef) and any("BaseModel" in ast.unparse(base) for base in node.bases)

    assert users(renames) == {"store/files.py"}
    assert users(is_base) == {"records/record.py"}


def test_folders_that_are_missing_are_made(tmp_path):
    write_whole(tmp_path / "new" / "folder" / "a", b"x")
    assert (tmp_path / "new" / "folder" / "a").read_bytes() == b"x"
