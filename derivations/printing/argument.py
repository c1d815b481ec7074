"""The argument that a script gives, step by step: a sentence for each, with the formulas that it is about.

Nothing here proves anything. A script is data for the proof core; these are its words for a reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from derivations.statements.script import Script

__all__ = ["SENTENCES", "Reason", "reasons"]

SENTENCES = {
    "alignment": "alignment of eigenvalues: tr({0} · Q⁻¹) ≥ Σ λ_i({0})/λ_i(Q), with Q = {1} positive definite",
    "best decoder": "the best {0}, frames aligned: tr((UW − Z)M(UW − Z)ᵀ) + tr UQUᵀ ≥ Σ λ_i(ZMZᵀ)/(1 + g_i), where the "
    "signal g_i is eigenvalue i of M^½WᵀQ⁻¹WM^½, with W = {1}, Q = {2}, Z = {3}, M = {4}",
    "beyond": "the signal g_i is 0 beyond {3}, the rows or columns of W, with W = {0}, Q = {1}, M = {2}",
    "by cases": "case by case",
    "cite": "cited, not proved here: {0}, that is {1}",
    "combine": "add, equations with any weight, inequalities with weights ≥ 0",
    "concat": "the sum of {0} goes up to {1} and on from there",
    "definite": "{0} is positive definite, as a sum of positive multiples of matrices that are",
    "empty": "where no mode meets the condition the sum of {1} over those that do is 0",
    "first": "an eigenvalue {1} of {2} meets {0} if and only if the greatest does",
    "framed": "{0} is diagonal in its frame: its eigenvalues are the entries there, which fall as {1} does",
    "given": "assumed: {0}",
    "gram": "tr XAXᵀ ≥ 0, with X = {0} and A = {1} positive definite",
    "have": "{0}, because",
    "inverse trace": "tr M⁻¹M is the dimension, with M = {0} positive definite",
    "loewner": "M = N + XXᵀ has no smaller eigenvalue than N, with M = {0}, N = {1}, X = {2}",
    "isotropic": "λ_i(WMWᵀ + qI) = q(1 + g_i), with W = {0}, q = {1}, M = {2}",
    "log sum": "the log determinant of {0} is the sum of its eigenvalues' logarithms",
    "matrix tangent": "log det is concave: tr M⁻¹A − log det A + log det M ≥ n, with A = {0}, M = {1}",
    "mode by mode": "both sums run over the same modes; the relation holds at every mode",
    "norm": "‖XY‖² ≤ ‖X‖²‖Y‖², with X = {0}, Y = {1}",
    "over modes": "all traces and sums are written as sums over the modes; then mode by mode",
    "padded": "{0} is 0 where θ is, so its sum does not change where it goes beyond the rank",
    "paired": "tr P diag(f) ≥ Σ λ_i(P) f_i, with P = {0}, f = {1}, which rises with {2}",
    "paired encoder": "tr WMWᵀ ≥ Σ f_i g_i, the signal g of Q = diag(f), with W = {0}, f = {1}, which rises with {2}, "
    "M = {3}",
    "rayleigh": "λ_1(A) tr XᵀX ≥ tr XᵀAX, with A = {0} symmetric, X = {1}",
    "reach": "the sum of {0} to {1}: the modes beyond the other dimensions add nothing",
    "scaled": "the eigenvalues of {0} are those of {2} times {1}",
    "segment": "{0} rises with {1}, which descends: the modes that meet it come first",
    "shifted": "the eigenvalues of {0} are those of {2} times {1}, plus {3}",
    "square": "a square is not negative: ({0})² ≥ 0",
    "supposing": "it is known that",
    "sylvester": "log det(WMWᵀ + Q) = log det Q + Σ log(1 + g_i), g the signal, with W = {0}, Q = {1}, M = {2}",
    "tangent": "the logarithm lies below its tangent: x − 1 − log x ≥ 0 at x = {0}",
    "trace sum": "the trace of {0} is the sum of its eigenvalues",
    "uses": "as {0} shows: {1}",
    "zero rows": "{0} has a zero row where its diagonal is 0",
}
"""What each rule of a script says; {0} is its first argument."""

_PARTS: dict[str, Callable[[tuple[Any, ...]], tuple[Any, ...]]] = {
    "by cases": lambda a: tuple(a[0]),
    "combine": lambda a: a,
    "empty": lambda a: a[:1],
    "have": lambda a: a[1:],
    "mode by mode": lambda a: a,
    "over modes": lambda a: tuple(a[1]),
    "supposing": lambda a: (*a[0], a[1]),
}


@dataclass(frozen=True)
class Reason:
    """One step: how deep it stands below others, and its sentence, words and formulas in turn."""

    depth: int
    pieces: tuple[Any, ...]


def reasons(script: Script, depth: int = 0, weight: Any = None) -> Iterator[Reason]:
    """The steps of a script in reading order, what a step rests on one deeper than it."""
    yield Reason(depth, (*(() if weight is None else (weight, " times: ")), *_said(script)))
    for part in _PARTS[script.rule](script.arguments) if script.rule in _PARTS else ():
        by, fact_ = part if isinstance(part, tuple) else (None, part)
        yield from reasons(fact_, depth + 1, by)


def _said(script: Script) -> Iterator[Any]:
    """Words (text) and formulas in turn. Names that a script gives, of claims and of lemmas, are words."""
    rest = SENTENCES[script.rule]
    while "{" in rest:
        words, _, rest = rest.partition("{")
        number, _, rest = rest.partition("}")
        yield words
        yield script.arguments[int(number)]
    yield rest
    if script.rule == "over modes" and script.arguments[0] is not None:
        yield " up to "
        yield script.arguments[0]
    if script.rule == "by cases" and script.arguments[1]:
        for k, condition in enumerate(script.arguments[1]):
            yield ", " if k else " of "
            yield condition
