"""What an audit says about the instances it visited is what they are."""

from __future__ import annotations

from tests.verify.checked import attained
from verify.catalogue import claims
from verify.draw.trial import Trial
from verify.records.evidence import Verdict
from verify.trials.minimiser import by_descent


def test_both_regions_are_visited_and_counted():
    claim = claims()["vae-learnable"]
    evidence = attained(Trial(claim, 0, 1000), claim.statements[0])
    counts = dict(reversed(part.split(" ")) for part in evidence.note.removeprefix("modes visited: ").split(", "))
    assert set(counts) == {"active", "collapsed"}
    assert min(int(n) for n in counts.values()) > 300


def test_the_independent_judge_reaches_the_claimed_value():
    claim = claims()["cvae-fixed"]
    evidence = by_descent(Trial(claim, 0, 1000), claim.statements[0])
    assert evidence.outcome is Verdict.SUPPORTED
    assert evidence.instances == 64
    reached = int(evidence.note.split(" ")[0])
    assert reached >= 60
