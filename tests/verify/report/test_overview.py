"""The overview of an audit: one line a claim, the paper's first, two screens for the whole catalogue, 40 columns."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console
from sympy import Symbol

from derivations.printing.unicode import formula, prose
from derivations.statements.paper import PAPER, Origin, origin_of, theorem_number
from verify.catalogue import claims, lemmas
from verify.records.evidence import Verdict
from verify.report.overview import Overview, grouped


def lines(results, width=80):
    console = Console(file=io.StringIO(), width=width, color_system=None, legacy_windows=False)
    console.print(Overview(results), crop=False)
    return [line.rstrip() for line in console.file.getvalue().rstrip("\n").split("\n")]


@pytest.fixture(scope="module")
def results(made):
    return made.catalogue_report().claims


def test_the_catalogue_fits_two_screens_with_a_line_for_each_claim(results):
    shown = lines(results)
    assert len(shown) <= 72  # of 80, the rest is for what is written and for the verdict
    assert max(map(len, shown)) <= 80
    for r in results:
        rows = [line for line in shown if line.split(" ")[0] == r.id]
        assert len(rows) == (r.id not in lemmas())
        assert all(f" {r.verdict} " in row for row in rows)
    assert f"{len(lemmas())} lemmas (-v lists them)" in "\n".join(shown)


def test_what_is_audited_comes_first_then_its_theorems_by_number(results):
    text = "\n".join(lines(results, 120))
    flat = " ".join(text.split())
    assert flat.startswith(f"Audit of {PAPER.title} ({', '.join(PAPER.authors)}, {PAPER.venue}, {PAPER.url})")
    assert re.findall(r"\(Theorem (\d+)\)", text) == ["2", "3", "5"]
    heads = [text.index(origin.value) for origin in (Origin.PAPER, Origin.SUMMARY, Origin.HERE)]
    assert heads == sorted(heads)
    assert text.index("(Theorem 2)") < text.index("\nvae-learnable ")


@pytest.mark.parametrize("width", [40, 57, 80, 200])
def test_nothing_but_sentences_is_cut_at_any_width(results, width):
    shown = lines(results, width)
    assert max(map(len, shown)) <= width
    glued = "".join(re.split(r" {2,}", line)[0] for line in shown)
    assert all(r.id in glued for r in results if r.id not in lemmas())


def test_a_surprise_is_never_folded_and_says_so(results, made):
    odd = next(iter(lemmas()))
    wrong = made.result(odd, Verdict.UNDECIDED, expected=Verdict.PROVED, source="derived here")
    (row,) = [line for line in lines([*(r for r in results if r.id != odd), wrong]) if line.startswith(odd)]
    assert "≠ PROVED" in row


def test_what_is_given_is_named_once(made):
    cited = "data processing inequality: Cover & Thomas"
    text = "\n".join(lines([made.result("a", Verdict.PROVED, given=(cited,)), made.result("b", Verdict.PROVED)]))
    assert text.count("given, below") == 1
    assert f"{cited} (a)" in text


def test_claims_from_elsewhere_say_nothing_of_the_paper(made):
    text = "\n".join(lines([made.result("mine", Verdict.PROVED, source="my paper, Theorem 3")]))
    assert PAPER.title not in text
    assert "Theorem 3" not in text
    assert list(grouped([made.result("mine", Verdict.PROVED, source="my paper")])) == [Origin.OTHER]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("β_1 and z_12", "β₁ and z₁₂"),
        ("θ_i² > βη_dec², θ_max", "θᵢ² > βη_dec², θ_max"),
        ("V_1V_1ᵀ, λ_ls_{l−1}", "V₁V₁ᵀ, λₗs_{l−1}"),
        ("beta_1, my_index, d_2 − rank U_2", "beta_1, my_index, d₂ − rank U₂"),
    ],
)
def test_indices_are_set_alike_in_sentences_and_formulas(text, shown):
    assert prose(text) == shown
    assert formula(Symbol("beta_1")) == "β₁"


def test_every_claim_of_the_catalogue_has_an_origin():
    origins = {c.id: origin_of(c.source) for c in claims().values()}
    assert Origin.OTHER not in origins.values()
    assert all((o is Origin.SUMMARY) == name.startswith("summary-") for name, o in origins.items())
    assert {theorem_number(c.source) for c in claims().values()} == {None, 2, 3, 5}
