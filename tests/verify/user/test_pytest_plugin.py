"""`pytest --collapse-audit FILE.py`: items, selection, failures in the checks' own words."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

CLAIMS = {"shifted", "balanced"}
RIGHT = """
CLAIMS = [
    claim(Minimum("", (x - a)**2, {x: a}), id="shifted"),
    claim(Minimum("", a/p + b*p, {p: sqrt(a/b)}), id="balanced"),
]
"""
WRONG = "CLAIM = claim(Minimum('', (x - a)**2, {x: 2*a}))"


def run_pytest(folder, *options):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", os.devnull, *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=clean, timeout=300)


def test_the_plugin_collects_each_check_of_each_claim(tmp_path, written):
    path = written(RIGHT)
    good = run_pytest(tmp_path, "--collapse-audit", str(path), "-v", "--junitxml=junit.xml")
    assert good.returncode == 0, good.stdout
    assert "shifted::statement 1: global optimality PASSED" in good.stdout
    assert "balanced::verdict PASSED" in good.stdout
    passed = re.findall(r"(\S+)::(.+) PASSED", good.stdout)
    assert {claim.rpartition("::")[2] for claim, name in passed if name == "verdict"} == CLAIMS
    assert {claim.rpartition("::")[2] for claim, name in passed if name.startswith("statement 1: ")} == {
        "shifted",
        "balanced",
    }
    assert f'tests="{len(passed)}"' in (tmp_path / "junit.xml").read_text(encoding="utf-8")
    some = run_pytest(tmp_path, "--collapse-audit", str(path), "-k", "shifted and verdict")
    assert f"1 passed, {len(passed) - 1} deselected" in some.stdout


def test_the_plugin_fails_what_is_false_and_says_why(tmp_path, written):
    path = written(WRONG)
    bad = run_pytest(tmp_path, "--collapse-audit", str(path))
    assert bad.returncode == 1
    assert "mine is REFUTED, expected PROVED" in bad.stdout
    assert "at the claimed point" in bad.stdout
    assert "Traceback" not in bad.stdout
    missing = run_pytest(tmp_path, "--collapse-audit", "nowhere.py")
    assert missing.returncode == 4
    assert "there is no file" in missing.stderr
