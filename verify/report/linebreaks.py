"""Long formulas cut where they may go on in the next line, for browsers break no line inside `<math>`.

A sum falls into pieces before its signs, outside brackets first; a long condition of a case goes on in rows of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

__all__ = ["narrow", "pieces"]

_PIECE, _CELL = 44, 52  # characters that need no break
_ALONE = 8  # what is left of a sign is not left alone if it is shorter
_DEEPEST = 2  # brackets inside which a sum may be broken
_SIGNS = frozenset("+−=≤≥<>≠")
_SCRIPTED = frozenset(("msub", "msup", "msubsup"))


def pieces(math: ET.Element) -> list[ET.Element]:
    """The formula as one or more `<math>` elements, to be set side by side in lines that wrap."""
    rows = _split(_row(math), 0)
    if len(rows) == 1:
        return [math]
    found = []
    for row in rows:
        piece = ET.Element("math", {**math.attrib, "display": "inline", "displaystyle": "true"})
        if row[0].tag == "mo":
            row[0].set("form", "infix")  # though it comes first
        piece.extend(row)
        found.append(piece)
    return found


def narrow(math: ET.Element) -> None:
    """Let long cells of tables go on in rows of their own, before "and" and "or"."""
    for cell in math.iter("mtd"):
        row = list(_row(cell))
        if _length(row) > _CELL and len(lines := _packed(_at_words(row))) > 1:
            cell[:] = [ET.Element("mtable")]
            for line in lines:
                ET.SubElement(ET.SubElement(cell[0], "mtr"), "mtd", {"columnalign": "left"}).extend(line)


def _row(e: ET.Element) -> Sequence[ET.Element]:
    return list(e[0]) if len(e) == 1 and e[0].tag == "mrow" else list(e)


def _split(row: Sequence[ET.Element], depth: int) -> list[list[ET.Element]]:
    """Pieces that begin with a sign at this depth of brackets, the long ones broken further inside."""
    if _length(row) <= _PIECE or depth > _DEEPEST:
        return [list(row)]
    found: list[list[ET.Element]] = [[]]
    for before, e, level in _levels(row):
        sign = level == depth and e.tag == "mo" and e.text in _SIGNS and before is not None and not _opens(before)
        if sign and not (len(found) == 1 and _length(found[0]) < _ALONE):
            found.append([])
        found[-1].append(e)
    return [piece for part in found for piece in _split(part, depth + 1)]


def _at_words(row: Sequence[ET.Element]) -> list[list[ET.Element]]:
    found: list[list[ET.Element]] = [[]]
    for _, e, level in _levels(row):
        if level <= 1 and e.tag == "mtext" and (e.text or "").strip() in ("and", "or"):
            found.append([])
        found[-1].append(e)
    return [part for part in found if part]


def _packed(parts: Sequence[list[ET.Element]]) -> list[list[ET.Element]]:
    """As few lines as hold the parts."""
    lines: list[list[ET.Element]] = []
    for part in parts:
        if lines and _length(lines[-1]) + _length(part) <= _CELL:
            lines[-1] += part
        else:
            lines.append(part)
    return lines


def _levels(row: Sequence[ET.Element]) -> Iterator[tuple[ET.Element | None, ET.Element, int]]:
    """Each element with the one before it, and how many brackets are open around it."""
    level, before = 0, None
    for e in row:
        level -= _bracket(e) in tuple(")]}")
        yield before, e, level
        level += _opens(e)
        before = e


def _opens(e: ET.Element) -> bool:
    return _bracket(e) in tuple("([{")


def _bracket(e: ET.Element) -> str:
    base = e[0] if e.tag in _SCRIPTED else e
    return (base.text or "") if base.tag == "mo" else ""


def _length(row: Sequence[ET.Element]) -> int:
    return sum(_width(e) for e in row)


def _width(e: ET.Element) -> int:
    if e.tag == "mfrac":
        return max(_width(part) for part in e)
    if e.tag == "mtable":
        return max((sum(_width(cell) for cell in row) for row in e), default=0)
    return len((e.text or "").strip()) + sum(_width(part) for part in e)
