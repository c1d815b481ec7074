"""What notebooks and `print` show of results: the command line's tables as text or HTML, formulas as MathML or TeX."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from markupsafe import Markup
from rich.text import Text

from derivations.printing.latex import tex
from derivations.program.derived import Theorem
from derivations.statements.claim import Claim
from verify.catalogue import formulas
from verify.records.evidence import AuditReport, ClaimResult
from verify.records.shown import as_html, as_text, html_table, preformatted
from verify.report import terminal

__all__ = ["claim_html", "claim_latex", "report_html", "report_tables", "result_html", "theorem_html"]


def report_tables(report: AuditReport) -> list[Any]:
    """What the command line prints of an audit."""
    results = report.claims
    return [
        terminal.audit_table(results),
        terminal.refutations(results),
        terminal.failure_details(results),
        Text(),
        terminal.summary_line(report),
    ]


def claim_html(claim: Claim) -> str:
    """A claim's statement, with its formulas as MathML."""
    from verify.report.formulas import content

    found = content(claim)
    parts = [_head(claim.id, claim.title), Markup("<p>{}</p>").format(claim.text)]
    for group in (*found.statements, *found.steps):
        parts.append(Markup("<p><em>{}</em></p>").format(": ".join(x for x in (group.label, group.kind) if x)))
        parts += [Markup("<div>{} {}</div>").format(line.lead, line.math) for line in group.lines]
    return str(_box(parts))


def claim_latex(claim: Claim) -> str:
    """The formulas a claim states, one to a line, between dollar signs (amsmath; MathJax reads it too)."""
    symbols = {tex(x) for x in _symbols(claim)}
    lines = [f"{what} &= {e}" if what in symbols else f"& {e}" for what, e in formulas(claim, tex)]
    return "$$\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}$$"


def theorem_html(theorem: Theorem, text: str) -> str:
    """A derived theorem: its regions as a table with formulas as MathML, then all of it as `text`."""
    from verify.report.mathml import to_mathml

    def math(lines: Iterable[str]) -> Markup:
        made = (Markup(to_mathml(line)) for line in lines)
        return Markup("").join(Markup('<div style="padding:.2em 0">{}</div>').format(line) for line in made)

    rows = []
    for case in theorem.cases:
        squares = [f"{tex(x)}^2 = {tex(e)}" for x, e in case.squares.items()]
        who = ", ".join(f"z_{l}" for l in case.active) or "none"
        rows.append((who, math(map(tex, case.conditions)), math(squares), math([tex(case.minimum)])))
    words = Markup("<details><summary>All of the theorem, in words</summary>{}</details>").format(preformatted(text))
    return str(_box([html_table(("active", "where", "there", "loss of the mode"), rows), words]))


def _symbols(claim: Claim) -> Iterator[Any]:
    """What has a formula of its own, rather than a label."""
    yield from claim.definitions
    for statement in claim.statements:
        for group in (
            statement.at if hasattr(statement, "at") else (),
            getattr(statement, "modes", ()),
            getattr(statement, "definitions", ()),
        ):
            yield from group


def result_html(result: ClaimResult, claim: Claim | None) -> str:
    """A verdict and what stands behind it, below the statement it is about."""
    stated = Markup(claim_html(claim)) if claim else _head(result.id, result.title)
    return str(_box([stated, *_verdict(result)]))


def report_html(report: AuditReport, claims: Iterable[tuple[ClaimResult, Claim | None]]) -> str:
    """The results asked for, one below the other; of more than a few, the table alone."""
    chosen = list(claims)
    if len(chosen) > 3:
        return as_html(report_tables(report))
    parts = [Markup(result_html(result, claim)) for result, claim in chosen]
    return str(_box([*parts, preformatted(as_text([terminal.summary_line(report)]))]))


def _verdict(result: ClaimResult) -> Iterator[Markup]:
    surprise = "as expected" if result.as_expected else f"expected {result.expected}"
    yield Markup("<p><strong>{}</strong> ({}); {}</p>").format(
        result.verdict, surprise, terminal.tried(result.evidence)
    )
    planted = result.planted
    if planted.planted:
        alike = f" ({planted.equivalent} more say the same as the claim)" if planted.equivalent else ""
        yield Markup("<p>{} planted errors refuted{}.</p>").format(planted.score, alike)
    if planted.proofs.planted:
        yield Markup("<p>{} of {} errors planted in its proofs rejected.</p>").format(
            planted.proofs.rejected, planted.proofs.planted
        )
    for item in result.evidence:
        if item.witness is not None and item.outcome == "REFUTED":
            yield Markup("<p>{}: {}</p>").format(item.check, item.witness.text)
            yield Markup("<pre>{}</pre>").format(item.reproduce)
    if result.instead:
        yield Markup("<p>True instead: {}</p>").format(result.instead)


def _head(name: str, title: str) -> Markup:
    return Markup("<h4>{} <small><code>{}</code></small></h4>").format(title, name)


def _box(parts: Iterable[Markup]) -> Markup:
    return Markup("<div>{}</div>").format(Markup("\n").join(parts))
