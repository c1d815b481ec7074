"""Claims from a user's file: true ones pass, false ones fall, nonsense is named with its line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from verify.cli import cli
from verify.errors import InputError
from verify.evidence import AuditReport, Verdict
from verify.user_file import load

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
HEAD = """
from sympy import *
from derivations.claim import *
from derivations.nodes import LogDet, square
x, y, z = symbols("x y z", real=True)
a, b = symbols("a b", positive=True)
p = Symbol("p", positive=True)
u = Symbol("u", nonnegative=True)
n = Symbol("n", integer=True, positive=True)
S = MatrixSymbol("S", n, n)
P = MatrixSymbol("P", n, n)
A, B = Variable(a), Variable(b)
def claim(*statements, variables=(A, B), id="mine", **rest):
    return Claim(id, "title", "source", "text", variables, statements, **rest)
"""


def written(tmp_path, text, head=HEAD):
    path = tmp_path / "mine.py"
    path.write_text(head + text, encoding="utf-8")
    return path


def audited(tmp_path, text):
    """(exit code, {claim id: result}) of a check."""
    done = CliRunner().invoke(cli, ["check", str(written(tmp_path, text)), "--json"], standalone_mode=False)
    assert done.exception is None, done.exception
    report = AuditReport.model_validate_json(done.stdout)
    return done.return_value, {result.id: result for result in report.claims}


TRUE = {
    "a shifted square": ("Minimum('', (x - a)**2, {x: a})", Verdict.PROVED),
    "a posynomial": ("Minimum('', a/p + b*p, {p: sqrt(a/b)})", Verdict.PROVED),
    "a posynomial with a logarithm": ("Minimum('', a*p - b*log(p), {p: b/a})", Verdict.PROVED),
    "a threshold": ("Minimum('', (u - a)**2 + 2*b*u, {u: Piecewise((a - b, a > b), (0, True))})", Verdict.PROVED),
    "two unknowns": ("Minimum('', (x - a)**2 + (y - x)**2, {x: a, y: a})", Verdict.PROVED),
    "an unknown in another's value": ("Minimum('', (x - a)**2 + (y - x)**2, {y: x, x: a})", Verdict.PROVED),
    "a fourth power by its excess": (
        "Minimum('', x**4 - 2*a*x**2, {x: sqrt(a)}, excess=((x**2 - a)**2,))", Verdict.PROVED),
    "the same without": ("Minimum('', x**4 - 2*a*x**2, {x: sqrt(a)})", Verdict.SUPPORTED),
    "cases in the unknown": (
        "Minimum('', Piecewise(((x - a)**2, x < a), ((x - a)**4, True)), {x: a})", Verdict.SUPPORTED),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(TRUE))
def test_a_true_claim_is_not_refuted_and_its_mutants_are(tmp_path, name):
    text, verdict = TRUE[name]
    code, found = audited(tmp_path, f"CLAIM = claim({text}, expected=Expected.{verdict})")
    assert (found["mine"].verdict, code) == (verdict, 0)
    assert found["mine"].planted.refuted >= 3
    assert found["mine"].planted.survivors == ()


def test_the_gaussian_precision_is_proved(tmp_path):
    text = "CLAIM = claim(Minimum('', Trace(S*P) - LogDet(P), {P: S.inverse()}, domains={P: Domain.DEFINITE}), "
    code, found = audited(tmp_path, text + "variables=(Variable(S, Domain.DEFINITE),))")
    assert (found["mine"].verdict, code) == (Verdict.PROVED, 0)


def test_a_matrix_and_a_scalar_together(tmp_path):
    text = """
