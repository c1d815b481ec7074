r"""TeX → MathML for pages that need no network: latex2mathml's tree, repaired where browsers would show it wrongly.

latex2mathml's own serialiser un-escapes its output, so that `\text{<b>}` becomes a tag. Here the tree is serialised by
the standard library: whatever the TeX says, the result is one well-formed `<math>` element. MathML Core ignores
`mathvariant` (other than normal) and gives unknown words the spacing of relations; both are put right.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from xml.etree import ElementTree as ET

from latex2mathml.converter import convert_to_element

from verify.report.linebreaks import narrow, pieces

__all__ = ["mathml_lines", "to_mathml"]

_ENTITY = re.compile(r"&#x([0-9A-Fa-f]+);")
_ESCAPED = re.compile(r"\\.")
_UNKNOWN = re.compile(r"\\[A-Za-z]+")
_THIN = "0.1667em"
_UPRIGHT = frozenset("ΓΔΘΛΞΠΣΥΦΨΩ")  # as TeX sets them
_SCRIPTED = frozenset(("msub", "msup", "msubsup"))
_LIMITS = frozenset(("munder", "mover", "munderover"))
_ARGUMENTS = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}
_TALL = frozenset(("mfrac", "mroot", "msqrt", "mtable", "munder", "mover", "munderover"))
_BAR = {"stretchy": "false", "lspace": "0", "rspace": "0"}  # \lVert: of its own size, unlike \left\lVert
_STYLES = {
    "bold": "MATHEMATICAL BOLD",
    "bold-italic": "MATHEMATICAL BOLD ITALIC",
    "double-struck": "MATHEMATICAL DOUBLE-STRUCK",
    "script": "MATHEMATICAL SCRIPT",
    "fraktur": "MATHEMATICAL FRAKTUR",
    "sans-serif": "MATHEMATICAL SANS-SERIF",
    "monospace": "MATHEMATICAL MONOSPACE",
}
_DIGITS = ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE")


def to_mathml(tex: str, display: bool = False) -> str:
    r"""One `<math>` element for TeX without delimiters (no `$`); `display` sets it on a line of its own.

    The left alignment of cases is the attribute `columnalign` on `<mtd>`, which browsers honour by a style sheet only:
    `mtd[columnalign="left"] { text-align: left }`.

    Raises:
        ValueError: TeX that cannot be converted: unbalanced braces, or a command unknown to latex2mathml.
    """
    return _written(_tree(tex, display))


@lru_cache(maxsize=8192)
def mathml_lines(tex: str) -> tuple[str, ...]:
    """The same formula as one `<math>` element or, if it is long, as several to be set side by side in lines that wrap.

    Raises:
        ValueError: as `to_mathml`.
    """
    return tuple(map(_written, pieces(_tree(tex, True))))


def _written(tree: ET.Element) -> str:
    return ET.tostring(tree, encoding="unicode")


def _tree(tex: str, display: bool) -> ET.Element:
    try:
        tree = convert_to_element(tex, display="block" if display else "inline")
    except Exception as error:  # latex2mathml raises a dozen classes, IndexError among them
        raise ValueError(f"not TeX that MathML can show ({type(error).__name__}): {tex}") from error
    if (bare := _ESCAPED.sub("", tex)).count("{") != bare.count("}"):
        raise ValueError(f"unbalanced braces in TeX: {tex}")
    for element in tree.iter():
        if len(element) != _ARGUMENTS.get(element.tag, len(element)):
            raise ValueError(f"a command lacks an argument in TeX: {tex}")
        element.text = _ENTITY.sub(lambda m: chr(int(m[1], 16)), element.text) if element.text else None
        if element.tag != "mtext" and (unknown := _UNKNOWN.search(element.text or "")):
            raise ValueError(f"latex2mathml does not know {unknown[0]}, used in: {tex}")
    _repair(tree)
    if display:
        narrow(tree)
    return tree


def _repair(parent: ET.Element) -> None:
    """Put right the children of an element, from the leaves up."""
    for child in parent:
        _repair(child)
    parent[:] = [_alone(_primed(child)) for child in parent]
    if parent.tag in ("mrow", "math", "mtd", "msqrt", "mstyle"):  # where a child more changes no meaning
        parent[:] = _words(list(parent))
        parent[:] = _spaced(list(parent))
    if parent.tag == "mrow" and not any(e.tag in _TALL for e in parent.iter()):
        for fence in parent.findall("mo[@stretchy='true']"):
            fence.set("stretchy", "false")  # a mere superscript inside calls for no larger bracket
    for child in parent:
        if child.tag == "mo" and child.text in ("‖", "|") and child.get("stretchy") is None:
            child.attrib.update(_BAR)
        if child.tag == "mi" and child.text == ":":  # as in {i : …}
            child.tag, child.attrib = "mo", {"lspace": "0.2778em", "rspace": "0.2778em"}
        _restyle(child)
        if parent.tag not in _LIMITS and _is_operator_name(child):
            child.tag = "mi"
            child.attrib.clear()


def _alone(row: ET.Element) -> ET.Element:
    """A row of one element is replaced by that element."""
    return row[0] if row.tag == "mrow" and len(row) == 1 and not row.attrib else row


def _primed(e: ET.Element) -> ET.Element:
    """A prime is raised already; as a superscript it would all but vanish."""
    if e.tag not in ("msup", "msubsup") or set(e[-1].text or " ") != {"′"}:
        return e
    row, base = ET.Element("mrow"), e[0]
    if e.tag == "msubsup":
        base = ET.Element("msub")
        base.extend(e[:2])
    row.extend((base, e[-1]))
    return row


def _words(children: list[ET.Element]) -> list[ET.Element]:
    r"""Upright letters side by side (`\mathrm{dec}`) are one word."""
    merged: list[ET.Element] = []
    for child in children:
        last = merged[-1] if merged else None
        if last is not None and _upright(child) and _upright(last):
            last.text = (last.text or "") + (child.text or "")
        else:
            merged.append(child)
    return merged


def _upright(e: ET.Element) -> bool:
    return e.tag == "mi" and e.get("mathvariant") == "normal" and (e.text or "").isascii()


def _spaced(children: list[ET.Element]) -> list[ET.Element]:
    """A thin space where TeX sets one: between a function's name and what it is next to, brackets excepted."""
    spaced: list[ET.Element] = []
    for before, child in zip([None, *children], children, strict=False):
        if before is not None and _needs_space(before, child):
            spaced.append(ET.Element("mspace", {"width": _THIN}))
        spaced.append(child)
    return spaced


