"""How much instances that all passed say: how many there were, and for sentences that rest on them alone a bound."""

from __future__ import annotations

from collections.abc import Sequence

from verify.records.evidence import ClaimResult, Evidence, Verdict
from verify.records.regions import Region

__all__ = ["odds", "state_confidence", "state_unvisited"]

_SHOWN = 4  # regions named; the report has them all


def state_confidence(results: Sequence[ClaimResult]) -> str:
    """One sentence on all sentences whose every instance passed; empty if there are none.

    A bound on the rate of failures is given where nothing but instances stands behind a sentence: a proof needs none.
    """
    passed = [(r, e) for r in results for e in r.evidence if e.failure_rate_below is not None]
    if not passed:
        return ""
    total, many = sum(e.instances for _, e in passed), len(passed) > 1
    said = f"No failure in {total:,} random instances of {len(passed)} sentence{'s' * many}"
    alone = [(r.id, e) for r, e in passed if _rests_on_instances(r, e)]
    if not alone:
        return f"{said}."
    name, least = min(alone, key=lambda item: item[1].instances)
    which = (
        f"the least tried of {len(alone)} that rest on them alone" if len(alone) > 1 else "which rests on them alone"
    )
    return f"{said}; {name}, {which}, fails on fewer than {odds(least)} like these (95 % confidence)."


def state_unvisited(results: Sequence[ClaimResult]) -> str:
    """Where nothing was tried of what rests on instances alone, as a sentence; empty if there is no such place."""
    never = [
        f"{r.id}, {e.check}, {region.name}"
        for r in results
        for e in r.evidence
        if e.failure_rate_below is not None and _rests_on_instances(r, e)
        for region in e.regions
        if not region.instances
    ]
    more = f"; and {len(never) - _SHOWN} more in audit.json" if len(never) > _SHOWN else ""
    return f"Not proved, and no instance was there: {'; '.join(never[:_SHOWN])}{more}." if never else ""


def _rests_on_instances(result: ClaimResult, item: Evidence) -> bool:
    """Whether the sentence that a check is about is no more than SUPPORTED."""
    own = [s.verdict for s in result.statements if s.label == item.about]
    return (own or [result.verdict])[0] is Verdict.SUPPORTED


def odds(found: Evidence | Region) -> str:
    """The bound on the failure rate as odds, "1 in 20,029": 3/n for large n."""
    one_in = 1 / (found.failure_rate_below or 1)
    return f"1 in {one_in:.1f}" if one_in < 10 else f"1 in {one_in:,.0f}"