m = Symbol("m", integer=True, positive=True)
Y, W = MatrixSymbol("Y", m, n), MatrixSymbol("W", m, n)
CLAIM = claim(Minimum("", square(W - Y) + (x - a)**2, {W: Y, x: a}), variables=(A, Variable(Y)))
"""
    code, found = audited(tmp_path, text)
    assert (found["mine"].verdict, code) == (Verdict.PROVED, 0)


FALSE = {
    "not stationary": "Minimum('', (x - a)**2, {x: 2*a})",
    "a saddle": "Minimum('', x**2 - y**2 + y**4, {x: 0, y: 0})",
    "a local minimum": "Minimum('', 3*x**4 + 4*x**3 - 12*x**2 + a*0, {x: 1})",
    "right in one case only": "Minimum('', (u - a)**2 + 2*b*u, {u: Piecewise((a - b, a > b), (a, True))})",
    "a false excess": "Minimum('', (x - a)**2, {x: 0}, excess=(x**2,))",
    "outside its domain": "Minimum('', (u - a)**2 + 2*b*u, {u: a - b})",
    "no loss there": "Minimum('', a*p - log(p), {p: 0})",
    "unbounded": "Minimum('', x**2 - a*y**2, {x: 0, y: 0})",
    "unbounded, slowly": "Minimum('', log(p) + a, {p: 1})",
}


@pytest.mark.parametrize("name", sorted(FALSE))
def test_a_false_claim_is_refuted_with_a_witness(tmp_path, name):
    code, found = audited(tmp_path, f"CLAIM = claim({FALSE[name]})")
    assert (found["mine"].verdict, code) == (Verdict.REFUTED, 1)
    texts = [e.witness.text for e in found["mine"].evidence if e.outcome is Verdict.REFUTED]
    assert texts
    if name == "outside its domain":
        assert any("the claimed u = -" in text and "is no non-negative scalar" in text for text in texts)
    if name.startswith("unbounded"):
        assert any("not bounded below" in text for text in texts)


def test_a_witness_can_be_shown_again(tmp_path):
    path = written(tmp_path, f"CLAIM = claim({FALSE['not stationary']})")
    done = CliRunner().invoke(cli, ["check", str(path), "--claim", "mine", "--smallest"])
    assert done.exit_code == 0
    assert "FAILS: loss 1 at the claimed point, 0 at x = 1" in done.stdout


def test_terms_that_do_not_add_up_or_may_be_negative_prove_nothing(tmp_path):
    text = "CLAIMS = [claim(Minimum('', (x - a)**2, {x: a}, excess=((x - a)**2, x**2))), "
    text += "claim(Minimum('', (x - a)**2, {x: a}, excess=(x**2 - 2*a*x, a**2)), id='other')]"
    code, found = audited(tmp_path, text)
    assert [found[k].verdict for k in ("mine", "other")] == [Verdict.UNDECIDED] * 2
    assert code == 3


def test_a_step_that_says_something_else_proves_nothing(tmp_path):
    step = "Certificate('c', (a - b)**2, ((a - b)**2,))"
    text = f"""
CLAIMS = [
    claim(Always("r", a*a + b*b >= 2*a*b), proof=(Same("trivial", a, a),), id="trivial", expected=Expected.SUPPORTED),
    claim(Always("r", a*a + b*b >= 2*a*b), proof=({step},), id="linked"),
    claim(Always("r", a*a*b >= a*b), proof=(Implication("i", (a >= 1,), a*a*b >= a*b),), assumptions=(a >= 1,),
          id="given"),
    claim(Always("r", a*a*b >= a*b), proof=(Implication("i", (a >= 2,), a*a*b >= a*b),), assumptions=(a >= 1,),
          id="stolen", expected=Expected.SUPPORTED),
]"""
    code, found = audited(tmp_path, text)
    assert {k: v.verdict for k, v in found.items()} == {
        "trivial": Verdict.SUPPORTED, "linked": Verdict.PROVED, "given": Verdict.PROVED, "stolen": Verdict.SUPPORTED,
    }  # fmt: skip
    assert code == 0


def test_contradictory_assumptions_are_vacuous_and_named(tmp_path):
    text = """
