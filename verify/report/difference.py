"""What changed from one audit to another: verdicts, what they are given, evidence, planted errors, times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pydantic import Field
from rich import box
from rich.table import Table
from rich.text import Text

from verify.errors import InputError
from verify.records.evidence import AuditReport, ClaimResult, Verdict
from verify.records.record import Record, Shown
from verify.records.verdict import weaker

__all__ = ["Change", "Difference", "compare"]


class Change(Record):
    """What is different about one claim."""

    id: str
    before: Verdict
    after: Verdict
    worse: bool = Field(description="something below is a loss: of a verdict, of evidence, or of what needs no faith")
    sentences: tuple[str, ...] = Field(default=(), description="sentences whose verdict changed, in words")
    given: tuple[str, ...] = Field(default=(), description="what the proof is given now and was not before")
    proved: tuple[str, ...] = Field(default=(), description="what it was given before and is not now")
    new: tuple[str, ...] = Field(default=(), description="checks that were not made before")
    lost: tuple[str, ...] = Field(default=(), description="checks that are not made any more")
    survivors: tuple[str, ...] = Field(default=(), description="planted errors that survive now and did not before")
    seconds: tuple[float, float] = Field(description="time of all its checks, before and after")


class Difference(Shown):
    """Two audits, compared claim by claim."""

    common: int = Field(ge=1, description="claims that are in both")
    changes: tuple[Change, ...] = Field(description="claims in both that differ in more than their time")
    added: tuple[str, ...] = Field(description="claims of the second audit only")
    missing: tuple[str, ...] = Field(description="claims of the first audit only")
    seconds: tuple[float, float] = Field(description="time of the claims in both, before and after")
    slower: tuple[str, ...] = Field(description="claims in both that take twice as long, and a second or more")
    settings: tuple[str, ...] = Field(description="how the two audits were made differently")

    @property
    def worse(self) -> bool:
        """Whether anything was lost; times do not count, which depend on the machine."""
        return bool(self.missing) or any(change.worse for change in self.changes)

    def tables(self) -> list[Any]:
        """As the command line prints it."""
        lines: list[Any] = [Text(line) for line in self.settings]
        if self.changes:
            table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
            table.add_column("claim", overflow="fold")
            table.add_column("before")
            table.add_column("after")
            table.add_column("what changed", overflow="fold")
            for change in self.changes:
                words = Text("\n".join(_words(change)), style="bold" if change.worse else "")
                table.add_row(Text(plain(change.id)), change.before.value, change.after.value, words)
            lines.append(table)
        for name, ids in (("only in the first", self.missing), ("only in the second", self.added)):
            lines += [Text(f"{name}: {', '.join(map(plain, ids))}")] if ids else []
        if self.slower:
            lines.append(Text(f"twice as slow, or more: {', '.join(map(plain, self.slower))}"))
        before, after = self.seconds
        changed = (
            f"Of {self.common} claim{'' if self.common == 1 else 's'} in both {len(self.changes) or 'none'} changed"
        )
        verdict = "; something was lost" if self.worse else ""
        return [*lines, Text(f"{changed}{verdict}. Checks took {before:.1f} s, and take {after:.1f} s.")]


def compare(first: AuditReport, second: AuditReport) -> Difference:
    """What changed from the first audit to the second.

    Raises:
        InputError: they have no claim in common.
    """
    before, after = ({result.id: result for result in report.claims} for report in (first, second))
    common = [name for name in before if name in after]
    if not common:
        some = [next(iter(results), "none") for results in (before, after)]
        raise InputError(
            f"the two audits cannot be compared: they have no claim in common (the first has {plain(some[0])},"
            f" the second {plain(some[1])}); audit the same claims twice."
        )
    pairs = [(before[name], after[name]) for name in common]
    changes = [_change(a, b) for a, b in pairs]
    return Difference(
        common=len(common),
        changes=tuple(change for change in changes if change is not None),
        added=tuple(name for name in after if name not in before),
        missing=tuple(name for name in before if name not in after),
        seconds=(sum(a.seconds for a, _ in pairs), sum(b.seconds for _, b in pairs)),
        slower=tuple(b.id for a, b in pairs if b.seconds >= max(1.0, 2 * a.seconds)),
        settings=tuple(_settings(first, second)),
    )


def plain(text: str) -> str:
    """A text of a file, without characters that would move the cursor of a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _settings(first: AuditReport, second: AuditReport) -> Iterator[str]:
    for name, a, b in (
        ("version", first.tool_version, second.tool_version),
        ("seed", first.seed, second.seed),
        ("examples", first.examples, second.examples),
    ):
        if a != b:
            yield f"{name}: {plain(str(a))} before, {plain(str(b))} after"
    for name, report in (("first", first), ("second", second)):
        if report.summary.interrupted:
            yield f"the {name} audit was interrupted: what it lacks was not finished"


def _change(a: ClaimResult, b: ClaimResult) -> Change | None:
    were = {s.label: s.verdict for s in a.statements}
    moved = [(s.label, were[s.label], s.verdict) for s in b.statements if were.get(s.label, s.verdict) is not s.verdict]
    checks = [Counter(item.check for item in result.evidence if item.role != "opinion") for result in (a, b)]
    new, lost = (tuple(sorted((checks[k] - checks[1 - k]).elements())) for k in (1, 0))
    survivors = tuple(x for x in b.planted.alive if x not in a.planted.alive)
    given = tuple(x for x in b.given if x not in a.given)
    proved = tuple(x for x in a.given if x not in b.given)
    sentences = tuple(f"{label or 'its sentence'}: {old} → {now}" for label, old, now in moved)
    said = (sentences, new, lost, survivors, given, proved)
    if (a.verdict, a.as_expected) == (b.verdict, b.as_expected) and not any(said):
        return None
    weakened = any(weaker(now, old) for _, old, now in moved) or weaker(b.verdict, a.verdict)
    # A false statement that is refuted at last is no loss, though no verdict is weaker.
    worse = (a.as_expected and not b.as_expected) or (weakened and not (b.as_expected and not a.as_expected))
    return Change(
        id=b.id,
        before=a.verdict,
        after=b.verdict,
        worse=bool(worse or lost or survivors or given),
        sentences=sentences,
        given=given,
        proved=proved,
        new=new,
        lost=lost,
        survivors=survivors,
        seconds=(a.seconds, b.seconds),
    )


def _words(change: Change) -> Iterator[str]:
    for said, texts in (
        ("", change.sentences),
        ("given now: ", change.given),
        ("no longer given: ", change.proved),
        ("new: ", change.new),
        ("lost: ", change.lost),
        ("survives now: ", change.survivors),
    ):
        yield from (said + plain(text) for text in texts)
