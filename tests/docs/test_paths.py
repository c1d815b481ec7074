"""Paths that the documents and pyproject.toml name are there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.test_house import FLOORS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
FILES = {p.name for top in ("derivations", "verify", "tests") for p in (ROOT / top).rglob("*.py")}
GENERATED = {"commands.md", "schema.md", "CHANGELOG.md"}  # the last tells of what was
TOPS = r"(?:derivations|verify|tests|docs|\.ci|\.github)"
NAMED = re.compile(rf"`({TOPS}/[\w./*-]*)`")
WRITTEN = re.compile(r"`([\w/]+\.py)`:\n\n```python")  # a guide's new files
FILE = re.compile(r"`(\w+\.py)`(?!:\n)")
MODULE = re.compile(r"`((?:derivations|verify)(?:\.[a-z_0-9]+)+)(?:\.\w*[A-Z]\w*)*(?:\(\))?`")


def named(text):
    """(path or module, whether something is there) of all that a page names in backticks."""
    new = {"docs/claims/", *WRITTEN.findall(text)}
    for path in NAMED.findall(text):
        yield path, path in new or any(ROOT.glob(path.rstrip("/")))
    for file in FILE.findall(text):
        yield file, file in FILES or file.startswith("my_")
    for module in MODULE.findall(text):
        parts = module.split(".")
        above = [ROOT.joinpath(*parts[:k]) for k in (len(parts), len(parts) - 1)]  # the last may be a function
        yield module, len(parts) == 2 or any(p.is_dir() or p.with_suffix(".py").is_file() for p in above)


@pytest.mark.parametrize("page", [p for p in PAGES if p.name not in GENERATED], ids=lambda p: p.name)
def test_what_a_page_names_is_there(page):
    assert [name for name, there in named(page.read_text(encoding="utf-8")) if not there] == []


def test_what_is_gone_would_be_noticed():
    gone = "`verify/checks/steps.py` `verify.nonlinear.train` `verify/engine/` `verify.minimise.reduced` `verify.audit`"
    assert [name for name, there in named(gone) if not there] == ["verify/checks/steps.py", "verify.nonlinear.train"]


def test_the_files_that_pyproject_names_are_there():
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    mutmut, ignores = tools["mutmut"], tools["ruff"]["lint"]["per-file-ignores"]
    lists = ("source_paths", "only_mutate", "also_copy", "pytest_add_cli_args_test_selection")
    patterns = [path for name in lists for path in mutmut[name]]
    for pattern in ignores:
        before, _, rest = pattern.partition("{")
        choices, _, after = rest.partition("}")
        patterns += [f"{before}{choice}{after}" for choice in choices.split(",")]
    assert len(patterns) > 30
    assert [pattern for pattern in patterns if not any(ROOT.glob(pattern))] == []


def test_the_readme_leads_to_every_page():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = {p.name for p in PAGES if p.parent == ROOT / "docs"} - GENERATED - {"index.md"}
    assert {name for name in pages if f"](docs/{name})" not in text} == set()


def test_the_picture_of_the_house_shows_every_room():
    shown = re.search(
        r"```\n(derivations/ .*?)```", (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"), re.DOTALL
    )
    words = set(re.split(r"[\s…]+", shown[1]))
    rooms = [floor.split("/", 1)[1] + "/" for floor in FLOORS if "/" in floor]
    modules = [floor.split(".")[1] + ".py" for floor in FLOORS if "." in floor and "__" not in floor]
    assert [name for name in (*rooms, *modules) if name not in words] == []
    assert len(rooms) > 20
