"""A linear Gaussian model as data: linear forms in elementary vectors, and what −2·ELBO_β sums over.

The same description yields the matrix loss (by expected squares), the entry-by-entry derivation from log
densities (at small dimensions, every entry a symbol), and what a Monte-Carlo estimate has to draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from derivations.gaussian import expected_square, log_density, minus_two_log_likelihood, prior_kl
from derivations.nodes import LogDet
from derivations.notation import D, beta, eta_dec, eta_enc

__all__ = ["LinearGaussian"]


@dataclass(frozen=True, eq=False)
class LinearGaussian:
    """q(z|·) = N(mean, Σ), p(y|z, ·) = N(ŷ, η_dec²I), p(z) = N(0, η_enc²I).

    `mean` and `residual` (y − ŷ) are linear forms in the elementary vectors: data, and the noise "e" of
    z = mean + e. `moments` holds E[a bᵀ] of the data vectors; `data` their dimensions at the small case.
    """

    mean: Mapping[str, Any]
    residual: Mapping[str, Any]
    moments: Mapping[tuple[str, str], Any]
    Sigma: Any
    loss: Any
    constants: Any
    small: Mapping[Any, int]

    @property
    def minus_two_elbo(self) -> Any:
        """−2·ELBO_β in nats, as a matrix expression: reconstruction + β·2·KL."""
        moments = {**self.moments, ("e", "e"): self.Sigma}
        likelihood = minus_two_log_likelihood(self.residual, moments, eta_dec**2, D)
        return likelihood + 2 * beta * prior_kl(self.mean, moments, self.Sigma, eta_enc**2)

    @property
    def distortion(self) -> Any:
        """E‖y − ŷ‖² with z drawn from q."""
        return expected_square(self.residual, {**self.moments, ("e", "e"): self.Sigma})

    @property
    def rate(self) -> Any:
        """E KL(q ‖ p), nats."""
        return prior_kl(self.mean, self.moments, self.Sigma, eta_enc**2)

    def explicit(self) -> tuple[Any, Any]:
        """(−2·ELBO_β from the log densities, entry by entry; loss/η_dec² + constants), at small dimensions.

        The expectation over q and the data substitutes E[u_i u_j] for products of entries and 0 for single ones.
        """
        entries = {X: _entries(X, self.small) for X in self._matrices()}
        value = _Explicit(entries, self.small)
        vectors = {name: _column(name, M.shape[1], self.small) for name, M in self._forms().items()}
        z = _combine(self.mean, vectors, value) + vectors["e"]
        u = _combine(self.residual, vectors, value)
        Sigma = value(self.Sigma)
        n, k = u.rows, z.rows
        log_p_y = log_density(u, sp.zeros(n, 1), eta_dec**2 * sp.eye(n))
        log_p_z = log_density(z, sp.zeros(k, 1), eta_enc**2 * sp.eye(k))
        log_q = log_density(z, z - vectors["e"], Sigma)
        total = -2 * (log_p_y + beta * (log_p_z - log_q))
        return self._expectation(total, vectors, value), value(self.loss / eta_dec**2 + self.constants)

    def _forms(self) -> dict[str, Any]:
        return {**self.mean, **self.residual, "e": self.Sigma}

    def _matrices(self) -> list[Any]:
        found: set[Any] = self.loss.atoms(sp.MatrixSymbol) | sp.S(self.constants).atoms(sp.MatrixSymbol)
        for e in (*self._forms().values(), *self.moments.values()):
            found |= e.atoms(sp.MatrixSymbol)
        return sorted(found, key=str)

    def _expectation(self, e: Any, vectors: Mapping[str, Any], value: Any) -> Any:
        moments = {**self.moments, ("e", "e"): self.Sigma}
        names = list(vectors)
        symbols = [x for name in names for x in vectors[name]]
        position = {x: (name, i) for name in names for i, x in enumerate(vectors[name])}
        table = {pair: value(M) for pair, M in moments.items()}
        polynomial = sp.Poly(sp.expand(e), *symbols)
        total = sp.S.Zero
        for powers, coefficient in polynomial.terms():
            picked = [x for x, n in zip(symbols, powers, strict=True) for _ in range(n)]
            if not picked:
                total += coefficient
            elif len(picked) == 2:
                (a, i), (b, j) = (position[x] for x in picked)
                if (a, b) in table:
                    total += coefficient * table[a, b][i, j]
                elif (b, a) in table:
                    total += coefficient * table[b, a][j, i]
        return total


def _combine(form: Mapping[str, Any], vectors: Mapping[str, Any], value: Any) -> Any:
    terms = [value(M) * vectors[name] for name, M in form.items()]
    return sum(terms[1:], terms[0])


def _column(name: str, size: Any, small: Mapping[Any, int]) -> Any:
    return sp.Matrix([sp.Symbol(f"{name}_{i}", real=True) for i in range(int(sp.S(size).subs(small)))])


def _entries(X: Any, small: Mapping[Any, int]) -> Any:
    rows, cols = (int(sp.S(n).subs(small)) for n in X.shape)
    if str(X) == "Sigma":
        return sp.diag(*(sp.Symbol(f"Sigma_{i}", positive=True) for i in range(rows)))
    symmetric = str(X) == "B"
    return sp.Matrix(rows, cols, lambda i, j: sp.Symbol(
        f"{X}_{min(i, j)}{max(i, j)}" if symmetric else f"{X}_{i}{j}", real=True))  # fmt: skip


class _Explicit:
    """Evaluates a matrix expression on explicit matrices."""

    def __init__(self, entries: Mapping[Any, Any], small: Mapping[Any, int]) -> None:
        self.entries, self.small = entries, small

    def __call__(self, e: Any) -> Any:
        if isinstance(e, sp.MatrixSymbol):
            return self.entries[e]
        if isinstance(e, sp.Identity):
            return sp.eye(int(sp.S(e.rows).subs(self.small)))
        if isinstance(e, sp.Trace):
            return self(e.args[0]).trace()
        if isinstance(e, LogDet):
            return sp.log(self(e.args[0]).det())
        if isinstance(e, sp.Transpose):
            return self(e.arg).T
        if isinstance(e, sp.MatAdd | sp.Add | sp.MatMul | sp.Mul):
            first, *rest = [self(a) for a in e.args]
            for part in rest:
                first = first + part if isinstance(e, sp.MatAdd | sp.Add) else first * part
            return first
        return e.subs(self.small)
