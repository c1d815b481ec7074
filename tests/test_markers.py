"""Which tests a command selects: by markers, and by a profile that is named, empty or not there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import conftest

ROOT = Path(__file__).resolve().parents[1]


class Item:
    def __init__(self, *markers):
        self.get_closest_marker = dict.fromkeys(markers, "marked").get


ITEMS = {"plain": Item(), "slow": Item("slow"), "bench": Item("bench"), "thorough": Item("thorough", "slow")}


@pytest.mark.parametrize(
    ("expression", "profile", "left"),
    [
        ("", "dev", {"bench", "thorough"}),
        ("not slow", "ci", {"bench", "thorough"}),
        ("bench", "dev", {"thorough"}),
        ("", "thorough", {"bench"}),
    ],
)
def test_what_runs_only_when_asked_for(monkeypatch, expression, profile, left):
    monkeypatch.setattr(conftest, "PROFILE", profile)
    items, out = list(ITEMS.values()), []
    hook = SimpleNamespace(pytest_deselected=lambda items: out.extend(items))
    option = SimpleNamespace(markexpr=expression)
    conftest.pytest_collection_modifyitems(SimpleNamespace(option=option, hook=hook), items)
    assert {name for name, item in ITEMS.items() if item in out} == left
    assert {name for name, item in ITEMS.items() if item in items} == set(ITEMS) - left


@pytest.mark.slow
def test_an_empty_profile_is_the_default_one():
    line = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "tests/test_soundness.py"]
    environment = {**os.environ, "HYPOTHESIS_PROFILE": "", "PYTEST_ADDOPTS": ""}
    done = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "test_no_true_statement_is_contradicted" in done.stdout
