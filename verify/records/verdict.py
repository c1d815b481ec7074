"""From evidence to verdicts, from verdicts to the exit code.

A claim is no better than its weakest evidence, and a proof no better than the claims it uses.
Only a witness refutes, so neither an unproved claim nor a refuted one refutes those that use it:
it leaves them without their argument.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from verify.errors import InputError
from verify.records.evidence import ClaimResult, Evidence, Summary, Verdict

__all__ = ["claim_verdict", "close_over_uses", "exit_code", "in_order", "summarise"]


def claim_verdict(evidence: Sequence[Evidence]) -> Verdict:
    """The verdict that one claim's own evidence supports, the claims it uses left aside."""
    evidence = [item for item in evidence if item.role != "opinion"]
    outcomes = {item.outcome for item in evidence}
    if Verdict.REFUTED in outcomes:
        return Verdict.REFUTED
    if Verdict.VACUOUS in outcomes or not evidence:
        return Verdict.VACUOUS
    if Verdict.UNDECIDED in outcomes:
        return Verdict.UNDECIDED
    links = [item.outcome for item in evidence if item.role == "proof"]
    if links and all(outcome is Verdict.PROVED for outcome in links):
        return Verdict.PROVED
    return Verdict.SUPPORTED


def close_over_uses(verdicts: Mapping[str, Verdict], uses: Mapping[str, Sequence[str]]) -> dict[str, Verdict]:
    """Weaken each claim's own verdict by those of the claims it uses, directly or through others.

    Raises:
        ValueError: a claim uses itself through others (InputError), or one that has no verdict.
    """
    graph = {claim: tuple(uses.get(claim, ())) for claim in verdicts}
    unknown = {used for claim in graph for used in graph[claim]} | set(uses)
    if unknown := unknown - set(verdicts):
        raise ValueError(f"no verdict for {', '.join(sorted(unknown))}")
    closed: dict[str, Verdict] = {}
    for claim in in_order(graph):
        closed[claim] = _weakened(verdicts[claim], {closed[used] for used in graph[claim]})
    return {claim: closed[claim] for claim in verdicts}


def in_order(uses: Mapping[str, Sequence[str]]) -> list[str]:
    """The claims, each after those it uses.

    Raises:
        InputError: a claim uses itself, directly or through others.
    """
    try:
        return list(TopologicalSorter(uses).static_order())
    except CycleError as error:
        raise InputError(f"claims use each other in a circle: {' → '.join(error.args[1])}.") from None


def _weakened(own: Verdict, used: set[Verdict]) -> Verdict:
    """`own`, given the closed verdicts of the claims used directly."""
    if own not in (Verdict.PROVED, Verdict.SUPPORTED) or used <= {Verdict.PROVED}:
        return own
    return Verdict.SUPPORTED if used <= {Verdict.PROVED, Verdict.SUPPORTED} else Verdict.UNDECIDED


def exit_code(results: Sequence[ClaimResult]) -> int:
    """0 if all is as expected, 1 if something is wrong, 3 if something could not be told.

    Wrong is a claim refuted against expectation, a false one not refuted, or a planted error
    that survived; 1 wins over 3.
    """
    surprises = [result for result in results if not result.as_expected]
    if any(result.planted.survivors for result in results) or any(
        Verdict.REFUTED in (result.verdict, result.expected) for result in surprises
    ):
        return 1
    return 3 if surprises else 0


def summarise(results: Sequence[ClaimResult], *, interrupted: bool = False) -> Summary:
    """The numbers of an audit that finished these claims."""
    counts = Counter(result.verdict for result in results)
    return Summary(
        claims=len(results),
        as_expected=sum(result.as_expected for result in results),
        verdicts={verdict: counts[verdict] for verdict in Verdict},
        interrupted=interrupted,
        planted=sum(result.planted.planted for result in results),
        refuted=sum(result.planted.refuted for result in results),
        equivalent=sum(result.planted.equivalent for result in results),
    )
