"""Paths that the documents and pyproject.toml name are there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
GENERATED = {"commands.md", "schema.md", "CHANGELOG.md"}  # the last tells of what was
TOPS = r"(?:derivations|verify|tests|docs|\.ci|\.github)"
NAMED = re.compile(rf"`({TOPS}/[\w./*-]*)`")
MODULE = re.compile(r"`((?:derivations|verify)(?:\.[a-z_0-9]+)+)(?:\.\w*[A-Z]\w*)*(?:\(\))?`")


def named(text):
    """(path or module, whether something is there) of all that a page names in backticks."""
    for path in NAMED.findall(text):
        yield path, any(ROOT.glob(path.rstrip("/"))) or path.startswith("docs/claims")
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
