r"""Brackets of the right size: \left( … \right) only around what is tall, plain ones otherwise."""

from __future__ import annotations

import re

__all__ = ["sized"]

_TALL = (r"\frac", r"\sum", r"\begin", r"\sqrt[", r"\max_", r"\left")
_SIDE = re.compile(r"\\(left|right)(\(|\)|\\lVert|\\rVert|\\\{|\\\})")


def sized(text: str) -> str:
    r"""`text` with \left and \right taken off the brackets around nothing taller than a power."""
    out, start = [("", "")], 0  # what is open: its bracket, and the text since
    for match in _SIDE.finditer(text):
        side, bracket = match.groups()
        opened, sofar = out.pop()
        sofar += text[start : match.start()]
        start = match.end()
        if side == "left":
            out += [(opened, sofar), (bracket, "")]
            continue
        inside, (outer, before) = sofar.strip(), out.pop()
        tall = any(mark in inside for mark in _TALL)
        gap = " " if opened.endswith("t") else ""  # \lVert is a word
        whole = rf"\left{opened}{gap}{inside}{gap}\right{bracket}" if tall else f"{opened}{gap}{inside}{gap}{bracket}"
        out.append((outer, before + whole))
    return out[0][1] + text[start:]