CLAIMS = [
    claim(Minimum("", (x - a)**2, {x: a}), assumptions=(a > 2*b, b < 3, a < b), id="exact"),
    claim(Minimum("", (x - a)**2, {x: a}), assumptions=(a + b > 3, a + b < 2), id="sampled"),
    claim(Minimum("", (x - a)**2, {x: a}), assumptions=(a < -1,), id="decided"),
]"""
    code, found = audited(tmp_path, text)
    notes = {k: next(e.note for e in v.evidence if e.check == "assumptions") for k, v in found.items()}
    assert {v.verdict for v in found.values()} == {Verdict.VACUOUS}
    assert code == 3
    assert "cannot hold together (exact linear program" in notes["exact"]
    assert "3" not in notes["exact"].split("cannot")[0]
    assert "no instance of" in notes["sampled"]
    assert "an assumption is False as it stands" in notes["decided"]
    assert all(v.planted.planted == 0 for v in found.values())


BAD = {
    "raises": ("y = 1\nx = 1 / 0\nCLAIM = claim()", 2, "ZeroDivisionError: division by zero"),
    "raises below": ("def f():\n    return [][1]\n\nf()", 2, "IndexError"),
    "exits": ("raise SystemExit(3)", 1, "SystemExit: 3"),
    "syntax": ("y = 1\ny = = 2", 2, "invalid syntax"),
    "nothing": ("y = 1", None, "defines no Claim"),
    "undeclared": ("CLAIM = claim(\n  Minimum('', (x - al)**2, {x: al}))", 2, "name 'al' is not defined"),
    "twice": ("C1 = claim(Minimum('', x**2, {x: 0}))\nC2 = claim(Minimum('', x**2, {x: 1}))", None, "two claims"),
    "statements": ("CLAIM = claim()", None, "at least one statement"),
    "decimal": ("CLAIM = claim(Minimum('', (x - a)**2 + 0.1*x, {x: a}))", None, "write Rational(1, 10)"),
    "imaginary": ("CLAIM = claim(Minimum('', x**2 + I*x, {x: 0}))", None, "not real-valued"),
    "complex symbol": ("w = Symbol('w')\nCLAIM = claim(Minimum('', w**2, {w: 0}))", 1, "'w', real=True"),
    "domain": ("CLAIM = claim(Minimum('', (x - a)**2, {x: a}), variables=(Variable(a, Domain.REAL),))", None,
               "assumed to be a positive scalar, but its domain is REAL"),
    "shape": ("CLAIM = claim(Minimum('', Trace(S*P), {P: a}), variables=(Variable(S), A))", None, "claimed value"),
    "matrix loss": ("CLAIM = claim(Minimum('', S*P, {P: S}), variables=(Variable(S),))", None, "must be a scalar"),
    "no rule": ("CLAIM = claim(Minimum('', Trace(Adjoint(P)), {P: S}), variables=(Variable(S),))", None, "Adjoint"),
    "independent": ("CLAIM = claim(Minimum('', a + b, {x: a}))", None, "depends on none of x"),
    "in a circle": ("CLAIM = claim(Minimum('', x**2 + y**2, {x: y, y: x}))", None, "depends on"),
    "id": ("CLAIM = claim(Minimum('', x**2, {x: 0}), id='My Claim')", None, "lower-case words"),
    "catalogue": ("CLAIM = claim(Minimum('', x**2, {x: 0}), id='vae-fixed')", None, "give yours another id"),
    "uses": ("CLAIM = claim(Minimum('', x**2, {x: 0}), uses=('vae-learnabel',))", None, "did you mean 'vae-learnable'"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(BAD))
def test_nonsense_is_one_clear_sentence_with_its_line(tmp_path, name):
    text, line, message = BAD[name]
    path = written(tmp_path, text)
    done = CliRunner().invoke(cli, ["check", str(path)], standalone_mode=False)
    assert isinstance(done.exception, InputError), done.output
    said = str(done.exception)
    assert message in said
    assert said.startswith(str(path))
    assert "\n" not in said
    if line:
        assert said.startswith(f"{path}:{HEAD.count(chr(10)) + line}:")


def test_symbols_nobody_declared_are_listed_with_near_names(tmp_path):
    text = "alpha, alhpa = symbols('alpha alhpa', positive=True)\nother = Symbol('a', real=True)\n"
    text += "CLAIM = claim(Minimum('', (x - alhpa)**2 + other**2, {x: alpha}), variables=(Variable(alpha),))"
    with pytest.raises(InputError, match="alhpa") as found:
        load(written(tmp_path, text))
    said = str(found.value)
    assert "a, alhpa (did you mean alpha?) are used but not declared" in said
    text = text.replace("Variable(alpha)", "Variable(alpha), A").replace("alhpa)**2", "alpha)**2")
    with pytest.raises(InputError, match="another symbol of that name"):
        load(written(tmp_path, text))


def test_a_file_that_loops_is_stopped_and_its_line_named(tmp_path):
    path = written(tmp_path, "while True:\n    y = 1\n")
    with pytest.raises(InputError, match=r"had not finished after 0\.3 s; does it loop") as found:
        load(path, seconds=0.3)
    assert any(str(found.value).startswith(f"{path}:{HEAD.count(chr(10)) + k}:") for k in (1, 2))


@pytest.mark.parametrize("name", ["nowhere.py", "folder", "text.txt"])
def test_what_is_no_python_file_is_refused(tmp_path, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.txt").write_text("hello", encoding="utf-8")
    with pytest.raises(InputError, match=name):
        load(tmp_path / name)


def test_what_a_file_prints_does_not_spoil_the_json(tmp_path):
    path = written(tmp_path, "print('noise')\nCLAIM = claim(Minimum('', (x - a)**2, {x: a}))")
    done = CliRunner().invoke(cli, ["check", str(path), "--json"])
    assert json.loads(done.stdout)["claims"][0]["id"] == "mine"


@pytest.mark.parametrize(
    ("name", "verdicts"),
    [
        ("ridge.py", ["PROVED"]),
        ("weight_decay.py", ["REFUTED", "PROVED"]),
        ("published_scale.py", ["REFUTED", "PROVED"]),
    ],
)
def test_the_worked_examples(name, verdicts, tmp_path):
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    assert len(text.split("CLAIMS")[0].splitlines()) < 60
    done = CliRunner().invoke(cli, ["check", str(EXAMPLES / name), "--json", "--export-witness", str(tmp_path)])
    assert done.exit_code == 0
    results = json.loads(done.stdout)["claims"]
    assert [r["verdict"] for r in results] == verdicts
    assert all(r["planted"]["refuted"] == r["planted"]["planted"] >= 4 for r in results)
    for script in tmp_path.glob("*.py"):
        assert len(script.read_text(encoding="utf-8").splitlines()) <= 30
        shown = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True).stdout
        assert "FAILS" in shown
    assert len(list(tmp_path.glob("*.py"))) == verdicts.count("REFUTED")


def test_uses_of_the_catalogue_close_the_verdict(tmp_path):
    text = "CLAIM = claim(Minimum('', (x - a)**2, {x: a}), uses=('lemma-determinant',))"
    code, found = audited(tmp_path, text)
    assert (code, set(found)) == (0, {"mine", "lemma-determinant"})


def test_a_new_claim_passes_as_it_is_written(tmp_path):
    path = tmp_path / "fresh.py"
    runner = CliRunner()
    assert runner.invoke(cli, ["new", "my-claim", "--out", str(path)]).exit_code == 0
    assert runner.invoke(cli, ["check", str(path)]).exit_code == 0
    again = runner.invoke(cli, ["new", "my-claim", "--out", str(path)], standalone_mode=False)
    assert "exists" in str(again.exception)
    assert "no claim id" in str(runner.invoke(cli, ["new", "My Claim"], standalone_mode=False).exception)


def run_pytest(folder, *options):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", os.devnull, *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=clean, timeout=300)


def test_the_plugin_collects_each_check_of_each_claim(tmp_path):
    good = run_pytest(tmp_path, "--collapse-audit", str(EXAMPLES / "weight_decay.py"), "-v", "--junitxml=junit.xml")
    assert good.returncode == 0, good.stdout
    assert "weight-decay-thresholds::statement 1: global optimality PASSED" in good.stdout
    assert "weight-decay-shrinks::verdict PASSED" in good.stdout
    assert 'tests="16"' in (tmp_path / "junit.xml").read_text(encoding="utf-8")
    some = run_pytest(tmp_path, "--collapse-audit", str(EXAMPLES / "weight_decay.py"), "-k", "thresholds and verdict")
    assert "1 passed, 15 deselected" in some.stdout


def test_the_plugin_fails_what_is_false_and_says_why(tmp_path):
    path = written(tmp_path, f"CLAIM = claim({FALSE['not stationary']})")
    bad = run_pytest(tmp_path, "--collapse-audit", str(path))
    assert bad.returncode == 1
    assert "mine is REFUTED, expected PROVED" in bad.stdout
    assert "at the claimed point" in bad.stdout
    assert "Traceback" not in bad.stdout
    missing = run_pytest(tmp_path, "--collapse-audit", "nowhere.py")
    assert missing.returncode == 4
    assert "there is no file" in missing.stderr


def test_log_det_is_concave_on_symmetric_matrices_only(tmp_path):
    """−log det(P + S) is convex in P if S is symmetric; for any S nothing is visible, and nothing is proved."""
    loss = "Trace(P) - LogDet(P + S)"
    text = f"""
