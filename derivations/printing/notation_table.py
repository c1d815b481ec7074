"""The table of notation: the symbols and signs that a document uses, each with its meaning and its shape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from derivations.domain import Variable
from derivations.notation import LEVELS, MEANINGS, at_level
from derivations.printing.latex import tex
from derivations.printing.words import prose_tex

__all__ = ["notation_lines"]

_SIGNS = (
    (r"_{+}", r"(x)_{+}", "max(0, x)"),
    (r"\rVert_{F}", r"\lVert M \rVert_{F}", "Frobenius norm, ‖M‖² = tr(MMᵀ)"),
    (r"\operatorname{tr}", r"\operatorname{tr}(M)", "trace"),
    (r"\operatorname{diag}", r"\operatorname{diag}(x_{i})", "matrix with x_i on its diagonal, zero elsewhere"),
    (r"\operatorname{eig}", r"\operatorname{eig}_{i}(M)", "eigenvalue i of a symmetric M, in descending order"),
    (r"\#", r"\#\{i : \dots\}", "how many i satisfy the condition"),
    (r"_{i\cdot}", r"M_{i\cdot}", "row i of M"),
    (r"\mathbf{1}[", r"\mathbf{1}[\dots]", "1 where the condition holds, else 0"),
    (r"\max_{\pi}", r"\pi", "a way to give modes to latents, each mode at most once"),
    (r"Q_{", r"Q_{M}", "eigenvectors of a symmetric M, eigenvalues in descending order"),
    (r"\mathcal{H}", r"\mathcal{H}_{n,k}", "diag(I − 2vvᵀ/(vᵀv), I) with v = (2, …, 2, 1) of length n − k"),
)


# What sentences abbreviate and no formula does: a letter that stands alone.
_LETTERS = (
    ("c", "", "ratio η_dec/η_enc"),
    ("A", r"D_{0} \times D_{0}", "second moment E[xxᵀ] of the input"),
    ("C", r"D \times D_{0}", "cross moment E[yxᵀ] of output and input"),
    ("E", r"D \times D", "second moment of the residual, E = B − CA⁺Cᵀ"),
)
_MATH = re.compile(r"\$[^$]+\$")


def notation_lines(seen: Iterable[Any], body: str, variables: Iterable[Variable] = ()) -> Iterator[str]:
    """A longtable of what `seen` and the text hold; nothing if that is nothing.

    A symbol that is not one of the project's own means what the `variables` of the claims say.
    """
    seen = set(seen)
    own = list(_own(seen, variables))
    taken = {row.partition(" &")[0] for row in own}
    said = " ".join(_MATH.findall(body))
    letters = (
        f"${x}$ & {f'${shape}$' if shape else ''} & {prose_tex(words)}"
        for x, shape, words in _LETTERS
        if f"${x}$" not in taken and re.search(rf"(?<![A-Za-z\\{{]){x}(?![A-Za-z}}])", said)
    )
    signs = (f"${sign}$ & & {prose_tex(words)}" for mark, sign, words in _SIGNS if mark in body)
    rows = [*_symbols(seen), *own, *letters, *signs]
    if not rows:
        return
    yield r"\section*{Notation}"
    yield "The index $i$ is that of the mode: a formula with $i$ holds for every mode."
    yield r"\begin{longtable}{@{}llp{0.55\linewidth}@{}}"
    yield r"\toprule symbol & shape & meaning \\ \midrule \endhead"
    yield from (rf"{row} \\" for row in rows)
    yield r"\bottomrule"
    yield r"\end{longtable}"


def _own(seen: set[Any], variables: Iterable[Variable]) -> Iterator[str]:
    """A row for each symbol of the claims' own: what it is there, in each of them."""
    known = {*MEANINGS, *(at_level(x, l) for x in MEANINGS if not x.is_Matrix for l in range(1, LEVELS + 1))}
    said: dict[Any, dict[str, None]] = {}
    for v in variables:
        if v.symbol in seen and v.symbol not in known:
            said.setdefault(v.symbol, {})[v.note or str(v.domain)] = None
    for symbol, notes in said.items():
        shape = rf"${tex(symbol.shape[0])} \times {tex(symbol.shape[1])}$" if symbol.is_Matrix else ""
        yield f"${tex(symbol)}$ & {shape} & {prose_tex('; '.join(notes))}"


def _symbols(seen: set[Any]) -> Iterator[str]:
    for symbol, words in MEANINGS.items():
        levels = [] if symbol.is_Matrix else [at_level(symbol, l) for l in range(1, LEVELS + 1)]
        found = [x for x in (symbol, *levels) if x in seen]
        if found:
            shape = rf"${tex(symbol.shape[0])} \times {tex(symbol.shape[1])}$" if symbol.is_Matrix else ""
            yield f"{', '.join(f'${tex(x)}$' for x in found)} & {shape} & {prose_tex(words)}"
