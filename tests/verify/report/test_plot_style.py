"""The common style: inlined figures keep to themselves, files are whole, a reader's matplotlibrc changes nothing."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import matplotlib as mpl
import pytest

from verify.errors import InputError
from verify.report.plots import palette, save, style, svg

SVG = "{http://www.w3.org/2000/svg}"


@style.styled
def drawn():
    made, (axis,) = style.figure()
    axis.plot([1, 2], [3, 4], "o-", label="$\\theta_i^2$")
    axis.bar([1], [2], hatch="//")
    axis.legend()
    return made


def test_an_inlined_figure_is_well_formed_and_named_by_its_caption():
    root = ElementTree.fromstring(svg(drawn(), "a", 'a < b & "c"'))
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    (title,) = [e for e in root.iter(f"{SVG}title") if e.get("id") == root.get("aria-labelledby")]
    assert title.text == 'a < b & "c"'


def test_inlined_figures_share_no_id_and_refer_only_to_themselves():
    texts = {prefix: svg(drawn(), prefix, "caption") for prefix in ("one", "two")}
    ids = {prefix: re.findall(r'\bid="([^"]+)"', text) for prefix, text in texts.items()}
    assert not set(ids["one"]) & set(ids["two"])
    for prefix, text in texts.items():
        assert len(ids[prefix]) == len(set(ids[prefix]))
        references = re.findall(r'href="([^"]*)"|url\(([^)]*)\)', text)
        assert references
        assert {a or b for a, b in references} <= {f"#{i}" for i in ids[prefix]}
        assert "<?xml" not in text
        assert "<!DOCTYPE" not in text
        assert set(re.findall(r"https?:[^\"' ]*", text)) == {"http://www.w3.org/2000/svg"}


def test_an_inlined_figures_style_sheet_reaches_no_further_than_the_figure():
    rules = re.findall(r"<style[^>]*>(.*?)</style>", svg(drawn(), "a", ""), re.DOTALL)
    selectors = [rule.split("{")[0].strip() for text in rules for rule in text.split("}") if rule.strip()]
    assert selectors
    assert all(selector.startswith("#a ") for selector in selectors)


def test_a_readers_matplotlibrc_changes_nothing(tmp_path):
    plain, odd = tmp_path / "plain.svg", tmp_path / "odd.svg"
    save(drawn(), plain, "caption")
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red", "svg.fonttype": "none", "savefig.dpi": 7}):
        save(drawn(), odd, "caption")
        assert mpl.rcParams["font.size"] == 30
    assert plain.read_bytes() == odd.read_bytes()


def test_a_long_caption_wraps_and_leaves_the_figure_as_it_was(tmp_path):
    made = drawn()
    before = svg(made, "a")
    with style.captioned(made, "word " * 60):
        (text,) = made.texts
        extent = text.get_window_extent()
        assert text.get_text().count("\n") >= 2
        assert extent.x0 >= 0
        assert extent.x1 <= made.bbox.x1
        assert extent.y0 >= 0
    assert svg(made, "a") == before


def test_without_its_caption_a_picture_is_lower_and_keeps_it_as_its_title(tmp_path):
    heights = {}
    for shown in (True, False):
        file = tmp_path / f"{shown}.svg"
        save(drawn(), file, "what was computed", shown=shown)
        text = file.read_text(encoding="utf-8")
        assert "what was computed" in text  # as a title: what is drawn are outlines
        heights[shown] = float(re.search(r'height="([\d.]+)pt"', text)[1])
    assert heights[True] > heights[False] == pytest.approx(72 * drawn().get_size_inches()[1])


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with pytest.raises(InputError, match="give a writable place"):
        save(drawn(), tmp_path / "file" / "a.png")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_every_colour_has_a_mark_of_its_own():
    assert len(palette.CYCLE) == len(palette.MARKERS) == len(palette.LINES) == len(palette.HATCHES)
    assert len(set(palette.CYCLE)) == len(set(palette.MARKERS)) == len(set(palette.LINES)) == len(set(palette.HATCHES))