def _needs_space(before: ET.Element, after: ET.Element) -> bool:
    if _is_function(before):
        return not _opens(after) and (after.tag != "mo" or _is_function(after))
    return _is_function(after) and before.tag not in ("mo", "mspace")


def _opens(e: ET.Element) -> bool:
    if e.tag in (*_SCRIPTED, "mrow") and len(e):
        return _opens(e[0])
    return e.tag == "mo" and not _is_operator_name(e)


def _is_function(e: ET.Element) -> bool:
    base = e[0] if e.tag in _SCRIPTED else e
    named = base.tag == "mi" and base.get("mathvariant") is None and len(base.text or "") > 1
    return (named and (base.text or "").isalpha()) or _is_operator_name(base)


def _is_operator_name(e: ET.Element) -> bool:
    return e.tag == "mo" and len(e.text or "") > 1 and (e.text or "")[0].isalpha()


def _restyle(e: ET.Element) -> None:
    """Bold, double-struck and the like as the characters Unicode has for them; a word is upright anyway."""
    style = e.get("mathvariant")
    if e.tag == "mi" and style is None and e.text in _UPRIGHT:
        e.set("mathvariant", "normal")
    if style is None or (style == "normal" and e.tag == "mi" and len(e.text or "") == 1):
        return
    del e.attrib["mathvariant"]
    if style in _STYLES:
        e.text = "".join(_styled(ch, _STYLES[style]) for ch in e.text or "")


def _styled(ch: str, style: str) -> str:
    if ch.isdigit() and ch.isascii():
        names = [f"{style} DIGIT {_DIGITS[int(ch)]}"]
    elif ch.isascii() and ch.isalpha():
        letter = f"{'CAPITAL' if ch.isupper() else 'SMALL'} {ch.upper()}"
        names = [f"{style} {letter}", f"{style.removeprefix('MATHEMATICAL ')} {letter}", f"BLACK-LETTER {letter}"]
    else:
        names = [f"{style} {unicodedata.name(ch, '').removeprefix('GREEK ').replace(' LETTER', '')}"]
    for name in names:
        try:
            return unicodedata.lookup(name)
        except KeyError:
            continue
    return ch
