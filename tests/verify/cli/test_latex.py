"""The command `latex`, and `check --latex`, as a user would try them."""

from __future__ import annotations

from pathlib import Path

import pytest

from verify.cli import program as cli

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "examples" / "weight_decay.py"


def run(capsys, *args):
    with pytest.raises(SystemExit) as stop:
        cli.main(list(args))
    return (stop.value.code, *capsys.readouterr())


def test_a_document_and_a_fragment(capsys):
    code, out, _ = run(capsys, "latex", "vae-learnable")
    assert code == 0
    assert r"\documentclass" in out
    assert r"\label{claim:vae-learnable}" in out
    code, out, _ = run(capsys, "latex", "vae-learnable", "--fragment")
    assert code == 0
    assert r"\documentclass" not in out
    assert out.splitlines()[1].startswith(r"%   \usepackage{amsmath")


def test_a_file_that_exists_is_kept_unless_forced(capsys, tmp_path):
    path = tmp_path / "claims.tex"
    path.write_text("mine", encoding="utf-8")
    code, _, err = run(capsys, "latex", "vae-learnable", "--out", str(path))
    assert (code, path.read_text(encoding="utf-8")) == (2, "mine")
    assert "exists; give another name with --out, or --force." in err
    code, out, _ = run(capsys, "latex", "vae-learnable", "--out", str(path), "--force")
    assert code == 0
    assert "1 claim" in out
    assert path.read_text(encoding="utf-8").startswith("% Written by collapse-audit")


def test_what_is_cited_is_written_beside_the_file(capsys, tmp_path):
    out, bib = tmp_path / "my claims.tex", tmp_path / "my-claims.bib"
    bib.write_text("mine", encoding="utf-8")
    code, _, err = run(capsys, "latex", "cvae-learnable", "--out", str(out))
    assert (code, out.exists(), bib.read_text(encoding="utf-8")) == (2, False, "mine")
    assert "my-claims.bib, for what is cited, exists" in err
    code, said, _ = run(capsys, "latex", "cvae-learnable", "--out", str(out), "--force")
    assert code == 0
    assert "what they cite to" in said
    assert bib.read_text(encoding="utf-8").startswith("@inproceedings{dang2024,")
    assert r"\bibliography{my-claims}" in out.read_text(encoding="utf-8")
    code, _, _ = run(capsys, "latex", "lemma-alignment", "--out", str(tmp_path / "lemma.tex"))
    assert (code, (tmp_path / "lemma.bib").exists()) == (0, False)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["vae-learnabel"], "did you mean 'vae-learnable'?"),
        (["vae-learnable", "--verdicts"], "write one with 'collapse-audit run'"),
        (["vae-learnable", "--report", "nowhere.json"], "nowhere.json is no audit.json: No such file"),
        (["vae-learnable", "--out", "."], "exists"),
        (["vae-learnable", "--out", ".", "--force"], "is a folder"),
        (["vae-learnable", "--width", "3"], "--width"),
        (["vae-learnable", "--out", "refs.bib"], "give the name of a .tex file"),
    ],
)
def test_bad_input_gets_one_sentence(capsys, monkeypatch, tmp_path, args, says):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, "latex", *args)
    assert code == 2
    assert not out
    assert says in err
    assert "Traceback" not in err


@pytest.mark.slow
def test_a_users_claims_with_their_verdicts(capsys):
    code, out, _ = run(capsys, "check", str(EXAMPLE), "--latex", "--examples", "20")
    assert code == 0
    assert out.startswith("% Written by collapse-audit")
    assert out.count(r"\textsc{refuted}") == 3  # in the table: verdict and expectation; below the claim
    assert r"Witness: " in out
    code, _, err = run(capsys, "check", str(EXAMPLE), "--latex", "--json")
    assert code == 2
    assert "not both" in err
