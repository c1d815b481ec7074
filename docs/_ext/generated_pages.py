"""Pages that are generated, never written by hand: one per claim, the commands, the schema of `audit.json`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from claim_pages import claim_index, claim_page, plain

from verify.catalogue import claims
from verify.cli.program import cli
from verify.records.evidence import json_schema


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
    yield from (f"## {name}", "", plain(described), "", "| field | what it is |", "|---|---|")
    for field, about in record["properties"].items():
        yield f"| `{field}` | {plain(about.get('description', ''))} |"
    yield ""
