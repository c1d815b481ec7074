"""Sentences with formulas in them, written in Unicode, as TeX: words escaped, formulas found and set as mathematics.

A word is a formula if every run of letters in it is short or a known name and it holds something mathematical; words
that touch an operator join it. Whatever is not recognised is plain text, so that no title can give TeX a command.
"""

from __future__ import annotations

import re

from derivations.printing.formula import OPERATORS, formula_tex
from derivations.printing.glyphs import LETTERS, escape

__all__ = ["prose_tex"]

_GREEK = "".join(LETTERS)
_SUPER = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ᵀ"
_STRONG = re.compile(
    rf"[{_GREEK}{_SUPER}₊₀-₉√‖½≤≥≠−·=<>±≻⪰×∈∞\u0302\u0303ŷ+^]|(?<![A-Za-z])[A-Z]?[A-Za-z]_|KL_|ELBO_|#\{{|\b[A-Za-z]\*"
)
_NAMES = {
    "log",
    "det",
    "tr",
    "min",
    "max",
    "rank",
    "diag",
    "exp",
    "KL",
    "ELBO",
    "VAE",
    "CVAE",
    "dec",
    "enc",
    "free",
    "eig",
}
_FUNCTIONS = {"log", "det", "tr", "min", "max", "rank", "diag"}
_CALL = re.compile(rf"\(?(?:[A-Za-z]/?|{'|'.join(sorted(_FUNCTIONS))})\(")  # f(, S/(, tr(
_LETTER = re.compile(r"[B-HJ-Zb-zA](?:'|\))?")
_ITEM = re.compile(r"\([a-z]\)")
_CLOSERS = {")": "(", "]": "[", "}": "{"}


def prose_tex(text: str) -> str:
    """`text` for TeX's text mode, with formulas between dollar signs."""
    words = text.split()
    maths = [_is_math(word) for word in words]
    for k, word in enumerate(words):
        maths[k] = maths[k] or _joins(words, maths, k, word)
    out: list[str] = []
    k = 0
    while k < len(words):
        if not maths[k]:
            out.append(_plain(words[k]))
            k += 1
            continue
        stop = _run(words, maths, k)
        out.append(_formula(" ".join(words[k:stop])))
        k = stop
    return " ".join(out)


def _bare(word: str) -> str:
    return word.strip(',.;:!?“”"')


def _is_math(word: str) -> bool:
    bare = _bare(word)
    if not bare or _ITEM.fullmatch(bare):
        return False
    if bare in OPERATORS:
        return True
    runs = re.findall(r"[A-Za-z]+", bare)
    if re.fullmatch(r"[A-Z]_[A-Z]+\([a-z]+\)", bare):  # F_VAE(residual)
        return True
    if "\\" in bare or any(len(run) > 3 and run not in _NAMES for run in runs) or not _known(bare):
        return False
    return bool(_STRONG.search(bare)) or bool(_CALL.match(bare))


def _known(word: str) -> bool:
    """Whether every character is one that formulas are made of."""
    return not re.search(
        rf"[^A-Za-z0-9{_GREEK}{_SUPER}₊₀-₉√‖½≤≥≠−·=<>±≻⪰×∈∞⋯…→~\u0302\u0303ŷ+^_*/(){{}}\[\]|,;:.'#!-]", word
    )


def _joins(words: list[str], maths: list[bool], k: int, word: str) -> bool:
    """Whether a letter, a number or a function's name belongs to the formula beside it."""
    bare = _bare(word)
    before = k > 0 and maths[k - 1] and words[k - 1][-1] not in ",.;:"
    after = k + 1 < len(words) and maths[k + 1] and word == word.rstrip(",.;:")
    if bare in _FUNCTIONS:
        nearby = k + 1 < len(words) and (maths[k + 1] or bool(re.fullmatch(r"[A-Z]", _bare(words[k + 1]))))
        return nearby or (k + 1 < len(words) and words[k + 1] in _FUNCTIONS)
    touches = (before and words[k - 1] in OPERATORS) or (after and words[k + 1] in OPERATORS)
    if re.fullmatch(r"\(?[\d.]+\)?", bare) or bare == "…":
        return touches
    if _ITEM.fullmatch(bare):
        return False
    if bare in ("a", "I"):
        return touches
    if bare.strip("()") == "A" and k == 0:
        return after
    return bool(_LETTER.fullmatch(bare.lstrip("("))) or (touches and bool(re.fullmatch(r"[A-Za-z]{1,2}\)?", bare)))


def _run(words: list[str], maths: list[bool], k: int) -> int:
    """Where the formula that starts at word k ends: at punctuation, or where the next word is text."""
    stop = k + 1
    while stop < len(words):
        sofar = " ".join(words[k:stop])
        open_ = sofar.count("(") + sofar.count("{") > sofar.count(")") + sofar.count("}")
        ended = sofar[-1] in ",.;:" and not open_
        short = open_ and sofar[-1] in ",;" and len(_bare(words[stop])) <= 3
        aside = not open_ and words[stop][0] == "(" and not _all_math(words, maths, stop)
        quoted = words[stop][0] in '“"' or sofar[-1] in '”"'
        if ended or aside or quoted or not (maths[stop] or short):
            break
        stop += 1
    return stop


def _all_math(words: list[str], maths: list[bool], k: int) -> bool:
    """Whether the bracket that word k opens closes before the formula ends."""
    for stop in range(k + 1, len(words) + 1):
        if not maths[stop - 1]:
            return False
        if _closes(" ".join(words[k:stop])):
            return True
    return False


def _formula(text: str) -> str:
    """A run of words as mathematics, its punctuation and unbalanced brackets outside."""
    head, tail = "", ""
    while text and (text[0] in '“"' or (text[0] in "([" and not _closes(text))):
        head, text = head + text[0], text[1:]
    while text and (text[-1] in ',.;:!?”"' or (text[-1] in _CLOSERS and not _opens(text))):
        text, tail = text[:-1], text[-1] + tail
    return f"{_plain(head)}${formula_tex(text)}${_plain(tail)}" if text else _plain(head + tail)


def _closes(text: str) -> bool:
    """Whether the bracket that opens `text` is closed in it."""
    depth = 0
    for c in text:
        depth += (c in "([") - (c in ")]")
        if depth == 0:
            return True
    return False


def _opens(text: str) -> bool:
    """Whether the bracket that ends `text` was opened in it."""
    closer = text[-1]
    return text.count(_CLOSERS[closer]) >= text.count(closer)


_SPECIAL = {"“": "``", "”": "''", "…": r"\dots{}", "–": "--", "—": "---", "§": r"\S{}", "−": "$-$", "∂": r"$\partial$"}
_SPECIAL |= {"½": r"$\tfrac12$", "¼": r"$\tfrac14$", "ᵀ": r"$^{\top}$", "ỹ": r"$\tilde{y}$"}
_SPECIAL |= {"″": "$''$", "‴": "$'''$", "⁗": "$''''$"}
_SPECIAL |= {c: f"$^{{{k}}}$" for k, c in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}


def _plain(word: str) -> str:
    return "".join(_SPECIAL.get(c) or escape(c) for c in word)
