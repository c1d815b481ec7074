"""TeX to MathML: well-formed whatever the TeX says, and repaired where browsers would show it wrongly."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from verify.report.mathml import to_mathml

SPACE = "{http://www.w3.org/1998/Math/MathML}"


def parsed(tex, display=False):
    tree = ET.fromstring(to_mathml(tex, display))
    assert tree.tag == f"{SPACE}math"
    return tree


def texts(tree, tag):
    return [e.text for e in tree.iter(SPACE + tag)]


@pytest.mark.parametrize("display", [False, True])
def test_display_is_said(display):
    assert parsed("x", display).get("display") == ("block" if display else "inline")


def test_a_sum_on_its_own_line_has_its_limits_above_and_below():
    assert len(list(parsed(r"\sum_{i=1}^{d} x", True).iter(f"{SPACE}munderover"))) == 1
    assert len(list(parsed(r"\sum_{i=1}^{d} x").iter(f"{SPACE}msubsup"))) == 1


def test_upright_subscripts_are_one_word():
    tree = parsed(r"\eta_{\mathrm{dec}}^{2}")
    assert texts(tree, "mi") == ["η", "dec"]
    assert [e.tag for e in tree[0]] == [SPACE + t for t in ("mi", "mi", "mn")]


@pytest.mark.parametrize(
    ("tex", "spaces"),
    [(r"\operatorname{tr} X", 1), (r"\log x", 1), (r"\log\det X", 2), (r"\log^{2} x", 1), (r"2 \log x", 2), ("2 x", 0)],
)
def test_functions_are_words_with_thin_spaces(tex, spaces):
    tree = parsed(tex)
    assert not texts(tree, "mo")  # the default spacing of an unknown operator is that of a relation
    assert len(list(tree.iter(f"{SPACE}mspace"))) == spaces


@pytest.mark.parametrize("tex", [r"\beta'", r"\beta^{\prime}", r"\lambda_{1}'"])
def test_primes_are_not_shrunk(tex):
    tree = parsed(tex)
    assert texts(tree, "mi")[-1] == "′"
    assert not [e.tag for e in tree.iter() if e.tag.endswith("sup")]


@pytest.mark.parametrize("tex", [r"\operatorname{tr}\left(X\right)", r"\log(x)", r"\log\left(\frac{a}{b}\right)^{2}"])
def test_no_space_before_a_bracket(tex):
    assert not list(parsed(tex).iter(f"{SPACE}mspace"))


def test_brackets_grow_around_fractions_only():
    def stretchy(tex):
        return {e.get("stretchy") for e in parsed(tex).iter(f"{SPACE}mo") if e.text in "()"}

    assert stretchy(r"\left(U U^\top\right)") == {"false"}
    assert stretchy(r"\left(\frac{a}{b}\right)") == {"true"}


def test_cases_are_aligned_left_behind_a_brace_that_stretches():
    tree = parsed(r"\begin{cases} \frac{a}{b} & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}")
    (brace,) = (e for e in tree.iter(f"{SPACE}mo") if e.text == "{")
    assert brace.get("stretchy") == "true"
    assert [e.get("columnalign") for e in tree.iter(f"{SPACE}mtd")] == ["left"] * 4


def test_such_that_is_spaced():
    (colon,) = parsed(r"\#\{i : x\}").findall(f".//{SPACE}mo[@lspace]")
    assert colon.text == ":"


def test_styles_are_characters_because_browsers_ignore_the_attribute():
    tree = parsed(r"\mathbf{1} \mathbf{x} \boldsymbol{\theta} \mathbb{R} \mathbb{E} \mathcal{L} \mathsf{T} \Sigma")
    assert "".join(tree.itertext()) == "𝟏𝐱𝜽ℝ𝔼ℒ𝖳Σ"
    assert {e.get("mathvariant") for e in tree.iter()} == {None, "normal"}  # Σ alone, upright as in TeX


@pytest.mark.parametrize(
    ("tex", "message"),
    [
        (r"\nosuch x", r"latex2mathml does not know \\nosuch"),
        (r"\frac{1}", "lacks an argument|not TeX"),
        (r"{x", "unbalanced braces"),
        (r"x_{", "unbalanced braces|not TeX"),
        (r"\begin{cases} x", "not TeX"),
        (r"\left( x", "not TeX"),
    ],
)
def test_what_cannot_be_shown_is_refused(tex, message):
    with pytest.raises(ValueError, match=message):
        to_mathml(tex)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20))
@example("<script>alert(1)</script>")
@example("&lt;b&gt; & _ \"'")
def test_text_cannot_leave_its_element(text):
    safe = "".join(ch for ch in text if ch not in "\\{}$%")  # % begins a comment
    tree = parsed(rf"\text{{{safe}}}")
    assert {e.tag.removeprefix(SPACE) for e in tree.iter()} <= {"math", "mrow", "mtext"}


@given(st.text(r"\{}_^&<>$%abc12 ()[]|'+-=", max_size=12))
def test_any_string_is_well_formed_or_refused(tex):
    try:
        shown = to_mathml(tex)
    except ValueError:
        return
    assert ET.fromstring(shown).tag == f"{SPACE}math"
