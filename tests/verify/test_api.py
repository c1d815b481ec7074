"""The public API: small, typed, documented, light to import; what it hands out can be read."""

from __future__ import annotations

import ast
import dataclasses
import doctest
import inspect
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from sympy import Ge, MatrixSymbol, Symbol

import derivations
import verify
import verify.api
import verify.forecast.api
import verify.report.api
from derivations import Always, Claim, Minimum, Variable, square
from derivations.notation import omega, theta
from verify.catalogue import ALIASES
from verify.engine import run as orchestrate
from verify.engine.run import Interrupted, run_audit
from verify.records.evidence import Verdict
from verify.user.variation import admit

A, X = (MatrixSymbol(name, Symbol("m", integer=True, positive=True), 2) for name in "AX")


def parsed(html):
    return ET.fromstring(html.replace("<wbr>", "<wbr/>"))


def own(at, name="nearest-matrix"):
    return Claim(
        id=name,
        title="the nearest matrix & <nothing> else",
        source="a test",
        text="X = A minimises ‖X − A‖².",
        variables=(Variable(A),),
        statements=(Minimum("", square(X - A), at={X: at}),),
    )


@pytest.mark.parametrize("package", [verify, derivations], ids=lambda p: p.__name__)
def test_a_package_has_few_public_names_and_all_are_there(package):
    assert len(package.__all__) <= 25
    assert set(package.__all__) <= set(dir(package))
    for name in package.__all__:
        assert getattr(package, name) is not None


@pytest.mark.parametrize("package", [verify, derivations], ids=lambda p: p.__name__)
def test_type_checkers_see_every_name(package):
    tree = ast.parse(Path(package.__file__).read_text(encoding="utf-8"))
    seen = {n.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for n in node.names}
    seen |= {n.target.id for n in ast.walk(tree) if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)}
    assert set(package.__all__) <= seen
    assert Path(package.__file__).with_name("py.typed").exists()


@pytest.mark.parametrize("package", [verify, derivations], ids=lambda p: p.__name__)
def test_public_names_are_documented_and_annotated(package):
    for name in package.__all__:
        thing = getattr(package, name)
        if name.startswith("__"):
            continue
        assert inspect.getdoc(thing), name
        if inspect.isfunction(thing):
            signature = inspect.signature(thing)
            assert signature.return_annotation is not inspect.Signature.empty, name
            assert all(p.annotation is not p.empty for p in signature.parameters.values()), name


def test_functions_say_what_they_raise():
    for name in (n for n in verify.__all__ if inspect.isfunction(getattr(verify, n))):
        if name != "claims":
            assert "Raises:" in getattr(verify, name).__doc__, name


@pytest.mark.slow
@pytest.mark.parametrize(
    "module", [verify.api, verify.forecast.api, verify.report.api, verify, derivations], ids=lambda m: m.__name__
)
def test_examples_in_docstrings_run(module):
    found = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
    assert found.attempted > 0
    assert found.failed == 0


def test_importing_the_package_imports_nothing_heavy():
    code = "import sys, verify; dir(verify); print(sorted({'sympy', 'numpy', 'click', 'pydantic'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_unknown_attributes_are_named():
    with pytest.raises(AttributeError, match="no attribute 'theorem'"):
        verify.theorem  # noqa: B018


@pytest.fixture(scope="module")
def audited():
    return verify.audit("summary-beta-reduces-collapse", examples=64, jobs=1)


def test_an_audit_shows_itself(audited):
    result = audited["summary-beta-reduces-collapse"]
    assert result.verdict is Verdict.REFUTED
    assert audited.as_expected
    assert "REFUTED" in str(audited)
    assert "turns latent" in str(result)  # the witness in words
    assert repr(audited) == "<audit: summary-beta-reduces-collapse REFUTED>"
    assert next(iter(audited)).record.id == "summary-beta-reduces-collapse"
    assert audited._repr_latex_().startswith("$$\\begin{aligned}")
    page = parsed(audited._repr_html_())
    assert page.findall(".//{http://www.w3.org/1998/Math/MathML}math")
    assert "replay summary-beta-reduces-collapse" in "".join(page.itertext())


def test_a_missing_result_names_those_there_are(audited):
    with pytest.raises(KeyError, match="was not audited; there are"):
        audited["vae-learnable"]


@pytest.mark.parametrize("name", ["vae-fixed", "mhvae-learnable-top", "lemma-alignment", "gradient-flow-escape"])
def test_a_claim_shows_itself(name):
    shown = verify.claim(name)
    assert name in str(shown)
    assert parsed(shown._repr_html_()).findall(".//{http://www.w3.org/1998/Math/MathML}math")
    assert shown._repr_latex_().count("\\\\\n") >= 1


