r"""A displayed formula as a row of items with estimated widths: what may be broken, and where.

Widths are in em of the text's font, after the advance widths of Computer Modern; a test compares them with TeX's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

__all__ = ["Item", "measure", "parse", "split_row", "total"]

_TOKEN = re.compile(r"\\(?:begin|end)\{[a-z]+\}|\\[A-Za-z]+|\\.|\s+|.")
_DELIMITER = re.compile(r"\s*(\\[A-Za-z]+|\\.|.)\s*")
_RELATIONS = frozenset({"=", "<", ">", ":", r"\le", r"\ge", r"\ne", r"\to", r"\implies", r"\iff", r"\sim", r"\in"})
_BINARY = frozenset({"+", "-", r"\cdot", r"\circ", r"\times", r"\pm"})
_OPENING = frozenset({"(", "[", r"\{", r"\lVert"})
_CLOSING = frozenset({")", "]", r"\}", r"\rVert"})
_BOXES = frozenset({r"\operatorname", r"\mathrm", r"\text", r"\mathbf", r"\mathcal", r"\hat", r"\tilde"})
_LETTERS = {
    "i": 0.35,
    "j": 0.41,
    "l": 0.3,
    "t": 0.36,
    "r": 0.45,
    "f": 0.55,
    "'": 0.28,
    ",": 0.45,
    ".": 0.28,
    "|": 0.28,
    "W": 0.95,
    "M": 0.97,
    "m": 0.88,
    "w": 0.72,
    "H": 0.92,
    "K": 0.9,
    "N": 0.92,
    "X": 0.9,
}
_WORDS = {
    r"\log": 1.45,
    r"\det": 1.55,
    r"\min": 1.85,
    r"\max": 2.05,
    r"\sum": 1.65,
    r"\#": 0.85,
    r"\quad": 1.0,
    r"\dots": 1.35,
    r"\cdots": 1.35,
    r"\infty": 1.0,
    r"\lVert": 0.5,
    r"\rVert": 0.5,
    r"\top": 0.78,
    r"\,": 0.17,
    r"\{": 0.5,
    r"\}": 0.5,
    r"\pi": 0.57,
    r"\theta": 0.47,
    r"\omega": 0.64,
}
SCRIPT = 0.73


@dataclass(frozen=True)
class Item:
    """Something that stays together. `kind`: ord, frac, root, cases, rel, bin, word, open, close.

    `depth` counts the brackets around it; `parts` are the arguments of a fraction, a root or the rows of cases.
    """

    tex: str
    width: float
    kind: str = "ord"
    depth: int = 0
    parts: tuple[str, ...] = ()
    scripts: str = ""

    @property
    def whole(self) -> str:
        """The item's TeX with its scripts."""
        return self.tex + self.scripts


def measure(text: str) -> float:
    """The estimated width of a formula in a display."""
    return total(parse(text))


def total(items: list[Item]) -> float:
    """The width of a row."""
    return sum(item.width for item in items)


def parse(text: str, depth: int = 0) -> list[Item]:
    """The items of a formula, from left to right."""
    items: list[Item] = []
    at, inside = 0, depth
    while at < len(text):
        item, at = _next(text, at, inside, items)
        if item is None:
            continue
        if item.kind == "open":
            inside += 1
        elif item.kind == "close":
            inside -= 1
            item = replace(item, depth=inside)
        items.append(item)
    return items


def _next(text: str, at: int, depth: int, items: list[Item]) -> tuple[Item | None, int]:
    match = _TOKEN.match(text, at)
    token, at = (match.group(), match.end()) if match else (text[at], at + 1)
    if token.isspace():
        return None, at
    if token in ("_", "^", "'"):
        return None, _script(token, text, at, items)
    if token in (r"\left", r"\right"):
        delimiter = _DELIMITER.match(text, at)
        name = delimiter.group(1) if delimiter else "."
        kind = "open" if token == r"\left" else "close"
        return Item(token + name, 0.62, kind, depth), delimiter.end() if delimiter else at
    if token == r"\begin{cases}":
        return _cases(text, at, depth)
    if token == r"\begin{pmatrix}":
        stop = text.index(r"\end{pmatrix}", at) + len(r"\end{pmatrix}")
        row = max(text[at:stop].split(r"\\"), key=len)
        return Item(
            text[at - len(token) : stop], measure(row.replace("&", r"\quad").split(r"\end")[0]) + 1.6, depth=depth
        ), stop
    if token in (r"\frac", r"\dfrac", r"\tfrac"):
        above, at = _argument(text, at)
        below, at = _argument(text, at)
        size = 0.75 if token == r"\tfrac" else 1.0
        width = size * max(measure(above), measure(below)) + 0.25
        return Item(rf"{token}{{{above}}}{{{below}}}", width, "frac", depth, (above, below)), at
    if token == r"\sqrt":
        degree = ""
        if text[at : at + 1] == "[":
            stop = text.index("]", at) + 1
            degree, at = text[at:stop], stop
        inner, at = _argument(text, at)
        width = measure(inner) + 1.0 + (0.3 if degree else 0)
        return Item(rf"\sqrt{degree}{{{inner}}}", width, "root", depth, (inner, degree[1:-1] or "2")), at
    if token in _BOXES:
        inner, at = _argument(text, at)
        word = token == r"\text" and inner.strip() in ("and", "or", "if", "otherwise")
        return Item(rf"{token}{{{inner}}}", _text_width(inner), "word" if word else "ord", depth), at
    if token == "{":
        inner, at = _argument(text, at - 1)
        return Item(f"{{{inner}}}", measure(inner) if inner else 0.0, depth=depth), at
    return _simple(token, depth, items), at


