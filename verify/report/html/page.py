"""An audit as one HTML file: templates filled with the report and the claims' formulas, and written whole."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from derivations.statements.claim import Claim
from derivations.statements.paper import PAPER, Origin, theorem_number
from verify.records.evidence import AuditReport, Verdict
from verify.report.confidence import odds
from verify.report.formulas import Content, content
from verify.report.html import words
from verify.report.html.glossary import GLOSSARY
from verify.report.html.packed import pack
from verify.report.html.section import build_section, build_whole
from verify.report.html.summary import summary_of
from verify.report.overview import grouped
from verify.report.terminal import given_names, tried
from verify.store import files
from verify.version import program_version

if TYPE_CHECKING:
    from verify.report.html.plots import Drawing

__all__ = ["NAME", "policy", "prepare", "render_page", "write"]

NAME = "index.html"
Plots = Mapping[str, Sequence["Drawing"]]
_NONE: Plots = MappingProxyType({})
_UNWRITTEN: Mapping[str, Content] = MappingProxyType({})
_MARK = '<meta name="generator" content="collapse-audit'
_SIGNS = {
    Verdict.PROVED: ("✓", "every link is exact, but for what is said to be given"),
    Verdict.SUPPORTED: ("≈", "every instance tried agrees; that is no proof"),
    Verdict.REFUTED: ("✗", "a counterexample exists, with the command that repeats it"),
    Verdict.UNDECIDED: ("?", "a check could not tell"),
    Verdict.VACUOUS: ("∅", "nothing met the assumptions, so nothing was tested"),
}


def render_page(
    report: AuditReport,
    claims: Mapping[str, Claim],
    plots: Plots = _NONE,
    written: Mapping[str, Content] = _UNWRITTEN,
    *,
    full: bool = False,
) -> str:
    """The page for a report; `claims` are those whose formulas are known, the others are shown without.

    `plots` are the drawings of some of them, by id; `written` are formulas that were turned into MathML already. A
    `full` page has everything open and no script: it is what is printed.

    Raises:
        ValueError: the report's claims use each other in a circle.
    """
    results = {result.id: result for result in report.claims}
    groups = grouped(report.claims)
    families = {name: words.family(result.source) for name, result in results.items()}
    models = words.models(report.claims)
    sections = {result.id: build_section(result, results) for rows in groups.values() for result in rows}
    contents = {name: written[name] if name in written else content(claims[name]) for name in results if name in claims}
    whole, summary = build_whole(results), summary_of(report)
    shared: dict[str, Any] = {
        "anchors": words.anchors(results),
        "full": full,
        "families": families,
        "models": models,
        "numbers": {name: theorem_number(result.source) for name, result in results.items()},
        "plots": plots,
        "results": results,
        "signs": _SIGNS,
    }
    claim, graph = (
        _environment().get_template(name).make_module(shared) for name in ("claim.html.j2", "graph.html.j2")
    )
    bodies = {name: claim.body(section, contents.get(name)) for name, section in sections.items()}  # type: ignore[attr-defined]
    whole_body = graph.whole(whole) if whole else Markup()  # type: ignore[attr-defined]
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            **shared,
            report=report,
            version=program_version(),
            summary=summary,
            marks={text: k for k, text in enumerate(summary.given, 1)},
            paper=PAPER if {Origin.PAPER, Origin.SUMMARY} & groups.keys() else None,
            stated=groups.get(Origin.PAPER, []),
            summarised=Origin.SUMMARY in groups,
            sections=sections,
            contents=contents,
            bodies=bodies,
            whole=whole,
            whole_body=whole_body,
            glossary=GLOSSARY,
            parts="" if full else pack([whole_body, *bodies.values()]),
            all_families=Counter(families.values()),
            all_models=Counter(model for found in models.values() for model in found),
            surprises=[r for r in report.claims if not r.as_expected or r.planted.alive],
            style=_asset("style.css"),
            script=_asset("script.js"),
            policy=policy(_asset("style.css"), _asset("script.js")),
        )
    )


def prepare(folder: Path, *, force: bool = False, remedy: str = "another folder as ‹out›") -> None:
    """Refuse to replace an index.html that this program did not write, before anything is computed.

    Raises:
        InputError: the folder cannot be written, or holds another page of that name; `remedy` says what to give.
    """
    files.prepare(folder, NAME)
    if not force:
        files.refuse_foreign(folder, NAME, _MARK, remedy)


def write(
    report: AuditReport,
    folder: Path,
    claims: Mapping[str, Claim],
    plots: Plots = _NONE,
    written: Mapping[str, Content] = _UNWRITTEN,
) -> Path:
    """Write `folder`/index.html whole or not at all, and return its path.

    Raises:
        InputError: the folder cannot be created or written.
    """
    return files.replace(folder, NAME, render_page(report, claims, plots, written))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("verify.report.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(
        prose=words.prose,
        value=words.value,
        duration=words.duration,
        breakable=words.breakable,
        tried=tried,
        odds=odds,
        given=given_names,
    )
    return made


@lru_cache(maxsize=2)
def _asset(name: str) -> Markup:
    """Our own style sheet or script: the only text besides MathML that is not escaped."""
    source: Any = _environment().loader
    text, _, _ = source.get_source(_environment(), name)
    return Markup(text)


def policy(style: str, script: str) -> str:
    """Nothing may be fetched, and only these, the page's own style and script, known by their hashes, may act."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none';"
        " form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
