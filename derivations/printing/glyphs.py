"""Names and characters as TeX: Greek letters, subscripts, primes; whatever TeX would read as a command is escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["ESCAPES", "GREEK", "LETTERS", "escape", "name_tex"]

_LOWER = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi "
    "rho sigma tau upsilon phi chi psi omega"
)
_UPPER = "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"

LETTERS: Mapping[str, str] = (
    dict(zip("αβγδεζηθικλμνξπρστυφχψω", _LOWER.split(), strict=True))
    | dict(zip("ΓΔΘΛΞΠΣΥΦΨΩ", _UPPER.split(), strict=True))
    | {"ϵ": "epsilon", "ϕ": "phi", "ϑ": "vartheta", "ς": "varsigma"}
)
"""Greek characters and their names."""

GREEK = frozenset(LETTERS.values())
"""Names that are commands of TeX."""

ESCAPES: Mapping[str, str] = (
    {c: f"\\{c}" for c in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    | {
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        '"': r"\textquotedbl{}",
        "`": r"\textasciigrave{}",
    }
)
"""Characters that text cannot hold as they are."""

_NAME = re.compile(r"([^\W\d_]+)(\d*)((?:_[^\W_]+)*)('*)", re.UNICODE)


def escape(text: str) -> str:
    """Plain text for text mode: what TeX would take for a command is escaped, what it cannot set is named."""
    return "".join(ESCAPES.get(c) or (c if c.isascii() and c.isprintable() else _named(c)) for c in text)


def _named(c: str) -> str:
    if "À" <= c <= "ž" and c.isalpha():  # letters with accents, which every TeX of today can set
        return c
    if c in LETTERS:
        return rf"\ensuremath{{\{LETTERS[c]}}}"
    return " " if c.isspace() else f"[U+{ord(c):04X}]"


def name_tex(name: str, index: str = "") -> str:
    r"""A symbol's name in math mode, `index` in its subscript: beta_1' is \beta_{1}', eta_dec \eta_{\mathrm{dec}}."""
    match = _NAME.fullmatch(name)
    if match is None:
        return rf"\text{{{escape(name)}}}" + (f"_{{{index}}}" if index else "")
    base, digits, below, primes = match.groups()
    parts = [part for part in (digits, *below.split("_")) if part]
    below = _subscript(parts, index)
    return _part(base) + (f"_{{{below}}}" if below else "") + primes


def _subscript(parts: list[str], index: str) -> str:
    """v_q_1 has the symbol q_1 below it; S_12 the entry 12; σ_2 of mode i the subscripts 2, i."""
    text = _part(parts[0]) if parts else ""
    if len(parts) > 1:
        text += f"_{{{_subscript(parts[1:], '')}}}"
    return f"{text},{index}" if text and index else text or index


def _part(part: str) -> str:
    part = "".join(LETTERS.get(c, c) for c in part) if len(part) == 1 else part
    if part in GREEK:
        return f"\\{part}"
    plain = part.isascii() and part.isalnum()
    if plain and (len(part) == 1 or part.isdigit()):
        return part
    return rf"\mathrm{{{part}}}" if plain else rf"\text{{{escape(part)}}}"
