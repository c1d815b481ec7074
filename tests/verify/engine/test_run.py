"""The audit as a whole: the same whatever the workers, closed over uses, honest when interrupted."""

from __future__ import annotations

import pytest

from tests.verify.checked import judge
from verify.catalogue import claims
from verify.engine import shards
from verify.engine.run import Interrupted, replay_claim, run_audit
from verify.records.evidence import Verdict

SOME = ["vae-learnable", "summary-low-beta-risks-collapse"]


def without_times(report):
    times = {"date": True, "claims": {"__all__": {"seconds": True, "evidence": {"__all__": {"seconds"}}}}}
    return report.model_dump(exclude=times)


@pytest.mark.slow
def test_the_report_does_not_depend_on_the_number_of_workers():
    one, two = (run_audit(SOME, examples=64, seed=2, jobs=jobs) for jobs in (1, 2))
    assert without_times(one) == without_times(two)


@pytest.mark.slow
def test_a_claim_brings_what_it_uses_and_is_closed_over_it():
    seen = []
    report = run_audit(SOME, examples=64, seed=0, jobs=1, on_result=lambda result: seen.append(result.id))
    verdicts = {result.id: result.verdict for result in report.claims}
    assert set(claims()["vae-learnable"].uses) <= set(verdicts)
    assert sorted(seen) == sorted(verdicts)
    assert verdicts["vae-learnable"] is Verdict.PROVED
    assert verdicts["summary-low-beta-risks-collapse"] is Verdict.REFUTED
    assert not report.summary.interrupted


@pytest.mark.slow
def test_a_proof_that_uses_what_is_not_proved_is_weakened(monkeypatch):
    real = shards.run

    def doubtful(name, *rest):
        answer = real(name, *rest)
        return (
            answer.replace('"outcome":"PROVED"', '"outcome":"UNDECIDED"') if name == "vae-learnable-bound" else answer
        )

    monkeypatch.setattr(shards, "run", doubtful)
    report = run_audit(["vae-learnable"], examples=64, seed=0, jobs=1)
    verdicts = {result.id: result.verdict for result in report.claims}
    assert verdicts["vae-learnable"] is Verdict.UNDECIDED


def test_an_interruption_keeps_what_is_finished():
    def stop(result):
        raise KeyboardInterrupt

    with pytest.raises(Interrupted) as caught:
        run_audit(["lemma-determinant", "lemma-whitening"], examples=64, seed=0, jobs=1, on_result=stop)
    assert [result.id for result in caught.value.report.claims] == ["lemma-determinant"]
    assert caught.value.report.summary.interrupted


@pytest.mark.slow
def test_replay_shows_an_instance_and_the_smallest_counterexample():
    result = judge(claims()["summary-beta-reduces-collapse"], 0, 500)
    index = next(item.witness.index for item in result.evidence if item.kind == "instances")
    assert "FAILS" in replay_claim(claims()["summary-beta-reduces-collapse"], 0, index).text
    assert "FAILS" in replay_claim(claims()["summary-beta-reduces-collapse"], 0, None).text
    assert "no counterexample" in replay_claim(claims()["vae-learnable"], 0, None).text
    assert "agree" in replay_claim(claims()["vae-learnable"], 0, 100).text


def test_replay_of_an_instance_that_misses_the_assumptions_says_so():
    texts = [replay_claim(claims()["learnable-noise-root"], 0, index).text for index in range(64)]
    assert any("does not meet" in text for text in texts)
