"""Parts of the page that are built when they are opened: elements as compact JSON, in which nothing stands twice.

The page's script makes elements of it, by name, attribute and text; nothing of it is read as markup. Formulas, checks
and graphs repeat each other, so one table of what occurs more than once makes them a tenth as long.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

from markupsafe import Markup

__all__ = ["pack"]

_SPACES = ("http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/Math/MathML", "http://www.w3.org/2000/svg")
# White space in these is layout.
_NO_TEXT = frozenset(("dl", "g", "math", "mrow", "ol", "svg", "table", "tbody", "thead", "tr", "ul"))
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # no character of XML, nor of HTML
_BLANK = re.compile(r"[ \t\n\r\f]+")
_SHORT = 4  # a text up to here is no longer than the number that would stand for it


def pack(parts: Sequence[str]) -> Markup:
    """Parts, each well-formed XML of HTML, MathML and SVG elements, as JSON for a `<script type="application/json">`.

    The JSON is [spaces, heads, nodes, roots]. A node is a text, [head, …nodes], or the number of one in `nodes`; a head
    is [number of its name's space, name, attribute, value, …], with the number of a text for a value that occurs often.

    Raises:
        xml.etree.ElementTree.ParseError: a part is not well-formed; a template of ours is wrong.
    """
    trees = [_tree(ET.fromstring(f"<div>{_FORBIDDEN.sub('�', part)}</div>")) for part in parts]
    uses: Counter[Any] = Counter()
    for tree in trees:
        _count(tree, uses)
    packed = _Packed(uses)
    roots = [packed.node(tree) for tree in trees]
    text = json.dumps([_SPACES, packed.heads, packed.nodes, roots], ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", r"\u003c"))  # so that no text ends the element that holds it


def _tree(e: ET.Element) -> tuple[Any, ...]:
    """(space, name, attributes, children): equal subtrees are equal, and found by their hash."""
    space, _, name = e.tag.rpartition("}")
    attributes = tuple((key.rpartition("}")[2], value) for key, value in e.attrib.items())
    inside = [e.text, *(item for child in e for item in (_tree(child), child.tail))]
    texts = (_BLANK.sub(" ", item) if isinstance(item, str) else item for item in inside)
    children = tuple(item for item in texts if item and not (item == " " and name in _NO_TEXT))
    return _SPACES.index(space[1:] or _SPACES[0]), name, attributes, children


def _count(node: Any, uses: Counter[Any]) -> None:
    uses[node] += 1
    if uses[node] == 1 and not isinstance(node, str):
        uses.update(value for _, value in node[2])
        for child in node[3]:
            _count(child, uses)


class _Packed:
    """The two tables, while they grow."""

    def __init__(self, uses: Counter[Any]) -> None:
        self.uses = uses
        self.heads: list[Any] = []
        self.nodes: list[Any] = []
        self.known: dict[Any, int] = {}

    def node(self, node: Any) -> Any:
        if node in self.known:
            return self.known[node]
        made = node if isinstance(node, str) else [self.head(node[:3]), *map(self.node, node[3])]
        if self.uses[node] == 1 or (isinstance(node, str) and len(node) <= _SHORT):
            return made
        return self._kept(node, made, self.nodes)

    def head(self, head: tuple[Any, ...]) -> int:
        if head in self.known:
            return self.known[head]
        space, name, attributes = head
        return self._kept(head, [space, name, *(x for k, v in attributes for x in (k, self.node(v)))], self.heads)

    def _kept(self, key: Any, made: Any, table: list[Any]) -> int:
        self.known[key] = len(table)
        table.append(made)
        return self.known[key]
