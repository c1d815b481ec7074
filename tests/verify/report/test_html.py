"""The page without a browser: well-formed, self-contained, escaped, every link leads somewhere, nothing varies."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import html5lib
import pytest
from sympy import Symbol

from derivations.claim import Claim, Minimum, Variable
from derivations.statements.paper import PAPER
from verify.catalogue import claims
from verify.records.evidence import Verdict
from verify.records.regions import Region, failure_rate_below
from verify.report import html
from verify.report.formulas import content
from verify.report.html.glossary import GLOSSARY

XHTML = "{http://www.w3.org/1999/xhtml}"


class Reader(HTMLParser):
    """Tags, ids, links and whatever would be fetched."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.links, self.fetched, self.styles = [], [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            if name in ("href", "xlink:href"):
                self.links.append(value)
            if name in ("src", "srcset", "data", "poster", "action", "background") or name.startswith("on"):
                self.fetched.append((tag, name, value))
            if name == "style":
                self.styles.append(value)


@pytest.fixture(scope="module")
def full(made):
    """Everything open, as it is printed; the browser shows that the folded page opens to the same."""
    return html.render_page(made.catalogue_report(), claims(), full=True)


@pytest.fixture(scope="module")
def folded(made):
    return html.render_page(made.catalogue_report(), claims())


@pytest.fixture(scope="module")
def hostile(made):
    return html.render_page(made.hostile_report(), claims(), full=True)


@pytest.fixture(scope="module")
def hostile_folded(made):
    return html.render_page(made.hostile_report(), claims())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["full", "hostile"])
def test_every_link_leads_to_one_place_on_the_page(name, request):
    read = Reader(request.getfixturevalue(name))
    assert len(read.ids) == len(set(read.ids))
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+", anchor) for anchor in read.ids)
    assert {link.removeprefix("#") for link in read.links if link != PAPER.url} <= set(read.ids)
    assert len(read.links) > 20


@pytest.mark.parametrize("name", ["full", "hostile"])
def test_what_is_printed_has_no_script_and_fetches_nothing(name, request):
    read = Reader(request.getfixturevalue(name))
    assert not read.fetched
    assert not read.styles
    assert not {"script", "link", "iframe", "object", "embed", "img", "base"} & set(read.tags)


@pytest.mark.parametrize("name", ["folded", "hostile_folded"])
def test_nothing_is_fetched_and_only_the_hashed_script_and_style_act(name, request):
    text = request.getfixturevalue(name)
    read = Reader(text)
    assert not read.fetched
    assert not read.styles  # the policy would block them
    assert read.tags.count("style") == 1
    data = re.findall(r'<script type="application/json" id="parts">([^<]*)</script>', text)
    assert read.tags.count("script") == 2
    assert [len(json.loads(each)) for each in data] == [4]
    assert not {"link", "iframe", "object", "embed", "img", "base"} & set(read.tags)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1].replace("&#39;", "'")
    assert policy.startswith("default-src 'none'; ")
    for tag in ("script", "style"):
        content = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
        assert not re.search(r"url\(|@import|https?:|fetch\(|eval", content)


def test_the_page_is_html_as_the_standard_has_it(hostile, hostile_folded, made):
    for page in (hostile, hostile_folded):
        html5lib.HTMLParser(strict=True).parse(page)  # raises at the first error
    few = ("vae-learnable", "mhvae-fixed", "lemma-alignment", "chain-learnable-pair")
    real = made.catalogue_report()
    text = html.render_page(made.report(*(r for r in real.claims if r.id in few)), claims(), full=True)
    tree = html5lib.HTMLParser(strict=True).parse(text)
    assert len(tree.findall(f".//{XHTML}section[@class='claim']")) == 4
    assert len(list(tree.iter("{http://www.w3.org/1998/Math/MathML}math"))) > 50


