"""An identical audit is remembered, any other is not; nothing damaged, foreign or undecided is ever believed."""

from __future__ import annotations

import json

import pytest

from verify.catalogue import claims
from verify.cli.program import cli
from verify.draw.trial import Trial
from verify.engine import remembered, shards
from verify.engine import run as orchestrate
from verify.engine.remembered import Remembered
from verify.engine.shards import Task
from verify.records.evidence import Planted, Verdict
from verify.store import cache, identity
from verify.trials.tally import Failure

TASK = Task("vae-collapse-threshold", 0, 0, 1)
SETTING = {"seed": 3, "examples": 64}


@pytest.fixture
def place(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv(cache.FOLDER, str(folder))
    return folder


@pytest.fixture(scope="module")
def answer():
    return shards.shard(Trial(claims()[TASK.claim], **SETTING), TASK)


def kept(place, shard):
    memory = Remembered(**SETTING)
    memory.keep(shard, shard.model_dump_json())
    return memory, sorted(place.glob("*.shard"))


def test_an_identical_shard_is_recalled_and_says_so(place, answer):
    memory, (_,) = kept(place, answer)
    found = memory.recall(TASK)
    assert '"cached":false' not in found.model_dump_json()
    assert all(p.tally.cached for parts in found.statements for p in parts if p.tally is not None)
    dumped = [
        json.dumps(s.model_dump(mode="json")).replace('"cached": true', '"cached": false') for s in (found, answer)
    ]
    assert dumped[0] == dumped[1]


@pytest.mark.parametrize("other", [{"seed": 4, "examples": 64}, {"seed": 3, "examples": 65}])
def test_another_seed_or_number_starts_from_nothing(place, answer, other):
    kept(place, answer)
    assert Remembered(**other).recall(TASK) is None


@pytest.mark.parametrize("changed", ["sources", "numpy", "machine", "python", "hypothesis"])
def test_another_program_or_library_starts_from_nothing(place, answer, changed, monkeypatch):
    kept(place, answer)
    monkeypatch.setattr(remembered, "identify_program", lambda: identity.identify_program() | {changed: "other"})
    assert Remembered(**SETTING).recall(TASK) is None


def test_every_damaged_byte_and_every_foreign_entry_is_noticed(place, answer):
    memory, (entry,) = kept(place, answer)
    whole = entry.read_bytes()
    for k in range(0, len(whole), 7):
        for damaged in (whole[:k], whole[:k] + bytes([whole[k] ^ 1]) + whole[k + 1 :]):
            entry.write_bytes(damaged)
            assert memory.recall(TASK) is None or damaged == whole[:-1]
    entry.write_bytes(whole)
    other = TASK._replace(group=1)
    kept(place, answer.model_copy(update={"task": other}))
    (foreign,) = set(place.glob("*.shard")) - {entry}
    foreign.write_bytes(whole)
    assert memory.recall(other) is None
    assert memory.recall(TASK) is not None


def test_what_is_undecided_is_done_again(place, answer):
    (first, *rest), *others = answer.statements
    open_ended = first.evidence[0].model_copy(update={"outcome": Verdict.UNDECIDED}) if first.evidence else None
    parts = (first.model_copy(update={"evidence": (open_ended,)}), *rest) if open_ended else None
    bad = [answer.model_copy(update={"planted": Planted(planted=1, survivors=("x",))})]
    if parts:
        bad.append(answer.model_copy(update={"statements": (parts, *others)}))
    tallied = [p for p in (first, *rest) if p.tally is not None]
    failed = tallied[0].tally.model_copy(update={"failure": Failure(outcome=Verdict.UNDECIDED)})
    bad.append(answer.model_copy(update={"statements": ((tallied[0].model_copy(update={"tally": failed}),), *others)}))
    for shard in bad:
        assert not kept(place, shard)[1]


def test_later_stretches_of_instances_are_not_kept(place, answer):
    later = answer.model_copy(update={"task": TASK._replace(first=128, last=256)})
    assert not kept(place, later)[1]


def test_without_a_folder_nothing_is_kept_or_found(monkeypatch, answer):
    monkeypatch.setenv(cache.FOLDER, cache.OFF)
    memory = Remembered(**SETTING)
    memory.keep(answer, answer.model_dump_json())
    assert memory.recall(TASK) is None


def plain(report):
    def strip(x):
        if isinstance(x, dict):
            return {k: strip(v) for k, v in x.items() if k not in ("seconds", "cached")}
        return [strip(v) for v in x] if isinstance(x, list) else x

    return strip(report.model_dump(mode="json"))


@pytest.mark.slow
def test_an_audit_from_memory_is_the_audit(place, monkeypatch):
    ids = ["vae-collapse-threshold", "summary-beta-reduces-collapse"]
    first = orchestrate.run_audit(ids, **SETTING, remembered=Remembered(**SETTING))
    monkeypatch.setattr(shards, "shard", lambda *_: pytest.fail("done again"))
    again = orchestrate.run_audit(ids, **SETTING, remembered=Remembered(**SETTING))
    assert plain(again) == plain(first)
    assert again.remembered == sum(len(claim.evidence) for claim in again.claims)


@pytest.mark.slow
def test_objects_in_a_program_are_audited_afresh(place):
    """Only `run` remembers, whose claims are those of the sources: a claim made or patched in memory has no name."""
    import verify

    ids = ["vae-collapse-threshold"]
    orchestrate.run_audit(ids, seed=0, examples=64, remembered=Remembered(0, 64))
    found = verify.audit(ids[0], seed=0, examples=64, jobs=1).report  # idle workers would keep the folder
    assert not any(item.cached for claim in found.claims for item in claim.evidence if item.role == "trial")


def test_no_cache_repeats_everything(place, tmp_path, capsys):
    from click.testing import CliRunner

    command = ["run", "lemma-determinant", "--examples", "64", "--jobs", "1", "--quiet", "--no-plots", "--out"]
    for name in ("a", "b"):
        assert CliRunner().invoke(cli, [*command, str(tmp_path / name)], standalone_mode=False).return_value == 0
    assert (
        CliRunner().invoke(cli, [*command, str(tmp_path / "c"), "--no-cache"], standalone_mode=False).return_value == 0
    )
    counts = []
    for name in "abc":
        report = json.loads((tmp_path / name / "audit.json").read_text())
        counts.append(sum(item["cached"] for claim in report["claims"] for item in claim["evidence"]))
    assert counts[0] == counts[2] == 0 < counts[1]
