"""What instances that all passed say, in a sentence; a bound only for what rests on them alone."""

from __future__ import annotations

from verify.records.evidence import ClaimResult, Evidence, StatementResult, Verdict
from verify.records.regions import Region, failure_rate_below
from verify.report.confidence import state_confidence, state_unvisited


def result(name, instances, regions=(), failed=False, proved=False):
    item = Evidence(
        kind="instances",
        about="all is well",
        role="trial",
        outcome=Verdict.UNDECIDED if failed else Verdict.SUPPORTED,
        instances=instances,
        residual=0.0,
        tolerance=1e-9,
        tolerance_reason="",
        cited=(),
        witness=None,
        reproduce=None,
        seconds=0,
        failure_rate_below=None if failed else failure_rate_below(instances),
        regions=tuple(Region(name=n, instances=k, failure_rate_below=failure_rate_below(k)) for n, k in regions),
    )
    verdict = Verdict.PROVED if proved else item.outcome
    own = StatementResult(label="all is well", kind="relation", verdict=verdict, expected=verdict, as_expected=True)
    return ClaimResult(
        id=name,
        title="",
        source="",
        verdict=verdict,
        expected=verdict,
        as_expected=True,
        statements=(own,),
        uses=(),
        seconds=0,
        evidence=(item,),
    )


def test_the_bound_is_that_of_the_least_tried_sentence_which_is_not_proved():
    said = state_confidence([result("a", 10**6), result("b", 3000), result("proved", 3, proved=True)])
    assert said.startswith("No failure in 1,003,003 random instances of 3 sentences; b, the least tried of 2 that rest")
    assert "fails on fewer than 1 in 1,002 like these" in said


def test_of_proved_sentences_no_bound_is_given():
    assert state_confidence([result("a", 3000, proved=True)]) == "No failure in 3,000 random instances of 1 sentence."


def test_regions_never_visited_are_named_where_nothing_is_proved():
    regions = [("case: θ² > w", 12), *((f"kind: {k}", 0) for k in "abcdef")]
    said = state_unvisited([result("a", 3000, regions), result("proved", 3000, regions, proved=True)])
    assert said.startswith("Not proved, and no instance was there: a, instances: all is well, kind: a; ")
    assert said.endswith("; and 2 more in audit.json.")
    assert state_unvisited([result("a", 3000, regions, proved=True)]) == ""


def test_a_check_that_failed_promises_nothing():
    assert state_confidence([result("a", 100, failed=True)]) == ""