CLAIMS = [
    claim(Minimum("", {loss}, {{P: Identity(n) - S}}, domains={{P: Domain.SYMMETRIC}}), id="symmetric",
          variables=(Variable(S, Domain.SYMMETRIC),)),
    claim(Minimum("", {loss}, {{P: Identity(n) - S}}, domains={{P: Domain.MATRIX}}), id="any",
          variables=(Variable(S),), expected=Expected.SUPPORTED),
]"""
    _, found = audited(tmp_path, text)
    optimal = {k: next(e.outcome for e in v.evidence if e.check == "global optimality") for k, v in found.items()}
    assert optimal == {"symmetric": Verdict.PROVED, "any": Verdict.SUPPORTED}


def test_an_implication_in_logarithms_is_not_believed_where_there_are_none(tmp_path):
    text = """
CLAIMS = [
    claim(Always("r", a*x >= b*x), proof=(Implication("i", (a >= b,), a*x >= b*x),), assumptions=(a >= b,),
          variables=(A, B, Variable(x)), id="negative", expected=Expected.REFUTED),
    claim(Always("r", a*u > b*u), proof=(Implication("i", (a > b,), a*u > b*u),), assumptions=(a > b,),
          variables=(A, B, Variable(u)), id="zero", expected=Expected.REFUTED),
]"""
    code, found = audited(tmp_path, text)
    assert code == 0
    for result in found.values():
        assert result.verdict is Verdict.REFUTED
        steps = [e.outcome for e in result.evidence if e.check == "implication: i"]
        assert steps == [Verdict.UNDECIDED]