def test_a_claim_of_ones_own_is_audited_and_broken():
    right, wrong = verify.audit(own(A), examples=64), verify.audit(own(2 * A), examples=64)
    assert right["nearest-matrix"].verdict is Verdict.PROVED
    assert wrong["nearest-matrix"].verdict is Verdict.REFUTED
    assert "&lt;nothing&gt;" in wrong._repr_html_()
    assert not wrong.as_expected


def test_a_claim_of_the_catalogue_is_broken_under_another_name():
    claim = verify.claim("exchange-in-beta").claim
    with pytest.raises(verify.InputError, match="the catalogue has a claim 'exchange-in-beta' already"):
        verify.audit(dataclasses.replace(claim, title="mine"))
    falls = dataclasses.replace(claim.statements[0], relation=claim.statements[0].relation.reversed.negated)
    broken = dataclasses.replace(claim, id="exchanged", statements=(falls,), proof=())
    assert verify.audit(broken, examples=64)["exchanged"].verdict is Verdict.REFUTED


def test_a_relation_of_ones_own_is_no_theorem_because_it_uses_one():
    t, a = Symbol("t", positive=True), Symbol("a", positive=True)
    three_means = Ge(t**3 + a**3 + 1, 3 * t * a, evaluate=False)  # true, and not found without a script
    claim = Claim("means", "t", "s", "x", (Variable(t), Variable(a)), (Always("", three_means),))
    for uses in ((), ("exchange-in-beta",)):
        found = verify.audit(dataclasses.replace(claim, uses=uses), examples=64)["means"]
        assert found.verdict is Verdict.SUPPORTED


def test_a_witness_of_ones_own_claim_says_how_to_see_it_again():
    false = own(2 * A)
    found = [e.reproduce for e in verify.audit(false, examples=64)["nearest-matrix"].record.evidence if e.reproduce]
    assert found
    for command in found:
        call, _, note = command.partition("  # ")
        assert note == "claim: nearest-matrix"
        tree = ast.parse(call, mode="eval").body
        assert ast.unparse(tree.func) == "verify.replay"
        given = {k.arg: ast.literal_eval(k.value) for k in tree.keywords}
        assert "FAILS" in repr(verify.replay(false, **given))


def varied(name="vae-mistyped", **fields):
    theorem = verify.claim("vae-learnable").claim
    return dataclasses.replace(theorem, id=name, **fields)


def test_a_theorem_with_a_changed_formula_is_refuted(monkeypatch):
    lemmas = run_audit(["exchange-in-beta"], examples=64, seed=0, jobs=1)  # the lemmas it uses do not matter here
    monkeypatch.setattr(orchestrate, "run_audit", lambda *_, **__: lemmas)
    (statement,) = varied().statements
    wrong = {**statement.modes, omega: statement.modes[omega].subs(theta**2, theta)}
    changed = varied(statements=(dataclasses.replace(statement, modes=wrong),))
    found = verify.audit(changed, examples=64)["vae-mistyped"]
    assert found.verdict is Verdict.REFUTED
    assert "at D = 1, d = 1, r = 1" in str(found)
    assert found.refutation.kind == "properties"
    assert found.witness.values["d"] == 1
    assert verify.audit("exchange-in-beta")["exchange-in-beta"].witness is None


@pytest.mark.parametrize("change", ["loss", "program", "uses", "assumptions"])
def test_nothing_but_formulas_of_a_theorem_may_be_changed(change):
    (statement,), other = varied().statements, verify.claim("vae-fixed").claim.statements[0]
    fields = {
        "loss": {"statements": (dataclasses.replace(statement, loss=2 * statement.loss),)},
        "program": {"statements": (dataclasses.replace(statement, program=other.program),)},
        "uses": {"uses": ()},
        "assumptions": {"assumptions": (theta > 1,)},
    }
    with pytest.raises(verify.InputError, match="may differ from the catalogue's in `at` and `modes` alone"):
        verify.audit(varied(**fields[change]))


def test_a_derived_theorem_is_no_stranger():
    found = verify.derive(1, [1])
    assert found.claim.id == "derived-1-learnable-1"
    admit(found.claim, {})
    with pytest.raises(verify.InputError, match="may differ"):
        admit(dataclasses.replace(found.claim, uses=()), {})


