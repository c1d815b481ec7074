"""The guides of docs/extend.md, followed step by step in a copy of the sources, as a newcomer would.

A block after a line that ends in "`path`:" is a file to be written, or, as a diff, to be changed; commands are run.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "extend.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", GUIDE, re.MULTILINE | re.DOTALL))
STEP = re.compile(r"(?:`([\w./]+)`:\n\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
GUIDES = [title for title, text in SECTIONS.items() if STEP.search(text)]
PYTEST = ["-m", "pytest", "-q", "-p", "no:cacheprovider"]
PROGRAMS = {"collapse-audit": ["-m", "verify"], "pytest": PYTEST, "python": [], "ruff": ["-m", "ruff"]}


def changed(text, diff):
    """The text with a diff's lines in place of those that it shows as unchanged or removed, which are there once."""
    lines = diff.splitlines()
    before, after = ("\n".join(line[1:] for line in lines if line[:1] != sign) for sign in "+-")
    assert text.count(f"\n{before}\n") == 1, f"not there, or not once:\n{before}"
    return text.replace(f"\n{before}\n", f"\n{after}\n")


def follow(title, folder):
    """Do what a section says in a copy of the sources; what its commands print."""
    printed = []
    for path, language, text in STEP.findall(SECTIONS[title]):
        file = folder / path
        if language == "diff":
            file.write_text(changed(file.read_text(encoding="utf-8"), text), encoding="utf-8")
        elif language == "python":
            assert not file.exists(), f"{title}: a block of Python is a new file"
            file.write_text(text, encoding="utf-8")
        elif language == "sh":
            printed += [run(line, folder) for line in text.splitlines()]
    return "".join(printed)


def run(line, folder):
    program, *args = shlex.split(line, comments=True)
    env = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "112"}
    command = [sys.executable, *PROGRAMS[program], *args]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    assert done.returncode == 0, f"{line}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


@pytest.fixture
def sources(tmp_path):
    for name in ("derivations", "verify", "tests", "docs", "pyproject.toml"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("title", GUIDES)
def test_a_guide_works(title, sources):
    assert follow(title, sources)
    for lint in ("check", "format --diff"):
        run(f"ruff {lint} -q --no-cache derivations verify", sources)


def test_every_guide_is_followed():
    assert len(GUIDES) == 6


def test_a_change_that_no_longer_fits_is_noticed():
    assert changed("a\nb\nc\n", " b\n+d\n") == "a\nb\nd\nc\n"
    with pytest.raises(AssertionError, match="not there"):
        changed("a\nb\nc\n", " x\n+d\n")
