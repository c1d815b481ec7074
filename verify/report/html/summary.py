"""The audit on one page: what a reviewer needs before reading on, and all that is printed unless more is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from verify.catalogue import ids
from verify.records.evidence import AuditReport, ClaimResult, Verdict

__all__ = ["Summary", "summary_of"]


@dataclass(frozen=True)
class Summary:
    """`given` is what proofs rest on and is not proved here, with the claims that do; `open` what was not checked."""

    given: Mapping[str, Sequence[str]]
    false: Sequence[ClaimResult]
    open: Sequence[str]
    command: str


def summary_of(report: AuditReport) -> Summary:
    """What the report says in short."""
    given: dict[str, list[str]] = {}
    for result in report.claims:
        for text in result.given if result.verdict is Verdict.PROVED else ():
            given.setdefault(text, []).append(result.id)
    false = [r for r in report.claims if r.verdict is Verdict.REFUTED and r.expected is Verdict.REFUTED]
    return Summary(given, false, tuple(_open(report)), command_of(report))


def _open(report: AuditReport) -> Iterator[str]:
    if report.summary.interrupted:
        yield "The audit was interrupted: what it did not finish was not checked."
    known = {result.id for result in report.claims}
    missing = [name for name in ids() if name not in known]
    if missing:
        yield f"{len(missing)} of the {len(ids())} claims of the catalogue were not part of this audit."
    for verdict, words in (
        (Verdict.SUPPORTED, "tried on instances and not proved"),
        (Verdict.UNDECIDED, "undecided"),
        (Verdict.VACUOUS, "without an instance that meets the assumptions"),
    ):
        if found := [result.id for result in report.claims if result.verdict is verdict]:
            yield f"{_many(len(found), 'claim')} {words}: {', '.join(found)}."
    if untested := sum(e.untested for result in report.claims for e in result.evidence):
        yield f"{_many(untested, 'random instance')} drawn and left open, by floats or by exact arithmetic."
    if untried := sum(result.planted.proofs.untried for result in report.claims):
        yield f"{_many(untried, 'further error')} that could be planted in proofs not tried."
    yield "What must be trusted for the word PROVED is listed in docs/verdicts.md."


def command_of(report: AuditReport) -> str:
    """The command that repeats the audit: the claims that no other one uses, unless they are all."""
    results, examples, seed = report.claims, report.examples, report.seed
    if any(result.id not in ids() for result in results):
        return f"collapse-audit check FILE --examples {examples} --seed {seed}"
    used = {name for result in results for name in result.uses}
    names = [result.id for result in results if result.id not in used] if len(results) < len(ids()) else []
    return f"collapse-audit run {' '.join((*names, ''))}--examples {examples} --seed {seed}"


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
