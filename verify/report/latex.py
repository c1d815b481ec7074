"""LaTeX of an audit: its verdicts in a table, its witnesses under the statements they refute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from derivations.printing.claims import Found, identifier, label
from derivations.printing.document import claims_document
from derivations.printing.references import cited
from derivations.printing.words import prose_tex
from derivations.statements.claim import Claim
from verify.records.evidence import AuditReport, ClaimResult, Verdict

__all__ = ["document", "found", "verdict_lines"]


def document(
    claims: Sequence[Claim], report: AuditReport | None, *, fragment: bool, width: float, bib: str | None = None
) -> str:
    """A LaTeX document of the claims, with what the report says about them if one is given."""
    tables = verdict_lines(report, {claim.id: claim for claim in claims}) if report else ()
    return claims_document(
        claims, found(report) if report else {}, fragment=fragment, tables=tables, width=width, bib=bib
    )


def found(report: AuditReport) -> dict[str, Found]:
    """Verdict and, where it is REFUTED, the witness with the command that shows it again; shrunk ones first."""
    return {result.id: Found(str(result.verdict), _witness(result)) for result in report.claims}


def _witness(result: ClaimResult) -> tuple[tuple[str, str], ...]:
    if result.verdict is not Verdict.REFUTED:
        return ()
    refuting = [e for e in result.evidence if e.outcome is Verdict.REFUTED and e.witness is not None]
    refuting.sort(key=lambda e: e.kind != "properties")
    return tuple((e.witness.text, e.reproduce or "") for e in refuting[:1] if e.witness)


def verdict_lines(report: AuditReport, chosen: Mapping[str, Claim]) -> Iterator[str]:
    """A booktabs table of the verdicts on the chosen claims, and what the audit was."""
    rows = [result for result in report.claims if result.id in chosen]
    yield r"\section*{Verdicts}"
    yield prose_tex(
        f"collapse-audit {report.tool_version}, seed {report.seed}, {report.examples} random instances per claim."
    )
    if len(rows) < len(chosen):
        yield f"{len(chosen) - len(rows)} of the {len(chosen)} claims below are not in the report."
    yield r"\begin{longtable}{@{}r>{\raggedright\arraybackslash}p{0.46\linewidth}llr@{}}"
    yield r"\toprule & claim & verdict & expected & refuted errors \\ \midrule \endhead"
    yield from (_row(result) for result in rows)
    yield r"\bottomrule"
    yield r"\end{longtable}"
    given = dict.fromkeys(text for result in rows if result.verdict is Verdict.PROVED for text in result.given)
    if given:
        yield cited("* given, that is not proved here: " + "; ".join(given) + ".")


def _row(result: ClaimResult) -> str:
    planted = result.planted
    controls = planted.score.replace("–", "--")
    verdict, expected = (rf"\textsc{{{v.lower()}}}" for v in (result.verdict, result.expected))
    verdict += r"\textsuperscript{*}" if result.given and result.verdict is Verdict.PROVED else ""
    return rf"\ref{{{label(result.id)}}} & {identifier(result.id)} & {verdict} & {expected} & {controls} \\"
