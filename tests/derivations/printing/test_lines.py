"""Line breaks: nothing is lost, nothing is wider than asked, brackets match on every line."""

from __future__ import annotations

import re

import pytest
from sympy import Symbol, symbols

from derivations.models.chain import build_chain
from derivations.printing.items import measure
from derivations.printing.latex import tex
from derivations.printing.lines import WIDTH, broken, display, stacked

a, b, c = symbols("a b c", positive=True)
LONG = sum(Symbol(f"x_{k}") * (a + b * Symbol(f"y_{k}")) for k in range(12))


def test_a_short_formula_stays_on_its_line():
    assert display("x = y") == "\\[\n  x = y\n\\]"


@pytest.mark.parametrize("width", [18.0, 23.0, WIDTH, 40.0])
@pytest.mark.parametrize(
    "e", [LONG, LONG / (a + c), (LONG + 1) ** 2, build_chain(3).loss, 1 / LONG], ids=lambda e: str(e)[:9]
)
def test_no_line_is_wider_than_asked(e, width):
    lines = broken(tex(e), width)
    assert len(lines) > 1
    assert max(map(measure, lines)) <= width + 0.6
    for line in lines:
        assert line.count("{") == line.count("}")
        assert line.count(r"\left") == line.count(r"\right")


def test_what_is_broken_without_being_opened_keeps_all_its_symbols():
    text = tex(build_chain(3).loss)
    joined = "".join(broken(text, 23.0))
    for layout in (r"\quad", "{}", r"\left", r"\right", r"\Bigl", r"\Bigr", " "):
        joined, text = joined.replace(layout, ""), text.replace(layout, "")
    assert joined == text


def test_a_fraction_that_is_too_wide_is_opened():
    (first, *_) = broken(tex(LONG / (a + c)), 20.0)
    assert first.startswith(r"\frac{1}{a + c} \Bigl(")


def test_a_case_distinction_too_tall_for_a_page_loses_its_brace():
    rows = r" \\ ".join(rf"\frac{{x_{{{k}}}}}{{y}} & \text{{if }} x > {k}" for k in range(12))
    cases = rf"\begin{{cases}} {rows} \end{{cases}}"
    lines = stacked(f"z = {cases}", WIDTH)
    assert lines is not None
    assert not any("cases" in line for line in lines)
    assert sum(r"\text{if }" in line for line in lines) == 12
    assert stacked(r"z = \begin{cases} 1 & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}", WIDTH) is None


def test_conditions_are_broken_between_their_parts():
    text = r" \text{ and } ".join(rf"\theta_{{i}}^{{2}} > \beta_{{{k}}} \eta^{{2}}" for k in range(8))
    assert all(re.match(r"(\\quad )?(\\theta|\\text\{ and \})", line) for line in broken(text, 20.0))
