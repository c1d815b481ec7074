"""Refutations as scripts: they run with NumPy alone, stay short, and say what the audit says."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from sympy import Symbol, log

from derivations.claim import Claim, Domain, Expected, Minimiser, Minimum, Variable
from derivations.notation import omega
from verify.catalogue import claims
from verify.draw.instances import draw
from verify.errors import InputError
from verify.records.evidence import Verdict
from verify.report.witness_script import export, export_refuted, script
from verify.trials.properties import smallest

REFUTED = sorted(
    name
    for name, claim in claims().items()
    if claim.expected is Expected.REFUTED and not any(statement.measured for statement in claim.statements)
)
TRUE = ["vae-collapse-threshold", "cvae-more-conditioning", "lemma-complete-square", "mhvae-learnable-top", "vae-fixed"]
TRUE += ["vae-fixed-isotropic-rotation", "mhvae-bottom-rotation"]  # they need the reflection


def run(path):
    """Isolated: neither this project nor the environment is on its path."""
    found = subprocess.run([sys.executable, "-I", str(path)], capture_output=True, text=True, check=False)
    assert not found.stderr
    return found.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", REFUTED)
def test_a_refutation_travels(name, tmp_path):
    path = export(claims()[name], 0, tmp_path)
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 30
    assert max(map(len, text.splitlines())) <= 120
    assert [line for line in text.splitlines() if line.startswith(("import", "from"))] == ["import numpy as np"]
    assert run(path).rstrip().endswith("the claim FAILS")


def test_what_a_network_refutes_has_no_script_and_says_how_to_see_it(tmp_path):
    name = "stable-implies-optimal"
    report = SimpleNamespace(claims=[SimpleNamespace(id=name, verdict=Verdict.REFUTED)], seed=0)
    (line,) = export_refuted(report, tmp_path)
    assert line == f"{name}: no script, since a network refutes it; run the claim to measure that again"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", TRUE)
def test_a_true_statement_holds_in_its_script(name, tmp_path):
    claim = claims()[name]
    one = draw(claim, 3, 2).take(np.array([1]))
    path = tmp_path / "script.py"
    path.write_text(script(claim, claim.statements[0], one), encoding="utf-8")
    assert run(path).rstrip().endswith("the claim holds")


def test_a_wrong_minimiser_shows_both_losses(tmp_path):
    claim = claims()["vae-learnable"]
    (right,) = claim.statements
    assert isinstance(right, Minimiser)
    wrong = replace(right, modes={**right.modes, omega: 2 * right.modes[omega]})
    broken = replace(claim, statements=(wrong,))
    one, _ = smallest(broken, wrong)
    path = tmp_path / "script.py"
    path.write_text(script(broken, wrong, one), encoding="utf-8")
    lines = run(path).splitlines()
    claimed, better = (float(line.rsplit(" ", 1)[1]) for line in lines[:2])
    assert better < claimed
    assert lines[2] == "the claim FAILS"


@pytest.mark.slow
def test_the_two_sides_are_the_audits(tmp_path):
    claim = claims()["summary-fixed-variance-no-zero-columns"]
    out = run(export(claim, 0, tmp_path))
    assert "left 1 == right 0" in out


@pytest.mark.slow
def test_nothing_to_export_from_a_true_claim(tmp_path):
    assert export(claims()["summary-beta-hurts-reconstruction"], 0, tmp_path) is None


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(InputError, match="give a writable folder"):
        export(claims()["summary-beta-reduces-collapse"], 0, blocked)


a, x = Symbol("a", positive=True), Symbol("x", real=True)


@pytest.mark.parametrize(
    ("at", "loss", "domain", "said"),
    [
        (log(-a), (x - a) ** 2, Domain.REAL, "claimed x nan"),  # no real number
        (-1 - a, (x + 3) ** 2, Domain.POSITIVE, "is no"),  # outside its domain, where the loss is lower
    ],
)
def test_a_point_that_is_none_holds_in_no_script(tmp_path, at, loss, domain, said):
    statement = Minimum("", loss, at={x: at}, domains={x: domain})
    claim = Claim("one", "", "", "", (Variable(a),), (statement,))
    path = export(claim, 0, tmp_path)
    out = run(path)
    assert said in out
    assert out.rstrip().endswith("the claim FAILS")
