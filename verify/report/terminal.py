"""An audit as tables for a terminal of 80 columns or more, with colour or without.

Every string from outside is a `Text`, so that a bracket in a formula is never read as markup, and
nothing is said by colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from derivations.printing.unicode import prose
from verify.records.evidence import AuditReport, ClaimResult, Evidence, Planted, Verdict

__all__ = [
    "Id",
    "audit_table",
    "duration_text",
    "failure_details",
    "given_names",
    "listing_table",
    "opinions",
    "refutations",
    "summary_line",
    "tried",
    "verdict_text",
]

_STYLES = {
    Verdict.PROVED: "green",
    Verdict.SUPPORTED: "cyan",
    Verdict.REFUTED: "magenta",
    Verdict.UNDECIDED: "yellow",
    Verdict.VACUOUS: "yellow",
}


class Id:
    """A claim's id, on one line where there is room, otherwise broken after hyphens, never cut."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.parts = [part + "-" for part in name.split("-")]
        self.parts[-1] = self.parts[-1][:-1]

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(max(map(len, self.parts)), len(self.name)).with_maximum(options.max_width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = [""]
        for part in self.parts:
            if lines[-1] and len(lines[-1]) + len(part) > options.max_width:
                lines.append("")
            lines[-1] += part
        yield Text("\n".join(lines), overflow="fold")


def audit_table(results: Sequence[ClaimResult]) -> Table:
    """One row per claim: the verdict, the expected one, and what stands behind it."""
    table = _table()
    table.add_column("claim")
    table.add_column("source", overflow="fold")
    table.add_column("verdict", no_wrap=True, min_width=9)
    table.add_column("expected", no_wrap=True, min_width=9)
    table.add_column("what was tried", overflow="fold")
    table.add_column("errors\nrefuted", no_wrap=True)
    table.add_column("time", no_wrap=True, justify="right")
    for result in results:
        table.add_row(
            Id(result.id),
            Text(prose(result.source)),
            verdict_text(result.verdict),
            Text(result.expected if result.as_expected else f"≠ {result.expected}"),
            Text(tried(result.evidence) + _cited(result)),
            _controls(result.planted),
            Text(duration_text(result.seconds)),
        )
    return table


def listing_table(claims: Sequence[Mapping[str, Any]]) -> Table:
    """One row per claim of the catalogue; each mapping has id, title, source and expected."""
    table = _table()
    table.add_column("claim")
    for name in ("source", "title"):
        table.add_column(name, overflow="fold")
    table.add_column("expected", no_wrap=True)
    for claim in claims:
        title, source = (Text(prose(str(claim[name]))) for name in ("title", "source"))
        table.add_row(Id(claim["id"]), source, title, verdict_text(Verdict(claim["expected"])))
    return table


def tried(evidence: Sequence[Evidence]) -> str:
    """The kinds of checks and how many instances they examined, as in "descent ×400, regions ×3"."""
    counts: dict[str, int] = {}
    for item in evidence:
        kind = item.kind
        counts[kind] = counts.get(kind, 0) + item.instances
    parts = [f"{kind} ×{count}" if count > 1 else kind for kind, count in counts.items()]
    return ", ".join(parts) or "nothing"


def given_names(result: ClaimResult) -> tuple[str, ...]:
    """What a proof is given, by name, here or in a claim it uses."""
    named = [text.partition(":")[0] for text in result.given] if result.verdict is Verdict.PROVED else []
    return tuple(dict.fromkeys(named))


def _cited(result: ClaimResult) -> str:
    names = given_names(result)
    return f"; given {', '.join(names)}" if names else ""


def summary_line(report: AuditReport) -> Text:
    """The audit in one sentence, wrapped if need be."""
    summary = report.summary
    good = summary.claims == summary.as_expected and not summary.interrupted
    counts = ", ".join(f"{count} {name}" for name, count in summary.verdicts.items() if count)
    leaning = sum(bool(r.given) for r in report.claims if r.verdict is Verdict.PROVED)
    counts += f"; proofs given something: {leaning}" if leaning else ""
    text = Text("interrupted: " if summary.interrupted else "", style="bold")
    style = "bold green" if good else "bold red"
    text.append(f"{summary.as_expected} of {summary.claims} claims as expected", style=style)
    proofs = f" {summary.proof_errors_rejected} of {summary.proof_errors} planted proof errors rejected;"
    alike = f" ({summary.equivalent} more say the same as the claim)" if summary.equivalent else ""
    remembered = f", {report.remembered} checks from the cache" if report.remembered else ""
    text.append(
        f" ({counts or 'none finished'}); {summary.score} planted errors"
        f" refuted{alike};{proofs if summary.proof_errors else ''} seed {report.seed},"
        f" {report.examples} examples{remembered}.",
        style="not bold",
    )
    return text


def failure_details(results: Sequence[ClaimResult]) -> Group:
    """For each claim that surprises: the evidence, the witness, the command that repeats it."""
    verdicts = {result.id: result.verdict for result in results}
    blocks: list[RenderableType] = []
    for result in results:
        if not result.as_expected:
            blocks.append(_surprise(result, verdicts))
        planted = result.planted
        said = ("planted errors that no check refuted", "planted proof errors that were accepted")
        for what, names in zip(said, (planted.survivors, planted.proofs.survivors), strict=True):
            blocks.extend([_heading(result.id, f"has {what}:"), *map(_indented, names)] if names else [])
        if planted.unneeded and (not result.as_expected or planted.survivors):
            blocks += [_heading(result.id, "may do without:"), *map(_indented, planted.unneeded)]
        if planted.loose and (not result.as_expected or planted.survivors):
            text = "leaves room; with these changes too it holds wherever it was tried:"
            blocks += [_heading(result.id, text), *map(_indented, planted.loose)]
    return Group(*blocks)


def refutations(results: Sequence[ClaimResult]) -> Group:
    """For each claim refuted as expected: the witness and the command that repeats it."""
    blocks: list[RenderableType] = []
    for result in results:
        found = [item for item in result.evidence if item.outcome is Verdict.REFUTED]
        found.sort(key=lambda item: item.kind != "properties")  # these are shrunk
        if found and result.as_expected:
            blocks.append(_heading(result.id, "is refuted, as expected"))
            blocks.extend(_evidence(found[0]))
            blocks += [_indented(f"true instead: {result.instead}")] if result.instead else []
    return Group(*blocks)


def opinions(results: Sequence[ClaimResult]) -> Group:
    """What solvers asked for a second opinion left open; nothing if none was asked."""
    asked = [(r.id, e) for r in results for e in r.evidence if e.role == "opinion"]
    open_ = [(name, e) for name, e in asked if e.outcome is not Verdict.SUPPORTED]
    head = f"second opinion on {len(asked)} claims: {sum(e.instances for _, e in asked)} questions confirmed by both"
    head += " solvers; left open (no verdict depends on them):" if open_ else " solvers, none left open."
    return Group(*([Text(), Text(head)] if asked else ()), *(_indented(f"{name}: {e.note}") for name, e in open_))


def _table() -> Table:
    return Table(box=box.SIMPLE_HEAD, padding=(0, 0), pad_edge=False, show_edge=False)


def verdict_text(verdict: Verdict) -> Text:
    """A verdict in its colour."""
    return Text(verdict.value, style=_STYLES[verdict])


def _controls(planted: Planted) -> Text:
    text = Text(planted.score)
    if planted.equivalent:
        text.append(f"\n{planted.equivalent} the same")
    if planted.alive:
        text.append(f"\n{len(planted.alive)} alive", style="red")
    return text


def duration_text(seconds: float) -> str:
    """Seconds, or minutes where that reads better."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 600 else f"{seconds / 60:.0f} min"


def _surprise(result: ClaimResult, verdicts: Mapping[str, Verdict]) -> Group:
    """The evidence, or the used claims, that kept `result` from its expected verdict."""
    blocking = [item for item in result.evidence if item.outcome is result.verdict]
    if result.verdict is Verdict.SUPPORTED:
        links = [item for item in result.evidence if item.role == "proof"]
        blocking = [item for item in links if item.outcome is not Verdict.PROVED]
    parts = [line for item in blocking for line in _evidence(item)]
    for used in result.uses:
        if (verdict := verdicts.get(used)) is not Verdict.PROVED:
            parts.append(_indented(f"it uses {used}, which is {verdict or 'not finished'}"))
    if not parts:
        parts.append(_indented(f"no check says otherwise; tried: {tried(result.evidence)}"))
    said = f"is {result.verdict}, expected {result.expected}"
    if result.verdict.meets(result.expected):
        said = "has a sentence that is not as expected"
    odd = [s for s in result.statements if not s.as_expected and len(result.statements) > 1]
    sentences = [_indented(f"{s.label or s.kind}: {s.verdict}, expected {s.expected}") for s in odd]
    return Group(_heading(result.id, said), *sentences, *parts)


def _evidence(item: Evidence) -> list[RenderableType]:
    size = "" if item.residual is None or item.decided_by_witness else f", residual {item.residual:.3g}"
    bound = "" if item.tolerance is None or item.decided_by_witness else f", tolerance {item.tolerance:.3g}"
    because = f" ({item.tolerance_reason})" if bound and item.tolerance_reason else ""
    head = f"{item.check}: {item.outcome} after {item.instances}{size}{bound}{because}"
    details = [item.note] if item.note else []
    details += [f"witness: {item.witness.text}"] if item.witness else []
    parts: list[RenderableType] = [_indented(head), *(_indented(line, 4) for line in details)]
    if item.reproduce:  # never wrapped, to be copied whole
        parts.append(Text(f"    {item.reproduce}", style="bold", no_wrap=True, overflow="ignore"))
    return parts


def _heading(name: str, text: str) -> Text:
    return Text.assemble("\n", (name, "bold"), " ", text)


def _indented(text: str, by: int = 2) -> Padding:
    return Padding(Text(prose(text), overflow="fold"), (0, 0, 0, by))
