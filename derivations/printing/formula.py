r"""One-line formulas in Unicode as TeX: θ_i² is \theta_{i}^{2}, √(βc) a root, Σ_{i≤d} a sum, ‖·‖ a norm."""

from __future__ import annotations

import re

from derivations.printing.glyphs import LETTERS

__all__ = ["OPERATORS", "formula_tex"]

_SIGNS = {
    "≤": r"\le",
    "≥": r"\ge",
    "≠": r"\ne",
    "−": "-",
    "·": r"\cdot",
    "±": r"\pm",
    "≻": r"\succ",
    "⪰": r"\succeq",
    "×": r"\times",
    "∈": r"\in",
    "∞": r"\infty",
    "⋯": r"\cdots",
    "…": r"\dots",
    "→": r"\to",
    "~": r"\sim",
    "½": r"\tfrac{1}{2}",
    "“": r"\text{``}",
    "”": r"\text{''}",
    '"': r"\text{''}",
    "#": r"\#",
    "{": r"\{",
    "}": r"\}",
    "*": "^{*}",
    "^": r"\wedge",
    "_": r"\_",
}
OPERATORS = frozenset({*"≤≥≠−·±≻⪰×∈→~=<>+", "<=", ">=", "‖", "⋯", "-"})
"""Words that make their neighbours part of a formula."""

_SUPER = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+", strict=True)) | {"ᵀ": r"\top"}
_SUB = dict(zip("₀₁₂₃₄₅₆₇₈₉₊", "0123456789+", strict=True))
_ROMAN = r"log|det|tr|min|max|rank|diag|exp|eig|KL|ELBO|CVAE|VAE"
_COMMANDS = {"log": r"\log", "det": r"\det", "min": r"\min", "max": r"\max", "exp": r"\exp"}
_TOKEN = re.compile(
    rf"(?P<below>_(?:\{{[^}}]*\}}|\d+|dec|enc|max|min|free|CVAE|VAE|[^\s^_]))|(?P<above>\^(?:\{{[^}}]*\}}|\([^)]*\)|[^\s^_]))"
    rf"|(?P<super>[{''.join(_SUPER)}]+)|(?P<sub>[{''.join(_SUB)}]+)|(?P<accent>.[\u0302\u0303]|ŷ)"
    rf"|(?P<root>√)|(?P<sum>Σ(?=_\{{|[μλ]|\((?!\w\))|\s+[a-zθ]_))|(?P<norm>\s‖\s|‖)|(?P<name>(?<![A-Za-z])(?:{_ROMAN})(?![a-z]))|(?P<word>[a-z]{{4,}})|(?P<any>.)"
)


def formula_tex(text: str) -> str:
    """`text`, made of letters, signs and brackets, for math mode."""
    out: list[str] = []
    at, inside = 0, False
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:  # a line break
            at += 1
            continue
        kind, token = match.lastgroup, match.group()
        at = match.end()
        if kind == "root":
            end = _radicand(text, at)
            out.append(rf"\sqrt{{{formula_tex(_unwrapped(text[at:end]))}}}")
            at = end
        elif kind == "norm":
            spaced = token != "‖"
            out.append(r"\,\Vert\," if spaced else r"\rVert" if inside else r"\lVert")
            inside = inside != (not spaced)
        else:
            piece = _one(str(kind), token)
            twice = out and piece[0] in "^_" and out[-1].startswith(piece[0])  # TeX allows one script of a kind
            out.append(("{}" if twice else "") + piece)
    return re.sub(r"\s+", " ", " ".join(out)).replace(" _{", "_{").replace(" ^{", "^{").replace(" '", "'").strip()


def _one(kind: str, token: str) -> str:
    if kind == "below":
        inner = token[1:].strip("{}") or " "
        word = len(inner) > 1 and inner.isalpha()
        return rf"_{{\mathrm{{{inner}}}}}" if word else f"_{{{formula_tex(inner)}}}"
    if kind == "above":
        return f"^{{{formula_tex(token[1:].strip('{}()') or ' ')}}}"
    if kind in ("super", "sub"):
        table, mark = (_SUPER, "^") if kind == "super" else (_SUB, "_")
        return f"{mark}{{{''.join(table[c] for c in token)}}}"
    if kind == "accent":
        return r"\hat{y}" if token == "ŷ" else rf"\{'hat' if token[1] == chr(0x302) else 'tilde'}{{{token[0]}}}"
    if kind == "sum":
        return r"\sum"
    if kind == "word":
        return rf"\mathrm{{{token}}}"
    if kind == "name":
        return _COMMANDS.get(token, rf"\operatorname{{{token}}}" if token.islower() else rf"\mathrm{{{token}}}")
    return rf"\{LETTERS[token]}" if token in LETTERS else _SIGNS.get(token, token)


def _radicand(text: str, at: int) -> int:
    """Where the argument of the root at `at` ends: a bracket, or one letter with its subscript."""
    if text[at : at + 1] == "(":
        depth = 0
        for k in range(at, len(text)):
            depth += (text[k] == "(") - (text[k] == ")")
            if depth == 0:
                return k + 1
        return len(text)
    below = re.match(r".(?:_(?:\{[^}]*\}|\d+|dec|enc|.))?", text[at:])
    return at + (below.end() if below else 0)


def _unwrapped(text: str) -> str:
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text
