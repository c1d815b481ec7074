"""What a table looks like where it is printed: plain text, or HTML for a notebook."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

__all__ = ["as_html", "as_text", "html_table", "preformatted"]

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
    """The same as HTML: tables as tables, lines as lines; every character is escaped."""
    from markupsafe import Markup
    from rich.table import Table

    parts: list[Any] = []
    for is_table, found in groupby(_flat(renderables), lambda one: isinstance(one, Table)):
        several = list(found)
        parts += map(_table, several) if is_table else [preformatted(as_text(several))]
    return str(Markup("<div>{}</div>").format(Markup("\n").join(parts)))


def html_table(heads: Iterable[Any], rows: Iterable[Iterable[Any]], right: Iterable[bool] = ()) -> Any:
    """A table; cells are escaped unless they are Markup, those of a `right` column end at its right edge."""
    from markupsafe import Markup

    heads = list(heads)
    sides = [*right, *[False] * len(heads)]
    style = "padding:.3em .8em;vertical-align:top;white-space:pre-line;text-align:"

    def line(tag: str, cells: Iterable[Any]) -> Any:
        made = (
            Markup('<{} style="{}">{}</{}>').format(
                Markup(tag), style + ("right" if side else "left"), cell, Markup(tag)
            )
            for cell, side in zip(cells, sides, strict=False)
        )
        return Markup("<tr>{}</tr>").format(Markup("").join(made))

    body = Markup("\n").join(line("td", row) for row in rows)
    return Markup("<table><thead>{}</thead><tbody>{}</tbody></table>").format(line("th", heads), body)


def preformatted(text: str) -> Any:
    """A block of HTML that keeps blanks and line breaks."""
    from markupsafe import Markup

    return Markup('<pre style="white-space:pre;overflow-x:auto;line-height:1.45">{}</pre>').format(text)


def _flat(renderables: Iterable[Any]) -> Iterator[Any]:
    """The renderables, without groups of them."""
    from rich.console import Group

    for one in renderables:
        if isinstance(one, Group):
            yield from _flat(one.renderables)
        else:
            yield one


def _table(table: Any) -> Any:
    """A table of rich, its cells without their colours."""
    columns = [[as_text([cell]) for cell in column.cells] for column in table.columns]
    heads = [as_text([column.header]) for column in table.columns]
    return html_table(heads, zip(*columns, strict=True), (column.justify == "right" for column in table.columns))
