r"""Long formulas on several lines: broken before relations, then before + and −, then inside brackets.

What is too wide to stay whole is opened first: a fraction becomes \frac{1}{B}(A), a root (A)^{1/2}, a row of a case
distinction has its condition on the next line. Brackets that a line break parts get a fixed size.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from derivations.printing.items import Item, measure, parse, split_row, total

__all__ = ["INDENT", "WIDTH", "broken", "display", "stacked"]

WIDTH = 31.0
"""Em: a line of `article` at 10, 11 or 12 points, with a little to spare."""

INDENT = 2.0
_RANKS = {"rel": 0, "word": -1, "bin": 1, "cases": 2, "frac": 3, "open": 3, "root": 3, "ord": 4}
_FIXED = {r"\left": r"\Bigl", r"\right": r"\Bigr"}
_TALLEST, _LINE, _FRACTION = 26.0, 1.3, 2.6  # heights in lines: of a case distinction, of its rows
_LEAST = 6.0  # em: no line is made shorter to keep something whole


def display(text: str, width: float = WIDTH) -> str:
    r"""A formula as a display: \[ … \] on one line, `align*` on several."""
    lines = stacked(text, width) or broken(text, width)
    if len(lines) == 1:
        return f"\\[\n  {lines[0]}\n\\]"
    return "\\begin{align*}\n" + " \\\\\n".join(f"  &{line}" for line in lines) + "\n\\end{align*}"


def stacked(text: str, width: float) -> list[str] | None:
    """The lines of "X = a case distinction" too tall for a page, without its brace; None if it is not one."""
    *head, last = parse(text.rstrip(".,"))
    if last.kind != "cases" or any(item.kind == "cases" for item in head):
        return None
    blocks = []
    for value, condition in map(split_row, last.parts):
        blocks.append(broken(value, width - 2) + [rf"\qquad {line}" for line in broken(condition, width - 4)])
    if sum(_FRACTION if r"\frac" in line else _LINE for block in blocks for line in block) <= _TALLEST:
        return None
    return [*(_set([head]) if head else ["{}"]), *(rf"\quad {line}" for block in blocks for line in block)]


def broken(text: str, width: float = WIDTH, first: float | None = None) -> list[str]:
    """The lines of a formula, the first at most `first` em wide, the others `width` with their indentation."""
    items = parse(text)
    lines: list[list[Item]] = []
    room = width if first is None else first
    while total(items) > room and len(items) > 1:
        cut = _cut(items, room)
        if cut is None:
            opened = _opened(items, room)
            if opened is None:
                break
            items = opened
            continue
        lines.append(items[:cut])
        items, room = items[cut:], width - INDENT
    if len(items) == 1 and total(items) > room and (opened := _opened(items, room)) is not None:
        items = opened
        if len(items) > 1:
            rest = broken(" ".join(item.whole for item in items), room if lines else width, room)
            return [*_set(lines), *[("\\quad " if lines else "") + line for line in rest]]
    return _set([*lines, items])


def _cut(items: list[Item], room: float) -> int | None:
    """The number of the item before which to end a line `room` em wide, or None if there is no good place.

    Chosen is the place inside the fewest brackets that leaves no very short line.
    """
    best: tuple[Any, int] | None = None
    used = 0.0
    for k, item in enumerate(items):
        if used > room:
            break
        if k and _may_start(item, items[k - 1]):
            short = used < 0.35 * room
            rank = (short and used < _LEAST, item.depth, short, _RANKS[item.kind], -k)
            if best is None or rank < best[0]:
                best = rank, k
        used += item.width
    if best is None or (best[0][0] and _outermost_too_wide(items, room)):
        return None
    return best[1]


def _may_start(item: Item, before: Item) -> bool:
    if item.kind == "close" or before.kind in ("open", "rel", "bin", "word"):
        return False
    if item.kind in ("rel", "bin", "word", "cases"):
        return True
    factor = item.kind in ("open", "frac", "root") and before.kind in ("close", "frac", "root", "ord")
    return factor and before.tex not in _PREFIXES


_PREFIXES = frozenset(rf"\operatorname{{{name}}}" for name in ("tr", "diag", "eig")) | {
    r"\#",
    r"\log",
    r"\det",
    r"\min",
    r"\max",
    "-",
}


def _outermost_too_wide(items: list[Item], room: float) -> bool:
    return any(item.width > room and item.parts for item in items)


def _opened(items: list[Item], room: float) -> list[Item] | None:
    """The row with its widest openable item opened, if there is one."""
    openable = [k for k, item in enumerate(items) if item.parts]
    if not openable:
        return None
    k = max(openable, key=lambda k: items[k].width)
    item = items[k]
    if item.kind == "cases":
        inside = _cases(item, max(room, 12.0))
    elif item.kind == "frac":
        inside = _fraction(item)
    else:
        inside = [*_bracketed(item.parts[0], item.depth, f"^{{1/{item.parts[1]}}}{item.scripts}")]
    return [*items[:k], *inside, *items[k + 1 :]]


def _bracketed(text: str, depth: int, scripts: str = "") -> list[Item]:
    inner = parse(text, depth + 1)
    return [
        Item(r"\left(", 0.62, "open", depth),
        *inner,
        Item(r"\right)", 0.62 + 0.7 * bool(scripts), "close", depth, scripts=scripts),
    ]


def _fraction(item: Item) -> list[Item]:
    """A fraction A/B on one line, as B⁻¹(A) with the longer side opened; its scripts stay outside."""
    above, below = item.parts
    outer = item.depth + (1 if item.scripts else 0)
    if measure(below) > measure(above):
        inside = (
            [*_bracketed(above, outer), *_bracketed(below, outer, "^{-1}")]
            if len(parse(above)) > 1
            else [*parse(above, outer), *_bracketed(below, outer, "^{-1}")]
        )
    else:
        head = Item(rf"\frac{{1}}{{{below}}}", measure(below) + 0.25, "ord", outer)
        inside = [head, *_bracketed(above, outer)]
    if not item.scripts:
        return inside
    close = Item(r"\right)", 1.3, "close", item.depth, scripts=item.scripts)
    return [Item(r"\left(", 0.62, "open", item.depth), *inside, close]


def _cases(item: Item, room: float) -> list[Item]:
    """A case distinction with each condition below its value, both broken to the room there is."""
    rows = []
    for row in item.parts:
        value, condition = split_row(row)
        rows += broken(value, room - 2.5)
        rows += [rf"\qquad {line}" for line in broken(condition, room - 4.5)]
    body = " \\\\ ".join(rows)
    width = max(0.92 * measure(line) for line in rows) + 1.5
    return [replace(item, tex=rf"\begin{{cases}} {body} \end{{cases}}", width=width, parts=())]


def _airy(text: str) -> str:
    """A case distinction with fractions in full size and more room between its rows, if it has fractions."""
    return text.replace(r"\frac", r"\dfrac").replace(r"\\ ", r"\\[4pt] ") if r"\frac" in text else text


def _set(lines: list[list[Item]]) -> list[str]:
    """The lines as TeX. Brackets that a break parts are sized by hand; lines after the first are indented."""
    flat = [(n, item) for n, line in enumerate(lines) for item in line]
    parted: set[int] = set()
    opened: list[tuple[int, int]] = []
    for k, (n, item) in enumerate(flat):
        if item.kind == "open":
            opened.append((k, n))
        elif item.kind == "close" and opened:
            start, line = opened.pop()
            if line != n:
                parted |= {start, k}
    out = [""] * len(lines)
    for k, (n, item) in enumerate(flat):
        text = _airy(item.whole) if item.kind == "cases" else item.whole
        if k in parted:
            for flexible, fixed in _FIXED.items():
                text = text.replace(flexible, fixed, 1) if text.startswith(flexible) else text
        if n and not out[n]:
            text = "\\quad " + ("{}" if item.kind in ("rel", "bin") else "") + text
        out[n] += (" " if out[n] else "") + text
    return out