def test_headers_lead_to_what_their_words_mean_as_the_docs_say_it(full):
    docs = (Path(__file__).parents[3] / "docs" / "glossary.md").read_text(encoding="utf-8")
    read = Reader(full)
    for name, (word, meaning) in GLOSSARY.items():
        assert f"| {word} | {meaning}" in docs
        assert f"#word-{name}" in read.links
        assert read.ids.count(f"word-{name}") == 1
    assert {link for link in read.links if link.startswith("#word-")} == {f"#word-{name}" for name in GLOSSARY}


def test_hostile_texts_are_shown_as_text(hostile, hostile_folded, made):
    tree = html5lib.parse(hostile)
    text = "".join(tree.itertext())
    assert "<script>alert" not in hostile + hostile_folded
    assert "</title><!--" not in hostile_folded  # in the data of the script neither
    assert hostile.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; _ %") >= 10
    assert text.count("{{ 7 * 7 }}") >= 10  # no template in a template
    for element in tree.iter():
        if element.tag == f"{XHTML}h3" and made.HOSTILE in "".join(element.itertext()):
            break
    else:
        raise AssertionError("the hostile title is not among the headings")


def test_every_formula_of_the_catalogue_is_mathml(full):
    assert full.count("<math ") > 800
    assert not re.search(r"\\(?!textbf)[a-z]+", re.sub(r"<(script|style)>.*?</\1>", "", full, flags=re.DOTALL))
    assert not re.search(r'<div class="formula"><code>', full)
    for claim in claims().values():
        section = full[full.index(f'<section class="claim" id="claim-{claim.id}"') :]
        section = section[: section.index("</section>")]
        assert "<math " in section, claim.id


def test_all_five_verdicts_and_everything_found_are_said(hostile):
    text = re.sub(r"\s+", " ", "".join(html5lib.parse(hostile).itertext()))
    for words in (
        "Interrupted: only part",
        "1 survived",
        "≠ expected PROVED",
        "is REFUTED, expected PROVED and has 1 planted error that no check refuted",
        "not in this report",
        "What is true instead",
        "1.5 × 10⁻¹² ≤ 10⁻⁹",
        "Cited, not proved here",
        "second opinions of other programs",
        "it is not in the catalogue",
        "The page was made later",
    ):
        assert words in text, words
    for verdict in Verdict:
        assert f">{verdict}</span>" in hostile.replace("</span> ", ">")


SMALL = """
import hashlib
from derivations.theorems.hierarchy import mhvae_beta_levers
from derivations.theorems.vae import vae_fixed
from verify.records.evidence import AuditReport, Planted, Verdict
from verify.engine.judgement import result
from verify.report import html
from verify.report.formulas import content
from verify.records.verdict import summarise
known = {m.CLAIM.id: m.CLAIM for m in (vae_fixed, mhvae_beta_levers)}
found = tuple(result(claim, Verdict.VACUOUS, (), Planted(), 0) for claim in known.values())
report = AuditReport(tool_version="0", seed=0, examples=1, environment={}, summary=summarise(found), claims=found)
print(hashlib.sha256(html.render_page(report, known).encode()).hexdigest())
"""


@pytest.mark.slow
def test_the_same_report_gives_the_same_bytes_whatever_the_hash_seed():
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", SMALL], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONHASHSEED": seed}
        )
        for seed in ("1", "2")
    ]
    first, second = (run.communicate()[0] for run in runs)
    assert len(first) == 65
    assert first == second


def test_a_verdict_says_which_claims_it_leans_on(made):
    weak = made.result("weak", Verdict.SUPPORTED)
    user = made.result("user", Verdict.SUPPORTED, made.evidence(Verdict.PROVED), uses=("weak", "gone"))
    text = "".join(html5lib.parse(html.render_page(made.report(weak, user), {}, full=True)).itertext())
    assert "Its own evidence says PROVED; of the 2 claims it rests on these are not PROVED" in text
    assert "weak (SUPPORTED), gone (not in this report)" in text


