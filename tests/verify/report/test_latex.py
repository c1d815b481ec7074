"""LaTeX of the whole catalogue, with verdicts: what it holds, and that two engines compile it without a warning."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from sympy import Symbol

from derivations.claim import Always, Certificate, Claim, Expected, Lemma, Minimum, Variable
from derivations.printing.latex import tex
from derivations.printing.lines import WIDTH
from derivations.printing.references import bibtex
from derivations.printing.theorem import as_fragment
from derivations.printing.words import prose_tex
from derivations.program.derived import theorem
from derivations.statements.works import WORKS, works_in
from verify.catalogue import claims
from verify.errors import InputError
from verify.records.evidence import AuditReport, ClaimResult, Evidence, Planted, Verdict, Witness
from verify.records.verdict import summarise
from verify.report.json_report import read
from verify.report.latex import document

HOSTILE = r"β = 1 → 4: 50% of #1 & my_var \input{/etc/passwd} <script> ~ ^ $x$ θ_i² ≥ η₊ “Σ” 漢"

APPENDIX = r"\section*{Appendix: certificates}"


def result(claim: Claim) -> ClaimResult:
    verdict = Verdict(claim.expected.value)
    witness = Witness(index=3, values={}, text=HOSTILE)
    command = f"collapse-audit replay {claim.id} --seed 7 --index 3"
    evidence = Evidence(
        kind="properties",
        role="trial",
        outcome=Verdict.REFUTED,
        instances=9,
        residual=None,
        tolerance=None,
        tolerance_reason="",
        cited=(),
        witness=witness,
        reproduce=command,
        seconds=0,
    )
    return ClaimResult(
        id=claim.id,
        title=claim.title,
        source=claim.source,
        verdict=verdict,
        expected=verdict,
        as_expected=True,
        uses=claim.uses,
        seconds=1,
        evidence=(evidence,) if verdict is Verdict.REFUTED else (),
        planted=Planted(planted=5, refuted=3, equivalent=2),
        instead=claim.instead,
    )


@pytest.fixture(scope="module")
def report() -> AuditReport:
    results = tuple(result(claim) for claim in claims().values())
    return AuditReport(
        tool_version="1", seed=7, examples=64, environment={}, summary=summarise(results), claims=results
    )


@pytest.fixture(scope="module")
def whole(report) -> str:
    return document(list(claims().values()), report, fragment=False, width=40)


def blocks(text: str) -> dict[str, str]:
    """What is printed of each claim, its certificates in the appendix included."""
    text, _, appendix = text.partition(APPENDIX)
    parts = re.split(r"\\label\{claim:([a-z0-9-]+)\}", text)
    apart = re.split(r"\\subsection\*\{\w+~\\ref\{claim:([a-z0-9-]+)\}\}", appendix)
    found = dict(zip(parts[1::2], parts[2::2], strict=True))
    return found | {name: found[name] + more for name, more in zip(apart[1::2], apart[2::2], strict=True)}


@pytest.mark.slow
def test_every_claim_has_one_environment_and_its_label(whole):
    found = blocks(whole)
    assert list(found) == list(claims())
    names = ("theorem", "proposition", "lemma", "statement")
    assert sum(whole.count(rf"\begin{{{name}}}[") for name in names) == len(claims())


@pytest.mark.slow
def test_references_between_claims_resolve_within_the_document(whole):
    labels = set(re.findall(r"\\label\{(claim:[^}]*)\}", whole))
    assert set(re.findall(r"\\ref\{(claim:[^}]*)\}", whole)) <= labels
    alone = document([claims()["cvae-learnable"]], None, fragment=True, width=WIDTH)
    assert r"\texttt{vae-\allowbreak{}learnable}" in alone
    assert r"\ref" not in alone


def test_refuted_statements_carry_their_witness_and_proved_ones_their_certificate(whole):
    for name, text in blocks(whole).items():
        claim = claims()[name]
        assert (r"Witness: $\beta = 1 \to 4$:" in text) == (claim.expected is Expected.REFUTED), name
        certificates = [step for step in claim.proof if isinstance(step, Certificate) and step.terms]
        assert text.count("visibly non-negative") == len(certificates), name
        assert (r"\textsc{refuted}" in text) == (claim.expected is Expected.REFUTED), name


def test_certificates_of_more_than_a_page_stand_in_the_appendix_and_shorter_ones_in_their_place(whole):
    claims_, _, appendix = whole.partition(APPENDIX)
    for name in ("chain-boundedness", "chain-learnable-pair"):
        count = sum(isinstance(step, Certificate) for step in claims()[name].proof)
        assert f"Its {count} certificates stand in the appendix." in blocks(whole)[name]
        assert rf"\ref{{claim:{name}}}" in appendix
        assert "a certificate, each term" not in blocks(claims_)[name]
    assert "a certificate, each term" in blocks(claims_)["lemma-alignment"]
    short = document([claims()["lemma-alignment"]], None, fragment=True, width=WIDTH)
    assert APPENDIX not in short


def test_every_reference_of_the_catalogue_is_a_work_in_the_bibliography(whole):
    lemmas = [step for claim in claims().values() for step in claim.proof if isinstance(step, Lemma)]
    assert len(lemmas) > 5
    assert [lemma.reference for lemma in lemmas if len(works_in(lemma.reference)) != 1] == []
    cited = set(re.findall(r"\\cite\{(\w+)\}", whole))
    assert cited == {work.key for work in WORKS}  # none of them is listed in vain
    assert re.findall(r"\\bibitem\{(\w+)\}", whole) == [work.key for work in WORKS]
    assert re.findall(r"@\w+\{(\w+),", bibtex(whole)) == [work.key for work in WORKS]
    assert bibtex(whole).isascii()


def test_a_fragment_without_a_file_of_references_names_them_and_cites_nothing():
    chosen = [claims()["mhvae-top-zero-columns"]]
    alone = document(chosen, None, fragment=True, width=WIDTH)
    assert r"Horn \& Johnson, Matrix Analysis, Theorem 7.8.1" in alone
    assert r"\cite" not in alone
    beside = document(chosen, None, fragment=True, width=WIDTH, bib="refs")
    assert r"Matrix Analysis~\cite{horn2013}, Theorem 7.8.1" in beside
    assert r"\bibliography" not in beside
    assert bibtex(document([claims()["lemma-alignment"]], None, fragment=True, width=WIDTH, bib="refs")) == ""


def test_no_source_gives_tex_a_citation_of_its_own():
    claim = Claim("planted", "", r"~\cite{horn2013} \cite{x}", "", (), (Always("", Symbol("x", positive=True) > 1),))
    text = document([claim], None, fragment=False, width=40)
    assert r"\cite{" not in text
    assert r"\bibitem" not in text


def test_without_a_report_a_refuted_statement_says_what_is_true_instead():
    text = document([claims()["summary-beta-reduces-collapse"]], None, fragment=False, width=40)
    assert r"\begin{remark}" in text
    assert "True instead: The active count is non-increasing in $\\beta$" in text
    assert "Verdict" not in text


def test_no_equation_is_a_tautology(whole):
    flat = re.sub(r"\s+", " ", re.sub(r"\\\\|&|\\quad|\{\}", " ", whole))
    displays = re.findall(r"\\\[(.*?)\\\]|\\begin\{align\*\}(.*?)\\end\{align\*\}", flat)
    equations = [
        part for pair in displays for part in re.split(r" , (?=[^,]*=)", "".join(pair)) if part.count(" = ") == 1
    ]
    assert len(equations) > 300
    assert [e for e in equations if len({side.strip(" .,") for side in e.split(" = ")}) == 1] == []
    implied = re.findall(r"\$([^$]*)\$ implies \$([^$]*)\$", flat)
    assert len(implied) > 20
    assert [pair for pair in implied if pair[0] == pair[1]] == []


def test_at_the_end_of_a_domain_the_slope_may_point_out_of_it():
    u, v = Symbol("u", nonnegative=True), Symbol("v", real=True)
    claim = Claim("bounded", "", "", "", (), (Minimum("", (u + 1) ** 2 + (v - 1) ** 2, at={u: 0, v: 1}),))
    text = re.sub(r"\s+", " ", document([claim], None, fragment=True, width=31))
    assert r"\nabla_{v} f &= 2 v - 2 = 0 ." in text
    assert r"\nabla_{u} f = 2 u + 2 \ge 0 ," in text
    assert "with equality where $u > 0$." in text


def test_a_theorem_of_more_than_two_cases_is_set_region_by_region(whole):
    text = blocks(whole)["mhvae-learnable-top"]
    assert text.count("else if ") == 2
    assert text.count(r"\noindent otherwise") == 1
    stated = text.partition("It is least at")[2].partition("Stationarity")[0]
    assert "cases" not in stated
    assert r"\omega_{2,i} = \lambda_{2,i} &= 0" in stated


def test_minimisers_come_with_gradients_regions_collapse_and_thresholds(whole):
    text = blocks(whole)["vae-learnable"]
    for part in (
        r"\nabla_{U} F &= 2 (U V - Z) V^{\top} + 2 U \Sigma = 0",
        r"\omega_{i}^{2} &= \frac{(\theta_{i}^{2} - \beta \eta_{\mathrm{dec}}^{2})_{+}}{\eta_{\mathrm{enc}}^{2}}",
        r"\begin{cases}",
        r"Mode $i$ is active iff $\theta_{i}^{2} > \beta \eta_{\mathrm{dec}}^{2}$",
        r"Threshold: $\theta_{i}^{2} = \beta \eta_{\mathrm{dec}}^{2}$",
    ):
        assert re.sub(r"\s", "", part) in re.sub(r"\s", "", text), part


def test_the_table_of_verdicts_has_a_row_for_every_claim_chosen(whole, report):
    table = whole[whole.index(r"\section*{Verdicts}") : whole.index(r"\section*{Claims}")]
    assert table.count(r"\ref{claim:") == len(claims())
    assert table.count("& 3 of 3 ") == len(claims())
    few = report.model_copy(update={"claims": report.claims[:1]})
    some = document(list(claims().values())[:3], few, fragment=True, width=WIDTH)
    assert "2 of the 3 claims below are not in the report." in some


def test_the_environment_holds_all_that_is_stated(whole):
    inside = re.findall(r"\\begin\{(theorem|lemma|proposition|statement)\}(.*?)\\end\{\1\}", whole, re.DOTALL)
    assert len(inside) == len(claims())
    outside = re.sub(r"\\begin\{(theorem|lemma|proposition|statement)\}.*?\\end\{\1\}", "", whole, flags=re.DOTALL)
    for word in ("Given", "Statement", "Collapse"):
        assert rf"\textbf{{{word}" not in outside
    assert sum(r"\textbf{Given.}" in text for _, text in inside) > 40
    assert r"\textbf{Steps.}" in outside


def test_no_character_of_the_catalogue_is_named_by_its_number(whole):
    own = whole.replace(prose_tex(HOSTILE), "")  # the witnesses of the report made up here have such a character
    assert len(own) < len(whole)
    assert re.findall(r"\[U\+[0-9A-F]{4,6}\]", own) == []


def test_every_variable_is_in_the_notation_table(whole):
    table = whole[whole.index(r"\section*{Notation}") :]
    table = table[: table.index(r"\bottomrule")]
    for claim in claims().values():
        for v in claim.variables:
            assert f"${tex(v.symbol)}$" in table, (claim.id, v.symbol)
    for letter, words in (("c", "ratio"), ("A", "of the input"), ("C", "cross moment"), ("E", "of the residual")):
        assert re.search(rf"^\${letter}\$ & .* & .*{words}", table, re.MULTILINE), letter
    assert not re.search(r"^\$A\$", document([claims()["vae-learnable"]], None, fragment=False, width=40), re.MULTILINE)


def test_the_notation_table_names_only_what_is_used():
    text = document([claims()["vae-learnable"]], None, fragment=False, width=40)
    assert r"$\theta_{i}$ &  & singular value of $Z$" in text
    assert r"$W_{2}$" not in text
    assert r"\operatorname{eig}" not in text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "is no audit.json: No such file"),
        (b"{}", "is no audit.json: tool_version"),
        (b"\xff\x00", "is no audit.json"),
    ],
)
def test_a_report_that_is_none_is_refused_in_one_sentence(tmp_path, content, says):
    path = tmp_path / "audit.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=says) as error:
        read(path)
    assert "\n" not in str(error.value)


# Compiled

PLAIN = r"""\documentclass[%s]{article}
\usepackage[T1]{fontenc}
\usepackage{lmodern,amsmath,amssymb,amsthm,array,booktabs,longtable}
\begin{document}
%s
\end{document}
"""
COMPLAINTS = re.compile(r"^!.*|.*Warning.*|Missing character.*|Overfull .*\((\d+\.?\d*)pt.*", re.MULTILINE)


def complaints(log: str) -> list[str]:
    """Errors, warnings, missing glyphs, and boxes more than 2 points too wide or too high."""
    return [m.group() for m in COMPLAINTS.finditer(log) if m.group(1) is None or float(m.group(1)) > 2]


def compiled(text: str, folder: Path, engine: str, runs: int) -> list[str]:
    if shutil.which(engine) is None:
        pytest.skip(f"no {engine} on this machine: the document is not compiled")
    (folder / "paper.tex").write_text(text, encoding="utf-8")
    for _ in range(runs):
        done = subprocess.run(
            [engine, "-interaction=nonstopmode", "-no-shell-escape", "paper.tex"],
            cwd=folder,
            capture_output=True,
            timeout=300,
            check=False,
        )
    log = (folder / "paper.log").read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, log[-2000:]
    assert "Output written on paper.pdf" in log
    return complaints(log)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["pdflatex", "lualatex"])
def test_the_whole_document_compiles_without_a_warning(whole, tmp_path, engine):
    assert compiled(whole, tmp_path, engine, 3) == []


@pytest.mark.slow
def test_bibtex_makes_the_bibliography_of_a_document_and_its_citations_resolve(tmp_path):
    if shutil.which("bibtex") is None:
        pytest.skip("no bibtex on this machine: the entries are not read")
    chosen = [claims()[name] for name in ("mhvae-top-zero-columns", "score-threshold", "rate-distortion-bound")]
    chosen.append(claims()["no-spurious-minima"])
    text = document(chosen, None, fragment=False, width=40, bib="refs")
    (tmp_path / "refs.bib").write_text(bibtex(text), encoding="utf-8")
    assert any("Citation `horn2013' on page" in line for line in compiled(text, tmp_path, "pdflatex", 1))
    done = subprocess.run(["bibtex", "paper"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "arning" in done.stdout) == (0, False), done.stdout
    assert compiled(text, tmp_path, "pdflatex", 3) == []
    assert (tmp_path / "paper.bbl").read_text(encoding="utf-8").count(r"\bibitem") == len(WORKS)


@pytest.mark.slow
@pytest.mark.parametrize("size", ["10pt", "12pt"])
def test_fragments_fit_into_a_plain_article(tmp_path, size):
    chosen = [claim for name, claim in claims().items() if name.startswith(("vae", "mhvae", "summary"))]
    parts = [document(chosen, None, fragment=True, width=WIDTH)]
    parts += [as_fragment(theorem(p)) for p in ((True,), (True, False, True), (False,) * 4)]
    assert compiled(PLAIN % (size, "\n".join(parts)), tmp_path, "pdflatex", 2) == []


def test_a_hostile_claim_compiles_to_its_own_words(tmp_path):
    x = Symbol("x_%&{}\\input", positive=True)
    claim = Claim(
        id="hostile-claim",
        title=HOSTILE,
        source=HOSTILE,
        text=HOSTILE,
        instead=HOSTILE,
        expected=Expected.REFUTED,
        variables=(Variable(x, note=HOSTILE),),
        statements=(Always(HOSTILE, x > 1),),
    )
    assert compiled(document([claim], None, fragment=False, width=40), tmp_path, "pdflatex", 2) == []


def test_the_reader_of_logs_sees_planted_complaints(tmp_path):
    planted = rf"\ref{{nowhere}} \[ {'x + ' * 200} x \]"
    found = "\n".join(compiled(PLAIN % ("10pt", planted), tmp_path, "pdflatex", 2))
    assert "Reference `nowhere' on page 1 undefined" in found
    assert "Overfull" in found
    assert complaints("Missing character: There is no θ in font cmr10!") != []
