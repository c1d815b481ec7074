"""The page from the command line: written by run and check, rebuilt by report, never over a file of someone else's."""

from __future__ import annotations

import json
import re
import shutil

import click
import pytest
from click.testing import CliRunner

from verify.cli.program import cli
from verify.errors import InputError

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUICK = ("--examples", "20", "--jobs", "1", "--quiet")


def invoke(*args):
    return CliRunner().invoke(cli, list(map(str, args)), standalone_mode=False)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A folder with the report of a small audit."""
    folder = tmp_path_factory.mktemp("audit") / "report"
    done = invoke("run", "lemma-determinant", *QUICK, "--out", folder)
    assert done.return_value == 0, done.output
    assert f"Written to {folder / 'audit.json'} and {folder / 'index.html'}.\n" in done.stdout
    assert "as expected" in done.stdout.rpartition("Written to ")[2]  # the verdict is last
    return folder


def test_run_writes_both_files_and_says_where(finished):
    assert sorted(path.name for path in finished.iterdir()) == ["audit.json", "index.html"]
    assert 'id="claim-lemma-determinant"' in (finished / "index.html").read_text(encoding="utf-8")


def test_report_rebuilds_the_page_of_run(finished, tmp_path):
    done = invoke("report", "--from", finished / "audit.json", "--out", tmp_path / "new")
    assert done.exception is None
    assert done.stdout == f"Written to {tmp_path / 'new' / 'index.html'}.\n"
    assert (tmp_path / "new" / "index.html").read_bytes() == (finished / "index.html").read_bytes()
    again = invoke("report", "--from", finished)  # into its own folder, over its own page
    assert again.exception is None


@pytest.mark.parametrize("name", ["run", "report"])
def test_a_page_of_another_kind_is_left_alone(finished, tmp_path, name):
    other = tmp_path / "index.html"
    other.write_text("<!doctype html><title>mine</title>", encoding="utf-8")
    args = {"run": ("lemma-determinant", *QUICK), "report": ("--from", finished / "audit.json")}[name]
    refused = invoke(name, *args, "--out", tmp_path)
    assert isinstance(refused.exception, InputError)
    assert str(refused.exception).startswith(f"{other} was not written by collapse-audit")
    assert ("--force" in str(refused.exception)) == (name == "report")
    assert "mine" in other.read_text(encoding="utf-8")
    if name == "report":
        assert invoke(name, *args, "--out", tmp_path, "--force").exception is None
        assert "<title>mine" not in other.read_text(encoding="utf-8")


def test_a_folder_in_place_of_the_page_is_noticed_before_the_audit(tmp_path):
    (tmp_path / "index.html").mkdir()
    refused = invoke("run", "lemma-determinant", *QUICK, "--out", tmp_path)
    assert "index.html is a folder there" in str(refused.exception)
    assert not (tmp_path / "audit.json").exists()


def test_plots_are_drawn_unless_asked_not_to(finished, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr("verify.report.html.plots.drawings", lambda names, jobs: asked.append(list(names)) or [])
    monkeypatch.setattr("verify.report.html.plots.CLAIMS", {"lemma-determinant": ()})
    assert invoke("report", "--from", finished, "--out", tmp_path).exception is None
    assert asked == [["lemma-determinant"]]
    assert invoke("report", "--from", finished, "--out", tmp_path, "--no-plots").exception is None
    assert len(asked) == 1


def altered(finished, **changes):
    data = json.loads((finished / "audit.json").read_text(encoding="utf-8"))
    data.update({key: change(data[key]) for key, change in changes.items()})
    return json.dumps(data)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seed": lambda _: -1}, "is no audit.json: seed: Input should be greater than or equal to 0"),
        ({"claims": lambda c: [*c, *c]}, "has the claim 'lemma-determinant' twice"),
        ({"claims": lambda c: [{**c[0], "uses": ["lemma-determinant"]}]}, "claims use each other in a circle"),
        ({"claims": lambda c: [{**c[0], "verdict": "SURE"}]}, "claims.0.verdict: Input should be 'PROVED'"),
    ],
)
def test_a_file_that_is_no_report_is_named(finished, tmp_path, changes, message):
    path = tmp_path / "audit.json"
    path.write_text(altered(finished, **changes), encoding="utf-8")
    refused = invoke("report", "--from", path)
    assert isinstance(refused.exception, InputError)
    assert message in str(refused.exception)
    assert str(path) in str(refused.exception)
    assert not (tmp_path / "index.html").exists()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[1, 2]", b"null"])
def test_what_is_not_json_is_named(tmp_path, content):
    path = tmp_path / "odd.json"
    path.write_bytes(content)
    refused = invoke("report", "--from", path)
    assert isinstance(refused.exception, InputError)
    assert str(refused.exception).startswith(f"{path} is no audit.json: ")


def test_a_missing_file_is_named(tmp_path):
    refused = invoke("report", "--from", tmp_path / "none.json")
    assert "is no audit.json: No such file or directory; write one with 'collapse-audit run'" in str(refused.exception)


def test_check_writes_a_page_with_the_formulas_of_the_file(written, tmp_path):
    path = written("CLAIMS = [claim(Always('sum of squares', a**2 + b**2 >= 2*a*b), expected=Expected.SUPPORTED)]")
    done = invoke("check", path, "--examples", "20", "--quiet", "--html", tmp_path / "page")
    assert done.exception is None, done.exception
    page = (tmp_path / "page" / "index.html").read_text(encoding="utf-8")
    assert done.stdout.endswith(f"Written to {tmp_path / 'page' / 'index.html'}.\n")
    assert "sum of squares" in page
    assert '[1,"math"' in page
    assert "a² + b² ≥ 2·a·b" in page
    assert sorted(p.name for p in (tmp_path / "page").iterdir()) == ["index.html"]


def test_a_report_of_unknown_claims_is_a_page_without_their_formulas(written, tmp_path):
    path = written("CLAIMS = [claim(Always('fine', a + b > 1), expected=Expected.REFUTED)]")
    saved = tmp_path / "saved.json"
    saved.write_text(invoke("check", path, "--examples", "20", "--json").stdout, encoding="utf-8")
    assert invoke("report", "--from", saved).exception is None
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "it is not in the catalogue" in page
    assert "<math" not in page


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: nothing was printed")
def test_the_summary_is_printed_on_one_page_and_everything_on_more(finished, tmp_path):
    counts = []
    for name, more in (("short.pdf", ()), ("long.pdf", ("--full", "--no-plots"))):
        done = invoke("report", "--from", finished, "--pdf", tmp_path / name, *more)
        assert done.exception is None, done.exception
        assert done.stdout == f"Written to {tmp_path / name}.\n"
        content = (tmp_path / name).read_bytes()
        assert content.startswith(b"%PDF-")
        counts.append(len(re.findall(rb"/Type\s*/Page\b", content)))
    assert counts[0] == 1 < counts[1]
    again = invoke("report", "--from", finished, "--pdf", tmp_path / "short.pdf")
    assert "short.pdf exists; give another name, or --force for a file" in str(again.exception)
    assert invoke("report", "--from", finished, "--pdf", tmp_path / "short.pdf", "--force").exception is None


def test_without_chromium_one_sentence_names_it(finished, tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    refused = invoke("report", "--from", finished, "--pdf", tmp_path / "a.pdf")
    assert str(refused.exception) == (
        "a PDF is printed by Chromium, which is not installed; install chromium, or print index.html from any browser."
    )
    monkeypatch.setattr("shutil.which", lambda name: "/bin/false")
    refused = invoke("report", "--from", finished, "--pdf", tmp_path / "a.pdf")
    assert str(refused.exception).startswith("/bin/false printed no PDF")
    assert not (tmp_path / "a.pdf").exists()


@pytest.mark.parametrize("more", [("--full",), ("--pdf", "a.pdf", "--out", "there")])
def test_options_that_do_not_go_together_are_named(finished, more):
    refused = invoke("report", "--from", finished, *more)
    assert isinstance(refused.exception, click.UsageError)
    assert all(option in str(refused.exception) for option in more if option.startswith("--"))


def test_the_day_is_that_of_source_date_epoch(monkeypatch, tmp_path):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    done = invoke("run", "lemma-determinant", *QUICK, "--no-plots", "--out", tmp_path)
    assert done.exception is None
    assert json.loads((tmp_path / "audit.json").read_bytes())["date"] == "1970-01-02"
    assert "1970-01-02" in (tmp_path / "index.html").read_text(encoding="utf-8")
    for wrong in ("tomorrow", "", "9" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        refused = invoke("run", "lemma-determinant", *QUICK, "--out", tmp_path / "other")
        assert "SOURCE_DATE_EPOCH must be a whole number of seconds since 1970" in str(refused.exception)
        assert not (tmp_path / "other" / "audit.json").exists()
