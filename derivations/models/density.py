"""A linear Gaussian model as data: linear forms in elementary vectors, and what −2·ELBO_β sums over.

The same description yields the matrix loss (by expected squares), the entry-by-entry derivation from log
densities (at small dimensions, every entry a symbol), and what a Monte-Carlo estimate has to draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from derivations.algebra.nodes import Written
from derivations.models.gaussian import expected_square, log_density, minus_two_log_likelihood, relative_entropy
from derivations.notation import D, eta_dec

__all__ = ["Factor", "LinearGaussian", "Noise"]


@dataclass(frozen=True, eq=False)
class Factor:
    """One density of the decoder side, N(residual; 0, variance·I), with its weight in −2·ELBO_β."""

    residual: Mapping[str, Any]
    variance: Any
    weight: Any = 1


@dataclass(frozen=True, eq=False)
class Noise:
    """The encoder's noise of one level, N(0, Sigma): its entropy enters with `weight`."""

    Sigma: Any
    weight: Any


@dataclass(frozen=True, eq=False)
class LinearGaussian:
    """The densities of a model, whose loss in nats is

        −2·ELBO_β = Σ weight·(−2 E log N(residual; 0, variance·I)) − Σ weight·(−2 E log q(noise)).

    Residuals (y − ŷ, z_1 − U_2z_2, …, z_L) are linear forms in the elementary vectors: data, and the noises. The
    first factor is the likelihood; each further one is the prior of a latent, its noise beside it in `noises`.
    `moments` holds E[a bᵀ] of the data vectors; `small` the dimensions of the case written out.
    """

    factors: tuple[Factor, ...]
    noises: Mapping[str, Noise]
    moments: Mapping[tuple[str, str], Any]
    loss: Any
    constants: Any
    small: Mapping[Any, int]

    @property
    def second_moments(self) -> dict[tuple[str, str], Any]:
        """E[a bᵀ] of data and noises."""
        return {**self.moments, **{(name, name): noise.Sigma for name, noise in self.noises.items()}}

    @property
    def minus_two_elbo(self) -> Any:
        """−2·ELBO_β in nats, as a matrix expression."""
        moments = self.second_moments
        likelihood, *priors = self.factors
        total = minus_two_log_likelihood(likelihood.residual, moments, likelihood.variance, D)
        for prior, noise in zip(priors, self.noises.values(), strict=True):
            total += 2 * noise.weight * relative_entropy(prior.residual, moments, noise.Sigma, prior.variance)
        return total

    @property
    def distortion(self) -> Any:
        """E‖y − ŷ‖² with z drawn from q."""
        return expected_square(self.factors[0].residual, self.second_moments)

    def explicit(self) -> tuple[Any, Any]:
        """(−2·ELBO_β from the log densities, entry by entry; loss/η_dec² + constants), at small dimensions.

        The expectation over q and the data substitutes E[u_i u_j] for products of entries and 0 for single ones.
        """
        entries = {X: _entries(X, self.small) for X in self._matrices()}
        value = Written(entries, self.small)
        vectors = {name: _column(name, M.shape[1], self.small) for name, M in self._forms().items()}
        total = sp.S.Zero
        for f in self.factors:
            u = _combine(f.residual, vectors, value)
            total -= 2 * f.weight * log_density(u, sp.zeros(u.rows, 1), f.variance * sp.eye(u.rows))
        for name, noise in self.noises.items():
            e = vectors[name]
            total += 2 * noise.weight * log_density(e, sp.zeros(e.rows, 1), value(noise.Sigma))
        return self._expectation(total, vectors, value), value(self.loss / eta_dec**2 + self.constants)

    def _forms(self) -> dict[str, Any]:
        forms = {name: M for f in self.factors for name, M in f.residual.items()}
        return {**forms, **{name: noise.Sigma for name, noise in self.noises.items()}}

    def _matrices(self) -> list[Any]:
        found: set[Any] = self.loss.atoms(sp.MatrixSymbol) | sp.S(self.constants).atoms(sp.MatrixSymbol)
        forms = [M for f in self.factors for M in f.residual.values()]
        for e in (*forms, *self.second_moments.values()):
            found |= e.atoms(sp.MatrixSymbol)
        return sorted(found, key=str)

    def _expectation(self, e: Any, vectors: Mapping[str, Any], value: Any) -> Any:
        moments = self.second_moments
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
    if str(X).startswith("Sigma"):
        return sp.diag(*(sp.Symbol(f"{X}_{i}", positive=True) for i in range(rows)))
    symmetric = str(X) == "B"
    return sp.Matrix(
        rows, cols, lambda i, j: sp.Symbol(f"{X}_{min(i, j)}{max(i, j)}" if symmetric else f"{X}_{i}{j}", real=True)
    )
