"""Long formulas go on in the next line without losing or changing anything."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from derivations.models.cvae import loss
from derivations.printing.latex import tex
from verify.report.mathml import mathml_lines, to_mathml

SPACE = "{http://www.w3.org/1998/Math/MathML}"
INSIDE = " + ".join(f"{letter}_{{1}}" for letter in "ghijklmnopqrstuvwx")
SUM = rf"F = a_{{1}} + b_{{1}} (c_{{1}} + d_{{1}}) - \frac{{e_{{1}}}}{{f_{{1}}}} + ({INSIDE})"
LONG = " and ".join(rf"}} x_{{{k}}} \le y_{{{k}}} \text{{ " for k in range(12))
WHEN = rf"\text{{if {LONG} and }} z > 0 \text{{ or }} z < 1"
CASES = rf"f = \begin{{cases}} 1 & {WHEN} \\ 0 & \text{{otherwise}} \end{{cases}}"


def text(*written):
    return "".join("".join(ET.fromstring(one).itertext()) for one in written)


@pytest.mark.parametrize("source", [SUM, CASES, "x = y + z", tex(loss)])
def test_nothing_is_lost(source):
    assert text(*mathml_lines(source)) == text(to_mathml(source)) == text(to_mathml(source, True))


def test_short_formulas_stay_whole():
    assert mathml_lines("x = y + z") == (to_mathml("x = y + z", True),)


def test_a_sum_is_broken_before_its_signs_and_inside_brackets_only_where_it_must():
    parts = [text(one) for one in mathml_lines(SUM)]
    assert parts[:2] == ["F=a1+b1(c1+d1)", "−e1f1"]
    assert all(part[0] in "+−" for part in parts[1:])
    assert len(parts) > 6  # the last bracket is too long for a line
    for one in mathml_lines(SUM)[1:]:
        first = next(iter(ET.fromstring(one)))
        assert first.get("form") == "infix"  # else the sign would be set as that of a number


def test_what_is_left_of_the_equals_sign_is_not_left_alone():
    assert text(mathml_lines(CASES)[0]).startswith("f={")


def test_long_conditions_go_on_in_rows_of_their_own():
    tree = ET.fromstring(to_mathml(CASES, True))
    rows = tree.findall(f".//{SPACE}mtd/{SPACE}mtable/{SPACE}mtr")
    assert len(rows) > 2
    lengths = [len("".join(row.itertext()).replace("\xa0", "")) for row in rows]
    assert max(lengths) <= 60
    assert all("".join(row.itertext()).strip("\xa0").startswith(("if", "and", "or")) for row in rows)