def _simple(token: str, depth: int, items: list[Item]) -> Item:
    if token in _RELATIONS:
        return Item(token, 1.35, "rel", depth)
    if token in _BINARY:
        unary = not items or items[-1].kind in ("rel", "bin", "open", "word")
        return Item(token, 0.78 if unary else 1.25, "ord" if unary else "bin", depth)
    if token in _OPENING:
        return Item(token, 0.42, "open", depth)
    if token in _CLOSING:
        return Item(token, 0.42, "close", depth)
    return Item(token, _glyph(token), depth=depth)


def _glyph(token: str) -> float:
    if token in _WORDS or token in _LETTERS:
        return _WORDS.get(token) or _LETTERS[token]
    if token.startswith("\\"):
        return 0.62 if token[1:2].islower() else 0.8
    return 0.5 if token.isdigit() else 0.78 if token.isupper() else 0.57


def _text_width(text: str) -> float:
    return sum(0.75 if c.isupper() else 0.36 if c in " filtj," else 0.52 for c in text)


def _script(mark: str, text: str, at: int, items: list[Item]) -> int:
    """Attach a sub- or superscript to the item before it; returns where the text goes on."""
    inner, at = ("", at) if mark == "'" else _argument(text, at)
    addition = mark if mark == "'" else f"{mark}{{{inner}}}"
    width = 0.3 if mark == "'" else SCRIPT * measure(inner) + 0.05
    if not items:
        items.append(Item("{}", 0.0))
    last = items[-1]
    if last.tex in (r"\sum", r"\max"):  # limits stand above and below
        width = max(0.0, width - last.width)
    elif last.scripts and mark != "'":
        width = max(0.0, width - last.width + _base(last))
    items[-1] = replace(last, scripts=last.scripts + addition, width=last.width + width)
    return at


def _base(item: Item) -> float:
    return measure(item.tex) if item.kind in ("ord", "frac", "root") else 0.42


def _argument(text: str, at: int) -> tuple[str, int]:
    """(the brace group or single token at `at`, where the text goes on)."""
    while text[at : at + 1].isspace():
        at += 1
    if text[at : at + 1] != "{":
        match = _TOKEN.match(text, at)
        return (match.group(), match.end()) if match else ("", at)
    depth, k = 0, at
    while k < len(text):
        if text[k] == "\\":
            k += 2
            continue
        depth += (text[k] == "{") - (text[k] == "}")
        k += 1
        if depth == 0:
            break
    return text[at + 1 : k - 1], k


def _cases(text: str, at: int, depth: int) -> tuple[Item, int]:
    """The rows of a case distinction, distinctions inside it left alone."""
    rows, level, start, k = [], 0, at, at
    for match in _TOKEN.finditer(text, at):
        token, k = match.group(), match.end()
        level += token.startswith(r"\begin") - token.startswith(r"\end")
        if (level == 0 and token == r"\\") or level < 0:
            rows.append(text[start : match.start()].strip())
            start = k
        if level < 0:
            break
    values, conditions = zip(*(split_row(row) for row in rows), strict=True)
    width = max(map(measure, values)) + max(map(measure, conditions)) + 2.3
    return Item(text[at - len(r"\begin{cases}") : k], width, "cases", depth, tuple(rows)), k


def split_row(row: str) -> tuple[str, str]:
    """(value, condition) of a row of a case distinction; distinctions inside the condition are left alone."""
    level = 0
    for match in _TOKEN.finditer(row):
        level += match.group().startswith(r"\begin") - match.group().startswith(r"\end")
        if level == 0 and match.group() == "&":
            return row[: match.start()].strip(), row[match.end() :].strip()
    return row, ""
