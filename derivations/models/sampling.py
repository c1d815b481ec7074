"""Finite samples: how far eigenvalues of a sample covariance stray from the population's.

Σ̂ has divisor n, the degrees of freedom: N − 1, less the rank of the inputs if they are regressed out. Training follows
Σ̂ exactly; these say what may be inferred of the population, for Gaussian data.

- Marchenko, Pastur 1967: of noise of variance 1 in D dimensions the spectrum of Σ̂ has, as D/n → γ, the `density` on
  [(1 − √γ)², (1 + √γ)²], and for γ > 1 the rest of its mass at 0.
- Davidson, Szarek 2001: a singular value of an n×p Gaussian matrix is outside √n·(1 ± `deviation`) with probability at
  most α on either side. With Courant–Fischer: λ_k(Σ̂) ≤ λ_k·(1 + deviation)² for p = D − k + 1, and λ_k(Σ̂) ≥
  λ_k·(1 − deviation)² for p = k, each at level α.
"""

from __future__ import annotations

from sympy import Rational, Symbol, log, pi, sqrt

__all__ = ["alpha", "density", "deviation", "gamma", "half_width", "middle", "n", "order", "p", "share", "x"]

n, p, alpha, gamma, x, order = (Symbol(name, positive=True) for name in ("n", "p", "alpha", "gamma", "x", "j"))

deviation = sqrt(p / n) + sqrt(2 * log(1 / alpha) / n)

middle, half_width = 1 + gamma, 2 * sqrt(gamma)
"""The interval of the density, (1 ± √γ)²."""

density = sqrt(half_width**2 - (x - middle) ** 2) / (2 * pi * gamma * x)

share = Rational(3) * alpha / (pi**2 * order**2)
"""α_j with Σ_j α_j = α/2: levels of a sequence of tests."""
