"""A page for each claim, made from the same formulas as the audit's own page, and the index of all."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from derivations.claim import Claim
from verify.catalogue import claims
from verify.figures.options import command
from verify.report.formulas import content
from verify.report.html import words
from verify.report.plots import CLAIMS

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters["prose"] = words.prose
_GROUPS = (
    ("From densities to modes", ("elbo-", "lemma-", "mode-")),
    ("VAEs", ("vae-",)),
    ("Conditional VAEs", ("cvae-",)),
    ("Hierarchies", ("mhvae-", "chain-")),
    ("Said in the summary of the paper", ("summary-",)),
    ("Any model", ("",)),
)


def claim_index() -> Iterator[str]:
    """All claims by what they are about, and the tree of their pages."""
    yield from ("# The claims", "", "What the catalogue states, each with the verdict that an audit must reach.")
    yield from ("Statements expected to be REFUTED are false as they stand; their pages say what is true instead.", "")
    left = dict(claims())
    for title, starts in _GROUPS:
        yield from (f"## {title}", "")
        for name in [name for name in left if name.startswith(starts)]:
            c = left.pop(name)
            yield f"- [{name}]({name}.md): {plain(c.title)} ({c.expected})"
        yield ""
    yield from ("```{toctree}", ":hidden:", "", *claims(), "```")


def claim_page(c: Claim) -> Iterator[str]:
    """Statement, formulas, assumptions, the argument and steps of its proof, its neighbours, and how to audit it."""
    page = content(c)
    yield from (f"# {c.id}", "", *_raw("statement", c=c, text=page.text))
    yield from ("```sh", f"collapse-audit run {c.id}", "```", "")
    yield from ("## What is stated", "", *_raw("groups", groups=page.statements, omitted=page.omitted, name=c.id))
    yield from ("## What is given", "", *_raw("given", page=page))
    yield from ("## Why it holds" if not c.instead else "## What is known of it", "")
    yield from _raw("argument", text=_argument(c))
    if c.uses:
        yield from ("It uses " + _linked(c.uses) + ".", "")
    if page.steps:
        yield from _raw("steps", groups=page.steps)
    if users := [other.id for other in claims().values() if c.id in other.uses]:
        yield from ("It is used by " + _linked(users) + ".", "")
    if drawn := CLAIMS.get(c.id):
        yield from ("## What it looks like", "", "```sh", *map(command, drawn), "```", "")


def plain(text: str) -> str:
    """Prose whose characters mean nothing to Markdown; θ_i with its subscript."""
    for c in "\\`*{}[]<>#|$":
        text = text.replace(c, f"\\{c}")
    return text.replace("_", r"\_")


def _linked(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"[{name}]({name}.md)" for name in names)


def _raw(part: str, **values: object) -> Iterator[str]:
    html = getattr(_TEMPLATES.get_template("claim.html.j2").module, part)(**values)
    yield from ("````{raw} html", str(html).strip(), "````", "")


def _argument(c: Claim) -> str:
    """The docstring of the file that states the claim: the argument that ties its steps to its sentence."""
    found = (m for m in list(sys.modules.values()) if getattr(m, "CLAIM", None) is c)
    return next((m.__doc__ or "" for m in found), "").strip()
