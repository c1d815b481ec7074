"""Second opinions: right questions, both solvers or none, hard time limits, and no effect on any verdict."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest
import sympy as sp
from click.testing import CliRunner

from derivations.claim import Certificate
from verify.catalogue import claims
from verify.cli.program import cli
from verify.errors import InputError
from verify.records.evidence import Evidence, Verdict
from verify.records.verdict import verdict_of
from verify.smt import solvers
from verify.smt.opinion import of_claim, questions
from verify.smt.script import question

pytest.importorskip("z3")
pytest.importorskip("cvc5")

a, b = sp.symbols("a b", positive=True)
u = sp.Symbol("u", nonnegative=True)
x = sp.Symbol("x", real=True)


@pytest.fixture(scope="module")
def both():
    started = [solvers.Solver(name) for name in solvers.SOLVERS]
    yield started
    for solver in started:
        solver.close()


CASES = [
    ([], a**2 + b**2 >= 2 * a * b, "unsat"),
    ([], a**2 + b**2 >= 3 * a * b, "sat"),
    ([a >= b], a / b >= 1, "unsat"),
    ([], a / b >= 1, "sat"),
    ([], sp.sqrt(a * b) <= (a + b) / 2, "unsat"),
    ([], sp.sqrt(a + b) <= sp.sqrt(a) + sp.sqrt(b), "unsat"),
    ([], sp.sqrt(a + b) >= sp.sqrt(a) + sp.sqrt(b), "sat"),
    ([a > b], a ** sp.Rational(2, 3) > b ** sp.Rational(2, 3), "unsat"),
    ([], sp.Or(a > b, b >= a), "unsat"),
    ([], sp.Or(a > b, b > a), "sat"),
    ([sp.Not(a > b)], b >= a, "unsat"),
    ([], u >= 0, "unsat"),
    ([], u > 0, "sat"),
    ([], x**2 >= 0, "unsat"),
    ([], x >= 0, "sat"),
    ([], 1 / (1 + x**2) <= sp.Rational(3, 2), "unsat"),
]


@pytest.mark.parametrize(("given", "then", "answer"), CASES)
def test_both_solvers_answer_what_is_true(both, given, then, answer):
    text = question(given, then)
    assert {solver.ask(text, 5000) for solver in both} == {answer}


@pytest.mark.parametrize("e", [sp.log(a) > 0, sp.Piecewise((a, a > b), (b, True)) > 2, 2**a > 1])
def test_what_is_not_algebraic_is_not_asked(e):
    with pytest.raises(ValueError, match="not"):
        question([], e)


def test_a_theorems_regions_and_certificates_are_confirmed_by_both(both):
    for name in ("vae-fixed", "mhvae-learnable-top"):
        (evidence,) = of_claim(claims()[name], both)
        assert evidence.outcome is Verdict.SUPPORTED
        assert evidence.instances == len(list(questions(claims()[name]))) == 3


def test_a_false_certificate_is_reported_and_changes_no_verdict(both):
    claim = claims()["vae-fixed"]
    wrong = replace(claim, proof=(Certificate("planted", a - b, (a - b,)),))
    (evidence,) = of_claim(wrong, both)
    assert evidence.outcome is Verdict.UNDECIDED
    assert "planted (z3 sat, cvc5 sat)" in evidence.note
    proof = Evidence(
        kind="c",
        role="proof",
        outcome=Verdict.PROVED,
        instances=1,
        residual=None,
        tolerance=None,
        tolerance_reason="exact",
        cited=(),
        witness=None,
        reproduce=None,
        seconds=0,
    )
    assert verdict_of([proof, evidence]) is Verdict.PROVED
    with pytest.raises(ValueError, match="cannot prove"):
        Evidence(**{**evidence.model_dump(), "outcome": Verdict.PROVED})


def test_a_solver_that_is_late_is_ended_and_replaced():
    solver = solvers.Solver("cvc5")
    n4 = [question(given, then) for label, given, then in questions(claims()["lemma-alignment"]) if "n = 4" in label]
    start = time.perf_counter()
    assert solver.ask(n4[0], 200) == "unknown"
    assert time.perf_counter() - start < 30  # left to itself it takes longer than ten minutes
    assert solver.ask(question([], a + b > a), 5000) == "unsat"
    solver.close()


def test_one_solver_alone_is_refused(monkeypatch):
    monkeypatch.setattr(solvers, "find_spec", lambda name: None if name == "cvc5" else object())
    with pytest.raises(InputError, match=r"smt=True needs cvc5.*collapse-audit\[smt\]"):
        solvers.require()


@pytest.mark.slow
def test_the_command_shows_the_opinion(tmp_path):
    done = CliRunner().invoke(
        cli, ["run", "vae-collapse-threshold", "--smt", "--examples", "64", "--out", str(tmp_path)]
    )
    assert done.exit_code == 0, done.output
    assert "second opinion on" in done.output
    results = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))["claims"]
    assert any(e["role"] == "opinion" for result in results for e in result["evidence"])
