"""From evidence to verdicts, from verdicts to the exit code.

A sentence is no better than its weakest evidence, a claim than its weakest sentence, a proof than the claims it uses.
Only a witness refutes, so neither an unproved claim nor a refuted one refutes those that use it:
it leaves them without their argument.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from verify.errors import InputError
from verify.records.evidence import ClaimResult, Evidence, StatementResult, Summary, Verdict

__all__ = ["cited_by", "closed", "exit_code", "in_order", "summarise", "verdict_of", "weaker", "weakest"]


_WEAKEST_FIRST = (Verdict.REFUTED, Verdict.VACUOUS, Verdict.UNDECIDED, Verdict.SUPPORTED, Verdict.PROVED)


def verdict_of(evidence: Sequence[Evidence]) -> Verdict:
    """The verdict that evidence on one sentence supports, without regard to the claims that its proof uses."""
    evidence = [item for item in evidence if item.role != "opinion"]
    outcomes = {item.outcome for item in evidence}
    if Verdict.REFUTED in outcomes:
        return Verdict.REFUTED
    if Verdict.VACUOUS in outcomes or not evidence:
        return Verdict.VACUOUS
    if Verdict.UNDECIDED in outcomes:
        return Verdict.UNDECIDED
    links = [item for item in evidence if item.role == "proof"]
    # That a sentence means something everywhere is a condition of its proof, and no argument for it.
    argued = any(item.kind != "definedness" for item in links)
    if argued and all(item.outcome is Verdict.PROVED for item in links):
        return Verdict.PROVED
    return Verdict.SUPPORTED


def weaker(verdict: Verdict, other: Verdict) -> bool:
    """Whether a verdict says less for what is claimed than another."""
    return _WEAKEST_FIRST.index(verdict) < _WEAKEST_FIRST.index(other)


def cited_by(evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """What the evidence cites and does not prove, without repetitions."""
    return tuple(dict.fromkeys(text for item in evidence for text in item.cited))


def weakest(statements: Sequence[StatementResult]) -> Verdict:
    """The verdict of a claim: that of its weakest sentence; VACUOUS for a claim that says nothing.

    A measurement that supports what is claimed does not weaken a proof beside it; alone it is all there is.
    """
    asked = [s for s in statements if not (s.measured and s.verdict is Verdict.SUPPORTED)] or statements
    return min((s.verdict for s in asked), key=_WEAKEST_FIRST.index, default=Verdict.VACUOUS)


def closed(results: Sequence[ClaimResult]) -> tuple[ClaimResult, ...]:
    """The results, with the verdict of each sentence no stronger than the claims it uses allow.

    What the proofs of those claims only cite is added to the sentence's own `given`. A claim that is used and
    has no result (an interruption left it out) is undecided.

    Raises:
        InputError: a claim uses itself through others.
    """
    known = {result.id: result for result in results}
    final: dict[str, ClaimResult] = {}
    for name in in_order({result.id: result.uses for result in results}):
        if name in known:
            final[name] = _closed(known[name], final)
    return tuple(final[result.id] for result in results)


def _closed(result: ClaimResult, final: Mapping[str, ClaimResult]) -> ClaimResult:
    used = {final[name].verdict if name in final else Verdict.UNDECIDED for name in result.uses}
    theirs = [text for name in result.uses if name in final for text in final[name].given]
    statements = []
    for statement in result.statements:
        verdict = _weakened(statement.verdict, used)
        given = tuple(dict.fromkeys([*statement.given, *theirs]))
        seen = {"verdict": verdict, "as_expected": verdict.meets(statement.expected), "given": given}
        statements.append(statement.model_copy(update=seen))
    verdict = weakest(statements) if statements else _weakened(result.verdict, used)
    met = verdict.meets(result.expected) and all(s.as_expected for s in statements)
    given = tuple(dict.fromkeys([*result.given, *(text for s in statements for text in s.given), *theirs]))
    return result.model_copy(
        update={"verdict": verdict, "as_expected": met, "statements": tuple(statements), "given": given}
    )


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

    Wrong is a verdict that is the opposite of the expected one (refuted for true, or standing for false), of a claim
    or of a sentence, or a planted error that survived; 1 wins over 3.
    """
    sentences = [s for result in results for s in result.statements]
    surprises = [(r.verdict, r.expected) for r in results if not r.as_expected]
    surprises += [(s.verdict, s.expected) for s in sentences if not s.as_expected]
    if any(result.planted.alive for result in results) or any(_opposite(*pair) for pair in surprises):
        return 1
    return 3 if surprises else 0


def _opposite(verdict: Verdict, expected: Verdict) -> bool:
    stands = {Verdict.PROVED, Verdict.SUPPORTED}
    if expected is Verdict.REFUTED:
        return verdict in stands
    return verdict is Verdict.REFUTED


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
        proof_errors=sum(result.planted.proofs.planted for result in results),
        proof_errors_rejected=sum(result.planted.proofs.rejected for result in results),
    )
