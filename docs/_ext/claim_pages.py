"""A page for each claim, made from the same formulas as the audit's own page, and the index of all."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from derivations.claim import Claim
from verify.catalogue import claims
from verify.figures.options import command
from verify.report.formulas import Group, content
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
    # A script is the argument itself; the docstring of the file mostly states the claim again.
    argued, checked = [[g for g in page.steps if _is_argument(g) is said] for said in (True, False)]
    if argued:
        yield from ("A proof core made the theorem, which is the sentence, from these steps and no others.", "")
        yield from _raw("groups", groups=argued, omitted=0, name=c.id)
    yield from _raw("argument", text=_argument(c), folded=bool(argued))
    if c.uses:
        yield from ("It uses " + _linked(c.uses) + ".", "")
    if checked:
        yield from _raw("steps", groups=checked)
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


def _is_argument(group: Group) -> bool:
    return any(line.depth is not None for line in group.lines)


def _raw(part: str, **values: object) -> Iterator[str]:
    html = getattr(_TEMPLATES.get_template("claim.html.j2").module, part)(**values)
    yield from ("````{raw} html", str(html).strip(), "````", "")


def _argument(c: Claim) -> str:
    """The docstring of the file that states the claim: the argument that ties its steps to its sentence."""
    found = (m for m in list(sys.modules.values()) if getattr(m, "CLAIM", None) is c)
    return next((m.__doc__ or "" for m in found), "").strip()
