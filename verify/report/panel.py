"""One claim, to be read on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from derivations.printing.unicode import prose

__all__ = ["claim_panel"]


def claim_panel(claim: Mapping[str, Any]) -> Panel:
    """One claim with its statement, assumptions, formulas, proof and neighbours.

    `claim` has id, title, source, statement, assumptions, uses, used_by, formulas (pairs of label
    and text), expected and proof (paragraphs); a false claim may have `instead`, what is true.
    """
    body: list[RenderableType] = [Text(prose(claim["title"]), style="bold"), Text(prose(f"from {claim['source']}"))]
    body += [Text(f"expected verdict: {claim['expected']}"), Text()]
    body += [Text(prose(claim["statement"]))]
    body += _section("assumptions", list(map(prose, claim["assumptions"])))
    body += _section("formulas", [_labelled(prose(label), text) for label, text in claim["formulas"]])
    body += _section("where", claim.get("symbols", ()))
    body += _section("mode by mode: the first region whose conditions hold", list(map(prose, claim.get("modes", ()))))
    body += _section("proof", list(map(prose, claim["proof"])))
    body += _section("instead", [prose(claim["instead"])] if claim.get("instead") else [])
    body += _section("uses", _listed(claim["uses"]))
    body += _section("used by", _listed(claim["used_by"]))
    words = Text("words: docs/glossary.md", style="dim")  # fits 40 columns
    return Panel(Group(*body), title=Text(claim["id"]), title_align="left", subtitle=words, box=box.ROUNDED)


def _labelled(label: str, text: str) -> str:
    """Two-dimensional formulas go below their label, so that their lines stay aligned."""
    return f"{label}:\n{text}" if "\n" in text else f"{label}: {text}"


def _listed(names: Sequence[str]) -> list[str]:
    return [", ".join(names)] if names else []


def _section(title: str, lines: Sequence[str]) -> list[RenderableType]:
    if not lines:
        return []
    return [Text(f"\n{title}", style="bold"), *(Padding(Text(line, overflow="fold"), (0, 0, 0, 2)) for line in lines)]
