"""The badge: what it says of each outcome, in both formats, and never over a file of someone else's."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

import verify
from verify.cli.program import cli
from verify.errors import InputError
from verify.records.evidence import Planted, Verdict
from verify.report.badge import write_badge

ALIVE = Planted(planted=1, survivors=("β² for β",))
GREEN, RED, BROWN = "#2d7d46", "#a3301f", "#8a6100"


def reports(made):
    good = made.result("a", Verdict.PROVED)
    refuted = made.result("b", Verdict.REFUTED, expected=Verdict.PROVED)
    open_ = made.result("b", Verdict.UNDECIDED, expected=Verdict.PROVED)
    alive = made.result("b", Verdict.PROVED, planted=ALIVE)
    yield made.report(good), GREEN, "1 of 1 as expected"
    yield made.report(good, refuted), RED, "1 of 2 as expected"
    yield made.report(good, open_), BROWN, "1 of 2 as expected"
    yield made.report(good, alive), RED, "2 of 2 as expected, planted errors survive in 1"
    yield made.report(good, interrupted=True), BROWN, "interrupted, 1 of 1 as expected"


def test_each_outcome_has_its_words_and_its_colour(made, tmp_path):
    for report, colour, words in reports(made):
        svg = write_badge(report, tmp_path / "new" / "b.svg").read_text(encoding="utf-8")
        tree = ElementTree.fromstring(svg)
        assert tree.get("aria-label") == f"collapse-audit: {words}"
        texts = list(tree.iter("{http://www.w3.org/2000/svg}text"))
        assert [e.text for e in texts] == ["collapse-audit", words]
        assert all(float(e.get("x")) + float(e.get("textLength")) < float(tree.get("width")) for e in texts)
        assert [c for c in (GREEN, RED, BROWN) if c in svg] == [colour]
        found = json.loads(write_badge(report, tmp_path / "b.json").read_text(encoding="utf-8"))
        assert found == {"schemaVersion": 1, "label": "collapse-audit", "message": words, "color": colour}


def test_other_files_are_refused(made, tmp_path):
    report = made.report(made.result("a", Verdict.PROVED))
    with pytest.raises(InputError, match=r"\.svg or \.json"):
        write_badge(report, tmp_path / "b.png")
    mine = tmp_path / "mine.svg"
    mine.write_text("<svg/>", encoding="utf-8")
    with pytest.raises(InputError, match="not written by collapse-audit"):
        write_badge(report, mine)
    assert mine.read_text(encoding="utf-8") == "<svg/>"
    assert "as expected" in write_badge(report, mine, force=True).read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_command_writes_it_beside_the_page(made, tmp_path):
    audit = tmp_path / "audit.json"
    audit.write_text(made.report(made.result("a", Verdict.PROVED)).model_dump_json(), encoding="utf-8")
    target = tmp_path / "badge.svg"
    command = ["report", "--from", str(audit), "--no-plots", "--quiet", "--badge"]
    done = CliRunner().invoke(cli, [*command, str(target)], standalone_mode=False)
    assert done.exception is None
    assert target.read_bytes() == verify.badge(audit, tmp_path / "again.svg").read_bytes()
    assert (tmp_path / "index.html").exists()
    done = CliRunner().invoke(cli, [*command, "b.png"], standalone_mode=False)
    assert "--badge" in str(done.exception)
