"""Claims from a user's file: true ones pass, false ones fall, and nothing is proved that no rule shows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from verify.cli.program import cli
from verify.records.evidence import Verdict

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples"

TRUE = {
    "a shifted square": ("Minimum('', (x - a)**2, {x: a})", Verdict.PROVED),
    "a posynomial": ("Minimum('', a/p + b*p, {p: sqrt(a/b)})", Verdict.PROVED),
    "a posynomial with a logarithm": ("Minimum('', a*p - b*log(p), {p: b/a})", Verdict.PROVED),
    "a threshold": ("Minimum('', (u - a)**2 + 2*b*u, {u: Piecewise((a - b, a > b), (0, True))})", Verdict.PROVED),
    "two unknowns": ("Minimum('', (x - a)**2 + (y - x)**2, {x: a, y: a})", Verdict.PROVED),
    "an unknown in another's value": ("Minimum('', (x - a)**2 + (y - x)**2, {y: x, x: a})", Verdict.PROVED),
    "a fourth power by its excess": (
        "Minimum('', x**4 - 2*a*x**2, {x: sqrt(a)}, excess=((x**2 - a)**2,))",
        Verdict.PROVED,
    ),
    "the same without": ("Minimum('', x**4 - 2*a*x**2, {x: sqrt(a)})", Verdict.SUPPORTED),
    "cases in the unknown": (
        "Minimum('', Piecewise(((x - a)**2, x < a), ((x - a)**4, True)), {x: a})",
        Verdict.SUPPORTED,
    ),
}


@pytest.mark.parametrize("name", sorted(TRUE))
def test_a_true_claim_is_not_refuted_and_its_mutants_are(name, audited):
    text, verdict = TRUE[name]
    code, found = audited(f"CLAIM = claim({text}, expected=Expected.{verdict})")
    assert (found["mine"].verdict, code) == (verdict, 0)
    assert found["mine"].planted.refuted >= 3
    assert found["mine"].planted.survivors == ()


def test_the_gaussian_precision_is_proved(audited):
    text = "CLAIM = claim(Minimum('', Trace(S*P) - LogDet(P), {P: S.inverse()}, domains={P: Domain.DEFINITE}), "
    code, found = audited(text + "variables=(Variable(S, Domain.DEFINITE),))")
    assert (found["mine"].verdict, code) == (Verdict.PROVED, 0)


def test_a_matrix_and_a_scalar_together(audited):
    text = """
m = Symbol("m", integer=True, positive=True)
Y, W = MatrixSymbol("Y", m, n), MatrixSymbol("W", m, n)
CLAIM = claim(Minimum("", square(W - Y) + (x - a)**2, {W: Y, x: a}), variables=(A, Variable(Y)))
"""
    code, found = audited(text)
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
def test_a_false_claim_is_refuted_with_a_witness(name, audited):
    code, found = audited(f"CLAIM = claim({FALSE[name]})")
    assert (found["mine"].verdict, code) == (Verdict.REFUTED, 1)
    texts = [e.witness.text for e in found["mine"].evidence if e.outcome is Verdict.REFUTED]
    assert texts
    if name == "outside its domain":
        assert any("the claimed u = -" in text and "is no non-negative scalar" in text for text in texts)
    if name.startswith("unbounded"):
        assert any("not bounded below" in text for text in texts)


def test_a_witness_can_be_shown_again(written):
    path = written(f"CLAIM = claim({FALSE['not stationary']})")
    done = CliRunner().invoke(cli, ["check", str(path), "--claim", "mine", "--smallest"])
    assert done.exit_code == 0
    assert "FAILS: loss 1 at the claimed point, 0 at x = 1" in done.stdout


def test_terms_that_do_not_add_up_or_may_be_negative_prove_nothing(audited):
    text = "CLAIMS = [claim(Minimum('', (x - a)**2, {x: a}, excess=((x - a)**2, x**2))), "
    text += "claim(Minimum('', (x - a)**2, {x: a}, excess=(x**2 - 2*a*x, a**2)), id='other')]"
    code, found = audited(text)
    assert [found[k].verdict for k in ("mine", "other")] == [Verdict.UNDECIDED] * 2
    assert code == 3


def test_a_step_that_says_something_else_proves_nothing(audited):
    square = "Certificate('c', (a - b)**2, ((a - b)**2,))"
    step = "Certificate('c', a**4 + 1 - a, (a*(a**3 - 8), 7*a, Integer(1)), (a**3 >= 8,))"  # beyond the core unaided
    text = f"""
CLAIMS = [
    claim(Always("r", a**4 + 1 >= a), proof=(Same("trivial", a, a),), id="trivial", expected=Expected.SUPPORTED),
    claim(Always("r", a*a + b*b >= 2*a*b), proof=({square},), id="linked"),
    claim(Always("r", a**4 + 1 >= a), proof=({step},), assumptions=(a**3 >= 8,), id="given"),
    claim(Always("r", a**4 + 1 >= a), proof=({step},), id="stolen", expected=Expected.SUPPORTED),
]"""
    code, found = audited(text)
    assert {k: v.verdict for k, v in found.items()} == {
        "trivial": Verdict.SUPPORTED,
        "linked": Verdict.PROVED,
        "given": Verdict.PROVED,
        "stolen": Verdict.SUPPORTED,
    }
    assert code == 0


@pytest.mark.parametrize("elsewhere", ["-1", "-(x**2)", "x"])
def test_a_step_that_agrees_for_positive_symbols_only_is_not_the_relation(elsewhere, audited):
    _, found = audited(f"""
