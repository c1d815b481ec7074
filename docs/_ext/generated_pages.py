"""Pages that are generated, never written by hand: one per claim, the commands, the schema of `audit.json`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from derivations.claim import Certificate, Claim, Implication, Lemma, Same
from derivations.latex import tex
from verify.catalogue import claims, formulas
from verify.cli.main import cli
from verify.evidence import json_schema


def setup(app: Any) -> dict[str, bool]:
    """Write the pages into the source folder when a build begins (git ignores them)."""
    app.connect("builder-inited", lambda app: write(Path(app.srcdir)))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def write(docs: Path) -> None:
    """Write docs/claims/*.md, docs/commands.md and docs/schema.md, each only if it changed."""
    pages = {f"claims/{c.id}.md": claim_page(c) for c in claims().values()}
    pages |= {"claims/index.md": claim_index(), "commands.md": command_page(), "schema.md": schema_page()}
    for name, lines in pages.items():
        text, file = "\n".join(lines) + "\n", docs / name
        file.parent.mkdir(exist_ok=True)
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")


def claim_index() -> Iterator[str]:
    """The table of all claims, and the tree of their pages."""
    yield from ("# The claims", "", "Generated from the catalogue, as is each claim's page.", "")
    yield from ("| claim | what it says | expected |", "|---|---|---|")
    for c in claims().values():
        yield f"| [{c.id}]({c.id}.md) | {_plain(c.title)} | {c.expected} |"
    yield from ("", "```{toctree}", ":hidden:", "", *claims(), "```")


def claim_page(c: Claim) -> Iterator[str]:
    """Statement, assumptions, formulas, proof, what it uses and what uses it, and the command that audits it."""
    yield from (f"# {c.id}", "", f"**{_plain(c.title)}**", "", _plain(c.text), "")
    yield from (f"Source: {_plain(c.source)}. Expected verdict: **{c.expected}**.", "")
    if c.instead:
        yield from (f"What is true instead: {_plain(c.instead)}", "")
    yield from ("```sh", f"collapse-audit run {c.id}", "```", "", "## Given", "")
    for v in c.variables:
        yield f"- ${tex(v.symbol)}$: {v.domain}" + (f" ({_plain(v.note)})" if v.note else "")
    yield from (f"- ${tex(a)}$" for a in (*c.dimensions, *c.assumptions))
    yield from ("", "## Stated", "")
    for what, e in formulas(c, tex):
        label = not what.startswith("\\") and " " in what
        yield from ((f"{_plain(what)}:", "") if label or not what else ())
        yield from ("$$", e if label or not what else f"{what} = {e}", "$$", "")
    if c.proof:
        yield from ("## Proof", "")
        for step in c.proof:
            yield from _step(step)
    users = [other.id for other in claims().values() if c.id in other.uses]
    for title, names in (("Uses", c.uses), ("Used by", users)):
        if names:
            yield from (f"{title}: " + ", ".join(f"[{name}]({name}.md)" for name in names) + ".", "")


def _step(step: Any) -> Iterator[str]:
    kind = {Certificate: "certificate, a sum of terms that are visibly non-negative", Same: "identity",
            Implication: "implication"}.get(type(step))  # fmt: skip
    kind = kind or (f"cited from {step.reference}" if isinstance(step, Lemma) else "")
    yield from (f"*{_plain(step.label)}* ({_plain(kind)})", "")
    if isinstance(step, Certificate):
        shown = f"{tex(step.expression)} = " + (" + ".join(rf"\left({tex(t)}\right)" for t in step.terms) or "0")
    elif isinstance(step, Implication):
        given = r",\quad ".join(map(tex, step.given))
        shown = rf"{given} \;\Longrightarrow\; {tex(step.then)}"
    elif isinstance(step, Lemma):
        shown = tex(step.relation)
    else:
        shown = f"{tex(step.left)} = {tex(step.right)}"
    yield from ("$$", shown, "$$", "")


def command_page() -> Iterator[str]:
    """Every command with its arguments and options, as click knows them."""
    yield from ("# The commands", "", "Generated from the program: what `collapse-audit COMMAND --help` prints.", "")
    for name in sorted(cli.commands):
        yield from _command(f"collapse-audit {name}", cli.commands[name], 2)


def _command(name: str, command: click.Command, depth: int) -> Iterator[str]:
    context = click.Context(command, info_name=name, max_content_width=100, terminal_width=100)
    yield from (f"{'#' * depth} {name}", "", "```text", command.get_help(context), "```", "")
    for child in sorted(getattr(command, "commands", {})):
        yield from _command(f"{name} {child}", command.commands[child], depth + 1)  # type: ignore[attr-defined]


def schema_page() -> Iterator[str]:
    """The records of `audit.json`, field by field."""
    schema = json_schema()
    yield from ("# audit.json", "", "The [JSON Schema](audit.schema.json) of a report, field by field.", "")
    yield from _record("AuditReport", schema)
    for name, record in sorted(schema["$defs"].items()):
        if "properties" in record:
            yield from _record(name, record)


def _record(name: str, record: dict[str, Any]) -> Iterator[str]:
    described = record.get("description", "").partition("\n\n")[0].replace("\n", " ")
    yield from (f"## {name}", "", _plain(described), "", "| field | what it is |", "|---|---|")
    for field, about in record["properties"].items():
        yield f"| `{field}` | {_plain(about.get('description', ''))} |"
    yield ""


def _plain(text: str) -> str:
    """Prose whose characters mean nothing to Markdown."""
    for c in "\\`*_{}[]<>#|$":
        text = text.replace(c, f"\\{c}")
    return text