def test_an_interruption_keeps_what_was_finished(monkeypatch):
    def stopped(names, **_):
        raise Interrupted(run_audit([], examples=64, seed=0, jobs=1) if not names else finished)

    finished = run_audit(["exchange-in-beta"], examples=64, seed=0, jobs=1)
    monkeypatch.setattr(orchestrate, "run_audit", stopped)
    found = verify.audit("exchange-in-beta", "gaussian-is-worst", examples=64)
    assert found.report.summary.interrupted
    assert len(found) == 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: verify.audit("vae-learnabel"), "did you mean 'vae-learnable'"),
        (lambda: verify.audit("vae-fixed", examples=0), "examples must be at least 1"),
        (lambda: verify.audit("vae-fixed", jobs=0), "jobs must be at least 1"),
        (lambda: verify.audit(dataclasses.replace(own(A), uses=("no-such",))), "there is no claim 'no-such'"),
        (lambda: verify.audit("vae-fixed", seed=-1), "seed must be at least 0"),
        (lambda: verify.audit(7), "by its id or as a Claim, not as a int"),
        (lambda: verify.audit(own(A), own(A)), "two claims have the id 'nearest-matrix'"),
        (
            lambda: verify.audit(varied("mine", statements=verify.claim("gradient-flow-escape").claim.statements)),
            "as the catalogue states it",
        ),
        (lambda: verify.replay("vae-fixed", index=-1), "index must be at least 0"),
        (lambda: verify.claim("x"), "there is no claim 'x'"),
        (lambda: verify.audit("Theorem 4"), r"known by number: Theorem 2 \(cvae-learnable\), Theorem 3 .*, Theorem 5 "),
        (lambda: verify.derive(9), "levels must be from 1 to 8"),
        (lambda: verify.derive(2, [3]), "learnable names level 3"),
        (lambda: verify.predict("digits", np.eye(4), latent=2), "bring their own inputs"),
        (lambda: verify.predict("nothing.npy", latent=2), "nothing.npy"),
        (lambda: verify.predict(np.eye(4), latent=0), "latent"),
        (lambda: verify.predict(np.eye(4), latent=2, loss="l1"), "known are"),
        (lambda: verify.diagnose(np.eye(4), np.eye(4), kind="precision"), "known are"),
        (lambda: verify.diagnose(np.eye(4), np.ones((4, 2))), "must be the same"),
        (lambda: verify.diagnose(np.ones((4, 2)), np.zeros((4, 2))), "must be positive"),
        (lambda: verify.convert("mse", 1), "known are"),
    ],
)
def test_bad_input_is_one_sentence(call, words):
    with pytest.raises(verify.InputError, match=words) as caught:
        call()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["Theorem 3", "theorem3", "Linear MHVAE, Σ_1 fixed and Σ_2 learnable: the global minimisers"]
)
def test_a_claim_is_found_by_the_papers_number_and_by_its_title(name):
    assert verify.claim(name).id == "mhvae-learnable-top"
    assert "label{claim:mhvae-learnable-top}" in verify.latex(name, fragment=True)


def test_forecasts_print_as_their_tables():
    forecast = verify.predict("digits", latent=6, beta=80)
    assert "prior-collapsed" in str(forecast)
    tables = [one._repr_html_() for one in (forecast, verify.sweep("digits", betas=[1, 80], latents=[6]))]
    tables.append(verify.convert("mse-mean", 4, outputs=784)._repr_html_())
    assert [len(parsed(page).findall(".//table")) for page in tables] == [1, 1, 1]
    rows = parsed(tables[0]).findall(".//tbody/tr")
    assert ["".join(row.itertext()).split()[0] for row in rows][-1].startswith("6")
    assert "level βη_dec²" in tables[0]
    assert str(verify.convert("mse-mean", 4, outputs=784)) != ""
    assert verify.predict("digits", "digits", latent=3).model == "cvae"
    assert verify.predict("digits", latent=6, loss="mse-mean", beta=2.5).water_level == pytest.approx(80)


def test_a_diagnosis_of_arrays():
    rng = np.random.default_rng(0)
    y = rng.normal(size=(500, 3)) * [3, 2, 0.1]
    mean, logvar = np.column_stack([y[:, 0] / 3, 0 * y[:, 1]]), np.tile([-2.0, 0.0], (500, 1))
    found = verify.diagnose(mean, logvar, y)
    assert [x.finding.value for x in found.latents] == ["active", "collapsed, undecided"]
    assert "because some are negative" in found.assumed
    assert "training lost it, or a non-linear decoder has it" in str(found)
    assert "collapsed, undecided" in "".join(parsed(found._repr_html_()).find(".//tbody").itertext())


def test_a_derived_theorem_shows_itself():
    found = verify.derive(2, [2])
    assert "regions of a mode" in str(found)
    assert "\\begin{theorem}" in found.latex
    assert repr(found) == "<theorem of 2 levels, learnable (2,)>"
    page = parsed(found._repr_html_())
    assert len(page.findall(".//tbody/tr")) == 4
    assert len(page.findall(".//{http://www.w3.org/1998/Math/MathML}math")) > 12
    assert "regions of a mode" in "".join(page.find(".//details").itertext())


def test_a_claim_is_found_by_the_id_that_it_had():
    for old, new in ALIASES.items():
        assert verify.claim(old).claim.id == new
        assert old not in verify.claims()
