"""What instances that all passed say, in two or three lines."""

from __future__ import annotations

from rich.console import Console

from verify.records.evidence import ClaimResult, Evidence, Verdict
from verify.records.regions import Region, failure_rate_below
from verify.report.confidence import state_confidence


def result(name, instances, regions=(), failed=False):
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
    return ClaimResult(
        id=name,
        title="",
        source="",
        verdict=item.outcome,
        expected=item.outcome,
        as_expected=True,
        uses=(),
        seconds=0,
        evidence=(item,),
    )


def text(*results):
    console = Console(width=1000)
    with console.capture() as captured:
        for line in state_confidence(results):
            console.print(line)
    return captured.get()


def test_the_bound_is_that_of_the_least_tried_statement():
    said = text(result("a", 10**6), result("b", 3000))
    assert "no failure in 1,003,000 instances of 2 statements" in said
    assert "fewer than 1 in 1,002 drawn like these (the least tried: b, instances: all is well)" in said
    assert "visited" not in said


def test_regions_never_visited_are_shown_as_such():
    regions = [("case: θ² > w", 12), *((f"kind: {k}", 0) for k in "abcdef")]
    said = text(result("a", 3000, regions))
    assert "never visited, so nothing is known there: a, instances: all is well, kind: a; " in said
    assert "; and 2 more in audit.json." in said
    assert "the least visited of 1 regions: a, instances: all is well, case: θ² > w (1 in 4.5)" in said


def test_a_check_that_failed_promises_nothing():
    assert text(result("a", 100, failed=True)) == ""
