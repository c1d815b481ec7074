"""What is minimised over, as free numbers: each domain is the image of a whole ℝⁿ under a smooth map.

A positive scalar is exp x, a non-negative one x², a diagonal matrix diag(exp x), a positive definite one LLᵀ with L
lower triangular and its diagonal exp x. Every map has its forward value, its pullback of a gradient, and an inverse.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp

from derivations.algebra.nodes import LogDet
from derivations.statements.claim import Domain
from verify.errors import InputError
from verify.evaluate.operations import size

__all__ = ["MAPS", "Unknowns", "shortcuts_of"]

Shape = tuple[int, int]


@dataclass(frozen=True)
class _Map:
    """A smooth map from `width(shape)` free numbers onto a domain; arrays have the batch axis first."""

    width: Callable[[Shape], int]
    forward: Callable[[Any, Shape], Any]
    pull: Callable[[Any, Any, Shape], Any]
    inverse: Callable[[Any], Any]


def _embed(logs: Any, _: Shape) -> Any:
    b, n = logs.shape
    out = np.zeros((b, n, n))
    out.reshape(b, n * n)[:, :: n + 1] = np.exp(logs)
    return out


def _diagonal(M: Any) -> Any:
    return np.diagonal(M, axis1=1, axis2=2)


def _factor(x: Any, shape: Shape) -> Any:
    """The factor L of LLᵀ: entries below the diagonal as they are, those on the diagonal exponentiated."""
    raw = x.reshape(-1, *shape)
    return np.tril(raw, -1) + _embed(_diagonal(raw), shape)


def _product(x: Any, shape: Shape) -> Any:
    L = _factor(x, shape)
    return L @ np.swapaxes(L, 1, 2)


def _pull_product(x: Any, g: Any, shape: Shape) -> Any:
    L = _factor(x, shape)
    slope = (g + np.swapaxes(g, 1, 2)) @ L
    return (np.tril(slope, -1) + _embed(np.zeros(L.shape[:2]), shape) * slope * L).reshape(len(x), -1)


def _unfactor(M: Any) -> Any:
    L = np.linalg.cholesky(M)
    return (np.tril(L, -1) + np.eye(L.shape[1]) * np.log(_diagonal(L))[:, None, :]).reshape(len(M), -1)


def _sym(M: Any) -> Any:
    return (M + np.swapaxes(M, 1, 2)) / 2


def _flat(M: Any) -> Any:
    return M.reshape(len(M), -1)


MAPS = {
    Domain.REAL: _Map(lambda _: 1, lambda x, _: x, lambda _, g, __: g, lambda v: v),
    Domain.POSITIVE: _Map(lambda _: 1, lambda x, _: np.exp(x), lambda x, g, _: g * np.exp(x), np.log),
    Domain.NONNEGATIVE: _Map(lambda _: 1, lambda x, _: x * x, lambda x, g, _: 2 * x * g, np.sqrt),
    Domain.MATRIX: _Map(lambda s: s[0] * s[1], lambda x, s: x.reshape(-1, *s), lambda _, g, __: _flat(g), _flat),
    Domain.SYMMETRIC: _Map(
        lambda s: s[0] * s[1], lambda x, s: _sym(x.reshape(-1, *s)), lambda _, g, __: _flat(_sym(g)), _flat
    ),
    Domain.DIAGONAL: _Map(
        lambda s: s[0], _embed, lambda x, g, _: _diagonal(g) * np.exp(x), lambda v: np.log(_diagonal(v))
    ),
    Domain.DEFINITE: _Map(lambda s: s[0] * s[1], _product, _pull_product, _unfactor),
}


@lru_cache
def shortcuts_of(X: Any) -> dict[Any, Any]:
    """The symbols that stand for X⁻¹, which is its own transpose, and log det X."""
    inverse, logdet = sp.MatrixSymbol(f"{X.name}⁻¹", *X.shape), sp.Symbol(f"log det {X.name}")
    return {sp.Inverse(X): inverse, sp.Inverse(sp.Transpose(X)): inverse, LogDet(X): logdet}


class Unknowns:
    """The unknowns of a loss, laid out one after another.

    Raises:
        InputError: a domain that nothing is minimised over.
    """

    def __init__(self, domains: Mapping[Any, Domain], dims: Mapping[Any, int]) -> None:
        for symbol, domain in domains.items():
            if domain not in MAPS:
                known = ", ".join(d.name for d in MAPS)
                raise InputError(f"{symbol} cannot be minimised over a domain {domain.name}; known are {known}.")
        self.domains = dict(domains)
        self.shapes: list[Shape] = [
            tuple(size(n, dims) for n in X.shape) if X.is_Matrix else (1, 1)  # type: ignore[misc]
            for X in domains
        ]
        self._parts = list(zip(self.domains, self.domains.values(), self.shapes, strict=True))
        self._widths = [MAPS[domain].width(shape) for _, domain, shape in self._parts]
        ends = np.cumsum(self._widths)
        self._slices = [slice(end - width, end) for end, width in zip(ends, self._widths, strict=True)]

    @property
    def width(self) -> int:
        """How many free numbers there are."""
        return sum(self._widths)

    def _split(self, x: Any) -> list[Any]:
        return [x[:, part] for part in self._slices]

    def values(self, x: Any) -> dict[Any, Any]:
        """The unknowns at free numbers x (b, width)."""
        with np.errstate(all="ignore"):  # a trial step may overflow; descent rejects what is not finite
            return {X: MAPS[d].forward(part, s) for (X, d, s), part in zip(self._parts, self._split(x), strict=True)}

    def shortcuts(self, x: Any) -> dict[Any, Any]:
        """X⁻¹ and log det X of each diagonal X (see `shortcuts_of`), without inverting or factoring anything."""
        found: dict[Any, Any] = {}
        with np.errstate(all="ignore"):
            for (X, d, s), part in zip(self._parts, self._split(x), strict=True):
                if d.facts.diagonal:
                    inverse, _, logdet = shortcuts_of(X).values()
                    found |= {inverse: _embed(-part, s), logdet: part.sum(axis=1)[:, None]}
        return found

    def marked(self, some: Container[Any]) -> Any:
        """Which of the free numbers (width,) belong to some of the unknowns."""
        return np.repeat([X in some for X in self.domains], self._widths)

    def pull(self, x: Any, gradients: Sequence[Any]) -> Any:
        """The gradient in the free numbers, (b, width), from those in the unknowns."""
        out = np.empty(x.shape)
        with np.errstate(all="ignore"):
            for (X, d, s), part, g in zip(self._parts, self._slices, gradients, strict=True):
                full = (len(x), *s) if X.is_Matrix else (len(x), 1)
                out[:, part] = MAPS[d].pull(x[:, part], g if g.shape == full else np.broadcast_to(g, full), s)
        return out

    def raw(self, values: Mapping[Any, Any]) -> Any:
        """Free numbers (b, width) of unknowns inside their domains."""
        with np.errstate(all="ignore"):
            return np.concatenate([MAPS[d].inverse(values[X]) for X, d, _ in self._parts], axis=1)
