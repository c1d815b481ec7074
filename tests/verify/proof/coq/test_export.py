"""Claims written for Coq: nothing is assumed, what is not written is named, and Coq rejects a planted error.

What asks Coq skips where there is no coqc.
"""

from __future__ import annotations

import random
import shutil
import subprocess

import pytest
from click.testing import CliRunner

from derivations.statements.claim import Minimiser
from tests.verify.proof.coq.test_theory import assumed
from verify import api
from verify.attack.mutations import mutate
from verify.catalogue import claims
from verify.cli.program import cli
from verify.errors import InputError
from verify.proof.coq import accepted
from verify.proof.coq.accepted import ask_coq
from verify.proof.coq.folder import BASE, OPTIONS
from verify.proof.coq.lemmas import MOST, Lemmas
from verify.proof.coq.records import Answer, Answers
from verify.proof.core.terms import RejectedError
from verify.proof.mode_sentences import sentences_about_modes
from verify.proof.modes import proved_mode

COQ = pytest.mark.skipif(shutil.which("coqc") is None, reason="coqc is not installed: docs/machine-checked.md says how")


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    """Every claim of the catalogue, written."""
    return api.export(coq=tmp_path_factory.mktemp("catalogue") / "coq")


@pytest.mark.slow
def test_the_catalogue_is_written_and_nothing_is_assumed(catalogue):
    assert {one.claim for one in catalogue.claims} == set(claims())
    for path in catalogue.folder.rglob("*.v"):
        assert assumed(path.read_text(encoding="utf-8")) == [], path
    assert sum(len(one.theorems) for one in catalogue.claims) > 100
    (longest,) = [one for one in catalogue.claims if one.claim == "chain-general"]
    assert len(longest.text) < 1.5 * MOST
    assert any("longer than" in reason for _, reason in longest.missing)


@pytest.mark.slow
def test_each_sentence_is_a_theorem_or_named_with_a_reason(catalogue):
    for one in catalogue.claims:
        text = (catalogue.folder / "exported" / f"{one.module}.v").read_text(encoding="utf-8")
        named = {*one.theorems, *(name for name in one.matrices)}
        assert all(f"Print Assumptions {name}." in text for name in named)
        assert text.count("(* Not written: ") == len(one.missing)
        assert all(reason for _, reason in one.missing)
        claim = claims()[one.claim]
        assert len(one.theorems) + len(one.missing) >= len(claim.statements) + len(claim.proof)


@pytest.mark.slow
def test_a_claim_s_file_has_its_theorems_and_what_the_theory_says(tmp_path):
    found = api.export("cvae-learnable", coq=tmp_path / "coq")
    text = (tmp_path / "coq/exported/cvae_learnable.v").read_text(encoding="utf-8")
    assert "Theorem statement_1_mode_1 : forall (" in text
    assert "Definition cvae_learnable_minimisers : CvaeStatements.cvae_learnable_minimisers_statement :=" in text
    assert "steps of the kind Certificate" in found.text
    listed = [line for line in (tmp_path / "coq/_CoqProject").read_text().splitlines() if line.endswith(".v")]
    assert sorted(listed) == sorted(str(path.relative_to(tmp_path / "coq")) for path in (tmp_path / "coq").rglob("*.v"))


def test_a_folder_with_other_things_in_it_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(InputError, match="is not empty and was not written by export; give another, or force=True"):
        api.export("lemma-determinant", coq=tmp_path)
    api.export("lemma-determinant", coq=tmp_path, force=True)
    api.export("lemma-alignment", coq=tmp_path)  # it was written by export now
    assert not (tmp_path / "exported/lemma_determinant.v").exists()
    assert (tmp_path / "mine.txt").read_text() == "x"
    with pytest.raises(InputError, match="is a file; give the name of a folder as coq"):
        api.export("lemma-determinant", coq=tmp_path / "mine.txt")


def test_without_coq_one_sentence_says_what_is_needed(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        InputError, match=r"^check needs Coq 8\.16, and there is no coqc; on Debian 12 `apt-get install"
    ):
        api.export("lemma-determinant", coq=tmp_path / "coq", check=True)
    assert not (tmp_path / "coq").exists()