def test_what_passed_says_how_much_that_means_and_where_nothing_was_tried(made):
    regions = [
        Region(name=name, instances=n, failure_rate_below=failure_rate_below(n))
        for name, n in (("kind: <ties>", 0), ("case: a_1 > 0", 2995), ("kind: simple", 5))
    ]
    seen = made.evidence(
        Verdict.SUPPORTED, instances=3000, failure_rate_below=failure_rate_below(3000), regions=regions
    )
    text = html.render_page(made.report(made.result("one", Verdict.SUPPORTED, seen)), {}, full=True)
    shown = re.sub(r"\s+", " ", "".join(html5lib.HTMLParser(strict=True).parse(text).itertext()))
    assert "at 95 % confidence fewer than 1 in 1,002 drawn like these fail" in shown
    assert "3 regions, 1 not visited" in shown
    assert "kind: <ties>: not visited" in shown
    assert "2,995 (fewer than 1 in 1,000)" in shown
    assert "not visited" not in html.render_page(made.report(made.result("one", Verdict.PROVED)), {}, full=True)


def test_an_empty_report_is_a_page(made):
    html5lib.HTMLParser(strict=True).parse(html.render_page(made.report(interrupted=True), {}))
    assert "Audit of 0 claims" in html.render_page(made.report(interrupted=True), {})


def test_the_page_is_light(folded):
    elements = len(Reader(folded).tags)
    assert len(folded.encode()) < 1_000_000
    assert elements < 6_000  # the first release had 99,759


def test_every_argument_and_certificate_is_shown(full):
    for claim in claims().values():
        section = full[full.index(f'id="claim-{claim.id}"') :]
        section = section[: section.index("</section>")]
        arguments = [s for s in claim.statements if s.proof is not None]
        assert section.count("argument that the proof core accepts") == len(arguments), claim.id
        assert section.count('<p class="reason d0">') == len(arguments), claim.id
        if claim.id not in ("chain-boundedness", "chain-general", "chain-learnable-pair"):  # hundreds of formulas
            assert "left out here" not in section, claim.id


def test_a_sum_that_proves_a_minimum_is_shown():
    x, a = Symbol("x", real=True), Symbol("a", positive=True)
    claim = Claim("one", "", "", "", (Variable(a),), (Minimum("", (x - a) ** 2 + 1, {x: a}, excess=((x - a) ** 2,)),))
    (group,) = content(claim).statements
    assert group.lines[-1].lead == "above its least value the loss is a sum of terms that are visibly non-negative"
    assert group.lines[-1].plain == "(x - a)²"


def test_the_summary_says_what_a_reviewer_asks_first(made):
    open_ = made.evidence(Verdict.SUPPORTED, untested=3)
    found = made.report(
        made.result("vae-learnable", Verdict.PROVED, given=("a lemma: of a book",)),
        made.result("lemma-alignment", Verdict.SUPPORTED, open_),
        made.result("summary-correlation-cause", Verdict.REFUTED, title="what is said", instead="what is so"),
        date="2026-12-31",
    )
    page = html.render_page(found, claims())
    shown = re.sub(r"\s+", " ", "".join(html5lib.parse(page.partition("</header>")[0]).itertext()))
    for words in (
        "[1] a lemma: of a book (1 claim)",
        "what is said: what is so",
        "1 claim tried on instances and not proved: lemma-alignment.",
        "3 random instances drawn and left open",
        f"{len(claims()) - 3} of the {len(claims())} claims of the catalogue were not part of this audit.",
        "collapse-audit run vae-learnable lemma-alignment summary-correlation-cause --examples 10 --seed 0",
        "collapse-audit 0, 2026-12-31; python 3.",
    ):
        assert words in shown, words
    mine = html.render_page(made.report(made.result("mine", Verdict.PROVED), interrupted=True), {})
    assert "collapse-audit check FILE --examples 10 --seed 0" in mine
    assert "what it did not finish was not checked" in mine


def test_the_page_says_what_is_audited_and_explains_the_summary_once(folded, made):
    heading = folded.partition("<main>")[0]
    for part in (PAPER.title, *PAPER.authors, PAPER.venue, f'href="{PAPER.url}"'):
        assert part in heading
    assert folded.count("informal summary of the paper") == 1
    mine = html.render_page(made.report(made.result("mine", Verdict.PROVED, source="my notes")), {})
    assert PAPER.title not in mine
    assert "What the paper states" not in mine
