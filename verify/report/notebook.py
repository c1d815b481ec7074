"""What notebooks and `print` show of results: the command line's tables as text or HTML, formulas as MathML or TeX."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from markupsafe import Markup
from rich.console import Console
from rich.text import Text

from derivations.claim import Claim
from derivations.latex import tex
from verify.catalogue import formulas
from verify.evidence import AuditReport, ClaimResult
from verify.practice.convert import Conversion
from verify.practice.diagnose import Diagnosis
from verify.practice.predict import Forecast
from verify.practice.sweep import Sweep
from verify.report import convert_table, diagnose_table, predict_table, sweep_table, terminal

__all__ = ["as_html", "as_text", "claim_html", "claim_latex", "report_html", "report_tables", "result_html", "tables"]

_WIDTH = 100  # columns of a table in text: what a notebook's cell and a split terminal hold
_RENDER: dict[type, Callable[[Any], Any]] = {
    Conversion: convert_table.render,
    Diagnosis: diagnose_table.render,
    Forecast: predict_table.render,
    Sweep: sweep_table.render,
}


def tables(record: Any) -> list[Any]:
    """What the command line prints of a forecast, sweep, diagnosis or conversion."""
    found = _RENDER[type(record)](record)
    return found if isinstance(found, list) else [found]


def report_tables(report: AuditReport) -> list[Any]:
    """What the command line prints of an audit."""
    results = report.claims
    return [terminal.audit_table(results), terminal.refutations(results), terminal.failure_details(results), Text(),
            terminal.summary_line(report)]  # fmt: skip


def as_text(renderables: Iterable[Any]) -> str:
    """Plain text, no colour, no trailing blanks."""
    console = Console(file=io.StringIO(), width=_WIDTH, color_system=None, force_terminal=False)
    with console.capture() as captured:
        for one in renderables:
            console.print(one, crop=False)
    return "\n".join(line.rstrip() for line in captured.get().rstrip().split("\n"))


def as_html(renderables: Iterable[Any]) -> str:
    """The same as one preformatted block: every character is escaped."""
    return str(_pre(as_text(renderables)))


def claim_html(claim: Claim) -> str:
    """A claim's statement, with its formulas as MathML."""
    from verify.report.html.formulas import content

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


def _symbols(claim: Claim) -> Iterator[Any]:
    """What has a formula of its own, rather than a label."""
    yield from claim.definitions
    for statement in claim.statements:
        for group in (statement.at if hasattr(statement, "at") else (), getattr(statement, "modes", ()),
                      getattr(statement, "definitions", ())):  # fmt: skip
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
    return str(_box([*parts, _pre(as_text([terminal.summary_line(report)]))]))


def _verdict(result: ClaimResult) -> Iterator[Markup]:
    surprise = "as expected" if result.as_expected else f"expected {result.expected}"
    yield Markup("<p><strong>{}</strong> ({}); {}</p>").format(
        result.verdict, surprise, terminal.tried(result.evidence)
    )
    planted = result.planted
    if planted.planted:
        yield Markup("<p>{} of {} planted errors refuted, {} shown to say the same.</p>").format(
            planted.refuted, planted.planted, planted.equivalent
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


def _pre(text: str) -> Markup:
    return Markup('<pre style="white-space:pre;overflow-x:auto;line-height:1.25">{}</pre>').format(text)
