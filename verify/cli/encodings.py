"""What is printed where the encoding is older than Unicode, like cp1252: βη_dec is beta*eta_dec, ≥ is >=."""

from __future__ import annotations

import unicodedata

__all__ = ["in_ascii"]

_SIGN = dict(zip("−–─━│·×⎧⎨⎩⎪╭╮╰╯‹›“”‘’✓✗∅≈", "----|*x{{{{++++<>\"\"''vx0~", strict=True))
_SIGNS = {
    "→": "->",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "⪰": ">=",
    "≻": ">",
    "⋯": "...",
    "√": "sqrt",
    "∞": "infinity",
    "‖": "||",
    "∈": " in ",
}


def in_ascii(error: UnicodeError) -> tuple[str, int]:
    """An error handler of codecs: characters that an encoding lacks as letters' names, or as signs much like them."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_plain(error.object, k) for k in range(error.start, error.end)), error.end


def _plain(text: str, k: int) -> str:
    character = text[k]
    name = unicodedata.name(character, "")
    if name.startswith("GREEK") and "LETTER" in name:
        letter = name.partition(" WITH ")[0].split()[-1].lower().replace("lamda", "lambda")
        times = "*" if text[k - 1 : k].isalnum() else ""  # a product, which names must not run into each other
        after = "*" if text[k + 1 : k + 2].isascii() and text[k + 1 : k + 2].isalpha() else ""
        return times + (letter.capitalize() if "CAPITAL" in name else letter) + after
    below = "_" * ("SUBSCRIPT" in name and "SUBSCRIPT" not in unicodedata.name(text[k - 1 : k] or " ", ""))
    alike = below + "".join(_SIGN.get(c, c) for c in unicodedata.normalize("NFKD", character))  # ⁻ is a raised −
    return _SIGNS.get(character) or alike.encode("ascii", "ignore").decode() or "?"