def test_another_version_of_coq_is_named(tmp_path, monkeypatch):
    (tmp_path / "coqc").write_text("#!/bin/sh\necho 'The Coq Proof Assistant, version 8.20.0'\n")
    (tmp_path / "coqc").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(InputError, match=r"needs Coq 8\.16, and coqc is 8\.20\.0"):
        accepted.require_coq(matrices=False)


@COQ
@pytest.mark.slow
def test_coq_accepts_what_needs_no_matrices_and_exit_code_3_says_that_one_is_stopped(tmp_path):
    words = ["export", "summary-more-latents-more-collapse", "--coq", str(tmp_path / "coq"), "--check"]
    done = CliRunner().invoke(cli, words, standalone_mode=False)
    assert done.exception is None
    assert done.return_value == 0, done.stdout
    assert "summary-more-latents-more-collapse: accepted, assumptions: " in done.stdout
    done = CliRunner().invoke(cli, [*words, "--seconds", "0.01"], standalone_mode=False)
    assert done.return_value == 3
    assert "timed out (after 0.01 s)" in done.stdout


@COQ
@pytest.mark.slow
def test_coq_rejects_a_file_with_a_false_theorem(tmp_path):
    found = api.export("summary-more-latents-more-collapse", coq=tmp_path)
    path = tmp_path / "exported/summary_more_latents_more_collapse.v"
    path.write_text(path.read_text(encoding="utf-8") + "Theorem false : 0 > 1.\nProof.\nlra.\nQed.\n", encoding="utf-8")
    (answer,) = ask_coq(found).claims
    assert answer.outcome == "not accepted"
    assert "line " in answer.error


@COQ
@pytest.mark.slow
def test_planted_errors_in_a_mode_sentence_are_not_accepted(tmp_path):
    """The theorem's own proof, and a sentence with one of the project's planted errors in a formula."""
    claim = claims()["vae-learnable"]
    api.export(claim.id, coq=tmp_path)
    (mode,) = sentences_about_modes(claim, claim.of_kind(Minimiser)[0])
    changed = {}
    for mutation in mutate(claim):
        for other in _modes(claim, mutation.statement):
            if (other.hypotheses, other.goal) != (mode.hypotheses, mode.goal) and not _provable(other):
                changed[mutation.name] = other
    sample = random.Random(0).sample(sorted(changed), 3)
    assert [coqc(tmp_path, file).returncode for file in BASE] == [0, 0]
    assert written(tmp_path, "original", mode, mode).returncode == 0
    for k, name in enumerate(sample):
        done = written(tmp_path, f"planted_{k}", mode, changed[name])
        assert done.returncode == 1, name
        assert "planted" in done.stderr
        assert "Error" in done.stderr


def _modes(claim, statement):
    try:
        return list(sentences_about_modes(claim, statement))
    except RejectedError:
        return []


def _provable(mode):
    """Whether the core proves it too: then it is no error."""
    try:
        proved_mode(mode)
    except RejectedError:
        return False
    return True


def written(folder, name, mode, other):
    """What Coq says of the proof of `mode` under the sentence of `other`."""
    lemmas = Lemmas()
    sentence = lemmas.sentence("said", proved_mode(mode), other.hypotheses, other.goal)
    head = "From CollapseAudit.Exported Require Import Base.\nOpen Scope R_scope.\n"
    (folder / "exported" / f"{name}.v").write_text("\n".join([head, *lemmas.lines, sentence]), encoding="utf-8")
    return coqc(folder, f"exported/{name}.v")


def coqc(folder, file):
    command = ["coqc", "-w", "none", *OPTIONS, file]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_where_no_file_has_a_theorem_nothing_is_accepted():
    accepted_, nothing, rejected = (Answer("a", x) for x in ("accepted", "nothing written", "not accepted"))
    assert Answers("8.16.1", (accepted_, nothing)).accepted
    assert not any(Answers("8.16.1", found).accepted for found in ((), (nothing,), (accepted_, rejected)))