far = Piecewise((1, x > -(10**9)), ({elsewhere}, True))
CLAIM = claim(Always("r", Ge(far, 0, evaluate=False)), variables=(Variable(x),),
              proof=(Certificate("c", Integer(1), (Integer(1),)),))""")
    assert found["mine"].verdict is Verdict.SUPPORTED


def test_contradictory_assumptions_are_vacuous_and_named(audited):
    text = """
CLAIMS = [
    claim(Minimum("", (x - a)**2, {x: a}), assumptions=(a > 2*b, b < 3, a < b), id="exact"),
    claim(Minimum("", (x - a)**2, {x: a}), assumptions=(a + b > 3, a + b < 2), id="sampled"),
    claim(Minimum("", (x - a)**2, {x: a}), assumptions=(a < -1,), id="decided"),
]"""
    code, found = audited(text)
    notes = {k: next(e.note for e in v.evidence if e.check == "assumptions") for k, v in found.items()}
    assert {v.verdict for v in found.values()} == {Verdict.VACUOUS}
    assert code == 3
    assert "cannot hold together (exact linear program" in notes["exact"]
    assert "3" not in notes["exact"].split("cannot")[0]
    assert "no instance of" in notes["sampled"]
    assert "an assumption is False as it stands" in notes["decided"]
    assert all(v.planted.planted == 0 for v in found.values())


@pytest.mark.slow
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


def test_uses_of_the_catalogue_close_the_verdict(audited):
    text = "CLAIM = claim(Minimum('', (x - a)**2, {x: a}), uses=('lemma-determinant',))"
    code, found = audited(text)
    assert (code, set(found)) == (0, {"mine", "lemma-determinant"})


def test_a_new_claim_passes_as_it_is_written(tmp_path):
    path = tmp_path / "fresh.py"
    runner = CliRunner()
    assert runner.invoke(cli, ["new", "my-claim", "--out", str(path)]).exit_code == 0
    assert runner.invoke(cli, ["check", str(path)]).exit_code == 0
    again = runner.invoke(cli, ["new", "my-claim", "--out", str(path)], standalone_mode=False)
    assert "exists" in str(again.exception)
    assert "no claim id" in str(runner.invoke(cli, ["new", "My Claim"], standalone_mode=False).exception)


def test_log_det_is_concave_on_definite_matrices_only(audited):
    """−log det P is convex in a definite P; of symmetric ones with det P > 0 not even the set is."""
    domains = ("DEFINITE", "DIAGONAL", "SYMMETRIC", "MATRIX")
    one = "claim(Minimum('', Trace(P) - LogDet(P), {{P: Identity(n)}}, domains={{P: Domain.{0}}}), id='{1}')"
    _, found = audited(f"CLAIMS = [{', '.join(one.format(d, d.lower()) for d in domains)}]")
    optimal = [next(e.outcome for e in found[d.lower()].evidence if e.check == "global optimality") for d in domains]
    assert optimal == [Verdict.PROVED] * 2 + [Verdict.SUPPORTED] * 2


def test_an_implication_in_logarithms_is_not_believed_where_there_are_none(audited):
    text = """
CLAIMS = [
    claim(Always("r", a*x >= b*x), proof=(Implication("i", (a >= b,), a*x >= b*x),), assumptions=(a >= b,),
          variables=(A, B, Variable(x)), id="negative", expected=Expected.REFUTED),
    claim(Always("r", a*u > b*u), proof=(Implication("i", (a > b,), a*u > b*u),), assumptions=(a > b,),
          variables=(A, B, Variable(u)), id="zero", expected=Expected.REFUTED),
]"""
    code, found = audited(text)
    assert code == 0
    for result in found.values():
        assert result.verdict is Verdict.REFUTED
        steps = [e.outcome for e in result.evidence if e.check == "implication: i"]
        assert steps == [Verdict.UNDECIDED]


@pytest.mark.slow
def test_a_point_that_leaves_its_domain_where_no_instance_goes_is_not_proved(audited):
    """u = a − b/10¹² is negative only beyond every scale that is drawn; instances cannot refute it."""
    text = """
CLAIMS = [
    claim(Minimum("", (u - a)**2 + 2*b*u/10**12, {u: a - b/10**12}), id="rarely", expected=Expected.SUPPORTED),
    claim(Minimum("", (u - a)**2 + 2*b*u/10**12, {u: a - b/10**12}), id="assumed", assumptions=(a > b/10**12,)),
    claim(Minimum("", Trace(S*P) - LogDet(P), {P: S}, domains={P: Domain.DEFINITE}), id="precision",
          variables=(Variable(S, Domain.SYMMETRIC),), expected=Expected.REFUTED),
]"""
    _, found = audited(text)
    exact = {k: next(e.outcome for e in v.evidence if e.check == "stationarity") for k, v in found.items()}
    assert exact == {"rarely": Verdict.SUPPORTED, "assumed": Verdict.PROVED, "precision": Verdict.SUPPORTED}
    assert found["rarely"].verdict is Verdict.SUPPORTED


def test_a_constant_minimiser_has_negative_controls_too(audited):
    text = "CLAIMS = [claim(Minimum('', a*x**2, {x: 0})), claim(Minimum('', square(W), {W: ZeroMatrix(n, n)}), id='w')]"
    code, found = audited("W = MatrixSymbol('W', n, n)\n" + text)
    assert code == 0
    assert all(v.planted.refuted >= 1 and not v.planted.survivors for v in found.values())
