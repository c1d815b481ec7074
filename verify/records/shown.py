"""What a table looks like where it is printed: plain text, or one preformatted block of HTML."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

__all__ = ["as_html", "as_text", "preformatted"]

_WIDTH = 100  # columns of a table in text: what a notebook's cell and a split terminal hold


def as_text(renderables: Iterable[Any]) -> str:
    """Plain text, no colour, no trailing blanks."""
    from rich.console import Console

    console = Console(file=io.StringIO(), width=_WIDTH, color_system=None, force_terminal=False)
    with console.capture() as captured:
        for one in renderables:
            console.print(one, crop=False)
    return "\n".join(line.rstrip() for line in captured.get().rstrip().split("\n"))


def as_html(renderables: Iterable[Any]) -> str:
    """The same as one preformatted block: every character is escaped."""
    return str(preformatted(as_text(renderables)))


def preformatted(text: str) -> Any:
    """A block of HTML that keeps blanks and line breaks."""
    from markupsafe import Markup

    return Markup('<pre style="white-space:pre;overflow-x:auto;line-height:1.25">{}</pre>').format(text)
