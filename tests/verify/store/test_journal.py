"""What an interrupted audit keeps: whole lines of this very audit, nothing else."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.engine.run import run_audit
from verify.engine.shards import plan
from verify.errors import InputError
from verify.store import journal as resume
from verify.store.journal import NAME, discard, open_journal

AUDIT = {"seed": 1, "examples": 64, "claims": ["lemma-determinant", "lemma-whitening"]}


def journal(folder, *, resume=True, **changes):
    return open_journal(folder, resume=resume, **(AUDIT | changes))


def kept(folder, *answers):
    new = journal(folder, resume=False)
    for answer in answers:
        new.keep(answer)
    new.close()
    return folder / NAME


def test_what_was_kept_comes_back_in_order(tmp_path):
    kept(tmp_path, '{"θ": 1}', "two")
    again = journal(tmp_path)
    again.keep("three")
    again.close()
    assert again.answers == ('{"θ": 1}', "two")
    assert again.notes == []
    assert journal(tmp_path).answers == ('{"θ": 1}', "two", "three")


@settings(max_examples=40)
@given(st.data())
def test_a_journal_cut_anywhere_gives_whole_lines_and_can_be_continued(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("cut")
    answers = ("first", "second σ²", "third")
    path = kept(folder, *answers)
    whole = path.read_bytes()
    cut = data.draw(st.integers(0, len(whole)))
    path.write_bytes(whole[:cut])
    opened = journal(folder)
    opened.keep("after")
    opened.close()
    assert opened.answers == answers[: len(opened.answers)]
    assert len(opened.answers) >= whole[:cut].count(b"\n") - 1
    final = journal(folder)
    assert final.answers == (*opened.answers, "after")


@settings(max_examples=40)
@given(st.data())
def test_a_changed_byte_loses_its_line_or_the_whole_never_passes(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("bit")
    answers = ("first", "second", "third")
    path = kept(folder, *answers)
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    opened = journal(folder)
    assert set(opened.answers) < set(answers)
    assert len(opened.notes) == 1
    assert "computed again" in opened.notes[0]


def test_lines_of_another_audit_are_not_believed(tmp_path):
    for seed in (1, 2):
        (tmp_path / str(seed)).mkdir()
        new = journal(tmp_path / str(seed), resume=False, seed=seed)
        new.keep("answer")
        new.close()
    one, other = (tmp_path / name / NAME for name in "12")
    one.write_bytes(one.read_bytes() + other.read_bytes().split(b"\n")[1] + b"\n")
    opened = journal(tmp_path / "1")
    assert opened.answers == ("answer",)
    assert "1 damaged line," in opened.notes[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"seed": 2}, "seed 1 instead of 2"),
        ({"examples": 65}, "examples 64 instead of 65"),
        ({"claims": ["lemma-whitening", "cvae-fixed"]}, r"other claims \(without cvae-fixed; with lemma-determinant\)"),
    ],
)
def test_another_audit_is_refused_and_says_what_differs(tmp_path, changes, said):
    path = kept(tmp_path, "answer")
    before = path.read_bytes()
    with pytest.raises(InputError, match=f"has {said}; repeat its own command"):
        journal(tmp_path, **changes)
    assert path.read_bytes() == before


def test_another_version_or_other_sources_are_refused(tmp_path, monkeypatch):
    kept(tmp_path, "answer")
    real = resume.identify_program()
    monkeypatch.setattr(resume, "identify_program", lambda: real | {"version": "9", "sources": "edited"})
    with pytest.raises(
        InputError, match=rf"version {real['version']} instead of 9, sources {real['sources']} instead of"
    ):
        journal(tmp_path)


def test_nothing_to_resume_is_said_and_the_audit_runs(tmp_path):
    assert "starts from the beginning" in journal(tmp_path).notes[0]


def test_starting_afresh_discards_and_says_so(tmp_path):
    kept(tmp_path, "answer")
    new = journal(tmp_path, resume=False)
    assert (new.answers, len(new.notes)) == ((), 1)
    assert "was discarded" in new.notes[0]


def test_a_full_disk_ends_the_journal_not_the_audit(tmp_path, monkeypatch):
    new = journal(tmp_path, resume=False)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    new.keep("one")
    new.keep("two")
    assert len(new.notes) == 1
    assert "No space left on device" in new.notes[0]


def test_a_short_write_is_continued(tmp_path, monkeypatch):
    new, real = journal(tmp_path, resume=False), os.write
    monkeypatch.setattr(os, "write", lambda file, data: real(file, data[:7]))
    new.keep("a long answer")
    monkeypatch.undo()
    new.close()
    assert journal(tmp_path).answers == ("a long answer",)


def test_an_unwritable_folder_is_one_sentence(tmp_path):
    (tmp_path / NAME).mkdir()
    for again in (True, False):
        with pytest.raises(InputError, match=r"cannot write to .*; give a writable folder as out"):
            journal(tmp_path, resume=again)


def without_times(report):
    times = {"claims": {"__all__": {"seconds": True, "evidence": {"__all__": {"seconds"}}}}}
    return report.model_dump_json(exclude=times)


SOME = ["lemma-determinant", "summary-beta-reduces-collapse"]


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory, small_shards):
    folder = tmp_path_factory.mktemp("whole")
    claims = sorted({task.claim for task in plan(SOME, 3, 900)})
    whole = open_journal(folder, seed=3, examples=900, claims=claims, resume=False)
    report = run_audit(SOME, seed=3, examples=900, jobs=1, journal=whole)
    whole.close()
    return without_times(report), (folder / NAME).read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("share", [0, 0.3, 0.8, 1])
def test_a_resumed_audit_ends_as_an_uninterrupted_one(tmp_path, uninterrupted, share, monkeypatch):
    report, (head, *lines) = uninterrupted
    done = lines[::-1][: round(share * len(lines))]  # whatever the order, and some of them twice
    (tmp_path / NAME).write_text("\n".join([head, *done, *done[:2]]) + "\n", encoding="utf-8")
    claims = json.loads(head[65:])["claims"]
    opened = open_journal(tmp_path, seed=3, examples=900, claims=claims, resume=True)
    assert opened.notes == []
    again = run_audit(SOME, seed=3, examples=900, jobs=1, journal=opened)
    opened.close()
    assert without_times(again) == report
    final = (tmp_path / NAME).read_text(encoding="utf-8").splitlines()
    assert len(final) - 1 - len(done[:2]) == len(lines)  # each shard once
    discard(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_answer_that_is_no_shard_is_run_again(tmp_path, uninterrupted):
    report, (head, *_) = uninterrupted
    claims = json.loads(head[65:])["claims"]
    opened = open_journal(tmp_path, seed=3, examples=900, claims=claims, resume=False)
    opened.keep('{"task": ["vae-fixed", 0, 0, 64]}')
    opened.close()
    opened = open_journal(tmp_path, seed=3, examples=900, claims=claims, resume=True)
    assert without_times(run_audit(SOME, seed=3, examples=900, jobs=1, journal=opened)) == report
