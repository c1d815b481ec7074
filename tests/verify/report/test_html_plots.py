"""Plots on the page: inline, within its policy, named, with the command that repeats them."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from verify.catalogue import claims
from verify.records.evidence import Verdict
from verify.report import html
from verify.report.html.plots import drawings, presentable, with_plots

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn():
    return dict(drawings(["gradient-flow-escape"]))


@pytest.fixture(scope="module")
def page(drawn, made):
    claim = claims()["gradient-flow-escape"]
    return html.render_page(made.report(made.result(claim.id, Verdict.PROVED)), claims(), drawn, full=True)


def test_claims_without_plots_are_left_out():
    assert with_plots(["lemma-alignment", "gradient-flow-escape", "unknown"]) == ["gradient-flow-escape"]
    assert dict(drawings([])) == {}


def test_a_plot_needs_no_style_of_its_own(drawn):
    for drawing in drawn["gradient-flow-escape"]:
        tree = ET.fromstring(drawing.element)
        assert tree.tag == f"{SVG}svg"
        assert not [e for e in tree.iter() if e.tag == f"{SVG}style" or e.get("style")]
        assert len({e.get("stroke") for e in tree.iter()}) > 3
        ids = [e.get("id") for e in tree.iter() if e.get("id")]
        assert ids
        assert all(name.startswith("plot-gradient-flow-escape-1") for name in ids)


def test_styles_become_attributes():
    path = '<path style="fill: none; stroke: #fff"/>'
    source = f'<svg xmlns="{SVG[1:-1]}" style="height: auto"><style>#a *{{}}</style>{path}</svg>'
    tree = ET.fromstring(presentable(source))
    assert [e.tag for e in tree] == [f"{SVG}path"]
    assert tree[0].attrib == {"fill": "none", "stroke": "#fff"}
    assert tree.get("style") is None


def test_places_are_rounded_and_only_named_elements_keep_their_names():
    inside = (
        '<g id="a" transform="translate(1.23456 -0.0001) scale(0.015625)"><path id="b" d="M 1.23456 2  L 3 4"/></g>'
    )
    tree = ET.fromstring(presentable(f'<svg xmlns="{SVG[1:-1]}">{inside}<use href="#b" x="9.87654"/></svg>'))
    (group, use) = tree
    assert group.attrib == {"transform": "translate(1.23 0) scale(0.015625)"}
    assert group[0].attrib == {"id": "b", "d": "M 1.23 2 L 3 4"}
    assert use.get("x") == "9.88"


def test_a_plot_has_its_caption_and_command(page, drawn):
    (drawing,) = drawn["gradient-flow-escape"]
    figure = page[page.index("<figure>") : page.index("</figure>")]
    assert f"<code>{drawing.command}</code>" in figure
    assert drawing.command.startswith("collapse-audit plot escape")
    assert re.search(r"<figcaption>[^<]{20,}", figure)
    assert 'role="img" aria-labelledby="plot-gradient-flow-escape-1-title"' in figure
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
